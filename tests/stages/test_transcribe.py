from __future__ import annotations

import contextlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localize.episode import Asset, Box, Line, OnScreenText, Shot, Word
from localize.errors import InputError
from localize.roles import Heard
from localize.stages import transcribe
from localize.timing import Ms, span

SRT = "1\n00:00:01,000 --> 00:00:02,500\n签了它，\n我就放你走。\n\n2\n00:00:03,000 --> 00:00:04,000\n（他变了。）\n"


class Folder:
    """A desk whose files lie in one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, path: Path, kind: str) -> Asset:
        return Asset(path.name, kind, path.stat().st_size)

    def path(self, asset: Asset) -> Path:
        return self.root / asset.digest

    def scratch(self, suffix: str = "") -> Path:
        return self.root / f"scratch{suffix}"

    def progress(self, done: float, total: float) -> None:
        assert done <= total


def job(origin: transcribe.Origin, path: Path | None = None, **more: object) -> transcribe.Job:
    base = transcribe.Job(origin, path, "d", -1, (), "zh-CN", Ms(60_000))
    return replace(base, **more)  # type: ignore[arg-type]


def lines(one: transcribe.Job, root: Path = Path()) -> list[Line]:
    return list(next(iter(transcribe.work([one], Folder(root))))[1].lines)


def said(one: transcribe.Job, root: Path = Path()) -> list[tuple[str, str]]:
    return [(line.text, line.kind) for line in lines(one, root)]


MORE = (
    "\n3\n00:00:05,000 --> 00:00:06,000\n大小姐，老爷叫您回家。\n"
    "\n4\n00:00:07,000 --> 00:00:08,000\n再给我一次机会好吗？\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_sidecar_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.srt").write_bytes((SRT + MORE).encode(encoding))
    found = lines(job("sidecar", tmp_path / "a.srt"))
    assert [line.text for line in found[:3]] == ["签了它，我就放你走。", "他变了。", "大小姐，老爷叫您回家。"]
    assert found[0].span == span(1000, 2500) and found[1].kind == "thought"


def test_markup_two_speakers_and_bilingual_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text(
        "WEBVTT\n\n00:01.000 --> 00:03.000\n- <b>你走。</b>\n- 我不走！\n\n"
        "00:04.000 --> 00:05.000\n晚了。\nToo late.\n\n"
        "00:06.000 --> 00:07.000\n♪ 月亮 ♪\n\n00:08.000 --> 00:09.000\n旁白：三年后\n",
        "utf-8",
    )
    assert said(job("sidecar", path)) == [
        ("你走。", "speech"),
        ("我不走！", "speech"),
        ("晚了。", "speech"),
        ("月亮", "song"),
        ("三年后", "narration"),
    ]


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02" * 50, b"not subtitles at all", b"<tt", b"\xff\xd8\xff\xe0JFIF"])
@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".ass", ".ttml"])
def test_a_broken_file_is_an_input_error(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\."):
        lines(job("sidecar", path))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=400), suffix=st.sampled_from([".srt", ".vtt", ".ass", ".ttml", ".sub"]))
def test_hostile_files_never_crash(tmp_path: Path, noise: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(SRT.encode()[:40] + noise)
    with contextlib.suppress(InputError):
        lines(job("sidecar", path))


def test_a_file_of_another_episode_says_so_and_long_ends_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(SRT, "utf-8")
    assert lines(job("sidecar", path, length=Ms(3500)))[-1].span == span(3000, 3500)
    with pytest.raises(InputError, match="another episode"):
        lines(job("sidecar", path, length=Ms(900)))


def test_captions_join_rows_and_repeated_readings() -> None:
    def read(at: int, to: int, y: int, text: str, kind: str = "subtitle") -> OnScreenText:
        return OnScreenText("T", span(at, to), Box(100, y, 600, y + 40), text, kind)  # type: ignore[arg-type]

    texts = (
        read(1040, 3000, 1000, "我就放你走。"),
        read(1000, 3000, 950, "签了它，"),
        read(3000, 3600, 980, "滚！"),
        read(3700, 4200, 980, "滚！"),
        read(5000, 6000, 300, "沈晚，总裁", "nameplate"),
        read(8000, 9000, 980, "(他变了)"),
    )
    found = lines(job("captions", on_screen=texts))
    assert [(line.text, line.span, line.kind) for line in found] == [
        ("签了它，我就放你走。", span(1000, 3000), "speech"),
        ("滚！", span(3000, 4200), "speech"),
        ("他变了", span(8000, 9000), "thought"),
    ]


def test_a_caption_that_stays_swallows_none_of_those_shown_meanwhile() -> None:
    def read(at: int, to: int, y: int, text: str) -> OnScreenText:
        return OnScreenText("T", span(at, to), Box(100, y, 600, y + 40), text, "subtitle")

    texts = (
        read(1010, 9000, 700, "三天以后，城外"), read(1000, 3000, 950, "签了它，"),
        read(1040, 3000, 1000, "我就放你走。"),
        read(3100, 5000, 1000, "滚！"), read(5100, 7000, 1000, "你走。"),
    )  # fmt: skip
    assert [(line.text, line.span) for line in lines(job("captions", on_screen=texts))] == [
        ("签了它，我就放你走。", span(1000, 3000)), ("三天以后，城外", span(1010, 9000)), ("滚！", span(3100, 5000)),
        ("你走。", span(5100, 7000)),
    ]  # fmt: skip


@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "srt"), ("mp4", "mov_text")])
def test_an_embedded_track(tmp_path: Path, suffix: str, codec: str) -> None:
    import imageio_ffmpeg

    (tmp_path / "a.srt").write_text(SRT, "utf-8")
    out = tmp_path / f"ep.{suffix}"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "color=s=64x64:d=5",
        "-i",
        str(tmp_path / "a.srt"),
        "-c:s",
        codec,
        str(out),
    ]
    subprocess.run(command, check=True)
    found = lines(job("embedded", out, stream=1))
    assert [(line.text, line.span) for line in found] == [
        ("签了它，我就放你走。", span(1000, 2500)),
        ("他变了。", span(3000, 4000)),
    ]
    with pytest.raises(InputError):
        lines(job("embedded", tmp_path / "a.srt", stream=3, chosen=True))


def test_what_was_heard_becomes_lines_and_what_is_sung_a_song() -> None:
    words = (Word("你好", span(0, 900), 0.9),)
    told = (Heard(span(0, 900), "你好", words), Heard(span(1_000, 4_000), "月亮代表我的心", doubts=("song",)))
    assert said(job("asr", heard=told)) == [("你好", "speech"), ("月亮代表我的心", "song")]
    assert lines(job("asr", heard=told))[0].words == words
    assert transcribe.recipe(job("asr", heard=told)) != transcribe.recipe(job("asr", heard=told[:1]))


def test_what_nobody_says_is_told_and_no_line_until_a_person_says_so() -> None:
    told = (
        Heard(span(0, 900), "你好"),
        Heard(span(1_000, 2_500), "我就放你走" * 20, doubts=("loop", "pace")),
        Heard(span(3_000, 33_000), "走吧走吧走吧走吧走吧走吧走吧走吧", doubts=("loop",)),
        Heard(span(34_000, 36_000), "请不吝点赞订阅", doubts=("boilerplate",)),
        Heard(span(37_000, 38_000), "谢谢你", doubts=("silence",)),
        Heard(span(39_000, 39_600), "快走快走你快走啊", doubts=("pace",)),
    )
    found = next(iter(transcribe.work([job("asr", heard=told)], Folder(Path()))))[1]
    assert [line.text for line, why in zip(found.lines, found.doubted, strict=True) if not why] == [
        "你好", "我就放你走", "快走快走你快走啊"
    ]  # fmt: skip
    assert found.lines[1].span == span(1_000, 2_500) and found.lines[1].words == ()
    left, cut = found.findings
    assert left.severity == cut.severity == "warn" and "3 recognised stretches" in left.message
    assert "00:00:34,000 请不吝点赞订阅" in left.message and "transcript.csv" in left.fix
    assert "00:00:01,000 我就放你走" in cut.message


def test_sentences_in_another_language_that_were_heard_are_told() -> None:
    told = (Heard(span(0, 900), "你好"), Heard(span(15_000, 17_000), "I don't love you any more"),
            Heard(span(20_000, 21_000), "OK"), Heard(span(22_000, 23_000), "他叫Tony"))  # fmt: skip
    found = next(iter(transcribe.work([job("asr", heard=told)], Folder(Path()))))[1]
    (one,) = found.findings
    assert one.severity == "warn" and "transcript.csv" in one.fix
    assert one.message.startswith("1 of 4 recognised lines are not in Chinese (00:00:15,000)")
    assert len(found.lines) == 4 and not any(found.doubted)
    other = next(iter(transcribe.work([job("asr", heard=told, language="en-US")], Folder(Path()))))[1]
    assert other.findings == ()


def test_scenes_end_at_long_pauses_and_at_cuts_in_shorter_ones() -> None:
    said_lines = [Line(f"L{n}", span(at, at + 1000), "好") for n, at in enumerate((0, 2400, 3500, 6600))]
    assert [scene.lines for scene in transcribe.scenes(said_lines)] == [("L0", "L1", "L2"), ("L3",)]
    cut = [Shot("a", span(0, 1500)), Shot("b", span(1500, 9000))]
    assert [scene.lines for scene in transcribe.scenes(said_lines, cut)] == [("L0",), ("L1", "L2"), ("L3",)]


def test_finding_the_sidecar(tmp_path: Path) -> None:
    episode = tmp_path / "a b.mp4"
    assert transcribe.find_sidecar(episode) is None
    (tmp_path / "a b.zh-CN.srt").touch()
    assert transcribe.find_sidecar(episode) == tmp_path / "a b.zh-CN.srt"
    (tmp_path / "a b.srt").touch()
    assert transcribe.find_sidecar(episode) == tmp_path / "a b.srt"


def test_the_recipe_holds_what_counts_and_no_paths() -> None:
    caption = OnScreenText("T1", span(0, 900), Box(0, 0, 9, 9), "好", "subtitle")
    shown = replace(caption, kind="nameplate")
    assert "path" not in transcribe.recipe(job("sidecar", Path("/x")))
    assert transcribe.recipe(job("captions", on_screen=(caption, shown)))["captions"] == [caption]


@pytest.mark.parametrize("times", [
    "100:00:00,000 --> 100:00:02,000", "-00:00:01,834 --> 00:00:03,687", "00:00:03,300 --> 00:00:01,200",
])  # fmt: skip
def test_odd_times_are_refused_with_their_line(tmp_path: Path, times: str) -> None:
    path = tmp_path / "ep.srt"
    path.write_text(f"1\n00:00:00,100 --> 00:00:00,900\n少爷！\n\n2\n{times}\n夫人？\n", "utf-8")
    with pytest.raises(InputError, match=r"line 6"):
        lines(job("sidecar", path))

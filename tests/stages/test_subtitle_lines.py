"""From a subtitle file to lines on the episode's clock, through the stage, with captions or real sound as witness."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from imagined import Times, words
from imagined import talk as lines_of
from talk import talk

from localize.engine.codec import fingerprint, plain, restore
from localize.engine.local import LocalDesk
from localize.episode import Box, Line, OnScreenText
from localize.errors import InputError
from localize.formats import srt as writer
from localize.media import audio
from localize.stages import transcribe
from localize.timing import Ms, span
from localize.version import Cue

LENGTH = 90_000
LINES = lines_of(3, LENGTH)
TEXTS = words(len(LINES), 3)


def srt(times: Times, texts: list[str]) -> str:
    pairs = zip(times, texts, strict=True)
    cues = [Cue(str(n), span(max(0, int(a)), int(b)), (text,), ()) for n, ((a, b), text) in enumerate(pairs)]
    return writer.text(cues)


def shown(times: Times, texts: list[str]) -> tuple[OnScreenText, ...]:
    box = Box(100, 900, 600, 950)
    return tuple(
        OnScreenText(f"T{n}", span(int(a), int(b)), box, text, "subtitle")
        for n, ((a, b), text) in enumerate(zip(times, texts, strict=True))
    )


def job(path: Path, **more: object) -> transcribe.Job:
    base = transcribe.Job("sidecar", path, "d", -1, (), "zh-CN", Ms(LENGTH))
    return replace(base, **more)  # type: ignore[arg-type]


def transcript(one: transcribe.Job, desk: LocalDesk) -> transcribe.Transcript:
    ((_, answer),) = transcribe.work([one], desk)
    assert restore(plain(answer), transcribe.Transcript) == answer
    return answer


def told(answer: transcribe.Transcript, severity: str = "warn") -> list[str]:
    return [one.message for one in answer.findings if one.severity == severity and one.check == "subtitle_file"]


def late(lines: tuple[Line, ...], truth: Times) -> float:
    assert len(lines) == len(truth)
    return float(np.abs(np.array([line.span.start for line in lines]) - truth[:, 0]).max())


def test_a_file_for_another_frame_rate_is_repaired_by_the_captions(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(LINES * 0.96, TEXTS), "utf-8")
    answer = transcript(job(path, on_screen=shown(LINES, TEXTS)), desk)
    assert late(answer.lines, LINES) < 150
    [message] = told(answer)
    assert message.startswith("the file ran 4.2 % fast (25 instead of 24") and "repaired (100% of its words" in message


def test_times_that_are_right_are_not_touched(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(LINES + 120, TEXTS), "utf-8")
    answer = transcript(job(path, on_screen=shown(LINES, TEXTS)), desk)
    assert [line.span.start for line in answer.lines] == [int(start + 120) for start in LINES[:, 0]]
    assert answer.findings == ()


def test_another_episode_is_refused_unless_somebody_insists(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    other = lines_of(9, LENGTH)
    path.write_text(srt(other, words(len(other), 9)), "utf-8")
    one = job(path, on_screen=shown(LINES, TEXTS))
    with pytest.raises(InputError, match=r"do not belong to this episode: only \d+% of the words") as caught:
        transcript(one, desk)
    assert str(path) in caught.value.where and "--transcript sidecar" in caught.value.fix
    answer = transcript(replace(one, chosen=True), desk)
    assert len(answer.lines) == len(other) and "seems another episode's" in told(answer)[0]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Speech-like sound where the lines are, over a steady chord."""
    clock = np.arange(LENGTH * 16) / 16_000
    sound = sum(0.01 * np.sin(2 * np.pi * hertz * clock) for hertz in (220, 277, 330)).astype(np.float32)
    for number, (start, end) in enumerate(LINES):
        voice = talk((end - start) / 1000, 16_000, 110.0 + 40 * (number % 3), seed=number)
        sound[int(start * 16) : int(start * 16) + len(voice)] += voice
    return audio.write(tmp_path_factory.mktemp("spoken") / "a.wav", sound, 16_000)


@pytest.mark.parametrize(("rate", "shift"), [(1.0, -7000.0), (0.96, 0.0)])
def test_without_captions_the_sound_repairs_a_file(
    tmp_path: Path, desk: LocalDesk, spoken: Path, rate: float, shift: float
) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(LINES * rate - shift, TEXTS), "utf-8")
    answer = transcript(job(path, episode=spoken, episode_digest="e", track=0), desk)
    assert late(answer.lines, LINES) < 300
    [message] = told(answer)
    assert "repaired (correlation with the speech 0." in message
    assert ("began 7.0 s late" in message) == (rate == 1.0) and not list(desk.folder.iterdir())


def test_a_right_file_and_a_wrong_one_against_the_sound(tmp_path: Path, desk: LocalDesk, spoken: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(LINES, TEXTS), "utf-8")
    one = job(path, episode=spoken, episode_digest="e", track=0)
    assert transcript(one, desk).findings == ()
    other = lines_of(9, LENGTH)
    path.write_text(srt(other, words(len(other), 9)), "utf-8")
    assert "follow the speech no better than chance" in told(transcript(one, desk))[0]


def test_what_the_file_had_is_told(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    path.write_text("片头\n\n1\n00:00:01,000 --> 00:00:01,000\n你走。\n", "utf-8")
    notes = told(transcript(job(path), desk), "note")
    assert "line 1: text before the first times is left out: 片头" in notes
    assert "1 subtitles had no length and got the time their words take" in notes
    assert "too few captions and too little speech" in notes[-1]


def test_subtitles_outside_the_episode_are_told(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(np.vstack([LINES, LINES[-1:] + 30_000]) + 8000, [*TEXTS, "下集预告"]), "utf-8")
    answer = transcript(job(path, on_screen=shown(LINES, TEXTS)), desk)
    assert len(answer.lines) == len(LINES)
    (left,) = [one for one in told(answer) if one.startswith("1 subtitles lie outside the episode and were left out: ")]
    assert "下集预告 (" in left


def both(chinese: list[str], other: list[str]) -> str:
    times = np.array([(n * 2000.0, n * 2000.0 + 1500) for n in range(len(chinese))])
    return srt(np.repeat(times, 2, axis=0), [text for pair in zip(chinese, other, strict=True) for text in pair])


def test_a_translation_beside_every_subtitle_is_left_out(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    path.write_text(
        both(TEXTS[:5], ["Go.", "No!", "Why?", "Sir", "OK"]) + "99\n00:00:50,0 --> 00:00:51,0\nOK!\n", "utf-8"
    )
    answer = transcript(job(path), desk)
    assert [line.text for line in answer.lines] == [*TEXTS[:5], "OK!"]
    assert told(answer, "note")[0].startswith("5 translations beside the Chinese left out: Go. (00:00:00,000); No! (")


def test_sentences_in_another_language_are_lines_and_told(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    mixed = [*TEXTS[:4], "Where is my son?", "OK", "Don't touch me!", *TEXTS[7:]]
    path.write_text(srt(LINES, mixed), "utf-8")
    answer = transcript(job(path, on_screen=shown(LINES, mixed)), desk)
    assert len(answer.lines) == len(LINES)
    (said,) = (one for one in told(answer) if "not in Chinese" in one)
    assert said.startswith(f"2 of {len(LINES)} subtitles")


@pytest.mark.parametrize(
    "texts", [["Go away.", "I won't!", "38"], ["行かないで", "社長は？", "結婚しよう"], ["가지 마"] * 3]
)
def test_a_file_in_another_language_is_refused(tmp_path: Path, desk: LocalDesk, texts: list[str]) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(LINES[: len(texts)], texts), "utf-8")
    with pytest.raises(InputError, match=r"only 0 of \d subtitles are Chinese"):
        transcript(job(path), desk)
    assert transcript(job(path, language="en-US"), desk).lines


def test_an_embedded_track_goes_the_same_way(tmp_path: Path, desk: LocalDesk) -> None:
    rows = [f"0,0:00:{n + 10}.00,0:00:{n + 10}.80,Default,,0,0,0,,{{\\b1}}{text}" for n, text in enumerate(TEXTS[:8])]
    rows += ["1,0:00:10.00,0:00:10.80,Default,,0,0,0,," + TEXTS[0]]
    rows += ["0,0:00:30.00,0:00:31.00,Sign,,0,0,0,,来电", "0,0:00:30.00,0:00:31.00,Default,,0,0,0,,{\\p1}m 0 0{\\p0}"]
    head = "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,A,20\n"
    events = "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    (tmp_path / "a.ass").write_text(head + events + "".join(f"Dialogue: {row}\n" for row in rows), "utf-8")
    out = tmp_path / "a.mkv"
    made = ["-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=40", "-i", tmp_path / "a.ass", "-c:s", "ass", out]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *made], check=True)
    truth = np.array([(n * 1000.0 + 5000, n * 1000.0 + 5800) for n in range(8)])
    one = job(out, origin="embedded", stream=1, on_screen=shown(truth, TEXTS[:8]))
    answer = transcript(one, desk)
    assert [(line.text, line.span.start) for line in answer.lines] == [
        (text, 5000 + 1000 * n) for n, text in enumerate(TEXTS[:8])
    ]
    assert told(answer, "note") == ["1 signs and titles left out: they are in the picture, nobody says them"]
    assert "began 5.0 s late" in told(answer)[0]


def test_the_recipe_holds_what_the_clock_was_told_by() -> None:
    one = job(Path("/x/a.srt"), episode=Path("/x/e.mp4"), episode_digest="e", track=1)
    keys = {fingerprint(transcribe.recipe(other)) for other in (
        one, replace(one, on_screen=shown(LINES[:1], TEXTS[:1])), replace(one, episode_digest="f"),
        replace(one, track=2), replace(one, chosen=True), replace(one, digest="g"),
    )}  # fmt: skip
    assert len(keys) == 6
    named = replace(one, on_screen=(replace(shown(LINES[:1], TEXTS[:1])[0], kind="nameplate"),))
    assert transcribe.recipe(replace(named, episode=Path("/y"), path=Path("/z"))) == transcribe.recipe(one)


FEW = np.array([(400, 2900), (3600, 6200), (6800, 8700)])
WORDS = ["够你离开我儿子", "我嫁的是人不是钱", "签了它放你走"]


def test_a_short_clip_is_no_excuse_for_another_episodes_file(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    path.write_text(srt(FEW, ["明天早上八点开会", "请大家准时参加", "文件很重要"]), "utf-8")
    one = job(path, on_screen=shown(FEW, WORDS), length=Ms(8_900))
    with pytest.raises(InputError, match="do not belong to this episode: only 0% of the words"):
        transcript(one, desk)
    [message] = told(transcript(replace(one, on_screen=shown(FEW[:2], WORDS[:2])), desk))
    assert "seems another episode's" in message
    path.write_text(srt(FEW + 2000, WORDS), "utf-8")
    [message] = told(transcript(one, desk))
    assert "only 0% are in time; it may be that the file began 2.0 s late" in message


def test_labels_and_sounds_of_a_file_are_no_words_and_are_handed_on(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    texts = ["陆沉(怒)：" + TEXTS[0], "[音乐]", "林夏：" + TEXTS[1], "♪ 月亮 ♪", "（我不能输）", "时间：三点"]
    path.write_text(srt(LINES[: len(texts)], texts), "utf-8")
    answer = transcript(job(path, names=("陆沉", "林夏")), desk)
    assert [(line.text, line.speaker, line.kind, line.emotion) for line in answer.lines] == [
        (TEXTS[0], "", "speech", "angry"), (TEXTS[1], "", "speech", ""), ("月亮", "", "song", ""),
        ("我不能输", "", "thought", ""), ("时间：三点", "", "speech", ""),
    ]  # fmt: skip
    assert answer.labels == ("陆沉", "林夏", "", "", "")
    assert [one.severity for one in answer.findings if "[音乐] (" in one.message] == ["note"]
    assert fingerprint(transcribe.recipe(job(path))) != fingerprint(transcribe.recipe(job(path, names=("陆沉",))))


def test_subtitles_at_the_very_same_time_are_said_in_turn(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    times = np.array([(1000, 3000), (1000, 3000), (2500, 3500), (4000, 4003), (4000, 4003), (4000, 4003)])
    path.write_text(srt(times, ["你走吧。", "好。", "我不走！", "滚！", "走！", "来！"]), "utf-8")
    answer = transcript(job(path), desk)
    found = {line.text: (line.span.start, line.span.end) for line in answer.lines}
    assert found == {"你走吧。": (1000, 2500), "好。": (2500, 3000), "我不走！": (2500, 3500),
                     "滚！": (4000, 4003), "走！": (4000, 4003), "来！": (4000, 4003)}  # fmt: skip
    assert "2 subtitles stand at the very same times: taken one after the other" in told(answer, "note")

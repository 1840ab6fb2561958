import subprocess
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.formats import ass, srt, vtt
from localize.media import ffmpeg
from localize.timing import span
from localize.version import Cue

CUES = (
    Cue("C0001", span(1000, 2480), ("-Young master!", "-Who are you?"), ("L0001", "L0002")),
    Cue("C0002", span(61_500, 63_004), ("He doesn't know.",), ("L0003",)),
    Cue("C0003", span(3_723_004, 3_725_000), ("Three years later",), ("T0001",), forced=True),
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)


def test_srt_is_what_players_take() -> None:
    assert srt.text(CUES) == (
        "1\n00:00:01,000 --> 00:00:02,480\n-Young master!\n-Who are you?\n\n"
        "2\n00:01:01,500 --> 00:01:03,004\nHe doesn't know.\n\n"
        "3\n01:02:03,004 --> 01:02:05,000\nThree years later\n"
    )


def test_vtt_is_what_browsers_take() -> None:
    assert vtt.text(CUES, "en-US", {"C0002"}) == (
        "WEBVTT\nLanguage: en-US\n\n"
        "C0001\n00:00:01.000 --> 00:00:02.480\n-Young master!\n-Who are you?\n\n"
        "C0002\n00:01:01.500 --> 00:01:03.004\n<i>He doesn't know.</i>\n\n"
        "C0003\n01:02:03.004 --> 01:02:05.000 line:8%\nThree years later\n"
    )


@pytest.mark.parametrize("hostile", ["a --> b", "<b>&amp;", "00:00:01,000 --> 00:00:02,000", "a\n\n7\n\n", "1"])
def test_text_cannot_forge_a_cue(hostile: str) -> None:
    cues = (
        Cue("C0001", span(0, 900), (hostile,), ("L0001",)),
        Cue("C0002", span(1000, 1900), ("b",), ("L0002",)),
    )
    assert len(pysubs2.SSAFile.from_string(srt.text(cues), "srt")) == 2
    assert srt.text(cues).count("\n\n") == vtt.text(cues, "en").count("\n\n") - 1 == 1
    read = vtt.text(cues, "en")
    assert read.count("-->") == 2
    assert "<b>" not in read


def placed(*rows: str, **more: object) -> ass.Placed:
    return ass.Placed(span(1039, 2487), rows, 360, 976, 36, "Source Sans Pro Semibold", 1.257, **more)  # type: ignore[arg-type]


def test_ass_counts_in_pixels_of_the_picture() -> None:
    script = pysubs2.SSAFile.from_string(ass.text(720, 1280, [placed("Hello", "you")]), "ass")
    assert (script.info["PlayResX"], script.info["PlayResY"]) == ("720", "1280")
    soft, crisp = script.events
    assert (soft.layer, crisp.layer) == (0, 1)
    assert (crisp.start, crisp.end) == (1030, 2480)
    assert crisp.text == r"{\an2\pos(360,976)}Hello\Nyou"
    assert script.styles[crisp.style].fontsize == pytest.approx(45.25, abs=0.01)


def test_thoughts_slant_and_screens_get_a_plate() -> None:
    text = ass.text(720, 1280, [placed("Hm", italic=True), placed("5,000 yuan", anchor=5, plate=200.0)])
    thought, screen = (pysubs2.SSAFile.from_string(text, "ass").events[n] for n in (1, 2))
    assert r"\i1" in thought.text
    assert r"\p1" in screen.text


AWKWARD = ("{sigh} I <3 you & a < b", "C:\\Ndir {x} <i>", "<sigh> fish & {y:i} chips")


def read_by_ffmpeg(folder: Path, name: str, content: str) -> list[str]:
    """What the most used subtitle reader takes from a file, as text without codes."""
    (folder / name).write_text(content, "utf-8")
    how = [ffmpeg.binary(), "-nostdin", "-loglevel", "error", "-i", str(folder / name), "-f", "ass", "-"]
    said = subprocess.run(how, capture_output=True, check=True).stdout.decode()
    return [line.split(",,0,0,0,,")[1] for line in said.splitlines() if line.startswith("Dialogue")]


def test_a_player_shows_every_word_of_awkward_text(tmp_path: Path) -> None:
    cues = [Cue(f"C{n}", span(n * 1000, n * 1000 + 900), (row,), ("L0001",), n > 1) for n, row in enumerate(AWKWARD)]
    plain = read_by_ffmpeg(tmp_path, "a.srt", srt.text(cues))
    assert plain == ["(sigh) I ‹3 you & a ‹ b", "C:\\Ndir (x) ‹i›", "‹sigh› fish & (y:i) chips"]
    escaped = read_by_ffmpeg(tmp_path, "a.vtt", vtt.text(cues, "en"))
    assert [line.replace("\u2060", "").replace("\\{{}", "{") for line in escaped] == list(AWKWARD)


def test_braces_are_drawn_and_not_eaten(tmp_path: Path) -> None:
    """Two pictures are the same when the words in braces were taken for a command."""
    pictures = []
    for number, row in enumerate(("{hello}", "{", "")):
        script = tmp_path / f"{number}.ass"
        script.write_text(ass.text(180, 320, [placed(row)]).replace("360,976", "90,200"), "utf-8")
        how = [ffmpeg.binary(), "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "color=gray:s=180x320:d=2:r=2"]
        how += ["-vf", f"ass={script.name}", "-pix_fmt", "gray", "-f", "rawvideo", "-"]
        pictures.append(subprocess.run(how, capture_output=True, check=True, cwd=tmp_path).stdout)
    drawn = [sum(byte > 200 for byte in picture) for picture in pictures]
    assert drawn[0] > 3 * drawn[1] > 3 * drawn[2] == 0


@given(TEXT)
def test_text_never_becomes_a_command(text: str) -> None:
    safe = ass.escape(text)
    assert "\n" not in safe
    for part in safe.split("\\{{}"):
        assert "{" not in part
        assert all(after.startswith("\u2060") for after in part.split("\\")[1:])


def test_a_styled_file_is_signed_with_a_title_and_names() -> None:
    said = [ass.Placed(span(0, 1000), ("Go, now.",), 360, 900, 36, "Source Sans Pro", 1.3, name="S1 & S2")]
    script = ass.signed(ass.text(720, 1280, said, "en-US"), "Too Late – {E} 3", {"S1": "Lu Chen, Jr.", "S2": "Gu"})
    read = pysubs2.SSAFile.from_string(script, "ass")
    assert {event.name for event in read} == {"Lu Chen Jr. & Gu"}
    assert read.info["Title"].startswith("Too Late") and all("Go, now." in event.text for event in read)

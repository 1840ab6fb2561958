import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.formats import ass, srt, vtt
from localize.timing import span
from localize.version import Cue

CUES = (
    Cue("C0001", span(1000, 2480), ("-Young master!", "-Who are you?"), ("L0001", "L0002")),
    Cue("C0002", span(61_500, 63_004), ("He doesn't know.",), ("L0003",)),
    Cue("C0003", span(3_723_004, 3_725_000), ("Three years later",), ("T0001",), forced=True),
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)


def test_srt_is_what_players_take() -> None:
    assert srt.text(CUES, {"C0002"}) == (
        "1\n00:00:01,000 --> 00:00:02,480\n-Young master!\n-Who are you?\n\n"
        "2\n00:01:01,500 --> 00:01:03,004\n<i>He doesn't know.</i>\n\n"
        "3\n01:02:03,004 --> 01:02:05,000\n{\\an8}Three years later\n"
    )


def test_vtt_is_what_browsers_take() -> None:
    assert vtt.text(CUES, "en-US", {"C0002"}) == (
        "WEBVTT\nLanguage: en-US\n\n"
        "C0001\n00:00:01.000 --> 00:00:02.480\n-Young master!\n-Who are you?\n\n"
        "C0002\n00:01:01.500 --> 00:01:03.004\n<i>He doesn't know.</i>\n\n"
        "C0003\n01:02:03.004 --> 01:02:05.000 line:8%\nThree years later\n"
    )


@pytest.mark.parametrize("hostile", ["a --> b", "<b>&amp;", "00:00:01,000 --> 00:00:02,000"])
def test_text_cannot_forge_a_cue(hostile: str) -> None:
    cues = (
        Cue("C0001", span(0, 900), (hostile,), ("L0001",)),
        Cue("C0002", span(1000, 1900), ("b",), ("L0002",)),
    )
    assert len(pysubs2.SSAFile.from_string(srt.text(cues), "srt")) == 2
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


@given(TEXT)
def test_text_never_becomes_a_command(text: str) -> None:
    safe = ass.escape(text)
    assert "\n" not in safe
    for at, mark in enumerate(safe):
        if mark in "{}":
            assert safe[at - 1 : at] == "\\"
        if mark == "\\":
            assert safe[at + 1 : at + 2] in ("{", "}", "\u2060")

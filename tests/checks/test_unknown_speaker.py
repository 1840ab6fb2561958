"""Voices that are nobody of the cast, and how a person can tell whose they are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from localize.checks import Seen, look
from localize.episode import Line, Picture
from localize.market import resolve
from localize.timing import Ms, span

LINE = Line("L0001", span(1000, 3000), "林晚小姐，你欠我三千万！", "S1")
GOOD = Seen(resolve("en"), Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264"), (LINE,))


def strangers(*cast: tuple[str, int]) -> Seen:
    speakers = ("S1", "?1", "?2", "?1", "?0")
    lines = tuple(replace(LINE, id=f"L{number:04}", speaker=who) for number, who in enumerate(speakers, start=1))
    return replace(GOOD, lines=lines, cast=cast)


def test_voices_that_are_nobody_of_the_cast_are_told_with_their_lines() -> None:
    told = [one for one in look(strangers(("S1", 2), ("S2", 0))) if one.check == "unknown_speaker"]
    assert [(one.line, one.severity) for one in told] == [("L0002", "warn"), ("L0003", "warn"), ("L0005", "warn")]
    assert "?1" in told[0].message and "L0002, L0004" in told[0].message
    assert "references in cast.toml" in told[0].fix
    assert "no voice is heard" in told[2].message and "lines.csv" in told[2].fix


@pytest.mark.parametrize(
    ("cast", "severity", "way_out"), [((), "note", "describe the cast"), ((("S1", 0),), "warn", "clean recording")]
)
def test_without_a_reference_clip_one_word_is_enough(
    cast: tuple[tuple[str, int], ...], severity: str, way_out: str
) -> None:
    (told,) = (one for one in look(strangers(*cast)) if one.check == "unknown_speaker")
    assert (told.line, told.severity) == ("", severity)
    assert "?1 says L0002, L0004; ?2 says L0003" in told.message and way_out in told.fix
    assert "two like voices may be one" in told.message and "split '?L0002' LINE" in told.fix


def test_voices_that_were_not_told_apart_are_said_to_be_so() -> None:
    one, two = (replace(LINE, id=name, speaker="?1") for name in ("L0001", "L0002"))
    (told,) = (each for each in look(replace(GOOD, lines=(one, two))) if each.check == "unknown_speaker")
    assert "all lines sound like one voice: ?1 says L0001, L0002" in told.message and "split '?L0001'" in told.fix
    (told,) = (each for each in look(replace(GOOD, lines=(one,))) if each.check == "unknown_speaker")
    assert "split" not in told.fix


def test_a_speaker_the_cast_does_not_know_is_told_with_whoever_may_be_meant() -> None:
    lines = tuple(
        replace(LINE, id=f"L000{n}", speaker=who) for n, who in enumerate(("gu_bo", "gu_b", "?L0003", "gu_b"), 1)
    )
    for clips in (0, 1):
        seen = replace(GOOD, lines=lines, cast=(("gu_bo", clips), ("lin", clips)))
        told = next(one for one in look(seen) if one.check == "unknown_speaker" and "gu_b'" in one.message)
        assert (told.line, told.severity) == ("L0002", "warn") and "L0002, L0004" in told.message
        assert "did you mean gu_bo?" in told.fix and "transcript.csv" in told.fix
        assert len([one for one in look(seen) if one.check == "unknown_speaker"]) == 2, "and the stranger"
    nobody = look(replace(GOOD, lines=lines[:2]))
    assert not [one for one in nobody if one.check == "unknown_speaker"], "without a cast any name will do"

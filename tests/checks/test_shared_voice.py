"""Two characters with one voice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from localize.checks import Seen, look
from localize.episode import Line, Picture
from localize.market import resolve
from localize.timing import Ms, span
from localize.voice import Casting, Voice

LINES = (Line("L0001", span(0, 900), "走。", "lin"), Line("L0002", span(1000, 1900), "不。", "shen"))
VOICE = Voice("stock-f1", "Ada", "espeak", "female", "adult", ("en",), "GPL-3.0", "delivery", 200.0)
BOTH = tuple(Casting(who, "en-US", VOICE, "casting.toml", by="person") for who in ("shen", "lin", "chen"))


def found(*castings: Casting, notes: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str, str]]:
    seen = Seen(
        resolve("en"), Picture(720, 1280, Fraction(25), Ms(2000), 50, "h264"), LINES, castings=castings, notes=notes
    )
    return [(one.line, one.severity, one.message) for one in look(seen) if one.check == "shared_voice"]


def test_a_slip_in_casting_is_told_at_the_second_of_them() -> None:
    told = "lin and shen speak with one voice by casting.toml: stock-f1, Ada"
    assert found(*BOTH) == [("L0002", "warn", told)]
    assert found(*BOTH, notes=(("L0002", "ignore-shared_voice"),)) == []


def test_a_machine_that_ran_out_of_voices_is_a_note() -> None:
    (one,) = found(BOTH[0], replace(BOTH[1], by="machine"))
    assert one[1] == "note"


def test_one_stock_voice_moved_towards_two_people_is_two() -> None:
    assert found(BOTH[0], replace(BOTH[1], toward="Li Na")) == []
    assert found(BOTH[0], replace(BOTH[2])) == []  # chen says nothing here

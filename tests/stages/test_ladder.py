from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from localize.stages._ladder import ACCEPT, BORROW, HARD, ONSET, Choice, Slot, Way, climb
from localize.timing import Ms, span


def slot(
    start: int, end: int, speaker: str = "a", on_screen: bool = True, trimmed: int = 0, **ms: int
) -> Slot:
    ways = tuple(Way(name, Ms(length), Ms(length - trimmed)) for name, length in ms.items())  # type: ignore[arg-type]
    return Slot(span(start, end), speaker, on_screen, ways)


def test_what_fits_is_left_alone() -> None:
    (choice,) = climb([slot(1000, 3000, short=1000, normal=1900, long=2300)], 10_000)
    assert (choice.way.variant, choice.start, choice.length, choice.stretch) == ("normal", 1000, 1900, 1.0)


def test_the_shorter_variant_comes_before_borrowing() -> None:
    (choice,) = climb([slot(1000, 3000, short=1900, normal=2400)], 10_000)
    assert choice.way.variant == "short"


def test_silence_is_borrowed_before_pauses_are_trimmed() -> None:
    (choice,) = climb([slot(1000, 3000, trimmed=500, normal=2400)], 10_000)
    assert (choice.trim, choice.stretch, choice.length) == (False, 1.0, 2400)


def test_pauses_are_trimmed_before_anything_is_stretched() -> None:
    choice, _ = climb([slot(1000, 3000, trimmed=500, normal=2400), slot(3050, 4000, normal=900)], 10_000)
    assert (choice.trim, choice.stretch, choice.length) == (True, 1.0, 1900)


def test_no_more_than_a_second_and_a_half_is_borrowed() -> None:
    (choice,) = climb([slot(1000, 3000, normal=3900)], 60_000)
    assert choice.start + choice.length <= 3000 + BORROW
    assert 1.0 < choice.stretch <= ACCEPT


@pytest.mark.parametrize("speaker", ["a", "b"])
def test_nobody_is_talked_over(speaker: str) -> None:
    first, second = climb([slot(1000, 3000, normal=2500), slot(3100, 4000, speaker, normal=800)], 10_000)
    assert first.start + first.length <= second.start
    assert first.stretch <= 1.25


def test_lines_that_overlap_in_the_source_may_overlap_as_much() -> None:
    first, second = climb([slot(1000, 3000, normal=2000), slot(2700, 4000, "b", normal=1200)], 10_000)
    assert first.stretch == second.stretch == 1.0
    assert first.start + first.length - second.start <= 300


def test_what_cannot_fit_stops_at_the_hard_limit_and_says_by_how_much() -> None:
    (choice,) = climb([slot(1000, 2000, normal=4000)], 2200)
    assert choice.stretch == pytest.approx(HARD, abs=0.01)
    assert choice.stretch <= HARD
    assert choice.over == choice.start + choice.length - 2200 > 0


def test_a_longer_variant_fills_a_hollow_slot_on_screen() -> None:
    (choice,) = climb([slot(1000, 4000, normal=1000, long=2000)], 10_000)
    assert choice.way.variant == "long"


def test_the_whole_scene_is_weighed_not_line_after_line() -> None:
    """The first line could stay as it is by pushing the second, but then the third would be flagged."""
    scene = [
        slot(0, 1000, normal=1080, on_screen=False),
        slot(1000, 2000, "b", normal=1000),
        slot(2000, 3000, "c", normal=1350),
    ]
    choices = climb(scene, 3000)
    assert all(choice.stretch <= 1.36 for choice in choices)
    assert not any(choice.over for choice in choices)


def bench() -> tuple[list[Slot], list[Choice]]:
    data: dict[str, Any] = json.loads((Path(__file__).parent / "timing-42.json").read_text("utf-8"))
    slots = [
        slot(row["start_ms"], row["end_ms"], row["speaker"], row["on_screen"], **row["dub_ms"])
        for row in data["lines"]
    ]
    return slots, list(climb(slots, data["length_ms"]))


def test_forty_two_fast_lines() -> None:
    """Peers on these slots: up to 2.08×, or onsets 0.73 s late, or six overlaps."""
    slots, choices = bench()
    stretches = [choice.stretch for choice in choices]
    assert sum(one <= 1.15 for one in stretches) / len(stretches) >= 0.95
    assert max(stretches) <= HARD
    assert not any(choice.over for choice in choices)
    assert all(a.start + a.length <= b.start for a, b in pairwise(choices))
    for place, choice in zip(slots, choices, strict=True):
        assert abs(choice.start - place.span.start) <= (ONSET if place.on_screen else 2 * ONSET)

"""What sort of text something burned in is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from localize.episode import Box, OnScreenText
from localize.media.kinds import is_strayed
from localize.timing import span

WHITE, GOLD = (235, 128, 128), (180, 60, 150)
LINES = tuple(
    OnScreenText("", span(*times), Box(150, 930, 560, 980), "我等了你三年", "subtitle", 1.0)
    for times in ((0, 2000), (4000, 6000))
)
MOVED = OnScreenText("", span(2200, 3800), Box(160, 610, 560, 662), "这份合同我不会签的", "caption", 1.0)


def test_a_line_that_moved_is_told_by_lettering_and_time() -> None:
    assert is_strayed(MOVED, LINES, 50, (WHITE, WHITE))


@pytest.mark.parametrize(
    "other",
    [
        replace(MOVED, box=Box(160, 610, 560, 690)),
        replace(MOVED, text="三年后"),
        replace(MOVED, kind="watermark"),
        replace(MOVED, span=span(1000, 3800)),
        replace(MOVED, span=span(8000, 9500)),
    ],
    ids=["taller", "a caption by its words", "standing", "beside a line", "after the talk"],
)
def test_other_texts_are_not(other: OnScreenText) -> None:
    assert not is_strayed(other, LINES, 50, (WHITE, WHITE))


def test_a_text_in_another_colour_or_of_unknown_colour_is_not() -> None:
    assert not is_strayed(MOVED, LINES, 50, (GOLD, WHITE))
    assert not is_strayed(MOVED, LINES, 50, None)

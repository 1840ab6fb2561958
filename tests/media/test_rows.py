"""Rows a detector parted inside a character, and what a reading is worth."""

from __future__ import annotations

from localize.episode import Box
from localize.media.rows import is_torn, worth
from localize.roles import ReadText


def read(text: str, x0: int, x1: int, y0: int = 0) -> ReadText:
    return ReadText(Box(x0, y0, x1, y0 + 60), text, 0.99)


def test_a_row_whose_parts_share_a_character_is_torn() -> None:
    assert is_torn([read("签了它，手", 153, 349), read("我就放你走。", 313, 567)], upright=False)


def test_parts_side_by_side_and_rows_below_each_other_are_not() -> None:
    assert not is_torn([read("签了它，", 153, 320), read("我就放你走。", 313, 567)], upright=False)
    assert not is_torn([read("你知不知道这些年", 100, 500), read("我是怎么过来的", 120, 480, 50)], upright=False)
    assert not is_torn([], upright=False)


def test_a_column_is_torn_along_its_length() -> None:
    column = [ReadText(Box(10, 0, 60, 200), "你怎么", 0.99), ReadText(Box(10, 170, 60, 400), "么现在", 0.99)]
    assert is_torn(column, upright=True)
    assert not is_torn(column, upright=False)


TORN = [read("签了它，手", 153, 349), read("我就放你走。", 313, 567)]


def test_a_torn_reading_is_better_than_none_and_worse_than_any_whole_one() -> None:
    assert worth([], False) < worth(TORN, False) < worth([read("走", 500, 567)], False)


def test_of_two_whole_readings_the_longer_and_surer_one_is_better() -> None:
    one, doubtful = read("我就放你走。", 153, 567), ReadText(Box(153, 0, 567, 60), "我就放你走。", 0.6)
    assert worth([one], False) > worth([read("放你走。", 230, 567)], False) > worth([doubtful], False)
    assert worth([read("签了它，", 153, 320), read("我就放你走。", 313, 567)], False) > worth([one], False)


def test_a_column_is_worth_what_it_is_along_its_length() -> None:
    column = [ReadText(Box(10, 0, 60, 200), "你怎么", 0.99), ReadText(Box(10, 170, 60, 400), "么现在", 0.99)]
    assert worth([], True) < worth(column, True) < worth(column, False)

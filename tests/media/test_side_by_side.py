"""Work in threads whose answers come in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from localize.media.side_by_side import in_order


def test_answers_come_in_the_items_order_though_the_first_takes_longest() -> None:
    later = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert later.wait(10)
        else:
            later.set()
        return item * item

    assert list(in_order(range(6), work, threads=2, alive=3)) == [0, 1, 4, 9, 16, 25]


def test_an_item_is_taken_only_after_the_answer_so_many_before_it_was_given_away() -> None:
    given: list[int] = []

    def items() -> Iterator[tuple[int, int]]:
        for number in range(8):
            yield number, len(given)

    for number, known in in_order(items(), lambda item: item, threads=2, alive=3):
        assert known == max(0, number - 2)
        given.append(number)


def test_an_error_comes_where_its_answer_would_have() -> None:
    answers = in_order([4, 2, 0, 1], lambda item: 8 // item, threads=2, alive=2)
    assert [next(answers), next(answers)] == [2, 4]
    with pytest.raises(ZeroDivisionError):
        next(answers)

"""Segments that a server writes oddly: repaired where it is plain what is meant, else asked for."""

from __future__ import annotations

from typing import Any

import pytest

from localize.backends.asr._segments import UNREADABLE, readable
from localize.errors import WorkError
from localize.timing import Span, span

LENGTH = 12_000


def read(*segments: dict[str, Any]) -> list[tuple[str, Span, bool]]:
    found = readable(segments, 0, LENGTH, "here")
    return [(one["text"], where, bool(one.get("damaged"))) for one, where in found]


def test_what_is_plainly_meant_is_repaired() -> None:
    words = [{"word": "走", "start": "5.0", "end": 5.2}, {"word": "吧", "start": 5.2, "end": 5.6}]
    assert read(
        {"start": "1.0", "end": " 2 ", "text": "你好"},
        {"start": 4.0, "end": 3.0, "text": "站住"},
        {"start": float("nan"), "end": None, "text": None, "words": words},
    ) == [
        ("你好", span(1000, 2000), False), ("站住", span(3000, 4000), False), ("走吧", span(5000, 5600), False)
    ]  # fmt: skip


def test_what_lacks_time_or_words_stands_between_its_neighbours() -> None:
    assert read(
        {"start": 1, "end": 2, "text": "你好"},
        {"start": float("nan"), "end": 3, "text": "站住"},
        {"start": 6, "end": 7, "text": None},
        {"start": 8, "end": 9, "text": "走吧"},
        {"start": 10, "end": 11, "text": ""},
        {"start": 95, "end": 99, "text": "晚了"},
    ) == [
        ("你好", span(1000, 2000), False), ("站住", span(2000, 6000), True), (UNREADABLE, span(6000, 7000), True),
        ("走吧", span(8000, 9000), False),
    ]  # fmt: skip


def test_an_answer_that_is_mostly_damaged_is_none() -> None:
    with pytest.raises(WorkError, match="3 of the server's 4 segments"):
        read({"start": 0, "end": 1, "text": "你好"}, *({"start": None, "end": 2, "text": "走"} for _ in range(3)))

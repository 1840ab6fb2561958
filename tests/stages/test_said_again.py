"""A sentence that was recognised twice is one line, and what people say twice stays."""

from __future__ import annotations

import pytest

from localize.engine.local import LocalDesk
from localize.episode import Word
from localize.roles import Heard
from localize.stages import transcribe
from localize.stages._said_again import said_again
from localize.timing import Ms, Span, span


def timed(text: str, start: int, end: int, score: float = 0.9) -> Heard:
    step = (end - start) / len(text)
    words = (Word(c, span(round(start + n * step), round(start + (n + 1) * step)), score) for n, c in enumerate(text))
    return Heard(span(start, end), text, tuple(words), score)


def bare(text: str, start: int, end: int) -> Heard:
    return Heard(span(start, end), text)


def kept(*heard: Heard) -> list[tuple[Span, str]]:
    again = said_again(heard, [False] * len(heard))
    return [(one.span, one.text) for one, why in zip(heard, again, strict=True) if not why]


SAID = timed("再给我一次机会", 45_626, 47_025)


@pytest.mark.parametrize(
    "other",
    [
        bare("再给我一次机会", 45_726, 47_056),
        bare("再给我一次鸡会。", 45_000, 46_500),
        timed("再给我一次机会", 45_600, 46_900, 0.8),
        bare("再给我一次机会", 47_100, 47_300),
        bare("再给我一次机会", 44_000, 45_500),
        bare("一次机会", 46_000, 47_056),
    ],
    ids=["the walk's", "homophone", "both timed", "no time for both", "untimed before", "its end"],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_same_words_at_the_same_time_are_one_line(other: Heard, first: bool) -> None:
    assert kept(*((SAID, other) if first else (other, SAID))) == [(SAID.span, SAID.text)]


@pytest.mark.parametrize(
    "other",
    [
        timed("再给我一次机会", 47_100, 48_500),
        bare("再给我一次机会", 48_000, 49_400),
        bare("你做梦", 45_726, 47_056),
        bare("给我", 45_726, 46_100),
        bare("机会我给过你了", 45_726, 47_056),
    ],
    ids=["once more", "later", "another's words", "a cry", "an answer"],
)
def test_what_is_said_besides_stays(other: Heard) -> None:
    assert len(kept(SAID, other)) == 2


def test_of_three_readings_one_stays() -> None:
    again = [bare("再给我一次机会", 45_700 + 50 * n, 47_000 + 50 * n) for n in range(3)]
    assert len(kept(*again)) == 1 and kept(*again, SAID) == [(SAID.span, SAID.text)]


def test_a_round_of_a_circle_inside_a_line_is_none_of_its_own(desk: LocalDesk) -> None:
    line = timed("签了它我就放你走", 6_820, 8_740)
    circle = Heard(span(7_000, 8_500), "我就放你走" * 20, doubts=("loop", "pace"))
    job = transcribe.Job("asr", None, "", -1, (), "zh-CN", Ms(60_000), (circle, line))
    ((_, found),) = transcribe.work([job], desk)
    assert [one.text for one, why in zip(found.lines, found.doubted, strict=True) if not why] == [line.text]
    (told,) = found.findings
    assert "00:00:07,000 我就放你走 (says again what 00:00:06,820 says)" in told.message and told.severity == "warn"


def test_many_stretches_are_looked_through_quickly() -> None:
    heard = [bare(f"第{n}句话说完了", 3000 * n, 3000 * n + 2900) for n in range(5_000)]
    assert len(kept(*heard)) == len(heard)

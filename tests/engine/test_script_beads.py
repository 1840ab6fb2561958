"""Pairing lines with passages: what ties them, how sure it is, and what is too much."""

from __future__ import annotations

import foreign_scripts as foreign
import pytest

from localize.engine.script_beads import align
from localize.engine.script_clock import Clock, fitted
from localize.engine.script_import import SURE
from localize.engine.script_likeness import Likeness, Spoken
from localize.errors import InputError
from localize.formats.target_script import Passage
from localize.timing import Ms, Span, span


def spoken(*texts: str, **more: object) -> list[Spoken]:
    return [Spoken(f"L{at}", span(at * 2000, at * 2000 + 1500), text, **more) for at, text in enumerate(texts)]  # type: ignore[arg-type]


def pairs(likeness: Likeness) -> list[tuple[int, int, int, int]]:
    return [(one.first, one.last, one.begin, one.end) for one in align(likeness)]


def test_without_times_numbers_names_and_the_chinese_beside_tie_lines() -> None:
    lines = [*spoken("五百万，一分不少！", "走吧。", "陆沉来了。"), Spoken("L3", span(6000, 7000), "什么？")]
    lines[2] = Spoken("L2", lines[2].span, lines[2].text, forms=(("Lu Chen",),))
    texts = [Passage(1, "¡Cinco millones, ni un peso menos!"), Passage(2, "Llegó Lu Chen."), Passage(3, "¿Qué?")]
    found = pairs(Likeness(lines, texts, "es-419", ("Lu Chen", "Shen Wan")))
    assert found == [(0, 1, 0, 1), (1, 2, 1, 1), (2, 3, 1, 2),
                     (3, 4, 2, 3)]  # fmt: skip
    beside = [Passage(1, "Xyz.", source="走吧"), Passage(2, "Otro texto.", source="陆沉来了！")]
    sure = align(Likeness(lines, beside, "es-419"))
    assert [(one.first, one.begin, one.margin >= SURE) for one in sure if one.end > one.begin] == [
        (1, 0, True), (2, 1, True),
    ]  # fmt: skip


def test_a_margin_falls_where_something_else_is_nearly_as_likely() -> None:
    lines = spoken("走吧。", "走吧。", "走吧。")
    apart = Likeness(lines, [Passage(1, "Vamos.")], "es-419", spans=[span(2000, 3500)])
    between = Likeness(lines, [Passage(1, "Vamos.")], "es-419", spans=[span(3000, 4500)])
    clear, torn = (next(one for one in align(each) if one.end > one.begin) for each in (apart, between))
    assert clear.first == 1 and clear.margin > SURE > 0.5 > torn.margin


def test_nothing_pairs_with_nothing() -> None:
    assert align(Likeness([], [], "es-419")) == ()
    assert pairs(Likeness(spoken("走吧。"), [], "es-419")) == [(0, 1, 0, 0)]
    assert align(Likeness([], [Passage(1, "Hola.")], "es-419")) == ()


def test_too_much_to_look_at_is_refused_at_once() -> None:
    lines, texts = spoken(*["走吧。"] * 2000), [Passage(at, "Vamos.") for at in range(20_000)]
    with pytest.raises(InputError, match="2,000 lines and 20,000 passages are too many to align"):
        align(Likeness(lines, texts, "es-419"))


@pytest.mark.parametrize(("shift", "rate"), [(0, 1.0), (3_600_000, 1.0), (-1500, 25 / 24), (700, 24 / 25)])
def test_a_clock_is_found_by_when_people_speak(shift: int, rate: float) -> None:
    said = foreign.talks("es-419", 40, 11)
    made = foreign.segmented(said, 2, shift=shift, rate=rate, jitter=80)
    theirs = [one.passage.span for one in made if one.passage.span is not None]
    clock = fitted([one.span for one in said], theirs)
    back = [clock.span(one) for one in theirs]
    starts = {one.span.start for one in said}
    near = sum(min(abs(one.start - start) for start in starts) < 250 for one in back)
    assert clock.known and near > 0.6 * len(back)
    assert (clock == Clock()) == (shift == 0 and rate == 1.0)


def test_no_clock_is_made_up_for_times_that_fit_nowhere() -> None:
    said = [one.span for one in foreign.talks("es-419", 40, 11)]
    even = [Span(Ms(at * 3100), Ms(at * 3100 + 900)) for at in range(40)]
    assert not fitted(said, even).known or fitted(said, even) == Clock()
    assert not fitted(said, []).known

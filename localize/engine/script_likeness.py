"""How much speaks for it that passages of a script say certain lines: natural logarithms of odds, summed.

Each measure asks how much likelier it is in a right pair than in a wrong one.  Spreads of lengths were measured on the
shipped phrasebook (2983 lines); those of times on what subtitlers do with speech; the others are weights that were set
by hand and held against the benchmark (docs/measured.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import exp, log

from localize.checks._numerals import values
from localize.formats.target_script import Passage
from localize.glossary import normal, occurs
from localize.timing import Span
from localize.wording import DIGITS, amounts

LETTERS = {"en": 1.11, "es": 1.11, "id": 1.18}
"""Logarithm of letters a Chinese character becomes, measured on the phrasebook; 1.1 elsewhere, with a wider spread."""
_SPREAD, _UNKNOWN = (0.02, 0.45), (0.1, 0.45)  # variance of that: always, and per character
_NEAR, _TAIL = 280.0, 600.0  # ms a subtitle begins and ends off the speech, on average
_WINDOW = 6000.0  # ms in which the passages around a line begin
FAR = 12_000
"""Ms off from which nothing else is looked at."""
_STRAY = 0.08  # share of right pairs whose times say nothing
_ASKS = re.compile(r"[?？]|[吗呢][。！…]?$")
_CALLS = re.compile(r"[!！]")
_IDIOMATIC = 10


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as the alignment knows it: ``known`` are words it may have in the market, ``forms`` the approved forms of
    each term in it, ``who`` the spellings of its speaker's name.
    """

    id: str
    span: Span
    text: str
    known: tuple[str, ...] = ()
    forms: tuple[tuple[str, ...], ...] = ()
    who: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Line:
    """What is measured of a line, once."""

    said: Spoken

    @cached_property
    def plain(self) -> str:
        return normal(self.said.text)

    @cached_property
    def numbers(self) -> frozenset[Fraction]:
        text = self.said.text
        found = (one for one in amounts(text) if text[one.start].isdigit() or text[one.start] in DIGITS)
        return frozenset(one.value for one in found if one.value >= _IDIOMATIC or text[one.start].isdigit())

    @cached_property
    def known(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, map(normal, self.said.known))))


@dataclass(frozen=True)
class _Text:
    """What is measured of a passage, once."""

    said: Passage
    language: str

    @cached_property
    def plain(self) -> str:
        return normal(self.said.text)

    @cached_property
    def letters(self) -> int:
        return sum(char.isalnum() for char in self.said.text)

    @cached_property
    def numbers(self) -> frozenset[Fraction]:
        return frozenset(values(self.said.text, self.language))

    @cached_property
    def figures(self) -> bool:
        return any(char.isdigit() for char in self.said.text)

    @cached_property
    def who(self) -> str:
        return normal(self.said.speaker)

    @cached_property
    def source(self) -> str:
        return normal(self.said.source)


class Likeness:
    """Scores groups of lines against groups of passages.  ``spans`` are the passages' on the episode's clock."""

    def __init__(
        self, lines: Sequence[Spoken], passages: Sequence[Passage], market: str, names: Iterable[str] = (),
        spans: Sequence[Span] | None = None,
    ) -> None:  # fmt: skip
        self.market, language = market, market.partition("-")[0]
        self.lines = [_Line(one) for one in lines]
        self.texts = [_Text(one, language) for one in passages]
        self.spans = spans
        self._mean, self._spread = LETTERS.get(language, 1.1), _SPREAD if language in LETTERS else _UNKNOWN
        everybody = frozenset(name for one in lines for name in one.who)
        self._speakers = everybody
        self._names = {normal(name): name for name in names if name}
        self._occurs: dict[tuple[str, int], bool] = {}
        self._like: dict[tuple[str, str], float] = {}

    def of(self, i: int, over: int, j: int, down: int) -> float:
        """Lines ``i`` to ``i + over`` against passages ``j`` to ``j + down``."""
        time = self._time(i, over, j, down)
        return time if time <= -FAR / 1000 else time + self.words(i, over, j, down)

    def words(self, i: int, over: int, j: int, down: int) -> float:
        """All that is not time."""
        lines, texts = self.lines[i : i + over], self.texts[j : j + down]
        return (
            self._length(lines, texts) + self._marks(lines, texts) + self._numbers(lines, texts)
            + self._terms(lines, j, down) + self._speaker(lines, texts) + self.anchor(i, over, j, down)
        )  # fmt: skip

    def anchor(self, i: int, over: int, j: int, down: int) -> float:
        """What ties these and no others together: the Chinese beside them, and words that are known."""
        lines, texts = self.lines[i : i + over], self.texts[j : j + down]
        found = 0.0
        if all(one.source for one in texts):
            alike = self._ratio("".join(one.plain for one in lines), "".join(one.source for one in texts))
            found += 14 * (alike - 0.55)
        if all(one.known for one in lines):
            said = "".join(one.plain for one in texts)
            best = [max(one.known, key=lambda known: self._ratio(known, said)) for one in lines]
            weight = min(1.0, len(said) / 12)
            found += weight * max(-0.3, 9 * (self._ratio("".join(best), said) - 0.55))
        return found

    def _ratio(self, one: str, other: str) -> float:
        from rapidfuzz import fuzz

        key = (one, other)
        if key not in self._like:
            self._like[key] = fuzz.ratio(one, other) / 100
        return self._like[key]

    def _time(self, i: int, over: int, j: int, down: int) -> float:
        if self.spans is None:
            return 0.0
        first, last = self.lines[i].said.span, self.lines[i + over - 1].said.span
        begin, end = self.spans[j].start, self.spans[j + down - 1].end
        off = max(abs(begin - first.start), abs(end - last.end))
        if off > FAR:
            return -off / 1000
        return _timely(abs(begin - first.start), _NEAR) + _timely(abs(end - last.end), _TAIL)

    def _length(self, lines: Sequence[_Line], texts: Sequence[_Text]) -> float:
        said, written = sum(len(one.plain) for one in lines), sum(one.letters for one in texts)
        if not said or not written:
            return -2.0
        always, each = self._spread
        variance, off = always + each / said, log(written / said) - self._mean
        apart = variance + 0.6  # how lengths of lines that have nothing to do with each other differ
        return 0.5 * (log(apart / variance) - off * off / variance + off * off / apart)

    def _marks(self, lines: Sequence[_Line], texts: Sequence[_Text]) -> float:
        asks, asked = (any(map(_ASKS.search, each)) for each in _said(lines, texts))
        calls, called = (any(map(_CALLS.search, each)) for each in _said(lines, texts))
        told = (0.9 if asks else 0.1) if asks == asked else -0.7
        return told + ((0.3 if calls else 0.05) if calls == called else -0.25)

    def _numbers(self, lines: Sequence[_Line], texts: Sequence[_Text]) -> float:
        wanted = frozenset().union(*(one.numbers for one in lines))
        found = frozenset().union(*(one.numbers for one in texts))
        if wanted:
            kept = len(wanted & found)
            return 2.5 * kept - 1.0 * (len(wanted) - kept)
        return -1.2 if any(one.figures for one in texts) else 0.0

    def _terms(self, lines: Sequence[_Line], j: int, down: int) -> float:
        wanted = dict.fromkeys(forms for one in lines for forms in one.said.forms)
        kept = sum(any(self._has(form, at) for form in forms for at in range(j, j + down)) for forms in wanted)
        own = {normal(form) for forms in wanted for form in forms}
        strange = (name for plain, name in self._names.items() if not any(plain in one for one in own))
        stray = sum(any(self._has(name, at) for at in range(j, j + down)) for name in strange)
        return 2.0 * kept - 0.9 * (len(wanted) - kept) - 0.8 * min(stray, 2)

    def _has(self, form: str, at: int) -> bool:
        key = (form, at)
        if key not in self._occurs:
            self._occurs[key] = occurs(form, self.texts[at].said.text, self.market)
        return self._occurs[key]

    def _speaker(self, lines: Sequence[_Line], texts: Sequence[_Text]) -> float:
        told = {one.who for one in texts if one.who in self._speakers}
        if not told or len(told) > 1:
            return 0.0
        return sum(1.2 if told & one.said.who else -1.2 for one in lines if one.said.who)


def _said(lines: Sequence[_Line], texts: Sequence[_Text]) -> tuple[list[str], list[str]]:
    return [one.said.text for one in lines], [one.said.text for one in texts]


def _timely(off: float, scale: float) -> float:
    """The odds of being ``off`` ms away in a right pair against anywhere in the window."""
    return log((1 - _STRAY) * exp(-off / scale) / (2 * scale) * _WINDOW + _STRAY)


def spellings(name: str, aliases: Iterable[str], names: Mapping[str, str]) -> frozenset[str]:
    """How a script may write a character's name."""
    whole = (name, *aliases, *names.values())
    parts = (part for one in names.values() for part in one.split() if len(part) > 2)
    return frozenset(filter(None, map(normal, (*whole, *parts))))

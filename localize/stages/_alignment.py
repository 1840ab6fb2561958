"""Which recognised syllables are which caption's: order-keeping alignment by sound, with time as prior.

Captions and speech keep the same order.  Each caption takes one stretch of recognised syllables or none; what lies
between the stretches is free, what is missing or too much inside one costs.  Only syllables within ``REACH`` of a
caption's time are looked at, so the work grows with captions times band, never with the square of the episode.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from localize.stages._syllables import alike
from localize.timing import Span

REACH = 1500
"""How far, in ms, speech may lie outside its caption."""
GAP = 0.5
"""What a syllable costs that only one side has: with ``_worth``, a caption is taken when over a third was heard."""
PRIOR = 0.3
"""What a pair costs whose times lie ``REACH`` apart; less in proportion."""

Pairs = tuple[tuple[int, int], ...]
"""(number of the caption's syllable, number of the heard syllable), both rising."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A syllable as it was recognised: its ``sound``, its ``start`` and ``end`` in ms, the number of its word."""

    sound: str
    start: float
    end: float
    word: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A caption as it sounds."""

    sounds: tuple[str, ...]
    span: Span


def align(captions: Sequence[Shown], heard: Sequence[Sounding]) -> tuple[Pairs, ...]:
    """For every caption its pairs, empty when nobody was heard saying it.

    Both sides in time order.  The total likeness is the greatest there is; ties fall the same way every time.
    """
    middles = [(one.start + one.end) / 2 for one in heard]
    tables: list[_Table] = []
    for caption in captions:
        before = tables[-1] if tables else None
        low = max(bisect_left(middles, caption.span.start - REACH), before.low if before else 0)
        high = max(bisect_right(middles, caption.span.end + REACH), low, before.high if before else 0)
        tables.append(_Table.of(caption, heard, middles, low, high, before))
    return tuple(reversed(list(_back(tables))))


def _back(tables: Sequence[_Table]) -> Iterator[Pairs]:
    """The pairs of the best way, from the last caption to the first."""
    at = tables[-1].high if tables else 0
    for table in reversed(tables):
        at, pairs = table.way(min(at, table.high))
        yield pairs


@dataclass(frozen=True, slots=True)
class _Table:
    """``best[j - low]``: the greatest total of all captions up to this one within the first ``j`` heard syllables.

    ``ends[j - low]`` is where this caption's stretch ended (−1: the caption was skipped); ``steps`` leads back inside.
    """

    low: int
    high: int
    best: list[float]
    ends: list[int]
    steps: list[list[int]]

    @staticmethod
    def of(
        caption: Shown, heard: Sequence[Sounding], middles: Sequence[float], low: int, high: int, before: _Table | None
    ) -> _Table:
        start = [before.at(j) if before else 0.0 for j in range(low, high + 1)]
        last, steps = start, [[_MISSED] * len(start)]
        step = caption.span.length / len(caption.sounds) if caption.sounds else 0.0
        for number, sound in enumerate(caption.sounds):
            due = caption.span.start + (number + 0.5) * step
            worth = [_worth(sound, heard[j].sound, due - middles[j]) for j in range(low, high)]
            last, back = _row(last, worth, number + 1 < len(caption.sounds))
            steps.append(back)
        best, ends = list(start), [-1] * len(start)
        for j, value in enumerate(last if caption.sounds else ()):
            if value > best[j]:
                best[j], ends[j] = value, j + low
            if j and best[j - 1] > best[j]:
                best[j], ends[j] = best[j - 1], ends[j - 1]
        return _Table(low, high, best, ends, steps)

    def at(self, j: int) -> float:
        return self.best[min(j, self.high) - self.low]

    def way(self, at: int) -> tuple[int, Pairs]:
        """Where the caption before may end when this one ends by ``at``, and this one's pairs."""
        end = self.ends[at - self.low]
        if end < 0:
            return at, ()
        i, j, pairs = len(self.steps) - 1, end - self.low, []
        while i:
            taken = self.steps[i][j]
            if taken == _PAIR:
                pairs.append((i - 1, j - 1 + self.low))
            i, j = i - (taken != _HEARD), j - (taken != _MISSED)
        return j + self.low, tuple(reversed(pairs))


_MISSED, _HEARD, _PAIR = 0, 1, 2


def _row(above: Sequence[float], worth: Sequence[float], inside: bool) -> tuple[list[float], list[int]]:
    """One more syllable of the caption against the whole band."""
    row, back = [above[0] - GAP], [_MISSED]
    for j, pair in enumerate(worth, start=1):
        value, step = above[j] - GAP, _MISSED
        if inside and row[j - 1] - GAP > value:
            value, step = row[j - 1] - GAP, _HEARD
        if above[j - 1] + pair > value:
            value, step = above[j - 1] + pair, _PAIR
        row.append(value)
        back.append(step)
    return row, back


def _worth(sound: str, other: str, apart: float) -> float:
    """What pairing two syllables is worth: 1 for the same sound, −0.5 for a strange one, less when far apart."""
    return 1.5 * alike(sound, other) - 0.5 - PRIOR * min(abs(apart) / REACH, 1.0)

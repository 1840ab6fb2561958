"""How a subtitle file's clock runs against the burned-in captions: the same words, as they sound, at two times.

Cues and captions keep the same order.  Of all pairs that sound alike the order-keeping chain with the most
syllables is taken; how much of the smaller side it holds tells whether file and episode belong together, and where its
pairs lie in time tells the clock.  One cue may be two captions and the reverse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from localize.stages._clock import Clock, Piece, named_rates
from localize.stages._drift_path import best_path, stretches
from localize.stages._syllables import syllables
from localize.timing import Ms, Span

ALIKE = 60
"""Likeness (0–100, shared syllables of both) from which two texts count as one; a caption half misread has 50."""
NEAR = 350
"""Milliseconds a cue may lie off its caption and still be in time: what people leave before and after a line."""
WIDEST = 0.06
_LEAST = 2  # syllables; single ones are everywhere
_BLOCK = 512  # rows of the likeness table held at a time
_MOST_TEXTS = 6_000  # on either side; above, only equal texts are paired
_MOST_TWINS = 20  # texts on the other side one text is compared with in the chain
_MOST_PIECES = 3
_LEAST_PAIRS = 4  # pairs that make a piece clear
_PLAIN = 0.05  # share of the pairs a rate must put in time more than none does, between jumps
_MOST_OFF = 2 * NEAR
_FAR = 20_000  # ms two pairs must lie apart to tell a rate


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its time."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Pair:
    """Cues ``first``–``last`` say what is shown from ``start`` to ``end`` ms; ``weight`` is how many syllables.

    ``once``: both texts stand in the episode once only, so that the pair can tell a clock.
    """

    first: int
    last: int
    start: int
    end: int
    weight: float
    once: bool


@dataclass(frozen=True, slots=True)
class Match:
    """``share`` (0–1): how many syllables of the smaller side the pairs hold; ``texts``: how many it has of each."""

    pairs: tuple[Pair, ...]
    share: float
    texts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fit:
    """A clock, the share (0–1, by syllables) of the pairs it puts in time, and by how many ms the pairs are off on
    average, each by ``_MOST_OFF`` at most: the tails tell a wrong slope.
    """

    clock: Clock
    share: float
    off: float = 0.0


# ── which cue is which caption ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class _Unit:
    """One or two neighbouring texts as they sound, a character a syllable."""

    sound: str
    first: int
    last: int


def match(cues: Sequence[Said], captions: Sequence[Said]) -> Match:
    """The best order-keeping pairing.  Both sides in time order."""
    letters: dict[str, str] = {}
    sounds = [[_letters(one.text, letters) for one in side] for side in (cues, captions)]
    ours, theirs = (list(_units(side, len(side) <= _MOST_TEXTS)) for side in sounds)
    counts = [Counter(unit.sound for unit in side) for side in (ours, theirs)]
    pairs = [
        Pair(one.first, one.last, captions[other.first].span.start, captions[other.last].span.end, shared,
             counts[0][one.sound] == counts[1][other.sound] == 1)
        for one, other, shared in _chain(list(_alike(ours, theirs)), len(captions))
    ]  # fmt: skip
    smaller = min(sum(map(len, side)) for side in sounds)
    share = min(1.0, sum(pair.weight for pair in pairs) / max(1, smaller))
    texts = (sum(len(one) >= _LEAST for one in side) for side in sounds)
    return Match(tuple(pairs), share, (next(texts), next(texts)))


def _letters(text: str, known: dict[str, str]) -> str:
    """Syllables as single characters of the private planes, so that they compare as fast as letters."""
    return "".join(known.setdefault(one.sound, chr(0xF0000 + len(known))) for one in syllables(text))


def _units(sounds: Sequence[str], joined: bool) -> Iterator[_Unit]:
    for number, sound in enumerate(sounds):
        if len(sound) >= _LEAST:
            yield _Unit(sound, number, number)
    for number, (one, other) in enumerate(pairwise(sounds if joined else ())):
        if one and other:
            yield _Unit(one + other, number, number + 1)


def _alike(ours: Sequence[_Unit], theirs: Sequence[_Unit]) -> Iterator[tuple[_Unit, _Unit, float]]:
    """Every pair above ``ALIKE`` with the syllables it shares; two joined texts never pair with two."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    if max(len(ours), len(theirs)) > 2 * _MOST_TEXTS:
        at: dict[str, list[_Unit]] = {}
        for other in theirs:
            at.setdefault(other.sound, []).append(other)
        yield from (
            (one, other, float(len(one.sound))) for one in ours for other in at.get(one.sound, ())[:_MOST_TWINS]
        )
        return
    columns = [other.sound for other in theirs]
    for start in range(0, len(ours), _BLOCK):
        block = ours[start : start + _BLOCK]
        table = cdist([one.sound for one in block], columns, scorer=ratio, score_cutoff=ALIKE, dtype=np.uint8)
        for one, row in zip(block, table, strict=True):
            for column in _likely(one, np.flatnonzero(row), len(ours), len(theirs), theirs):
                other = theirs[column]
                if one.first == one.last or other.first == other.last:
                    yield one, other, float(row[column]) / 200 * (len(one.sound) + len(other.sound))


def _likely(
    one: _Unit, columns: NDArray[np.int64], ours: int, count: int, theirs: Sequence[_Unit]
) -> NDArray[np.int64]:
    """All of a few; of many (“好的” is everywhere) those nearest to the same part of the episode."""
    if len(columns) <= _MOST_TWINS:
        return columns
    here = one.first / max(1, ours // 2)
    away = np.array([abs(theirs[column].first / max(1, count // 2) - here) for column in columns])
    return columns[np.sort(np.argsort(away, kind="stable")[:_MOST_TWINS])]


def _chain(found: list[tuple[_Unit, _Unit, float]], count: int) -> list[tuple[_Unit, _Unit, float]]:
    """The pairs that keep the order on both sides and share most; each text is used once, strange syllables cost."""
    found.sort(key=lambda item: (item[0].first, item[0].last, item[1].first, item[1].last))
    best: list[float] = []
    back: list[int] = []
    tree = _Top(count)
    waiting = sorted(range(len(found)), key=lambda number: (found[number][0].last, number))
    ready = 0
    for one, other, shared in found:
        while ready < len(waiting) and found[waiting[ready]][0].last < one.first:
            done = waiting[ready]
            tree.put(found[done][1].last, best[done], done)
            ready += 1
        value, before = tree.top(other.first)
        best.append(value + 2 * shared**2 / (len(one.sound) + len(other.sound)))
        back.append(before)
    at = max(range(len(found)), key=lambda number: (best[number], -number), default=-1)
    chain = []
    while at >= 0:
        chain.append(found[at])
        at = back[at]
    return chain[::-1]


class _Top:
    """The greatest value put at any place below a given one (a Fenwick tree)."""

    def __init__(self, count: int) -> None:
        self.values = [(0.0, -1)] * (count + 2)

    def put(self, place: int, value: float, number: int) -> None:
        place += 1
        while place < len(self.values):
            if value > self.values[place][0]:
                self.values[place] = (value, number)
            place += place & -place

    def top(self, place: int) -> tuple[float, int]:
        best = (0.0, -1)
        while place > 0:
            if self.values[place][0] > best[0]:
                best = self.values[place]
            place -= place & -place
        return best


# ── what clock the pairs tell ───────────────────────────────────────────────────────────────────────────────
Numbers = NDArray[np.float64]


def fits(found: Match, cues: Sequence[Said]) -> Iterator[Fit]:
    """The best clock of every kind, the simplest first: none, a shift, a named rate, any rate, one or two jumps.

    Nothing when too few pairs are sure.
    """
    sure = [pair for pair in found.pairs if pair.once]
    if len(sure) < _LEAST_PAIRS:
        return
    here = np.array([(cues[pair.first].span.start, cues[pair.last].span.end) for pair in sure], float)
    there = np.array([(pair.start, pair.end) for pair in sure], float)
    weights = np.array([pair.weight for pair in sure], float)
    yield _fit(here, there, weights, 1.0, 0.0)
    yield _shifted(here, there, weights, 1.0)
    named = [_shifted(here, there, weights, rate) for rate in named_rates()]
    yield max(named, key=lambda fit: (round(fit.share, 2), -fit.off))
    free = _rate(here, there)
    if free is not None and abs(free - 1) <= WIDEST:
        yield _refined(here, there, weights, _shifted(here, there, weights, free))
    near = [1.0, *(rate for rate in named_rates() if abs(rate - 1) <= WIDEST)]
    pieces = [fit for rate in near if (fit := _pieces(here, there, weights, rate)) is not None]
    if pieces:
        yield max(pieces, key=lambda fit: fit.share + (_PLAIN if fit.clock[0].rate == 1.0 else 0.0))


def _fit(here: Numbers, there: Numbers, weights: Numbers, rate: float, shift: float) -> Fit:
    off = np.abs(there - (rate * here + shift)).min(axis=1)
    near = off <= NEAR
    share = float(weights[near].sum() / weights.sum())
    return Fit((Piece(Ms(0), rate, round(shift)),), share, float(np.minimum(off, _MOST_OFF).mean()))


def _shifted(here: Numbers, there: Numbers, weights: Numbers, rate: float) -> Fit:
    """The shift that puts the most syllables in time: the middle of the densest stretch of what the pairs tell."""
    told = (there - rate * here).mean(axis=1)
    order = np.argsort(told, kind="stable")
    ranked, total = told[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    until = np.searchsorted(ranked, ranked + NEAR, "right")
    first = int((total[until] - total[: len(ranked)]).argmax())
    return _fit(here, there, weights, rate, float(np.median(ranked[first : until[first]])))


def _rate(here: Numbers, there: Numbers) -> float | None:
    """The median slope between all pairs far enough apart (Theil and Sen): a third of them may be wrong."""
    own, other = here.mean(axis=1), there.mean(axis=1)
    every = max(1, len(own) // 400)
    own, other = own[::every], other[::every]
    run = own[None] - own[:, None]
    slopes = ((other[None] - other[:, None])[run > _FAR]) / run[run > _FAR]
    return float(np.median(slopes)) if len(slopes) >= _LEAST_PAIRS else None


def _refined(here: Numbers, there: Numbers, weights: Numbers, fit: Fit) -> Fit:
    """The straight line through the pairs in time, by least squares, when it puts as many in time."""
    own, other = here.mean(axis=1), there.mean(axis=1)
    near = np.abs(other - fit.clock[0].at(0) - fit.clock[0].rate * own) <= NEAR
    if near.sum() < _LEAST_PAIRS or np.ptp(own[near]) < _FAR:
        return fit
    rate, shift = np.polyfit(own[near], other[near], 1, w=np.sqrt(weights[near]))
    better = _fit(here, there, weights, float(rate), float(shift))
    return better if better.share >= fit.share and abs(rate - 1) <= WIDEST else fit


def _pieces(here: Numbers, there: Numbers, weights: Numbers, rate: float) -> Fit | None:
    """One or two jumps, each side held by enough pairs; None when the best clock has none or more."""
    told = (there - rate * here).mean(axis=1)
    shifts = np.unique(np.round(told / 100) * 100)
    if len(shifts) > 600:
        return None
    worth = (np.abs(told[:, None] - shifts[None]) <= NEAR / 2) * weights[:, None]
    gaps = np.maximum(0.0, here[1:, 0] - here[:-1, 1]) * rate
    path = best_path(worth.astype(np.float32), shifts, gaps, float(_LEAST_PAIRS * np.median(weights)))
    runs = stretches(path)
    if not 1 < len(runs) <= _MOST_PIECES:
        return None
    clock: list[Piece] = []
    held, off = 0.0, []
    for state, first, last in runs:
        part = slice(first, last + 1)
        kept = np.abs(told[part] - shifts[state]) <= NEAR / 2
        if kept.sum() < _LEAST_PAIRS:
            return None
        held += float(weights[part][kept].sum())
        shift = float(np.median(told[part][kept]))
        off += np.minimum(np.abs(there[part] - rate * here[part] - shift).min(axis=1), _MOST_OFF).tolist()
        start = here[first, 0] if clock else 0
        clock.append(Piece(Ms(int(start)), rate, round(shift)))
    return Fit(tuple(clock), held / float(weights.sum()), float(np.mean(off)))

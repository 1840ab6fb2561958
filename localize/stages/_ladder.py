"""The fit ladder as one optimum over a scene.

Every line may be said in each of its variants, a little early or late, with its pauses trimmed or not, at
several tempos.  Each choice has a price in the order of the ladder: shorter variant, borrowed silence,
trimmed pauses, stretch, flagged stretch.  Dynamic programming over the lines finds the cheapest whole in
which no two lines overlap more than they do in the original.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from localize.timing import Ms, Span

Variant = Literal["short", "normal", "long"]

ACCEPT = 1.2
"""Speed-up nobody minds (VideoLingo's accept)."""
HARD = 1.4
"""Speed-up never exceeded (VideoLingo's max)."""
BORROW = 1500
"""Milliseconds of following silence a line may take (VideoLingo)."""
ONSET = 100
"""How far, in ms, an on-screen line may start from its source; twice as much off screen."""
_GAP = 40  # ms of air between two lines, less when the source leaves less
_TAIL = 60  # ms past the source's end that count as in place

# Prices.  Their order is the ladder; their sizes say how much of a lower rung is worth climbing a higher one.
_SHORT, _LONG = 0.30, 0.15
_BORROWED, _PER_SECOND = 0.35, 0.30
_TRIMMED = 0.60
_STRETCHED, _PER_TENTH = 0.80, 1.0
_FLAGGED = 25.0
_OVER, _PER_MS = 1000.0, 5.0
_ONSET_PRICE = 0.25  # at ONSET ms, growing with the square
_HOLLOW = 1.2  # per share of an on-screen slot left silent beyond a quarter


@dataclass(frozen=True, slots=True)
class Way:
    """One recording of a line: ``length`` ms as spoken, ``trimmed`` ms with its pauses cut."""

    variant: Variant
    length: Ms
    trimmed: Ms


@dataclass(frozen=True, slots=True)
class Slot:
    """A line to place: where the source has it, what recordings there are (at least one), and between which times,
    in ms, other voices leave it room.
    """

    span: Span
    speaker: str
    on_screen: bool
    ways: tuple[Way, ...]
    earliest: int = 0
    latest: int = 2**31


@dataclass(frozen=True, slots=True)
class Choice:
    """How one line is placed.  ``length`` is what sounds; ``over`` the ms that run into what follows."""

    way: Way
    start: int
    length: int
    trim: bool
    stretch: float
    over: int
    price: float


def climb(slots: Sequence[Slot], until: int) -> tuple[Choice, ...]:
    """The cheapest placement of all lines, in order of ``slots`` (sorted by start); ``until`` ends the last
    one.

    Raises nothing: a line that fits nowhere is placed at the hard limit and its ``over`` says by how much it
    sticks out.
    """
    paths: list[tuple[int, float, tuple[Choice, ...]]] = [(-(10**9), 0.0, ())]
    for index, slot in enumerate(slots):
        after = slots[index + 1] if index + 1 < len(slots) else None
        ends = [end for end, _, _ in paths]
        reached: dict[int, tuple[float, tuple[Choice, ...]]] = {}
        for choice in _choices(slot, after, until):
            found = bisect_right(ends, choice.start)
            if not found:
                continue
            _, spent, path = paths[found - 1]
            price = spent + choice.price
            free = choice.start + choice.length - choice.over + _air(slot, after)
            if free not in reached or price < reached[free][0]:
                reached[free] = (price, (*path, choice))
        paths = _frontier(reached)
    return min(paths, key=lambda path: path[1])[2]


def reach(own: Span, kept: Sequence[Span]) -> tuple[int, int]:
    """Between which times a line at ``own`` may sound when the source's own voice stays in ``kept``; what the source
    has at once may stay at once.
    """
    earliest = max((min(one.end, own.start) for one in kept if one.start < own.start), default=0)
    latest = min((max(one.start - _GAP, own.end) for one in kept if one.end > own.end), default=2**31)
    return earliest, latest


def _frontier(
    reached: dict[int, tuple[float, tuple[Choice, ...]]],
) -> list[tuple[int, float, tuple[Choice, ...]]]:
    """Sorted by end; only those that are cheaper than everything that ends earlier."""
    kept: list[tuple[int, float, tuple[Choice, ...]]] = []
    for end in sorted(reached):
        price, path = reached[end]
        if not kept or price < kept[-1][1]:
            kept.append((end, price, path))
    return kept


def _air(slot: Slot, after: Slot | None) -> int:
    """Silence owed before the next line; negative where the source's own lines overlap (never one
    speaker's).
    """
    if after is None:
        return 0
    gap = after.span.start - slot.span.end
    if gap < 0:
        return gap if slot.speaker != after.speaker else 0
    return min(_GAP, gap)


def _limit(slot: Slot, after: Slot | None, until: int) -> int:
    """The latest end when everything starts where the source does."""
    last = min(slot.span.end + BORROW, slot.latest)
    return min(last, until) if after is None else min(last, after.span.start - _air(slot, after))


def _offsets(slot: Slot) -> Sequence[int]:
    reach = ONSET if slot.on_screen else 2 * ONSET
    return range(-reach, reach + 1, reach // 4)


def _choices(slot: Slot, after: Slot | None, until: int) -> Iterator[Choice]:
    """Every sensible way to place a line; the starting points keep clear of 0 and of the source's own
    neighbours.
    """
    limit = _limit(slot, after, until)
    later = 0 if after is None else _offsets(after)[-1]
    last = min(limit + later, slot.span.end + BORROW, slot.latest, until)
    for offset in _offsets(slot):
        start = slot.span.start + offset
        if start < slot.earliest:
            continue
        for way in slot.ways:
            for trim in (False, True) if way.trimmed < way.length else (False,):
                full = way.trimmed if trim else way.length
                for length in _lengths(full, start, limit, later, last):
                    yield _choice(slot, way, start, full, length, trim, last)


def _lengths(full: int, start: int, limit: int, later: int, last: int) -> set[int]:
    """As spoken, or just short enough for one of the possible starts of the next line; never below the hard
    limit.
    """
    shortest = -int(-full // HARD)
    ends = {min(limit + move, last) for move in range(-later, later + 1, max(later // 4, 1))}
    fitting = {end - start for end in ends if shortest <= end - start < full}
    return fitting | ({full} if start + full <= last else set()) or {shortest}


def _choice(slot: Slot, way: Way, start: int, full: int, length: int, trim: bool, last: int) -> Choice:
    stretch = full / length
    over = max(0, start + length - last)
    borrowed = start + length - over - slot.span.end
    price = {"short": _SHORT, "normal": 0.0, "long": _LONG}[way.variant]
    price += _ONSET_PRICE * ((start - slot.span.start) / ONSET) ** 2
    price += _BORROWED + _PER_SECOND * borrowed / 1000 if borrowed > _TAIL else 0.0
    price += _TRIMMED if trim else 0.0
    if stretch > 1.005:
        price += _STRETCHED + _PER_TENTH * ((stretch - 1) * 10) ** 2
    if stretch > ACCEPT + 1e-9:
        price += _FLAGGED * (1 + 10 * (stretch - ACCEPT))
    if over:
        price += _OVER + _PER_MS * over
    if slot.on_screen:
        price += _HOLLOW * max(0.0, 0.75 - length / slot.span.length)
    return Choice(way, start, length, trim, stretch, over, price)

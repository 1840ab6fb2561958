"""The frame rate of a source, judged by the time stamps of its pictures, not by what its header says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor

COMMON = tuple(
    Fraction(rate)
    for rate in ("12", "15", "24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
)
"""Rates a version is rendered at when the source's own varies: EBU, SMPTE, NTSC and phone settings."""

_JITTER = Fraction(35, 100)
"""Frames a picture of a steady source may be off its place: Matroska rounds to 1 ms, 6 % at 60 fps."""

_DRIFT = Fraction(1, 2000)
"""How far a measured rate may be from a common one to be that rate; 24 and 24000/1001 are 1/1000 apart."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A constant rate, how many frames of it the source fills, and whether the source itself varies."""

    rate: Fraction
    frames: int
    variable: bool


def rhythm(shown: Sequence[Fraction], end: Fraction, nominal: Fraction | None) -> Rhythm:
    """The rhythm of pictures shown at the sorted times ``shown``, in seconds; the last stays until ``end``.

    ``nominal`` is what the header says.  A constant source keeps its rate.  A varying one gets the common
    rate nearest to its usual step, the median: the average of a source that leaves out still frames is too
    low for its motion.
    """
    for rate in _candidates(shown, nominal):
        if _steady(shown, rate):
            return Rhythm(rate, len(shown), variable=False)
    length = max(end, shown[-1]) - shown[0]
    steps = sorted(b - a for a, b in pairwise(shown) if b > a)
    rate = nearest(1 / steps[(len(steps) - 1) // 2]) if steps else nearest(nominal or Fraction(25))
    return Rhythm(rate, max(1, floor(length * rate + Fraction(1, 2))), variable=len(shown) > 1)


def nearest(rate: Fraction) -> Fraction:
    """The common rate nearest to ``rate``."""
    return min(COMMON, key=lambda common: abs(common - rate))


def _candidates(shown: Sequence[Fraction], nominal: Fraction | None) -> list[Fraction]:
    found = [nominal] if nominal else []
    if len(shown) > 1 and shown[-1] > shown[0]:
        measured = (len(shown) - 1) / (shown[-1] - shown[0])
        close = nearest(measured)
        if abs(close / measured - 1) < _DRIFT:
            found.append(close)
        found.append(measured.limit_denominator(1001))
    return [rate for rate in found if 0 < rate <= 300]


def _steady(shown: Sequence[Fraction], rate: Fraction) -> bool:
    first = shown[0]
    return all(abs((at - first) * rate - number) <= _JITTER for number, at in enumerate(shown))

"""The clock of a subtitle file against the clock of the episode: rates, shifts, and places where they jump."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise, permutations

from localize.timing import Ms, Span

FRAME_RATES = {
    "23.976": Fraction(24000, 1001), "24": Fraction(24), "25": Fraction(25), "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
}  # fmt: skip
"""The rates films and episodes are made at."""


@dataclass(frozen=True, slots=True)
class Piece:
    """From ``start`` (ms of the file) on, ``t`` of the file is ``rate·t + shift`` of the episode (ms)."""

    start: Ms
    rate: float
    shift: int

    def at(self, time: float) -> float:
        return self.rate * time + self.shift


Clock = tuple[Piece, ...]
"""Pieces in the order of their starts; the first also holds for what lies before it."""

SAME: Clock = (Piece(Ms(0), 1.0, 0),)


_UNTOLD = 100
"""Milliseconds two rates differ by at the end of an episode that is too short to tell them apart."""

_UNHEARD = 200
"""Milliseconds a file may begin early or late beside a wrong rate before it is worth a word."""


@cache
def named_rates() -> dict[float, str]:
    """Rates of files made for one frame rate and played with another: ``{1.0427: "25 instead of 23.976"}``.

    A file that counts frames at 25 a second while the picture runs at 23.976 is early everywhere, by this factor.
    """
    found: dict[float, str] = {}
    for made, real in permutations(FRAME_RATES, 2):
        found.setdefault(float(FRAME_RATES[made] / FRAME_RATES[real]), f"{made} instead of {real}")
    return found


def moved(spans: Sequence[Span], clock: Clock, length: int) -> list[Span | None]:
    """The spans on the episode's clock, cut to 0–``length`` ms; None for one that lies outside."""
    starts = [piece.start for piece in clock]
    found: list[Span | None] = []
    for span in spans:
        piece = clock[max(0, bisect_right(starts, span.start) - 1)]
        start, end = max(0, round(piece.at(span.start))), min(length, round(piece.at(span.end)))
        found.append(Span(Ms(start), Ms(end)) if start < end else None)
    return found


def apart(clock: Clock, times: Sequence[int]) -> float:
    """How far, in ms, the clock moves what it moves most of ``times``."""
    starts = [piece.start for piece in clock]
    return max((abs(clock[max(0, bisect_right(starts, at) - 1)].at(at) - at) for at in times), default=0.0)


def told(clock: Clock, length: int) -> str:
    """The clock in words: ``ran 4.3 % fast (25 instead of 23.976 frames a second) and began 1.2 s late``.

    ``length`` of the episode in ms: named rates that it is too short to tell apart are all named.
    """
    rate = clock[0].rate
    words = []
    if abs(rate - 1) > 1e-6:
        known = named_rates()
        exact = rate in known
        near = sorted(known, key=lambda one: abs(one - rate))
        names = [known[one] for one in near if exact and abs(one - rate) * length < _UNTOLD]
        why = f" ({' or '.join(names)} frames a second)" if names else ""
        pace = "fast" if rate > 1 else "slow"
        words.append(f"ran {abs(rate - 1) * 100:.2g} % {pace}{why}")
    shifts = [piece.shift for piece in clock]
    if len(clock) > 1:
        jumps = (f"{(two.shift - one.shift) / 1000:+.1f} s at {two.start / 1000:.0f} s" for one, two in pairwise(clock))
        words.append(f"lacked what the episode has or the reverse ({', '.join(jumps)})")
    if abs(shifts[0]) >= _UNHEARD:
        words.append(f"began {abs(shifts[0]) / 1000:.1f} s {'early' if shifts[0] > 0 else 'late'}")
    return " and ".join(words)

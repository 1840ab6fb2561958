"""The clock of somebody else's script against the episode's: a shift (a logo, a tape that begins at one hour) and a
rate (25 frames a second for 24).

Who translates a script writes down when people speak, whatever the words.  So the right clock is the one that puts most
beginnings and ends of passages where lines begin and end, and it is believed only where no other comes near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localize.timing import Ms, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from localize.engine.script_beads import Bead

RATES = (1.0, 25 / 24, 24 / 25, 25 / 23.976, 23.976 / 25, 24 / 23.976, 23.976 / 24)
STEP = 200
"""Ms of a bin: what two subtitlers of one line differ by."""
SAME = 0.85
"""Share of the best clock's hits with which the file's own stays."""
_LEAST, _SHARE, _RIVAL = 4, 0.35, 1.25  # hits, share of the fewer side, and times the hits of the next best clock
_LOOKED = 1500  # lines and passages a clock is told by
_FITTED = 8  # sure pairs from which a clock is drawn through them
_MOST = 0.06  # how far a rate can be from one
_PACE = 8e-4  # … and must be to be worth a word: film rates differ by 1e-3 at least


@dataclass(frozen=True, slots=True)
class Clock:
    """Times of the file times ``rate`` plus ``shift`` (ms) are the episode's; not ``known`` where none fits."""

    rate: float = 1.0
    shift: float = 0.0
    known: bool = True

    def span(self, span: Span) -> Span:
        start = max(0, round(span.start * self.rate + self.shift))
        return Span(Ms(start), Ms(max(start + 1, round(span.end * self.rate + self.shift))))

    def told(self, first: int) -> str:
        """In a few words, where the file begins at ``first`` ms; empty for the episode's own."""
        if not self.known:
            return "its times fit no clock of the episode and are not used"
        parts = []
        if abs(self.rate - 1) > _PACE:
            parts.append(f"runs at {1 / self.rate:.4f} times the episode's pace")
        off = first - (first * self.rate + self.shift)
        if abs(off) >= STEP:
            parts.append(f"is {abs(off) / 1000:.1f} s {'late' if off > 0 else 'early'}")
        return f"its clock {' and '.join(parts)}" if parts else ""


def fitted(lines: Sequence[Span], passages: Sequence[Span]) -> Clock:
    """The clock that puts most edges of passages on edges of lines."""
    import numpy as np

    lines, passages = lines[:_LOOKED], passages[:_LOOKED]
    if not lines or not passages:
        return Clock(known=False)
    ours = [np.array([getattr(one, end) for one in lines], float) for end in ("start", "end")]
    theirs = [np.array([getattr(one, end) for one in passages], float) for end in ("start", "end")]
    own = _hits(ours, theirs, 1.0, 0.0)
    found = []
    for rate in RATES:
        shift, hits, rival = _best(ours, theirs, rate)
        found.append((hits, rival, rate, shift))
    hits, rival, rate, shift = max(found, key=lambda one: (one[0], -abs(one[2] - 1)))
    fewer = min(len(lines), len(passages))
    if own >= SAME * hits and own >= min(_LEAST, fewer, _SHARE * fewer + 1):
        return Clock()
    if hits < max(_LEAST, _SHARE * fewer) or hits < _RIVAL * rival:
        return Clock(known=False)
    return Clock(rate, shift)


def _best(ours: Sequence[NDArray[np.float64]], theirs: Sequence[NDArray[np.float64]], rate: float) -> tuple[
    float, float, float
]:  # fmt: skip
    """(shift, hits there, hits of the best shift elsewhere)."""
    import numpy as np

    apart = (ours[0][:, None] - rate * theirs[0][None, :]).ravel()
    bins, counts = np.unique(np.floor(apart / STEP), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:12]
    tried = []
    for at in order:
        near = np.abs(apart - (bins[at] + 0.5) * STEP) <= 1.5 * STEP
        shift = float(np.median(apart[near]))
        tried.append((_hits(ours, theirs, rate, shift), shift))
    hits, shift = max(tried)
    return shift, hits, max((one for one, other in tried if abs(other - shift) > 3 * STEP), default=0.0)


def _hits(
    ours: Sequence[NDArray[np.float64]], theirs: Sequence[NDArray[np.float64]], rate: float, shift: float
) -> float:  # fmt: skip
    """Lines that begin with a passage, and half as much for those that end with one; both within a bin and a half."""
    import numpy as np

    total = 0.0
    for mine, other, weight in zip(ours, theirs, (1.0, 0.5), strict=True):
        there = np.sort(rate * other + shift)
        at = np.searchsorted(there, mine)
        left = np.abs(mine - there[np.maximum(at - 1, 0)])
        right = np.abs(there[np.minimum(at, len(there) - 1)] - mine)
        total += weight * float((np.minimum(left, right) <= 1.5 * STEP).sum())
    return total


def drawn(beads: Sequence[Bead], lines: Sequence[Span], passages: Sequence[Span], sure: float, clock: Clock) -> Clock:
    """The clock through the sure pairs, where there are enough and they lie on one line."""
    import numpy as np

    pairs = [(passages[one.begin].start, lines[one.first].start) for one in beads
             if one.margin >= sure and one.last - one.first == 1 == one.end - one.begin]  # fmt: skip
    if len(pairs) < _FITTED:
        return clock
    theirs, ours = np.array(pairs, float).T
    off = ours - (clock.rate * theirs + clock.shift)
    kept = np.abs(off - np.median(off)) <= 4 * max(STEP, float(np.median(np.abs(off - np.median(off)))))
    if kept.sum() < _FITTED or np.ptp(theirs[kept]) < 10_000:
        return clock
    rate, shift = np.polyfit(theirs[kept], ours[kept], 1)
    if abs(rate - 1) > _MOST:
        return clock
    return Clock(float(rate), float(shift))

"""Which lines are which passages: the order-keeping pairing of greatest total odds, and how sure each part of it is.

A line is one passage or up to three, up to three lines are one passage, and either side may have what the other lacks.
How sure a line's part is, is its margin: by how much (natural logarithm of odds) the whole pairing becomes less likely
when this line gets anything else, whatever happens elsewhere to make up for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from localize.engine.script_likeness import FAR, Likeness
from localize.errors import InputError

SHAPES = {(1, 1): 0.0, (1, 2): -1.6, (2, 1): -1.6, (1, 3): -3.2, (3, 1): -3.2}
"""What each shape costs, (lines, passages): most pairs are one to one (nine of ten among translations: Gale & Church
1993, Computational Linguistics 19(1))."""
LOST, MORE = -1.2, -0.8
"""What a line without a passage costs, and a passage without a line: scripts hold songs and signs besides."""
MOST_CELLS = 600_000
"""Places looked at; a minute or two of work."""
_NEVER = float("-inf")
_AROUND, _SHARE = 60, 0.08


@dataclass(frozen=True, slots=True)
class Bead:
    """Lines ``first`` to ``last`` are passages ``begin`` to ``end``, both ends out; ``margin`` says how surely."""

    first: int
    last: int
    begin: int
    end: int
    margin: float


def align(likeness: Likeness) -> tuple[Bead, ...]:
    """One bead per group of lines, in order; a line nobody translated has a bead without passages.

    Raises ``InputError`` when there is too much to look at.
    """
    band = _band(likeness)
    if sum(high - low + 1 for low, high in band) > MOST_CELLS:
        what = f"{len(likeness.lines):,} lines and {len(likeness.texts):,} passages are too many to align"
        raise InputError(what, fix="give the script of this episode alone, or one with times that fit it")
    table = _Table(likeness, band)
    return tuple(table.beads())


def _band(likeness: Likeness) -> list[tuple[int, int]]:
    """For each number of lines done, how many passages may be done by then."""
    count, total = len(likeness.lines), len(likeness.texts)
    if likeness.spans is None:
        wide = max(_AROUND, round(_SHARE * total), abs(total - count))
        middles = [round(at * total / max(1, count)) for at in range(count + 1)]
        return [(max(0, at - wide), min(total, at + wide)) for at in middles[:-1]] + [(max(0, total - wide), total)]
    starts = [one.start for one in likeness.spans]
    lows, highs = [0], [0]
    for line in likeness.lines:
        lows.append(max(lows[-1], bisect_left(starts, line.said.span.start - FAR)))
        highs.append(max(highs[-1], bisect_right(starts, line.said.span.end + FAR)))
    # before a line all that its successor may take is open as well
    highs = [*highs[1:], total]
    return [(low, max(low, high)) for low, high in zip(lows, highs, strict=True)]


class _Table:
    """Best totals up to every place (``before``) and from there on (``after``)."""

    def __init__(self, likeness: Likeness, band: Sequence[tuple[int, int]]) -> None:
        self.likeness, self.band = likeness, band
        self.count, self.total = len(likeness.lines), len(likeness.texts)
        self.scores: list[dict[tuple[int, int, int], float]] = [{} for _ in range(self.count + 1)]
        self.after = [[_NEVER] * (high - low + 1) for low, high in band]
        self.before = [[_NEVER] * (high - low + 1) for low, high in band]
        self._backwards()
        self._forwards()

    def _at(self, table: list[list[float]], i: int, j: int) -> float:
        low, high = self.band[i]
        return table[i][j - low] if low <= j <= high else _NEVER

    def _steps(self, i: int, j: int) -> list[tuple[int, int, float]]:
        """(lines, passages, odds) of what can be done at a place, the likeness of each group asked once."""
        found = []
        if i < self.count:
            found.append((1, 0, LOST))
        if j < self.total:
            found.append((0, 1, MORE))
        for (over, down), cost in SHAPES.items():
            if i + over <= self.count and j + down <= self.total:
                low, high = self.band[i + over]
                if low <= j + down <= high:
                    key = (j, over, down)
                    score = self.scores[i].get(key)
                    if score is None:
                        score = self.scores[i][key] = self.likeness.of(i, over, j, down) + cost
                    found.append((over, down, score))
        return found

    def _backwards(self) -> None:
        for i in range(self.count, -1, -1):
            low, high = self.band[i]
            for j in range(high, low - 1, -1):
                if i == self.count and j == self.total:
                    self.after[i][j - low] = 0.0
                    continue
                self.after[i][j - low] = max(
                    (score + self._at(self.after, i + over, j + down) for over, down, score in self._steps(i, j)),
                    default=_NEVER,
                )

    def _forwards(self) -> None:
        self.before[0][0 - self.band[0][0]] = 0.0
        for i in range(self.count + 1):
            low, high = self.band[i]
            for j in range(low, high + 1):
                here = self.before[i][j - low]
                if here == _NEVER:
                    continue
                for over, down, score in self._steps(i, j):
                    to_low, to_high = self.band[i + over] if i + over <= self.count else (0, -1)
                    if to_low <= j + down <= to_high:
                        row = self.before[i + over]
                        row[j + down - to_low] = max(row[j + down - to_low], here + score)

    def beads(self) -> list[Bead]:
        rivals = self._rivals()
        found, i, j = [], 0, 0
        while i < self.count:
            steps = self._steps(i, j)
            over, down, _ = max(steps, key=lambda one: one[2] + self._at(self.after, i + one[0], j + one[1]))
            if over:
                own = (i, i + over, j, j + down) if down else (i, i + 1, -1, -1)
                margin = min(self._margin(rivals[at], own) for at in range(i, i + over))
                found.append(Bead(i, i + over, j, j + down, margin))
            i, j = i + over, j + down
        return found

    def _rivals(self) -> list[dict[tuple[int, int, int, int], float]]:
        """For every line the best total of each thing it could be; without a passage it is the same thing anywhere."""
        found: list[dict[tuple[int, int, int, int], float]] = [{} for _ in range(self.count)]
        for i in range(self.count):
            low, high = self.band[i]
            for j in range(low, high + 1):
                here = self.before[i][j - low]
                if here == _NEVER:
                    continue
                for over, down, score in self._steps(i, j):
                    if not over:
                        continue
                    whole = here + score + self._at(self.after, i + over, j + down)
                    key = (i, i + over, j, j + down) if down else (i, i + 1, -1, -1)
                    for at in range(i, i + over):
                        found[at][key] = max(found[at].get(key, _NEVER), whole)
        return found

    @staticmethod
    def _margin(rivals: dict[tuple[int, int, int, int], float], own: tuple[int, int, int, int]) -> float:
        best = max((total for key, total in rivals.items() if key != own), default=_NEVER)
        return round(rivals.get(own, 0.0) - best, 2) if best != _NEVER else 99.0

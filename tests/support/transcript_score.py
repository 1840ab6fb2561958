"""How good a transcript is against the truth: lines found, characters right, times right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from rapidfuzz.distance import Levenshtein

from localize.timing import Span

SAME = 0.5
"""A line counts as found when this share of its characters is right and the times share something."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a transcript."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, not rates, so that episodes can be pooled.  Errors of start and end in ms, one per line found."""

    truth: int
    told: int
    found: int
    characters: int
    wrong: int
    start: tuple[int, ...]
    end: tuple[int, ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of lines, 0–1."""
        return 2 * self.found / (self.truth + self.told) if self.truth + self.told else 1.0

    @property
    def cer(self) -> float:
        """Character errors (edits between the whole texts in time order) over true characters."""
        return self.wrong / max(self.characters, 1)

    def mean(self, edge: str) -> float:
        return fmean(getattr(self, edge)) if getattr(self, edge) else float("nan")

    def median(self, edge: str) -> float:
        return float(median(getattr(self, edge))) if getattr(self, edge) else float("nan")


def plain(text: str) -> str:
    """Letters and digits only."""
    return "".join(c for c in text if c.isalnum())


def likeness(one: str, other: str) -> float:
    """Share of characters two texts have in common, in order, 0–1."""
    return float(Levenshtein.normalized_similarity(plain(one), plain(other)))


def _whole(lines: Sequence[Told]) -> str:
    return "".join(plain(one.text) for one in sorted(lines, key=lambda one: one.span))


def score(truth: Sequence[Told], told: Sequence[Told]) -> Score:
    """Each true line against at most one told line, the likest first."""
    pairs = sorted(
        (-likeness(a.text, b.text), i, j)
        for i, a in enumerate(truth) for j, b in enumerate(told) if a.span.overlap(b.span)
    )  # fmt: skip
    mine: dict[int, int] = {}
    for negative, i, j in pairs:
        if -negative >= SAME and i not in mine and j not in mine.values():
            mine[i] = j
    wrong = Levenshtein.distance(_whole(truth), _whole(told))
    return Score(
        len(truth), len(told), len(mine), len(_whole(truth)), wrong,
        tuple(abs(truth[i].span.start - told[j].span.start) for i, j in mine.items()),
        tuple(abs(truth[i].span.end - told[j].span.end) for i, j in mine.items()),
    )  # fmt: skip


def pooled(scores: Sequence[Score]) -> Score:
    """All episodes as one."""
    return Score(
        sum(one.truth for one in scores), sum(one.told for one in scores), sum(one.found for one in scores),
        sum(one.characters for one in scores), sum(one.wrong for one in scores),
        tuple(error for one in scores for error in one.start), tuple(error for one in scores for error in one.end),
    )  # fmt: skip

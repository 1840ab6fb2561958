"""The words of passages for the lines they fall on: joined for one line, cut where one passage covers several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from localize.formats.target_script import Passage
from localize.glossary import normal

_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"”»’]?\s+")
_CLAUSE = re.compile(r"(?<=[,;:.!?…—、，；])\s+")


def pieces(passages: Sequence[Passage], sources: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """One text per source line, and whether there is no doubt where to cut: as many sentences as lines."""
    text = " ".join(one.text for one in passages)
    if len(sources) == 1 or not text:
        return (text, *[""] * (len(sources) - 1)), True
    sentences = _SENTENCE.split(text)
    if len(sentences) == len(sources):
        return tuple(sentences), True
    parts = sentences if len(sentences) > len(sources) else _CLAUSE.split(text)
    parts = parts if len(parts) >= len(sources) else text.split()
    if len(parts) < len(sources):
        return (text, *[""] * (len(sources) - 1)), False
    return _fairest(parts, [len(normal(source)) or 1 for source in sources]), False


def _fairest(parts: Sequence[str], shares: Sequence[int]) -> tuple[str, ...]:
    """The cuts after which lengths are nearest to those of the lines."""
    sizes = [len(normal(part)) for part in parts]
    whole, total = sum(sizes) or 1, sum(shares)

    def unfair(cuts: tuple[int, ...]) -> float:
        ends = (0, *cuts, len(parts))
        given = [sum(sizes[a:b]) / whole for a, b in pairwise(ends)]
        return sum(abs(one - share / total) for one, share in zip(given, shares, strict=True))

    best = min(combinations(range(1, len(parts)), len(shares) - 1), key=unfair)
    ends = (0, *best, len(parts))
    return tuple(" ".join(parts[a:b]) for a, b in pairwise(ends))

"""A hop that knows sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from localize.backends.translation._nmt_lines import Hypothesis


@dataclass
class Table:
    """Each with its translations, the best first, as (text, score, via, doubt), the last two optional; ``signs`` are
    the marks it can spell.
    """

    known: Mapping[str, Sequence[tuple[Any, ...]]]
    signs: frozenset[str] = frozenset({"XA", "XB", "N1"})
    asked: list[str] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)

    def translate(self, texts: Sequence[str], count: int, without: Sequence[str] = ()) -> list[tuple[Hypothesis, ...]]:
        self.asked += texts
        self.kept_out += without
        return [tuple(Hypothesis(*one) for one in self.known.get(text, ())[:count]) for text in texts]

    def spells(self, mark: str) -> bool:
        return mark in self.signs

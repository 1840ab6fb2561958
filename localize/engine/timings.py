"""Seconds and tokens per stage and market, heard from the event stream."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localize.engine.events import Event
from localize.version import NOTHING, Spent


@dataclass(frozen=True, slots=True)
class Row:
    """One stage in one market (empty = shared): jobs done and reused, seconds the done ones took, tokens they used."""

    stage: str
    market: str
    done: int
    reused: int
    seconds: float
    spent: Spent = NOTHING


@dataclass
class Timings:
    """A listener that adds up."""

    _rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: Event) -> None:
        if event.kind not in ("done", "reused"):
            return
        with self._lock:
            old = self._rows.get((event.stage, event.market), Row(event.stage, event.market, 0, 0, 0.0))
            fresh = event.kind == "done"
            self._rows[event.stage, event.market] = Row(
                event.stage, event.market, old.done + fresh, old.reused + (not fresh),
                old.seconds + (event.seconds if fresh else 0.0), old.spent + _spent(dict(event.facts)),
            )  # fmt: skip

    def of(self, market: str) -> tuple[Row, ...]:
        """Shared stages and those of one market, in the order they ran."""
        with self._lock:
            return tuple(row for row in self._rows.values() if row.market in ("", market))

    def spent(self) -> tuple[tuple[str, Spent], ...]:
        """(market, what its engines used up in this run), markets without any left out."""
        found: dict[str, Spent] = {}
        with self._lock:
            for row in self._rows.values():
                found[row.market] = found.get(row.market, NOTHING) + row.spent
        return tuple((market, spent) for market, spent in sorted(found.items()) if spent)


def _spent(facts: Mapping[str, Any]) -> Spent:
    return Spent(facts.get("tokens_in", 0), facts.get("tokens_out", 0), facts.get("cost"), facts.get("characters", 0))

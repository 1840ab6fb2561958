"""Seconds per stage and market, heard from the event stream."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from localize.engine.events import Event


@dataclass(frozen=True, slots=True)
class Spent:
    """One stage in one market (empty = shared): jobs done and reused, seconds the done ones took."""

    stage: str
    market: str
    done: int
    reused: int
    seconds: float


@dataclass
class Timings:
    """A listener that adds up."""

    _rows: dict[tuple[str, str], Spent] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: Event) -> None:
        if event.kind not in ("done", "reused"):
            return
        with self._lock:
            old = self._rows.get((event.stage, event.market), Spent(event.stage, event.market, 0, 0, 0.0))
            fresh = event.kind == "done"
            self._rows[event.stage, event.market] = Spent(
                event.stage, event.market, old.done + fresh, old.reused + (not fresh),
                old.seconds + (event.seconds if fresh else 0.0),
            )  # fmt: skip

    def of(self, market: str) -> tuple[Spent, ...]:
        """Shared stages and those of one market, in the order they ran."""
        with self._lock:
            return tuple(row for row in self._rows.values() if row.market in ("", market))

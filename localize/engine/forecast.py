"""How far a run is and how long it may still take, from one event stream."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from localize.engine.events import Event

SHARED: Mapping[str, float] = {
    "probe": 0.5, "shots": 6, "ocr": 25, "separate": 6, "transcribe": 0.5, "diarize": 3, "watch": 0.5,
    "gaze": 0.5, "share": 0.3, "look": 1.5,
}  # fmt: skip
MARKET: Mapping[str, float] = {
    "translate": 1, "adapt": 0.5, "synthesize": 4, "fit": 1, "mix": 4, "caption": 1, "erase": 12, "film": 28,
    "render": 2, "metadata": 0.5, "qc": 0.5, "package": 1,
}  # fmt: skip
"""Relative cost of the stages, in hundredths of the picture's length on two cores; only their proportions matter."""
_ENOUGH = 0.08
"""Share of the work after which the time left can be told: the first seconds go into starting, not into the work."""
PER_KIND = ("film", "render")
"""Stages that work once for each kind that is delivered."""
SPOKEN = ("synthesize", "fit", "mix")
"""Stages of a dub only."""


@dataclass
class Forecast:
    """Share of the work that is done, 0–1, and the seconds that are left; call ``see`` for every event.

    A market that stopped has no work left.  What earlier runs did takes no time, so it says nothing about the rest.
    ``kinds`` are delivered in every market: each has a picture of its own, and only a dub is spoken.
    """

    markets: tuple[str, ...]
    kinds: tuple[str, ...] = ("dub",)
    began: float = field(default_factory=time.monotonic)
    _at: dict[str, tuple[str, float]] = field(default_factory=dict)
    _whole: dict[tuple[str, str], int] = field(default_factory=dict)
    _free: float = 0.0
    _stopped: set[str] = field(default_factory=set)

    def see(self, event: Event) -> None:
        if event.kind == "failed" and event.market:
            self._stopped.add(event.market)
        table = self._table(event.market)
        if event.stage not in table:
            return
        share, order = self._share(event), list(table)
        now, before = self._at.get(event.market, ("", 0.0)), order.index(event.stage)
        if not now[0] or order.index(now[0]) < before or (now[0] == event.stage and now[1] < share):
            until = self._done(event.market)
            self._at[event.market] = (event.stage, share)
            if event.kind == "reused":
                self._free += self._done(event.market) - until

    @property
    def share(self) -> float:
        return self._sum / self._total

    @property
    def left(self) -> float | None:
        """Seconds left, or None while there is too little to tell by."""
        worked = self._sum - self._free
        if worked <= _ENOUGH * (self._total - self._free):
            return None
        return (time.monotonic() - self.began) * (self._total - self._sum) / worked

    def _share(self, event: Event) -> float:
        """How much of its stage is done after ``event``; pictures come one after another, one for each kind."""
        whole = event.kind in ("done", "reused") and event.done >= event.total
        part = 1.0 if whole else event.done / event.total if event.total else 0.0
        if event.stage not in PER_KIND or not event.market:
            return part
        before = self._whole.get((event.market, event.stage), 0)
        self._whole[event.market, event.stage] = before + whole
        return min(1.0, (before + part) / len(self.kinds))

    def _table(self, market: str) -> Mapping[str, float]:
        if not market:
            return SHARED
        times = {stage: len(self.kinds) for stage in PER_KIND}
        times |= {} if "dub" in self.kinds else dict.fromkeys(SPOKEN, 0)
        return {stage: cost * times.get(stage, 1) for stage, cost in MARKET.items()}

    @property
    def _sum(self) -> float:
        return sum(self._done(name) for name in ("", *self.markets))

    @property
    def _total(self) -> float:
        whole = sum(self._table("market").values())
        return sum(SHARED.values()) + sum(self._done(n) if n in self._stopped else whole for n in self.markets)

    def _done(self, market: str) -> float:
        table = self._table(market)
        if market not in self._at:
            return 0.0
        stage, share = self._at[market]
        before = list(table)[: list(table).index(stage)]
        return sum(table[name] for name in before) + table[stage] * share

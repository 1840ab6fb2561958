"""What a run would do, stage by stage: told from the jobs a look at the receipts met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from localize.engine.forecast import SHARED
from localize.engine.lookup import Lookup
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.episode import Episode

Fate = Literal["reused", "run", "waits", "stopped", "unneeded", "current", "deliver"]

NOUNS = {
    "translate": "line", "adapt": "line", "synthesize": "take", "fit": "scene", "erase": "shot", "film": "picture",
    "render": "video",
}  # fmt: skip
AFTER = {
    "adapt": ("translate",), "synthesize": ("adapt",), "fit": ("synthesize",), "mix": ("fit",),
    "caption": ("adapt", "look"), "erase": ("adapt",), "film": ("erase", "caption"), "render": ("film", "mix"),
    "metadata": ("adapt",), "qc": ("caption", "render"), "package": ("qc", "metadata"),
}  # fmt: skip
"""What a market's stage needs answers of."""
BEYOND = "adapt beyond"
"""Under this name a look past the end of the walk is on record, where no plan shows it."""
SHOWN = 4
"""How many jobs that would run are named."""


@dataclass(frozen=True, slots=True)
class State:
    """What would become of one stage in one market (empty: all share it).

    ``total`` jobs are known, ``reused`` of them have receipts, ``open`` names the others; ``cause`` is the stage it
    waits for, or why it is not reached.
    """

    stage: str
    market: str
    fate: Fate
    total: int = 0
    reused: int = 0
    open: tuple[str, ...] = ()
    cause: str = ""

    @property
    def told(self) -> str:
        """In a few words."""
        if self.fate in ("stopped", "unneeded", "current", "deliver"):
            return self.cause
        if self.fate == "waits":
            return f"depends on {self.cause}"
        if not self.total:
            return "nothing to do"
        if self.total == 1:
            return "reused" if self.fate == "reused" else "would run"
        noun = f"{NOUNS.get(self.stage, 'job')}s"
        if not self.open:
            return f"{self.reused} of {self.total} {noun} reused"
        more = f" and {len(self.open) - SHOWN} more" if len(self.open) > SHOWN else ""
        if not self.reused:
            return f"{self.total} {noun} would run"
        named = ", ".join(self.open[:SHOWN])
        return f"{self.reused} of {self.total} {noun} reused, {len(self.open)} would run: {named}{more}"


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines come from (``origin``, ``told``) and why from there; ``count`` is 0 until they were read."""

    origin: str
    told: str
    why: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything a plan can tell before any work.  ``notes`` are edits waiting to be taken in and the like.

    ``beyond`` is what becomes of *adapt* for the lines that are translated, in markets where others are not; ``asked``
    names, by market, the lines that an engine would be asked for: words for others are there, or will be by then.
    """

    lines: Lines
    states: tuple[State, ...]
    notes: tuple[str, ...]
    beyond: tuple[State, ...] = ()
    episode: Episode | None = None
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Whether a run would do nothing at all."""
        return all(state.fate in ("reused", "unneeded", "current") for state in self.states)


def shared(plan: Plan, look: Lookup, end: str) -> Iterator[State]:
    """The stages all markets share, in the plan's order."""
    known = [row.stage for row in plan.rows if row.stage in SHARED]
    more = [stage for stage, market in look.seen if not market and stage not in known and stage != "erase"]
    for stage in (*known, *more):
        yield _met(look, stage, "") or State(stage, "", "waits", cause=end)


def regional(order: Order, plan: Plan, look: Lookup, end: str, ends: Mapping[str, State | None]) -> Iterator[State]:
    for row in plan.rows:
        if row.stage in SHARED:
            continue
        for market in order.markets:
            stop = ends.get(market.code)
            if row.engine == "no engine" or (row.stage in ("synthesize", "fit", "mix") and "dub" not in order.deliver):
                why = "no engine" if row.engine == "no engine" else "not needed: no dub was asked for"
                yield State(row.stage, market.code, "unneeded", cause=why)
            elif row.stage == "package" and stop is not None:
                yield stop
            elif (met := _met(look, row.stage, market.code)) is not None:
                yield met
            elif stop is not None and stop.fate == "stopped":
                yield State(row.stage, market.code, "stopped", cause="not reached")
            else:
                yield State(row.stage, market.code, "waits", cause=end or _cause(look, row.stage, market.code))


def beyond(look: Lookup, markets: Iterable[str]) -> Iterator[State]:
    """What was met of *adapt* past the end of the walk (``BEYOND``)."""
    yield from (state for market in markets if (state := _met(look, BEYOND, market)) is not None)


def _met(look: Lookup, stage: str, market: str) -> State | None:
    """What was met of a stage; None when the walk did not come to it."""
    jobs = look.seen.get((stage, market))
    if jobs is None:
        return None
    missing = tuple(title.removesuffix(market).strip() for title, answered in jobs.values() if not answered)
    return State(stage, market, "run" if missing else "reused", len(jobs), len(jobs) - len(missing), missing)


def _cause(look: Lookup, stage: str, market: str) -> str:
    """The first stage before ``stage`` that would have to run."""
    for before in AFTER.get(stage, ()):
        met = _met(look, before, market) or _met(look, before, "")
        if met is not None and met.fate == "run":
            return before
        if met is None and (further := _cause(look, before, market)):
            return further
    return ""

"""What a changed table of a series would redo, told from receipts before anything is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from localize.engine.foretold import foretold
from localize.engine.glossary_edited import edited_series
from localize.engine.lookahead import foresee
from localize.engine.order import Order, home
from localize.engine.outlook import BEYOND, Outlook, State
from localize.engine.plan import Plan, draw
from localize.engine.store import Store
from localize.market import Market
from localize.repeats import Said
from localize.series import open_series

BY_LINE = ("translate", "adapt", "synthesize", "package")
"""Stages whose lines are told, and the last, which follows from all others."""
IDLE = ("reused", "unneeded", "current")


@dataclass(frozen=True, slots=True)
class Impact:
    """What would be redone of an episode in a market.

    ``lines`` are translated anew (an answer that comes out the same stops there; where it differs, the take of that
    line, its scene's fit, the market's captions, mix, film and checks follow, and nothing else).  ``adapted`` are lines
    whose translation stays and which the market's rules look at anew, ``takes`` lines spoken anew although their words
    stay (told where nothing of the market is translated anew, which comes first), ``stages`` market-wide work that
    would run whatever the lines say, checks and listing for instance.  ``waiting`` are lines a run would translate in
    any case, ``asked`` those of ``lines`` that an engine is asked for (memory, or what an earlier episode will say by
    then, has the others), ``never`` tells that the episode was not run far enough for anything to be known.
    """

    episode: str
    market: str
    lines: tuple[str, ...]
    stages: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    never: bool = False
    takes: tuple[str, ...] = ()
    adapted: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def touched(self) -> bool:
        return bool(self.lines or self.adapted or self.takes or self.stages)


def over(orders: Iterable[Order], edited: Path | None, store: Path | None) -> Iterator[Impact]:
    """``impact`` for every order, with the plan a run here would draw; ``store`` is the user's own unless named.

    The orders are walked as runs one after the other would be: an episode repeats what one before it will say then.
    """
    place, said = Store(store or home() / "store", read_only=True), dict[tuple[str, str], tuple[Said, ...]]()
    for order in orders:
        yield from impact(order, draw(order), place, edited, said)


def impact(
    order: Order, plan: Plan, store: Store, edited: Path | None = None,
    said: dict[tuple[str, str], tuple[Said, ...]] | None = None,
) -> tuple[Impact, ...]:  # fmt: skip
    """Per market of ``order``: what the changed table ``edited`` (or folder of them) would redo against those in place.

    Without ``edited``: which lines those in place would redo against what was done last.  ``said`` is what episodes
    before will have said by then; this one's is added.  Raises ``InputError`` for a table or series that cannot be
    read.
    """
    assert order.series is not None
    bible, said = open_series(order.series), {} if said is None else said
    now = foresee(order, plan, store, bible) if edited is not None else None
    bible = replace(edited_series(bible, edited) if edited is not None else bible, foretold=said)
    then = foresee(order, plan, store, bible)
    found = tuple(_told(order, market, now, then) for market in order.markets)
    for market, one in zip(order.markets, found, strict=True):
        anew = {*one.lines, *one.waiting}
        if anew and then.episode is not None:
            said[order.stem, market.code] = foretold(order, bible, then.episode, market, anew)
    return found


def delivered(order: Order, market: Market) -> str:
    """The kinds of a market's newest version as ``--deliver`` takes them; empty where none was delivered."""
    found = {}
    for path in (order.out / market.code).glob("v*/manifest.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found[int(path.parent.name[1:])] = str(json.loads(path.read_text("utf-8"))["settings"]["deliver"])
    return found[max(found)] if found else ""


def _told(order: Order, market: Market, before: Outlook | None, after: Outlook) -> Impact:
    found = _state(after.states, "translate", market.code)
    if found is None or found.fate not in ("run", "reused"):
        return Impact(order.stem, market.code, (), never=True)
    was = _state(before.states, "translate", market.code) if before else None
    waiting = was.open if was is not None else ()
    lines = tuple(line for line in found.open if line not in waiting)
    asked = tuple(line for line in lines if line in after.asked.get(market.code, ()))
    takes, adapted = (_anew(before, after, name, market.code) for name in ("synthesize", "adapt"))
    if before is None:
        return Impact(order.stem, market.code, lines, takes=takes, adapted=adapted, asked=asked)
    stages = tuple(
        one.stage for one in after.states
        if one.market == market.code and one.stage not in BY_LINE and one.fate == "run"
        and not _busy(before, one.stage, market.code)
    )  # fmt: skip
    return Impact(order.stem, market.code, lines, stages, waiting, takes=takes, adapted=adapted, asked=asked)


def _anew(before: Outlook | None, after: Outlook, stage: str, market: str) -> tuple[str, ...]:
    """Lines that a stage would work on anew, and would not without the change."""
    known = _open(before, stage, market) if before is not None else ()
    return tuple(line for line in _open(after, stage, market) if line not in known)


def _open(outlook: Outlook, stage: str, market: str) -> tuple[str, ...]:
    """What is open of a stage; of *adapt* past the end of the walk where it came to its end before."""
    further = _state(outlook.beyond, BEYOND, market) if stage == "adapt" else None
    state = further or _state(outlook.states, stage, market)
    return state.open if state is not None and state.fate == "run" else ()


def _busy(before: Outlook, stage: str, market: str) -> bool:
    """Whether the stage would run without the change as well."""
    state = _state(before.states, stage, market)
    return state is not None and state.fate not in IDLE


def _state(states: Sequence[State], stage: str, market: str) -> State | None:
    return next((one for one in states if (one.stage, one.market) == (stage, market)), None)

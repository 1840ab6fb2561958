"""A language that others are translated by way of: English first, shown beside every other market's lines.

``pivot`` in ``series.toml`` names the market.  Its words go into the other markets' tables and to their engines.  What
a person wrote or signed with other English in view stays as it is, and is told: nobody but a person can say whether it
still holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from localize.edits import TEXTS, Edit
from localize.engine import table
from localize.engine.analysis import Analysis
from localize.engine.local import Runner
from localize.engine.lookup import UnansweredError
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.errors import InputError, LocalizeError
from localize.formats import lines_csv
from localize.market import Market, markets
from localize.renaming import renamed
from localize.series import SeriesBible, digest_of, locked, write
from localize.version import Rendering

if TYPE_CHECKING:
    from localize.engine.region import Script

FOLDER = "pivot"


@dataclass(frozen=True, slots=True)
class Behind:
    """A line whose pivot reads otherwise than when a person last settled it."""

    line: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class _Held:
    """What a line was held against: the pivot's words, a hash of its own, and how many edits it had."""

    pivot: str
    words: str
    edits: int


def ahead(
    order: Order, plan: Plan, bible: SeriesBible, work: Analysis, runner: Runner
) -> tuple[Analysis, dict[str, Script]]:
    """The analysis with the pivot's words, and the pivot's script where this order makes one.

    A pivot that cannot be written stops nobody here: its own market tells why, and the others go by its last table.
    So do they where ``runner`` only looks and the pivot's answers are not there yet.
    """
    from localize.engine.region import written

    market = markets().get(bible.pivot)
    if market is None or all(one.code == market.code for one in order.markets):
        return work, {}
    if market.code in (one.code for one in order.markets):
        try:
            here = renamed(bible, market.code, order.adapt_level)
            script = written(order, plan, here, work, market, runner.of(market.code))
        except (LocalizeError, UnansweredError):
            return replace(work, pivot=_shown(order, market)), {}
        return replace(work, pivot=_words(script.renderings.values())), {market.code: script}
    return replace(work, pivot=_shown(order, market)), {}


def _words(renderings: Iterable[Rendering]) -> dict[str, str]:
    told = ((one.line, one.dub.normal or one.subtitle) for one in renderings if one.status != "missing")
    return {line: text for line, text in told if text and line.startswith("L")}


def _shown(order: Order, market: Market) -> dict[str, str]:
    """What the pivot's table says, where it was run before."""
    path = table.table_path(order, market)
    if not path.is_file():
        return {}
    rows = (row for row in lines_csv.read(path) if row.status != "missing" and row.id.startswith("L"))
    return {row.id: row.dub or row.subtitle for row in rows if row.dub or row.subtitle}


def behind(
    order: Order, bible: SeriesBible, market: Market, final: Mapping[str, Rendering], log: Sequence[Edit],
    pivot: Mapping[str, str], looking: bool,
) -> tuple[Behind, ...]:  # fmt: skip
    """Lines of people, written or signed, whose pivot changed since; what is settled is remembered, unless ``looking``.

    A line is settled when its own words change or somebody edits it, its status included.
    """
    if not pivot:
        return ()
    path = bible.root / FOLDER / f"{order.stem}.{market.code}.json"
    known = _read(path)
    found, held = [], dict(known)
    for line, text in pivot.items():
        one = final.get(line)
        if one is None or one.status == "missing":
            continue
        now = _held(one, text, log)
        old = known.get(line, now)
        if old.pivot != text and _by_people(one) and (old.words, old.edits) == (now.words, now.edits):
            found.append(Behind(line, old.pivot, text))
        else:
            held[line] = now
    if held != known and not looking:
        _write(bible.root, path, held)
    return tuple(found)


def _by_people(one: Rendering) -> bool:
    return one.origin == "person" or one.status in ("reviewed", "locked")


def _held(one: Rendering, pivot: str, log: Sequence[Edit]) -> _Held:
    words = json.dumps([one.dub.normal, one.dub.short, one.dub.long, one.subtitle], ensure_ascii=False)
    fields = (*TEXTS, "status")
    edits = sum(edit.line == one.line and edit.market == one.market and edit.field in fields for edit in log)
    return _Held(pivot, hashlib.sha256(words.encode()).hexdigest()[:12], edits)


def _read(path: Path) -> dict[str, _Held]:
    if not path.is_file():
        return {}
    try:
        return {line: _Held(**cells) for line, cells in json.loads(path.read_text("utf-8")).items()}
    except (ValueError, TypeError, AttributeError):
        fix = "restore it from your backup, or delete it: what people signed is then held against the words of today"
        raise InputError("cannot be read", str(path), fix) from None


def _write(root: Path, path: Path, held: Mapping[str, _Held]) -> None:
    told = {line: {"pivot": one.pivot, "words": one.words, "edits": one.edits} for line, one in sorted(held.items())}
    with locked(root):
        write(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n", digest_of(path))


def cells(pivot: Mapping[str, str], late: Iterable[Behind]) -> Iterator[tuple[str, str]]:
    """The column of the line table: the pivot's words, and what they were when the line was settled."""
    was = {one.line: one.was for one in late}
    for line, text in pivot.items():
        yield line, f"{text} (was: {was[line]})" if line in was else text

"""The table ``<out>/<market>/adaptations.csv``: every cultural change, and what people decide about it.

A person writes accept, reject or lock into ``verdict``.  The next run takes it into the series (``verdicts``) before
any work, and writes the table anew.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from localize import verdicts
from localize.edits import TEXTS, Edit
from localize.engine.events import Event
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.episode import Line
from localize.formats.lines_csv import write_bytes
from localize.market import Market
from localize.series import SeriesBible
from localize.spreadsheet import neutral, original
from localize.tables import choice_of, read_rows
from localize.verdicts import Verdict, Word, id_of
from localize.version import STANDING, Adaptation, Rendering

COLUMNS = ("id", "line", "rule", "level", "field", "source", "before", "after", "why", "decision", "verdict")
NEEDED = ("line", "rule", "source", "before", "after", "decision", "verdict")
SAME = {"accepted": "accept", "rejected": "reject", "locked": "lock"}
"""What people write for a verdict all the same."""


def table_path(order: Order, market: Market) -> Path:
    """Where the table of one market lies: beside ``lines.csv``."""
    return order.out / market.code / "adaptations.csv"


def import_all(order: Order, bible: SeriesBible) -> tuple[Verdict, ...]:
    """Take what people decided in the tables of this order's markets into the series.  Runs before any work.

    Raises ``InputError`` for a table or a word nobody can read; nothing is taken then.
    """
    found = tuple(one for market in order.markets for one in pending(order, bible, market))
    verdicts.add(bible.root, found)
    return found


def pending(order: Order, bible: SeriesBible, market: Market) -> tuple[Verdict, ...]:
    """The verdicts in a table that the series does not know yet.

    ``decision`` tells what the table showed: a cell that still says so is nobody's new word, an emptied one withdraws.
    """
    path = table_path(order, market)
    if not path.is_file():
        return ()
    known = standing_of(verdicts.read(bible.root), order, market)
    found, at = [], datetime.now(UTC).isoformat(timespec="seconds")
    for row in read_rows(path, NEEDED, COLUMNS):
        cells = {name: original(row[name], True) for name in NEEDED}
        word = SAME.get(cells["verdict"].lower(), cells["verdict"].lower())
        choice_of(word or "accept", verdicts.WORDS[:3], "verdict", row.place)
        fresh = Verdict(
            order.stem, market.code, cells["line"], cells["rule"], cells["source"], cells["before"], cells["after"],
            cast(Word, word), order.by, at,
        )  # fmt: skip
        before = next((one for one in known.get(fresh.line, ()) if one.change == fresh.change), None)
        shown = next((one for one in verdicts.WORDS[:3] if one in row["decision"]), "")
        corrected = before is not None and word == before.verdict != "reject" and "rests" not in row["decision"]
        if word not in (shown, before.verdict if before else "") or (
            corrected and before is not None and fresh.after not in ("", before.after)
        ):
            found.append(fresh)
    return tuple(found)


def standing(
    order: Order, bible: SeriesBible, market: Market, looking: bool = False
) -> Mapping[str, tuple[Verdict, ...]]:
    """By line: the verdicts that count; with ``looking`` those a run would take in as well."""
    known = verdicts.read(bible.root)
    return standing_of((*known, *pending(order, bible, market)) if looking else known, order, market)


def standing_of(known: Iterable[Verdict], order: Order, market: Market) -> Mapping[str, tuple[Verdict, ...]]:
    return verdicts.latest(known, order.stem, market.code)


def decided(
    order: Order, bible: SeriesBible, market: Market, lines: Sequence[Line], log: Sequence[Edit], runner: Runner
) -> Mapping[str, tuple[Verdict, ...]]:
    """The verdicts that count in this run, by line.

    Where a person wrote a line's words by hand, those are the last word and its verdicts rest; a verdict about Chinese
    that the line no longer has rests as well, and is told.
    """
    found = standing(order, bible, market, runner.looking)
    for one in stale(found, lines) if not runner.looking else ():
        told = f"{market.code}: {one.verdict} of {one.before!r} in {one.line} was about other Chinese; decide again"
        runner.tell(Event("warning", market=market.code, message=told))
    written = {edit.line for edit in log if edit.market == market.code and edit.field in TEXTS}
    return {line: own for line, own in found.items() if line not in written}


def overruled(
    changes: Sequence[Adaptation], machine: Mapping[str, Rendering], final: Mapping[str, Rendering]
) -> tuple[Adaptation, ...]:
    """The changes, those that a person wrote other words over marked so."""
    return tuple(
        replace(one, decision="overruled")
        if one.decision in STANDING and final[one.line] != machine[one.line]
        and not _said(one, final[one.line]) and _said(one, machine[one.line]) else one
        for one in changes
    )  # fmt: skip


def _said(change: Adaptation, rendering: Rendering) -> bool:
    texts = (rendering.subtitle,) if change.field == "subtitle" else (rendering.dub.normal,)
    return any(change.after.casefold() in text.casefold() for text in texts)


def stale(decided: Mapping[str, Sequence[Verdict]], lines: Sequence[Line]) -> tuple[Verdict, ...]:
    """Verdicts about Chinese that the line no longer has: they wait and change nothing."""
    texts = {line.id: line.text.strip() for line in lines}
    return tuple(one for line, found in decided.items() for one in found if texts.get(line, one.source) != one.source)


def write(
    order: Order, bible: SeriesBible, market: Market, lines: Sequence[Line], changes: Sequence[Adaptation]
) -> None:
    """Show every change and what was decided, unless the table holds words this run did not take in."""
    path = table_path(order, market)
    if (not changes and not path.exists()) or pending(order, bible, market):
        return
    decided = standing(order, bible, market)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(market.code, lines, changes, decided):
        writer.writerow([neutral(row[name], True) for name in COLUMNS])
    data = b"\xef\xbb\xbf" + out.getvalue().encode()
    if not path.exists() or path.read_bytes() != data:
        write_bytes(path, data)


def rows(
    market: str, lines: Sequence[Line], changes: Sequence[Adaptation], decided: Mapping[str, Sequence[Verdict]]
) -> list[dict[str, str]]:
    """One row per change of a market's line, dub and subtitle together, in time order."""
    found: dict[str, dict[str, str]] = {}
    sources = {line.id: line.text.strip() for line in lines}
    order = {line.id: line.span for line in lines}
    for one in sorted(changes, key=lambda one: order[one.line]):
        name = id_of(market, one.line, one.rule, one.before)
        if name in found:
            found[name]["field"] = "dub and subtitle" if found[name]["field"] != one.field else one.field
            continue
        verdict = next((v.verdict for v in decided.get(one.line, ()) if v.change == (one.rule, one.before.lower())), "")
        found[name] = {
            "id": name, "line": one.line, "rule": one.rule, "level": str(one.level), "field": one.field,
            "source": sources[one.line], "before": one.before, "after": one.after, "why": one.why,
            "decision": one.decision if not verdict or verdict in one.decision else f"{one.decision}; {verdict} rests",
            "verdict": verdict,
        }  # fmt: skip
    return list(found.values())

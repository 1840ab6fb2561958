"""The translator's table ``<out>/<market>/lines.csv`` and the log of edits in the series directory."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from localize import edit_log, edits
from localize.edits import Edit, Row
from localize.engine.order import Order
from localize.episode import Line
from localize.errors import InputError
from localize.formats import lines_csv, lines_table
from localize.formats.lines_table import base_path, import_table, rewrite_if_unchanged
from localize.market import Market
from localize.series import SeriesBible, locked
from localize.tables import read_bytes
from localize.version import Rendering

log = logging.getLogger(__name__)
SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers", ".txt", ".tsv", ".csv")


def table_path(order: Order, market: Market) -> Path:
    """Where the editable table of one market lies; it keeps its place across versions."""
    return order.out / market.code / "lines.csv"


def log_path(order: Order, bible: SeriesBible) -> Path:
    return bible.root / "edits" / f"{order.stem}.jsonl"


def _base(order: Order, bible: SeriesBible, market: Market) -> Path:
    return base_path(bible.root / "edits", order.stem, market.code, table_path(order, market))


def import_all(order: Order, bible: SeriesBible) -> tuple[Edit, ...]:
    """Log what people changed in the tables of this order's markets.  Runs before any work; touches no table.

    Raises ``InputError`` for a log that cannot be read as well: here once, not later in every market.
    """
    edit_log.read(log_path(order, bible))
    found: tuple[Edit, ...] = ()
    for market in order.markets:
        path, base = table_path(order, market), _base(order, bible, market)
        if path.exists():
            _tell_unread(path)
            with locked(bible.root):  # another run may be half-way through writing table and snapshot
                found += import_table(path, base, log_path(order, bible), order.by, datetime.now(UTC))
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """The rows of a table and the bytes of the file they were read from."""

    rows: tuple[Row, ...]
    data: bytes


def opened(order: Order, market: Market) -> Opened:
    """The table of one market as it stands.  Read it after ``import_all``, and give it back to ``revise``."""
    path = table_path(order, market)
    data = read_bytes(path)
    return Opened(lines_csv.decode(data, str(path)), data)


def revise(order: Order, bible: SeriesBible, market: Market, before: Opened, rows: Sequence[Row]) -> tuple[Edit, ...]:
    """Put ``rows`` in the place of the table that was ``before``, and log what is different in them as people's edits.
    The table then says whose words they are.

    Raises ``InputError`` when somebody changed the table since it was read, or when its rows cannot be edits: it stays
    as it was then.
    """
    path, base = table_path(order, market), _base(order, bible, market)
    with locked(bible.root):
        if path.read_bytes() != before.data:
            raise InputError("changed since it was read; nothing was written", str(path), "run the command again")
        lines_csv.write(path, rows)
        try:
            found = import_table(path, base, log_path(order, bible), order.by, datetime.now(UTC))
        except InputError:
            lines_csv.write_bytes(path, before.data)
            raise
        fields: dict[str, set[str]] = {}
        for edit in found:
            fields.setdefault(edit.line, set()).add(edit.field)
        rewrite_if_unchanged(path, base, [_signed(row, fields.get(row.id, set())) for row in rows])
        return found


def _signed(row: Row, fields: set[str]) -> Row:
    """The row as the next run will show it: new texts are a person's, a new ``dub`` leaves no lengths of the old."""
    if not fields & set(edits.TEXTS):
        return row
    short, long = (getattr(row, name) if name in fields or "dub" not in fields else "" for name in ("short", "long"))
    return replace(row, origin="person", match="", short=short, long=long)


def pending(order: Order, bible: SeriesBible, market: Market) -> tuple[Edit, ...]:
    """What ``import_all`` would log for one market, without touching anything.  Raises ``InputError`` as it does."""
    path, base = table_path(order, market), _base(order, bible, market)
    return lines_table.pending(path, base, log_path(order, bible), order.by, datetime.now(UTC))


def _tell_unread(table: Path) -> None:
    """Spreadsheets like to save under a name of their own, and the changes would be missed in silence."""
    for other in sorted(table.parent.glob("lines*")):
        newer = other.stat().st_mtime_ns > table.stat().st_mtime_ns
        if other != table and other.suffix.lower() in SPREADSHEETS and newer:
            log.warning("%s is not read: save it as “CSV UTF-8” over %s, or delete it", other, table.name)


def edits_of(order: Order, bible: SeriesBible, market: Market, looking: bool = False) -> tuple[Edit, ...]:
    """Every edit of one market, oldest first: the logged ones; with ``looking`` those a run would take in as well."""
    return tuple(edit for edit in log_of(order, bible, market, looking) if edit.market == market.code)


def log_of(order: Order, bible: SeriesBible, market: Market, looking: bool = False) -> tuple[Edit, ...]:
    """Everything people said of the episode, oldest first; with ``looking`` what a run would take in for ``market``."""
    path = log_path(order, bible)
    return (*edit_log.peek(path), *pending(order, bible, market)) if looking else tuple(edit_log.read(path))


def reopened(order: Order, bible: SeriesBible, fresh: Sequence[Edit], market: Market) -> tuple[str, ...]:
    """Lines of ``fresh`` edits whose text was signed before and is a draft now: new words are nobody's yet.

    Who signs in the same table, or had signed the line by hand before, keeps the status they gave.
    """
    edited = {one.line for one in fresh if one.market == market.code and one.field in edits.TEXTS}
    if not edited:
        return ()
    signed = {one.line for one in edits_of(order, bible, market) if one.field == "status"}
    rows = lines_csv.read(table_path(order, market))
    return tuple(row.id for row in rows if row.id in edited - signed and row.status in ("reviewed", "locked"))


def write_table(
    order: Order, bible: SeriesBible, market: Market, lines: Sequence[Line], machine: Mapping[str, Rendering],
    shown: Mapping[str, Rendering], notes: Mapping[str, str], pivot: Mapping[str, str] = MappingProxyType({}),
) -> bool:  # fmt: skip
    """Show the person what there is now, unless they changed the table meanwhile; False then."""
    table = table_path(order, market)
    rows = [
        edits.row_of(line, machine[line.id], shown[line.id], notes.get(line.id, ""), pivot.get(line.id, ""))
        for line in sorted(lines, key=lambda line: line.span)
    ]
    try:
        table.parent.mkdir(parents=True, exist_ok=True)
        with locked(bible.root):
            return rewrite_if_unchanged(table, _base(order, bible, market), rows)
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror}", str(table), "choose another folder with --out DIR"
        ) from error

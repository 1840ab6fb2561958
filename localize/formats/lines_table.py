"""The table ``lines.csv`` between a person and the program: import what changed, rewrite only what nobody
touched.

Three files: the table a person edits, its base snapshot (what was last written or imported, byte for byte),
and ``<base>.next`` while a rewrite is under way.  Whatever moment the program dies at, the next import finds
every change and logs it once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from glob import escape
from pathlib import Path

from localize import edit_log, edits
from localize.edits import Edit, Row
from localize.errors import InputError
from localize.formats import lines_csv


def base_path(folder: Path, episode: str, market: str, table: Path) -> Path:
    """Where the snapshot of ``table``, one market's, lies in the series' ``edits`` folder.

    Every table has its own: one is written for each ``--out``, and what another shows is no edit of this one.
    The name holds where the table lies as seen from ``folder``, so that a whole project may be moved.
    """
    place = os.path.relpath(table.resolve(), folder.resolve())
    digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return folder / f"{episode}.{market}.{digest}.base.csv"


def import_table(table: Path, base: Path, log: Path, by: str, now: datetime) -> tuple[Edit, ...]:
    """Log what a person changed in ``table`` since ``base`` and make ``base`` equal to it.  Runs before any
    work.

    ``base`` must be named by ``base_path``: it tells episode, market and table.  Returns the newly logged edits; a
    second call returns none.  Raises ``InputError`` and touches nothing when the table cannot be taken as it
    is.
    """
    if not table.exists():
        return ()
    data = table.read_bytes()
    found = _found(table, data, base, by, now)
    if found is None:
        if not base.exists():  # moved or copied here untouched
            lines_csv.write_bytes(base, data)
        return ()
    fresh = _unlogged(found, edit_log.read(log))
    edit_log.append(log, fresh)
    lines_csv.write_bytes(base, data)
    _next(base).unlink(missing_ok=True)
    return fresh


def pending(table: Path, base: Path, log: Path, by: str, now: datetime) -> tuple[Edit, ...]:
    """What ``import_table`` would log, without touching anything.  Raises ``InputError`` as it does."""
    if not table.exists():
        return ()
    found = _found(table, table.read_bytes(), base, by, now)
    return _unlogged(found or (), edit_log.peek(log))


def _found(table: Path, data: bytes, base: Path, by: str, now: datetime) -> tuple[Edit, ...] | None:
    """The changes between snapshot and table, logged or not; None when nobody touched it."""
    rows = lines_csv.decode(data, str(table))
    snapshot = _snapshot(base, rows, data, table)
    if snapshot is None:
        return None
    episode, market, _ = base.name.removesuffix(".base.csv").rsplit(".", 2)
    at = now.isoformat(timespec="seconds")
    return edits.differences(snapshot, rows, episode=episode, market=market, by=by, at=at, where=str(table))


def rewrite_if_unchanged(table: Path, base: Path, rows: Sequence[Row]) -> bool:
    """Replace ``table`` (and its snapshot) by ``rows`` unless a person changed it since the import.

    False when they did: the table stays and the next run imports it.  A table that is not there is written.
    """
    data = lines_csv.encode(rows)
    current = table.read_bytes() if table.exists() else None
    if current is not None and (not base.exists() or current != base.read_bytes()):
        return False
    if current == data:
        return True
    lines_csv.write_bytes(_next(base), data)
    lines_csv.write_bytes(table, data)
    _next(base).replace(base)
    edit_log.sync_folder(base.parent)
    return True


def _next(base: Path) -> Path:
    return base.with_name(base.name + ".next")


def _snapshot(base: Path, rows: Sequence[Row], data: bytes, table: Path) -> tuple[Row, ...] | None:
    """What the table was before the person touched it; None when they did not.

    A rewrite that died between its two renames leaves ``.next``: the table may be the old or the new one,
    with edits on top, and the closer of the two snapshots is the one the person started from.
    """
    known = [path for path in (_next(base), base) if path.exists()]
    if not known and _moved(base, data):
        return None
    if not known:
        fix = "move this lines.csv away; the next run writes a fresh one and you can copy your changes over"
        raise InputError(
            "nobody knows what this table looked like before (its snapshot is gone)", str(table), fix
        )
    if len(known) == 1 and known[0] == base and base.read_bytes() == data:
        return None
    return min((lines_csv.read(path) for path in known), key=lambda snapshot: _distance(snapshot, rows))


def _moved(base: Path, data: bytes) -> bool:
    """A table in a new place that equals a snapshot of its market: somebody moved or copied it untouched."""
    ours = base.name.removesuffix(".base.csv").rpartition(".")[0]
    others = base.parent.glob(f"{escape(ours)}.*.base.csv")
    return any(other.read_bytes() == data for other in others)


def _distance(snapshot: Sequence[Row], rows: Sequence[Row]) -> int:
    """How many cells differ, ids that only one side has counting as whole rows."""
    now = {row.id: row for row in rows}
    changed = len({row.id for row in snapshot} ^ set(now)) * len(lines_csv.COLUMNS)
    for row in snapshot:
        other = now.get(row.id, row)
        changed += sum(getattr(row, name) != getattr(other, name) for name in lines_csv.COLUMNS)
    return changed


def _unlogged(found: Sequence[Edit], log: Sequence[Edit]) -> tuple[Edit, ...]:
    """Without the edits that an import which died before its last step has already logged."""
    latest: dict[tuple[str, str, str], tuple[str, str]] = {}
    for one in log:
        latest[one.line, one.market, one.field] = (one.value, one.seen)
        if one.field == "dub":  # it cleared the other lengths: the same words typed again are new
            latest.pop((one.line, one.market, "short"), None)
            latest.pop((one.line, one.market, "long"), None)
    return tuple(
        one for one in found if latest.get((one.line, one.market, one.field)) != (one.value, one.seen)
    )

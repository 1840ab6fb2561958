"""The transcript table ``<out>/transcript.csv`` and what people corrected in it, kept in the series' log of edits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from glob import escape
from itertools import takewhile
from pathlib import Path

from localize import edit_log
from localize.corrections import parts, told_parts
from localize.edits import Edit
from localize.engine.order import Order
from localize.engine.strangers import settled
from localize.engine.table import log_path
from localize.engine.transcript_edits import Book
from localize.engine.transcript_rows import recognised
from localize.engine.transcript_rows import taken as taken_in
from localize.episode import Line
from localize.errors import InputError
from localize.formats import transcript_csv
from localize.formats.lines_csv import write_bytes
from localize.formats.lines_table import base_path
from localize.formats.transcript_csv import Row
from localize.series import SeriesBible, locked
from localize.timing import Ms


def transcript_path(order: Order) -> Path:
    """Where the editable transcript of the episode lies; all markets share it."""
    return order.out / "transcript.csv"


def _base(order: Order, bible: SeriesBible) -> Path:
    return base_path(bible.root / "edits", order.stem, "transcript", transcript_path(order))


def corrections(order: Order, bible: SeriesBible, looking: bool = False) -> tuple[Edit, ...]:
    """Everything people corrected in this episode's transcript, oldest first; with ``looking`` no file is locked."""
    read = edit_log.peek if looking else edit_log.read
    return tuple(edit for edit in read(log_path(order, bible)) if not edit.market)


def waiting(order: Order, bible: SeriesBible) -> bool:
    """Whether the table holds changes that no run has taken in yet."""
    path, base = transcript_path(order), _base(order, bible)
    return path.exists() and path.read_bytes() not in _written(base).values()


def import_transcript(order: Order, bible: SeriesBible, length: Ms | None = None) -> tuple[Edit, ...]:
    """Log what people changed in the table since it was written.  Runs before any work; the table is left alone.

    Raises ``InputError`` and changes nothing when the table cannot be taken as it is.
    """
    path, base = transcript_path(order), _base(order, bible)
    if not path.exists():
        return ()
    with locked(bible.root):
        data = path.read_bytes()
        snapshot = _snapshot(base, data, path)
        if snapshot == data:
            _settle(base, data)
            return ()
        old = transcript_csv.decode(snapshot, base)
        now = _taken(base, snapshot, old)
        rows = transcript_csv.decode(data, path, {row.id: row for row in old}, length)
        rows, known = recognised(rows, old, now), {row.id: row for row in now}
        mark = hashlib.sha256(snapshot + b"\0" + data).hexdigest()[:12]
        logged = corrections(order, bible)
        taken = [edit.value for edit in logged if edit.field == "speaker" and edit.seen != mark]
        speakers = {row.id: row.speaker for row in now}
        book = Book(order, bible, path, known, mark, tuple(edit for edit in logged if edit.seen != mark))
        rows, before, found = book.edits(rows)
        fresh, ids = _unlogged(settled(found, speakers, taken), logged, mark)
        edit_log.append(log_path(order, bible), fresh)
        made = taken_in(rows, before, [_named(edit, ids) for edit in found])
        write_bytes(_kept(base, data), transcript_csv.encode(made))
        _settle(base, data)
        _forget(base)
    return fresh


def _unlogged(found: Sequence[Edit], logged: Sequence[Edit], mark: str) -> tuple[tuple[Edit, ...], dict[str, str]]:
    """What of ``found`` an import that died before its last step has not logged yet, and the ids it gave to new lines
    by those that ``found`` gives them.

    Such an import's edits are the last ones in the log and bear the same ``mark``.
    """
    tail = list(takewhile(lambda edit: edit.seen == mark, reversed(logged)))[::-1]
    ids: dict[str, str] = {}
    for mine, theirs in zip(found, tail, strict=False):
        if mine.field == "split":
            ids[parts(mine.value)[0]] = parts(theirs.value)[0]
        elif mine.field == "add":
            ids[mine.line] = theirs.line
    return tuple(_named(edit, ids) for edit in found[len(tail) :]), ids


def _named(edit: Edit, ids: Mapping[str, str]) -> Edit:
    """``edit`` with the ids that an import that died gave to new lines."""
    if edit.field == "split":
        name, at, first, second = parts(edit.value)
        edit = replace(edit, value=told_parts(ids.get(name, name), at, first, second))
    return replace(edit, line=ids.get(edit.line, edit.line))


def write_transcript(order: Order, bible: SeriesBible, lines: Sequence[Line]) -> bool:
    """Show the person what there is now, unless they changed the table meanwhile; False then."""
    path, base = transcript_path(order), _base(order, bible)
    data = transcript_csv.encode(transcript_csv.row_of(line) for line in lines)
    with locked(bible.root):
        now = path.read_bytes() if path.exists() else None
        if now is not None and now not in _written(base).values():
            return False
        if now is not None:
            _settle(base, now)
        if now != data:
            write_bytes(_next(base), data)
            write_bytes(path, data)
            _next(base).replace(base)
            _forget(base)
            edit_log.sync_folder(base.parent)
    return True


# ── the snapshot: what was last written or imported; ``.next`` while a rewrite is under way ─────────────────
def _next(base: Path) -> Path:
    return base.with_name(base.name + ".next")


def _written(base: Path) -> dict[Path, bytes]:
    """What the table may have looked like before a person touched it: a rewrite that died leaves two answers."""
    return {path: path.read_bytes() for path in (_next(base), base) if path.exists()}


def _settle(base: Path, data: bytes) -> None:
    """From now on the table was ``data``."""
    if _written(base) != {base: data}:
        write_bytes(base, data)
        _next(base).unlink(missing_ok=True)


# ── lines that were taken in and have no row of their own yet ───────────────────────────────────────────────
def _kept(base: Path, data: bytes) -> Path:
    return base.with_name(f"{base.name}.{hashlib.sha256(data).hexdigest()[:12]}.taken")


def _taken(base: Path, snapshot: bytes, old: tuple[Row, ...]) -> tuple[Row, ...]:
    """What became of the rows ``old`` of the snapshot: themselves, where the run that took them in wrote them anew."""
    kept = _kept(base, snapshot)
    return transcript_csv.decode(kept.read_bytes(), kept) if kept.exists() else old


def _forget(base: Path) -> None:
    """Only what became of the rows of the snapshot counts."""
    known = [_kept(base, data) for data in _written(base).values()]
    for path in base.parent.glob(f"{escape(base.name)}.*.taken"):
        if path not in known:
            path.unlink()


def _snapshot(base: Path, data: bytes, path: Path) -> bytes:
    """What a person started from: of two possible answers the one they changed less of."""
    known = list(_written(base).values())
    if data in known or _moved(base, data):
        return data
    if not known:
        fix = "move this transcript.csv away; the next run writes a fresh one and you can copy your changes over"
        raise InputError("nobody knows what this table looked like before (its snapshot is gone)", str(path), fix)
    rows = set(data.splitlines())
    return min(known, key=lambda one: len(rows.symmetric_difference(one.splitlines())))


def _moved(base: Path, data: bytes) -> bool:
    """A table in a new place that equals a snapshot of this episode: somebody moved or copied it untouched."""
    ours = base.name.removesuffix(".base.csv").rpartition(".")[0]
    return any(other.read_bytes() == data for other in base.parent.glob(f"{escape(ours)}.*.base.csv"))

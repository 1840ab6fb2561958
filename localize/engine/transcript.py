"""The transcript table ``<out>/transcript.csv`` and what people corrected in it, kept in the series' log of edits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from glob import escape
from itertools import takewhile
from pathlib import Path

from localize import edit_log
from localize.corrections import parts, told_parts, told_times
from localize.edits import Edit, Field
from localize.engine import ledger
from localize.engine.order import Order
from localize.engine.strangers import settled
from localize.engine.table import log_path
from localize.episode import Line
from localize.errors import InputError
from localize.formats import transcript_csv
from localize.formats.lines_csv import write_bytes
from localize.formats.lines_table import base_path
from localize.formats.transcript_csv import Row
from localize.series import SeriesBible, locked
from localize.timing import Ms

CELLS: tuple[Field, ...] = ("speaker", "addressee", "kind", "text")


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
        before = {row.id: row for row in transcript_csv.decode(snapshot, base)}
        rows = transcript_csv.decode(data, path, before, length)
        mark = hashlib.sha256(snapshot + b"\0" + data).hexdigest()[:12]
        logged = corrections(order, bible)
        taken = [edit.value for edit in logged if edit.field == "speaker" and edit.seen != mark]
        speakers = {row.id: row.speaker for row in before.values()}
        found = settled(tuple(_Book(order, bible, path, before, mark).edits(rows)), speakers, taken)
        fresh = _unlogged(found, logged, mark)
        edit_log.append(log_path(order, bible), fresh)
        _settle(base, data)
    return fresh


def _unlogged(found: Sequence[Edit], logged: Sequence[Edit], mark: str) -> tuple[Edit, ...]:
    """What of ``found`` an import that died before its last step has not logged yet.

    Such an import's edits are the last ones in the log and bear the same ``mark``; ids it gave to new lines count.
    """
    tail = list(takewhile(lambda edit: edit.seen == mark, reversed(logged)))[::-1]
    ids: dict[str, str] = {}
    for mine, theirs in zip(found, tail, strict=False):
        if mine.field == "split":
            ids[parts(mine.value)[0]] = parts(theirs.value)[0]
        elif mine.field == "add":
            ids[mine.line] = theirs.line
    return tuple(replace(edit, line=ids.get(edit.line, edit.line)) for edit in found[len(tail) :])


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


@dataclass(frozen=True, slots=True)
class _Book:
    """Turns a changed table into edits; new ids are taken from the ledger."""

    order: Order
    bible: SeriesBible
    path: Path
    before: Mapping[str, Row]
    mark: str

    def edits(self, rows: Sequence[Row]) -> Iterator[Edit]:
        """Checks the whole table first, so that a table that is refused has changed nothing."""
        self._refuse_gaps(rows)
        for row in rows:
            if row.id.endswith("+"):
                self._refuse_outside(row)
        known = {row.id: row for row in rows}
        for row in rows:
            first, _, second = row.id.partition(" ")
            if second:
                yield self._edit(first, "merge", second)
                yield from self._merged(row, first, second)
            elif row.id.endswith("+"):
                yield from self._split(row, known[row.id[:-1]])
            elif not row.id:
                yield from self._added(row)
            else:
                yield from self._cells(row.id, self.before[row.id], row, f"{row.id}+" in known)

    def _refuse_gaps(self, rows: Sequence[Row]) -> None:
        """Every line of the table before must stand in exactly one row, and nothing else may."""
        named = [name for row in rows for name in row.id.split() if not name.endswith("+")]
        told = [f"{name} is missing" for name in self.before if name not in named]
        told += [f"id {name!r} is unknown" for name in dict.fromkeys(named) if name not in self.before]
        told += [f"id {name} stands twice" for name in dict.fromkeys(named) if named.count(name) > 1]
        plain = {row.id for row in rows}
        told += [
            f"line {row.number}: {row.id} needs a row {row.id[:-1]} of its own"
            for row in rows if row.id.endswith("+") and row.id[:-1] not in plain
        ]  # fmt: skip
        extra = [row.id for row in rows if row.id.endswith("+")]
        told += [
            f"{name} stands twice: split once, run, and split again" for name in set(extra) if extra.count(name) > 1
        ]
        if told:
            fix = "to drop a line, empty its text; to join two, write both ids into one row, as “L0007 L0008”"
            raise InputError("; ".join(told[:8]), str(self.path), fix)

    def _refuse_outside(self, second: Row) -> None:
        old = self.before[second.id[:-1]]
        if not old.span.start < second.span.start < old.span.end:
            what = f"the second part of {old.id} begins at {second.start}, not inside it"
            raise InputError(what, f"{self.path}, line {second.number}", f"begin it between {old.start} and {old.end}")

    def _cells(self, name: str, old: Row, new: Row, split: bool = False) -> Iterator[Edit]:
        if old.span != new.span and not split:
            yield self._edit(name, "span", told_times(new.span))
        for cell in CELLS:
            value = getattr(new, cell)
            if value != getattr(old, cell) and not (split and cell == "text"):
                yield self._edit(name, cell, value)

    def _merged(self, row: Row, first: str, second: str) -> Iterator[Edit]:
        """What the joined row says beyond being both: its own words, and times that are not the two together."""
        old, other = self.before[first], self.before[second]
        early, late = sorted((old, other), key=lambda one: one.span)
        whole = (early.span.start, max(early.span.end, late.span.end))
        if row.span not in (old.span, other.span) and (row.span.start, row.span.end) != whole:
            yield self._edit(first, "span", told_times(row.span))
        if row.text not in (old.text, other.text, early.text + late.text):
            yield self._edit(first, "text", row.text)
        for cell in CELLS[:3]:
            if getattr(row, cell) != getattr(old, cell):
                yield self._edit(first, cell, getattr(row, cell))

    def _split(self, second: Row, first: Row) -> Iterator[Edit]:
        old = self.before[first.id]
        name = self._id(second, "split", first.id)
        yield self._edit(first.id, "split", told_parts(name, second.span.start, first.text, second.text))
        yield from self._cells(first.id, old, first, split=True)
        if second.span.end != old.span.end:
            yield self._edit(name, "span", told_times(second.span))
        inherited = Row(name, second.start, second.end, first.speaker, first.addressee, first.kind, second.text)
        yield from self._cells(name, inherited, second)

    def _added(self, row: Row) -> Iterator[Edit]:
        name = self._id(row, "added", "")
        yield self._edit(name, "add", told_times(row.span))
        yield from self._cells(name, Row(name, row.start, row.end, "", "", "speech", ""), row)

    def _id(self, row: Row, state: str, of: str) -> str:
        path = self.bible.root / "lines" / f"{self.order.stem}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        return ledger.reserve(path, row.span, row.text, state, of)

    def _edit(self, line: str, field: Field, value: str) -> Edit:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return Edit(self.order.stem, line, "", field, value, self.order.by, at, self.mark)

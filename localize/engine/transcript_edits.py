"""From a changed transcript table to edits: lines split, joined, added, and joins taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from localize.corrections import NUMBERED, corrected, formers, partings, parts, told_parts, told_times
from localize.edits import Edit, Field
from localize.engine import ledger
from localize.engine.order import Order
from localize.engine.transcript_checks import Table
from localize.engine.transcript_rows import halves, timed, together, whole
from localize.episode import Line
from localize.formats.transcript_csv import Row
from localize.series import SeriesBible
from localize.timing import Ms, Span, clock

CELLS: tuple[Field, ...] = ("speaker", "addressee", "kind", "text")
UNHEARD = "?0"


@dataclass(frozen=True, slots=True)
class Book:
    """Turns a changed table into edits; new ids are taken from the ledger.  Call inside the series' lock.

    ``before`` are the rows by their lines as they were, ``logged`` what people said of the episode until then.
    """

    order: Order
    bible: SeriesBible
    path: Path
    before: Mapping[str, Row]
    mark: str
    logged: tuple[Edit, ...] = ()

    def edits(self, rows: Sequence[Row]) -> tuple[tuple[Row, ...], Mapping[str, Row], tuple[Edit, ...]]:
        """The rows as they are meant, those they are changed from, by line, and the changes.

        Raises ``InputError`` for a table that cannot be meant; it has changed nothing then.
        """
        rows = self._whole_again(rows)
        back = self._undone(rows)
        before = {**self.before, **self._parted(back)}
        involved = {name for two in back for name in two}
        table = Table(self.path, self.order, self.bible, before, self.logged)
        meant = tuple(_by_voice(row, before[row.id]) if row.id in involved else row for row in rows)
        meant = table.checked(meant)
        return meant, before, (*back.values(), *replace(self, before=before)._changes(meant))

    def _whole_again(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """A row with the words a line had before it was split, and none for its second part, joins both again."""
        named = {name for row in rows for name in row.id.split()}
        missing = set(self.before) - named
        known = formers(self._read(), self.logged) if missing else {}
        halves = {
            (one.edit.line, one.parts[0][0].text): parts(one.edit.value)[0] for one in known.values() if not one.joined
        }
        wanted = (halves.get((row.id, row.text), "") for row in rows)
        return tuple(
            replace(row, id=f"{row.id} {half}") if half in missing else row
            for row, half in zip(rows, wanted, strict=True)
        )

    # ── joins taken back ────────────────────────────────────────────────────────────────────────────────────
    def _read(self) -> tuple[Line, ...]:
        """The lines as they were read last, as far as their ids, times and words go."""
        return tuple(
            Line(one["id"], Span(Ms(one["start"]), Ms(one["end"])), one["text"])
            for one in ledger.read(self._ledger()) if one["state"] == "active"
        )  # fmt: skip

    def _undone(self, rows: Sequence[Row]) -> dict[tuple[str, str], Edit]:
        """The joins that rows of an earlier table take back, each as the split that does it."""
        wanted = {row.id for row in rows if row.id.isalnum()} - set(self.before)
        if not wanted:
            return {}
        known = formers(self._read(), self.logged)
        two = [one for name in self.before for one in partings(name, known.get(name), wanted)]
        typed = {row.id: row for row in rows}
        return {
            (stays, comes): self._edit(stays, "split", told_parts(comes, row.span.start, typed[stays].text, row.text))
            for stays, comes in two if stays in typed and (row := typed[comes])
        }  # fmt: skip

    def _parted(self, back: Mapping[tuple[str, str], Edit]) -> dict[str, Row]:
        """The rows of lines that are apart again, as they would be without another word."""
        if not back:
            return {}
        names = {name for two in back for name in two}
        found = corrected(self._read(), (*self.logged, *back.values()), dropped=True)
        return {line.id: self._row(line) for line in found if line.id in names}

    def _row(self, line: Line) -> Row:
        """People are told of who stayed as they were, and not yet of who comes back."""
        old = self.before.get(line.id)
        speaker, addressee = (old.speaker, old.addressee) if old is not None else ("", "")
        start, end = clock(line.span.start), clock(line.span.end)
        return Row(line.id, start, end, speaker, addressee, line.kind, line.text)

    # ── changes ─────────────────────────────────────────────────────────────────────────────────────────────
    def _changes(self, rows: Sequence[Row]) -> Iterator[Edit]:
        known = {row.id: row for row in rows}
        for row in rows:
            first, _, second = row.id.partition(" ")
            if second:
                yield self._edit(first, "merge", second)
                yield from self._merged(row, self.before[first], self.before[second])
            elif row.id.endswith("+"):
                yield from self._split(row, known[row.id[:-1]])
            elif not row.id:
                yield from self._added(row)
            elif f"{row.id}+" not in known:
                yield from self._cells(row.id, self.before[row.id], row)

    def _cells(self, name: str, old: Row, new: Row) -> Iterator[Edit]:
        if old.span != new.span:
            yield self._edit(name, "span", told_times(new.span))
        for cell in CELLS:
            value = getattr(new, cell)
            if value != getattr(old, cell):
                yield self._edit(name, cell, value)

    def _merged(self, row: Row, old: Row, other: Row) -> Iterator[Edit]:
        """What the joined row says beyond being both: its own words, and times that are not the two together."""
        both = Span(min(old.span.start, other.span.start), max(old.span.end, other.span.end))
        made = replace(timed(old, both), text=together(old, other, old))
        typed = replace(timed(row, whole(old, other, row)), text=together(old, other, row))
        yield from self._cells(old.id, made, typed)

    def _split(self, second: Row, first: Row) -> Iterator[Edit]:
        """The second half keeps the people that stand in its row; a voice's number is the machine's, who hears it."""
        old = self.before[first.id]
        name = self._id(second, "split", first.id)
        yield self._edit(first.id, "split", told_parts(name, second.span.start, first.text, second.text))
        at = Ms(min(max(second.span.start, old.span.start + 1), old.span.end - 1))
        times = halves(old, first, second)
        yield from self._cells(
            first.id, replace(timed(old, Span(old.span.start, at)), text=first.text), timed(first, times[0])
        )
        inherited = replace(
            timed(second, Span(at, old.span.end)), kind=old.kind,
            speaker=_left(first.speaker, second.speaker), addressee=_left(first.addressee, second.addressee),
        )  # fmt: skip
        yield from self._cells(name, inherited, timed(second, times[1]))

    def _added(self, row: Row) -> Iterator[Edit]:
        name = self._id(row, "added", "")
        yield self._edit(name, "add", told_times(row.span))
        yield from self._cells(name, Row(name, row.start, row.end, "", "", "speech", ""), row)

    def _id(self, row: Row, state: str, of: str) -> str:
        path = self._ledger()
        path.parent.mkdir(parents=True, exist_ok=True)
        return ledger.reserve(path, row.span, row.text, state, of)

    def _ledger(self) -> Path:
        return self.bible.root / "lines" / f"{self.order.stem}.json"

    def _edit(self, line: str, field: Field, value: str) -> Edit:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return Edit(self.order.stem, line, "", field, value, self.order.by, at, self.mark)


def _left(of_the_line: str, cell: str) -> str:
    """What counts as told of a second half already, so that ``cell`` is no change: only a number, or nothing."""
    return cell if cell == of_the_line and (not cell or _numbered(cell)) else "" if cell else of_the_line


def _numbered(name: str) -> bool:
    return name == UNHEARD or NUMBERED.fullmatch(name) is not None


def _by_voice(row: Row, old: Row) -> Row:
    """A row of an earlier table: the numbers in it are of an earlier hearing, so who it is, is left to the voices."""
    told = {cell: getattr(row, cell) for cell in CELLS[:2]}
    for cell, value in told.items():
        if _numbered(value):
            was = getattr(old, cell)
            told[cell] = was if not was or _numbered(was) else ""
    return replace(row, speaker=told["speaker"], addressee=told["addressee"])

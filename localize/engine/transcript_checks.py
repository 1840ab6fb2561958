"""What a changed transcript table may not be: lines lost or doubled, joins over other lines, people who are nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from localize.corrections import NUMBERED
from localize.edits import Edit
from localize.engine.order import Order
from localize.engine.strangers import meant
from localize.errors import InputError
from localize.formats.transcript_csv import Row
from localize.series import SeriesBible
from localize.tables import did_you_mean

SHOWN = 8  # how many offenders one error lists
PEOPLE = ("speaker", "addressee")


@dataclass(frozen=True, slots=True)
class Table:
    """The table at ``path`` against ``before``, the rows it was changed from, by their lines.

    ``logged`` is what people said of the episode until then.
    """

    path: Path
    order: Order
    bible: SeriesBible
    before: Mapping[str, Row]
    logged: tuple[Edit, ...] = ()

    def checked(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows with everybody called by a name that counts.  Raises ``InputError`` for what cannot be meant."""
        self._refuse_gaps(rows)
        known = {row.id: row for row in rows}
        for row in rows:
            if row.id.endswith("+"):
                self._refuse_outside(row, known[row.id[:-1]])
            elif " " in row.id:
                self._refuse_apart(row, rows)
        return self._named(rows)

    # ── lines ───────────────────────────────────────────────────────────────────────────────────────────────
    def _refuse_gaps(self, rows: Sequence[Row]) -> None:
        """Every line of the table before must stand in exactly one row, and nothing else may."""
        named = [name for row in rows for name in row.id.split() if not name.endswith("+")]
        added = {edit.line for edit in self.logged if edit.field == "add"}
        told = [f"{name}{', a line that was added,' if name in added else ''} is missing"
                for name in self.before if name not in named]  # fmt: skip
        joins = {edit.value: edit.line for edit in self.logged if edit.field == "merge"}
        told += [_unknown(name, joins) for name in dict.fromkeys(named) if name not in self.before]
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
            raise InputError("; ".join(told[:SHOWN]), str(self.path), fix)

    def _refuse_outside(self, second: Row, first: Row) -> None:
        """A second part begins inside the line; one that was moved as a whole begins after its first part does."""
        old = self.before[first.id]
        stayed = old.span.start <= first.span.start and first.span.end <= old.span.end
        start, end = first.span.start, old.span.end if stayed else second.span.end
        if not start < second.span.start < end:
            what = f"the second part of {old.id} begins at {second.start}, not inside it"
            fix = f"begin it between {first.start} and {old.end}" if stayed else f"begin it after {first.start}"
            raise InputError(what, f"{self.path}, line {second.number}", fix)

    def _refuse_apart(self, row: Row, rows: Sequence[Row]) -> None:
        """Only neighbours are joined; who speaks meanwhile, or was dropped, is not between them."""
        two = sorted((self.before[name] for name in row.id.split()), key=lambda one: one.span)
        dropped = {one.id for one in rows if not one.text}
        between = [
            one.id for one in self.before.values()
            if one not in two and one.id not in dropped and two[0].span < one.span < two[1].span
            and not any(both.span.overlap(one.span) == one.span.length for both in two)
        ]  # fmt: skip
        if between:
            are = "are" if len(between) > 1 else "is"
            what = f"{two[0].id} and {two[1].id} are no neighbours: {', '.join(between[:SHOWN])} {are} between them"
            fix = "join neighbours, one row for two of them; to drop a line, empty its text"
            raise InputError(what, f"{self.path}, line {row.number}", fix)

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────
    def _named(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Raises ``InputError`` naming every cell that holds nobody's name."""
        told: list[tuple[Row, str, str]] = []
        found = []
        for row in rows:
            names = {cell: self._who(getattr(row, cell), row, cell, rows) for cell in PEOPLE}
            told += [(row, cell, getattr(row, cell)) for cell, name in names.items() if name is None]
            found.append(replace(row, speaker=names["speaker"] or "", addressee=names["addressee"] or ""))
        if told:
            cells = (
                f"{f'line {row.number}: ' if at else ''}{row.id or 'the new line'}: {self._told(name)} ({cell})"
                for at, (row, cell, name) in enumerate(told[:SHOWN])
            )
            raise InputError("; ".join(cells), f"{self.path}, line {told[0][0].number}", self._way_out(told[0][2]))
        return tuple(found)

    def _who(self, typed: str, row: Row, cell: str, rows: Sequence[Row]) -> str | None:
        """The name ``typed`` as it counts; None where it is nobody's."""
        name = typed.strip().replace("？", "?")
        said = {one.id: one.speaker for one in self.before.values()}
        ours = {*said.values(), *(one.addressee for one in self.before.values()), *self._strangers()}
        if name in ours or not name or NUMBERED.fullmatch(name) or len(self._members(name)) == 1:
            return name
        line = name.removeprefix("?")
        if name == line or line not in said:
            return None
        if any(one.id == line and one.speaker.replace("？", "?") == name for one in rows):
            return name  # whoever says that line shall be called so
        try:
            return meant(name, said)
        except InputError as error:
            raise InputError(error.what, f"{self.path}, line {row.number}", self._way_out(name)) from None

    def _strangers(self) -> set[str]:
        """Strangers people gave a name that lasts; none of them need say a line just now."""
        return {one.value for one in self.logged if one.field in PEOPLE and one.value.startswith("?")}

    def _members(self, name: str) -> list[str]:
        """Whose id it is, or everybody of the cast who is called so."""
        if self.bible.character(name) is not None:
            return [name]
        return [one.id for one in self.bible.cast if name in (one.name, *one.aliases)]

    def _told(self, name: str) -> str:
        several = self._members(name)
        return f"several are called {name!r}, {' and '.join(several)}" if several else f"nobody is called {name!r}"

    def _way_out(self, name: str) -> str:
        said = dict.fromkeys(one.speaker for one in self.before.values() if one.speaker)
        ids = list(dict.fromkeys((*(one.id for one in self.bible.cast), *said)))
        near = did_you_mean(name, (*(word for one in self.bible.cast for word in (one.name, *one.aliases)), *ids))
        return (
            f"{near}choose from {', '.join(ids) or 'nobody yet'}; who is new joins in {self.bible.root / 'cast.toml'}, "
            f"or is ?1 here, and after a run {self.order.command} cast {self.order.episode} rename '?1' NAME"
        )


def _unknown(name: str, joins: Mapping[str, str]) -> str:
    if name in joins:
        return f"{name} was joined with {joins[name]}, which was joined or split again since: take that back first"
    return f"id {name!r} is unknown"

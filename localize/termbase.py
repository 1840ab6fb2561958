"""``terms.csv``: the terms of a series as its people keep them.

Read whole, so that everything wrong is told at once; changed row by row, so that comments, order and every byte of the
other rows stay.  A cell that a spreadsheet would run as a formula may carry a leading apostrophe, which is not part of
the term (``spreadsheet.py``); texts that begin with a dash are right with and without it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from localize.errors import InputError
from localize.glossary import KINDS, STATES, USES, Term, TermKind, uses_of
from localize.market import CODE, is_market, markets
from localize.spreadsheet import neutral, original
from localize.tables import Row, choice_of, known_column, read_text, rows_of

COLUMNS = ("id", "source", "kind", "use", "scope", "status", "note")
Weight = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: ``number`` is its line in the file, ``cells`` its texts by column, markets among them.

    ``id`` is the column's, else made of what tells a term from others, so that it stays when targets change.
    """

    id: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """What may stand once only: source, use, scope, and whether it forbids."""
        return self["source"], self["use"], self["scope"], self["kind"] == "forbidden"

    def forms(self, market: str) -> tuple[str, ...]:
        """The approved forms in a market, the preferred one first."""
        return tuple(form.strip() for form in self[market].split("|") if form.strip())

    def term(self, market: str) -> Term | None:
        """The row as a term of ``market``; None where it has no form."""
        forms = self.forms(market)
        if not forms:
            return None
        kind, status = cast(TermKind, self["kind"]), self["status"] or "approved"
        return Term(self["source"], forms, kind, self["use"], self["scope"], status, self["note"], market)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a line (0: with the table).  An ``error`` keeps the series from being read."""

    line: int
    weight: Weight
    check: str
    what: str
    fix: str = ""
    market: str = ""


@dataclass(frozen=True, slots=True)
class Termbase:
    """The whole table.  ``markets`` are its market columns, ``problems`` what stands against reading it."""

    path: Path
    columns: tuple[str, ...]
    markets: tuple[str, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def terms(self) -> dict[str, tuple[Term, ...]]:
        """Terms per market."""
        return {
            market: tuple(term for entry in self.entries if (term := entry.term(market))) for market in self.markets
        }


def read_termbase(path: Path) -> Termbase:
    """Read ``path``.  Raises ``InputError`` only where no rows can be told: bytes, quotes, columns."""
    return termbase_of(read_text(path), path)


def termbase_of(text: str, path: Path) -> Termbase:
    """``read_termbase`` for text in hand; ``path`` names it in errors."""
    columns: list[str] = []
    shown: list[str] = []

    def column(name: str, place: str) -> None:
        columns.append(name)
        if not CODE.fullmatch(name):
            known_column(name, place, (*COLUMNS, *markets()))
        elif name not in COLUMNS and is_market(name, place):
            shown.append(name)

    rows = rows_of(text, str(path), ("source", "kind"), column)
    entries = tuple(_entry(row) for row in rows)
    return Termbase(path, tuple(columns), tuple(shown), entries, tuple(_wrong(rows, entries, shown)))


def read_terms(path: Path) -> dict[str, tuple[Term, ...]]:
    """``terms.csv`` → terms per market.  A cell may hold several approved forms, ``Pak Lu|Tuan Lu``.

    Raises ``InputError`` for a column that is neither a market nor known, an unknown kind, use or status, and for one
    source twice in a scope and use; where more than one row is wrong it says how many.
    """
    base = read_termbase(path)
    wrong = [one for one in base.problems if one.weight == "error"]
    if wrong:
        more = f" (and {len(wrong) - 1} more: localize glossary check lists them all)" if len(wrong) > 1 else ""
        raise InputError(wrong[0].what + more, f"{path}, line {wrong[0].line}", wrong[0].fix)
    return base.terms()


def _entry(row: Row) -> Entry:
    cells = {name: original(text) for name, text in row.cells.items() if name}
    return Entry(cells.get("id") or derived_id(cells), row.number, cells)


def derived_id(cells: Mapping[str, str]) -> str:
    """Eleven letters after source, use, scope and whether it forbids; the same in every file and on every machine."""
    parts = (cells.get("source", ""), cells.get("use", ""), cells.get("scope", ""))
    key = "\0".join((*parts, str(cells.get("kind") == "forbidden")))
    if not parts[0]:  # words forbidden everywhere are told apart by themselves
        key += "\0" + "\0".join(f"{name}={text}" for name, text in sorted(cells.items()) if CODE.fullmatch(name))
    return "t" + hashlib.sha256(key.encode()).hexdigest()[:10].translate(str.maketrans("0123456789", "ghijklmnop"))


# ── what is wrong with it ───────────────────────────────────────────────────────────────────────────────────
def _wrong(rows: Sequence[Row], entries: Sequence[Entry], shown: Sequence[str]) -> Iterator[Problem]:
    keys: dict[tuple[str, str, str, bool], Entry] = {}
    ids: dict[str, Entry] = {}
    for row, entry in zip(rows, entries, strict=True):
        found = list(_bad_cells(row, entry))
        yield from found
        if found:
            continue
        if entry["source"] and entry.key in keys:
            yield _twice(entry, keys[entry.key], shown)
        elif entry.id in ids:
            fix = "give every row its own id, or leave the cell empty"
            told = f"the id {entry.id} is on line {ids[entry.id].number}"
            yield Problem(entry.number, "error", "duplicate", told, fix)
        keys.setdefault(entry.key, entry)
        ids.setdefault(entry.id, entry)


def _bad_cells(row: Row, entry: Entry) -> Iterator[Problem]:
    named = [("use", use, USES) for use in uses_of(entry["use"])]
    for name, value, allowed in (("kind", entry["kind"], KINDS), ("status", entry["status"], STATES), *named):
        try:
            choice_of(value, allowed, name, row.place)
        except InputError as error:
            yield Problem(row.number, "error", "value", error.what, error.fix)
    if not entry["source"] and entry["kind"] != "forbidden":
        fix = "fill in source; only a forbidden word may stand without one"
        yield Problem(row.number, "error", "value", "a term needs its Chinese source", fix)


def _twice(entry: Entry, first: Entry, shown: Sequence[str]) -> Problem:
    """One source twice: a duplicate, or a conflict where the two rows do not say the same."""
    told = f"{entry['source']} is already on line {first.number}"
    differ = [
        f"{name}: {first[name]} there, {entry[name]} here"
        for name in shown if first[name] and entry[name] and first.forms(name) != entry.forms(name)
    ]  # fmt: skip
    fix = "keep one row per term; several approved forms go into one cell: Pak Lu|Tuan Lu"
    if differ:
        return Problem(entry.number, "error", "conflict", f"{told}, and says otherwise ({'; '.join(differ)})", fix)
    return Problem(entry.number, "error", "duplicate", told, fix)


# ── changing it ─────────────────────────────────────────────────────────────────────────────────────────────
def changed_text(
    text: str, columns: Sequence[str], changes: Mapping[int, Mapping[str, str]], added: Iterable[Mapping[str, str]]
) -> str:
    """``text`` with cells replaced in the rows that begin on the lines of ``changes``, and rows added at its end.

    What is not changed keeps its bytes.  Columns that are new must be in ``columns`` already (``with_columns``).
    Cells that a spreadsheet would run as a formula get a leading apostrophe.
    """
    lines = io.StringIO(text, newline="").readlines()
    newline = "\r\n" if "\r\n" in text else "\n"
    mark = _delimiter(lines)
    out, at = [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    for cells in reader:
        begin, at = at, reader.line_num
        new = changes.get(begin + 1)
        if new is None:
            out.append("".join(lines[begin:at]))
            continue
        cells += [""] * (len(columns) - len(cells))
        row = [neutral(new[name]) if name in new else cell for name, cell in zip(columns, cells, strict=False)]
        out.append(_record(row, mark, newline))
    whole = "".join(out)
    rows = [_record([neutral(one.get(name, "")) for name in columns], mark, newline) for one in added]
    return whole + (newline if rows and whole and not whole.endswith(("\n", "\r")) else "") + "".join(rows)


def with_columns(text: str, names: Sequence[str]) -> str:
    """``text`` with ``names`` added to its header; rows are read as if their cells there were empty."""
    lines = io.StringIO(text, newline="").readlines()
    mark = _delimiter(lines)
    at = next(n for n, line in enumerate(lines) if line.strip(" ,;\t\r\n") and not line.lstrip(' "').startswith("#"))
    bare = lines[at].rstrip("\r\n")
    lines[at] = bare + "".join(mark + name for name in names) + lines[at][len(bare) :]
    return "".join(lines)


def _delimiter(lines: Sequence[str]) -> str:
    head = next((n for n in lines if n.strip(" ,;\t\r\n") and not n.lstrip(' "').startswith("#")), "")
    return max(",;\t", key=head.count)


def _record(cells: Sequence[str], mark: str, newline: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, lineterminator=newline).writerow(cells)
    return out.getvalue()

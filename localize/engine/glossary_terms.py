"""Terms and memory of a series as files for other people and programs, and back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from localize.engine import glossary_sheet
from localize.engine.exchange import LARGEST, Proposal, Weighed, mark, put, refuse, weigh
from localize.errors import InputError
from localize.formats import sheet, tbx, tmx, xliff
from localize.formats.units import MEMORY_TEXTS, Handed, Unit, split_id
from localize.glossary import KINDS, MEMORY_COLUMNS, PROVENANCE, USES, uses_of
from localize.market import ALIASES, markets
from localize.queries import Query, ask
from localize.spreadsheet import neutral, original
from localize.tables import read_bytes, read_rows
from localize.termbase import COLUMNS, Entry, Termbase, read_termbase, termbase_of

SUFFIXES = (".tbx", ".tmx", ".xliff", ".xlf", ".xlsx", ".csv")
FACTS = ("kind", "use", "scope")
FACTS_OF_LINES = ("speaker", "addressee", "setting", "episode")
LATIN_AMERICA = frozenset(
    ("AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "PY", "SV", "UY", "VE",
     "US")
)  # fmt: skip
"""Regions (ISO 3166) whose Spanish is that of es-419: UN M49's Latin America (419), and the United States."""
Rows = Mapping[str, tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: changed cells and added rows of ``table``, what it left alone, remarks on its terms, and
    what it ``filled`` in for rows that did not say it.
    """

    table: Path
    weighed: Weighed
    added: tuple[Mapping[str, str], ...]
    asked: tuple[Query, ...] = ()
    filled: tuple[str, ...] = ()


def export(root: Path, file: Path, series: str, language: str, version: str = "1.2", market: str = "") -> int:
    """Write the terms of a series into ``file``, or with ``.tmx`` its memory; how many rows there were.

    The format is the name's, the ``version`` that of XLIFF (2.1 holds one ``market``).  Raises ``InputError`` for
    another suffix or version and for a table that cannot be read.
    """
    suffix = known_suffix(file)
    if suffix == ".tmx":
        rows = list(_memory(root).items())
        units = [unit for name, (_, cells) in rows for unit in _memory_units(name, cells)]
        _write(file, tmx.text(Handed(series, language, tuple(units))).encode())
        return len(rows)
    base = _terms(root)
    handed = Handed(series, language, tuple(_term_units(base)))
    if suffix == ".tbx":
        _write(file, tbx.text(handed).encode())
    elif suffix in (".xliff", ".xlf"):
        own = tuple(unit for unit in handed.units if market in ("", unit.language))
        _write(file, xliff.written(replace(handed, units=own), version).encode())
    else:
        columns, cells = _table(base)
        _write(file, sheet.encode(columns, cells) if suffix == ".xlsx" else _csv(columns, cells))
    return len(base.entries)


def take(root: Path, file: Path, by: str, add: bool = False, known: bool = False) -> Taken:
    """Take a file back into ``terms.csv`` or ``memory.csv``; the history beside it keeps what was there.

    Raises ``InputError`` before anything is written: for a damaged file, for cells that changed on both sides, and for
    ids nobody knows unless they are to be added or left out.
    """
    suffix, data, where = known_suffix(file), read_bytes(file, LARGEST), str(file)
    table, units, filled = "memory.csv" if suffix == ".tmx" else "terms.csv", tuple[Unit, ...](), tuple[str, ...]()
    if suffix == ".tmx":
        units, rows = tmx.read(data, where).units, _memory(root)
        weighed = weigh(rows, _memory_proposals(units))
        strange = [unit for unit in units if _memory_id(unit) not in rows]
        fresh = [_memory_row(unit) for unit in strange if split_id(unit.id)[1] in ("dub", "subtitle")]
    elif suffix in (".tbx", ".xliff", ".xlf"):
        units, rows = (tbx if suffix == ".tbx" else xliff).read(data, where).units, _term_rows(_terms(root))
        weighed = weigh(rows, _term_proposals(units, suffix == ".tbx"))
        strange = [unit for unit in units if unit.id not in rows]
        fresh, filled = list(_new_terms(strange)), tuple(_filled(strange))
    else:
        cells, rows = glossary_sheet.rows(file, data), _term_rows(_terms(root))
        weighed = weigh(rows, glossary_sheet.proposals([row for _, row in cells]))
        foreign = [row for row in cells if add and row[1].get("id") not in rows]
        fresh, filled = glossary_sheet.drafts(foreign, where)
    refuse(weighed, where, add or known)
    added = tuple({name: text for name, text in row.items() if name != "seen"} for row in fresh) if add else ()
    if weighed.changes or added:
        _check(root, table, weighed, added, where)
        head = MEMORY_COLUMNS if suffix == ".tmx" else COLUMNS
        put(root, table, head, weighed.changes, added, by, file.name)
    said = [(unit.id, market_of(unit.language), words) for unit in units for words in unit.comments]
    remarks = tuple(new for row, market, words in said for new in ask(root, table, market, [(row, words)], by))
    return Taken(root / table, weighed, added, remarks, filled if added else ())


def known_suffix(file: Path) -> str:
    """The suffix in lower case.  Raises ``InputError`` for one no format has."""
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"no format is called {suffix or 'nothing'!r}", str(file), f"choose from {', '.join(SUFFIXES)}"
        )
    return suffix


def _check(root: Path, table: str, weighed: Weighed, added: Sequence[Mapping[str, str]], where: str) -> None:
    """Refuse what would leave a table that cannot be read: a source twice, a kind nobody knows."""
    if table != "terms.csv":
        return
    base = _terms(root)
    rows = {entry.number: dict(entry.cells) for entry in base.entries}
    for one in weighed.changes:
        rows[one.number][one.column] = one.after
    after = [*rows.values(), *added]
    names = sorted({name for row in after for name in row})
    found = termbase_of(_csv(names, after).decode("utf-8-sig"), Path(where))
    errors = [one for one in found.problems if one.weight == "error"]
    if errors:
        raise InputError(f"would leave terms.csv unreadable: {errors[0].what}", where, errors[0].fix)


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", str(file), "choose another place") from error


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutral(row.get(name, "")) for name in columns] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


# ── terms ───────────────────────────────────────────────────────────────────────────────────────────────────
def _terms(root: Path) -> Termbase:
    path = root / "terms.csv"
    if not path.is_file():
        return Termbase(path, COLUMNS, (), (), ())
    base = read_termbase(path)
    wrong = [one for one in base.problems if one.weight == "error"]
    if wrong:
        fix = "localize glossary check lists everything that is wrong"
        raise InputError(wrong[0].what, f"{path}, line {wrong[0].line}", fix)
    return base


def _term_rows(base: Termbase) -> Rows:
    return {entry.id: (entry.number, entry.cells) for entry in base.entries}


def _term_units(base: Termbase) -> Iterator[Unit]:
    for entry in base.entries:
        facts = tuple((name, entry[name]) for name in FACTS)
        state = "draft" if entry["status"] == "draft" else "reviewed"
        for market in base.markets:
            told = (*facts, ("seen", mark(entry[market])))
            yield Unit(entry.id, entry["source"], entry[market], market, state, entry["note"], told)


def _term_proposals(units: Sequence[Unit], states: bool) -> Iterator[Proposal]:
    """The cells of the rows.  With ``states`` a row is a draft where every language says so; XLIFF's states tell how
    far a translator is, and a row that binds all markets is no draft because one of its words is newly translated.
    """
    open_rows = {unit.id for unit in units if unit.state == "draft"} - {one.id for one in units if one.state != "draft"}
    shared: dict[tuple[str, str, str], Proposal] = {}
    for unit in units:
        if unit.target.strip() or unit.fact("seen"):
            yield Proposal(unit.id, market_of(unit.language), unit.target, unit.fact("seen"))
        told = {"source": unit.source, "note": unit.note, **{name: unit.fact(name) for name in FACTS}}
        if states and unit.id in open_rows:
            told["status"] = "draft"
        for column, value in told.items():
            if value:
                shared[unit.id, column, value] = Proposal(unit.id, column, value)
    yield from shared.values()


def market_of(language: str) -> str:
    """The market a language code means: itself, the one that speaks the language where only that is given, or for the
    Spanish of a country of Latin America es-419.
    """
    folded = {code.casefold(): code for code in markets()}
    tag = language.replace("_", "-").casefold()
    if tag.partition("-")[0] == "es" and tag.rpartition("-")[2].upper() in LATIN_AMERICA:
        return "es-419"
    return folded.get(tag, ALIASES.get(tag, language))


def _new_terms(units: Sequence[Unit]) -> Iterator[dict[str, str]]:
    """Rows for concepts nobody knows: drafts, for a person to approve."""
    rows: dict[str, dict[str, str]] = {}
    for unit in units:
        kind = unit.fact("kind") if unit.fact("kind") in KINDS else glossary_sheet.KIND
        use = unit.fact("use") if set(uses_of(unit.fact("use"))) <= set(USES) else ""
        told = {"kind": kind, "use": use, "scope": unit.fact("scope"), "status": "draft", "note": unit.note}
        head = {"id": unit.id, "source": unit.source} | {name: said for name, said in told.items() if said}
        if unit.source:
            rows.setdefault(unit.id or unit.source, head)[market_of(unit.language)] = unit.target
    yield from rows.values()


def _filled(units: Sequence[Unit]) -> Iterator[str]:
    for name in dict.fromkeys(unit.id or unit.source for unit in units if unit.fact("kind") not in KINDS):
        yield f"{name} has no kind of ours: taken as {glossary_sheet.KIND}"


def _table(base: Termbase) -> tuple[list[str], list[dict[str, str]]]:
    columns = ["id", *(name for name in base.columns if name and name != "id"), "seen"]
    return columns, [_row(entry, columns[1:-1]) for entry in base.entries]


def _row(entry: Entry, columns: Sequence[str]) -> dict[str, str]:
    seen = " ".join(f"{name}={mark(entry[name])}" for name in columns)
    return {"id": entry.id, **{name: entry[name] for name in columns}, "seen": seen}


# ── memory ──────────────────────────────────────────────────────────────────────────────────────────────────
def _memory(root: Path) -> Rows:
    """Rows by an id made of all that is not translation, and of how often it stood there before."""
    found: dict[str, tuple[int, Mapping[str, str]]] = {}
    path = root / "memory.csv"
    for row in read_rows(path, ("source", "market", "dub"), MEMORY_COLUMNS) if path.is_file() else ():
        cells = {name: original(text) for name, text in row.cells.items()}
        beside = (*MEMORY_TEXTS.values(), "status", *PROVENANCE)
        kept = [cells.get(name, "") for name in MEMORY_COLUMNS if name not in beside]
        digest = hashlib.sha256("\0".join(kept).encode()).hexdigest()[:10]
        name, number = f"m{digest}", 2
        while name in found:
            name, number = f"m{digest}-{number}", number + 1
        found[name] = (row.number, cells)
    return found


def _memory_units(name: str, cells: Mapping[str, str]) -> Iterator[Unit]:
    facts = tuple((column, cells.get(column, "")) for column in (*FACTS_OF_LINES, *PROVENANCE))
    for end, column in MEMORY_TEXTS.items():
        if cells.get(column):
            seen = ("seen", mark(cells[column]))
            yield Unit(
                f"{name}.{end}", cells["source"], cells[column], cells["market"], cells.get("status", ""),
                facts=(*facts, seen),
            )  # fmt: skip


def _memory_id(unit: Unit) -> str:
    return split_id(unit.id)[0]


def _memory_proposals(units: Sequence[Unit]) -> Iterator[Proposal]:
    for unit in units:
        yield Proposal(_memory_id(unit), split_id(unit.id)[1], unit.target, unit.fact("seen"))


def _memory_row(unit: Unit) -> dict[str, str]:
    """A line of somebody else's memory: a draft, offered and never filled in before a person reviewed it."""
    facts = {name: unit.fact(name) for name in (*FACTS_OF_LINES, *PROVENANCE)}
    said = {"source": unit.source, "market": market_of(unit.language), "dub": unit.target, "status": "draft"}
    return said | {name: text for name, text in facts.items() if text}

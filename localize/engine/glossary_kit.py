"""The translator's kit: an episode's lines for one market, with all a translator outside the house needs to know.

It is made of the tables people edit, and goes back into them: what a kit changes is an edit like any other, logged and
never overwritten.  Dub and subtitle are texts of their own; who changes one is told to look at the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from localize import pace
from localize.edits import STATUSES, Edit, Row
from localize.engine import table
from localize.engine.exchange import LARGEST, Change, Proposal, Weighed, mark, refuse, weigh
from localize.engine.order import Order, number_of
from localize.engine.transcript import transcript_path
from localize.errors import InputError
from localize.formats import lines_csv, sheet, transcript_csv, xliff
from localize.formats.units import Handed, Unit
from localize.glossary import Term
from localize.market import Market
from localize.queries import Query, ask, of_episode, read_queries
from localize.relations import told
from localize.series import SeriesBible
from localize.tables import read_bytes
from localize.timing import parse_clock

SUFFIXES = (".xliff", ".xlf", ".xlsx")
MINE = ("dub", "subtitle", "status", "note")
COLUMNS = (
    "id", "start", "end", "speaker", "addressee", "relation", "register", "seconds", "syllables", "characters",
    "previous", "source", "next", "pivot", "terms", "dub", "subtitle", "status", "note", "queries", "query",
    "seen",
)  # fmt: skip
ENDS = {"dub": "dub", "sub": "subtitle"}


@dataclass(frozen=True, slots=True)
class Returned:
    """What a kit brought back: the cells it changed, the edits logged, lines where one text of two changed, and the
    questions that were not asked before.
    """

    weighed: Weighed
    edits: tuple[Edit, ...]
    one_sided: tuple[tuple[str, str], ...]
    asked: tuple[Query, ...] = ()


def export(order: Order, bible: SeriesBible, market: Market, file: Path, version: str = "1.2") -> int:
    """Write the kit of one market; how many lines it holds.  ``version`` is that of XLIFF, 1.2 or 2.1.

    Raises ``InputError`` when nobody ran the episode yet, and for another version.
    """
    suffix, rows = _suffix(file), tuple(_facts(order, bible, market))
    if suffix == ".xlsx":
        data = sheet.encode(COLUMNS, rows, (*MINE, "query"))
    else:
        units = tuple(unit for row in rows for unit in _units(row, market))
        data = xliff.written(Handed(f"{order.stem}.{market.code}", bible.language, units), version).encode()
    lines_csv.write_bytes(file, data)
    return len(rows)


def take(order: Order, bible: SeriesBible, market: Market, file: Path, known: bool = False) -> Returned:
    """Take a kit back into the line table and the log of edits.

    Edits that wait in the table are taken in first.  Raises ``InputError`` before anything of the kit is written: for a
    damaged file, another market's kit, a status nobody knows, ids that are not this episode's (unless only ``known``
    ones count), and texts that changed on both sides.
    """
    suffix, data, where = _suffix(file), read_bytes(file, LARGEST), str(file)
    _path(order, market)
    found = tuple(_from_sheet(data, where) if suffix == ".xlsx" else _from_units(data, where, market))
    proposals = tuple(one for one in found if one.column != "query")
    one_market = replace(order, markets=(market,))
    table.import_all(one_market, bible)
    before = table.opened(order, market)
    cells = {row.id: (row.number, {name: getattr(row, name) for name in MINE}) for row in before.rows}
    weighed = weigh(cells, proposals)
    refuse(weighed, where, known)
    bad = next((one for one in weighed.changes if one.column == "status" and one.after not in STATUSES), None)
    if bad is not None:
        raise InputError(f"{bad.id} has the status {bad.after!r}", where, f"choose from {', '.join(STATUSES)}")
    new = _with(before.rows, weighed.changes)
    logged = table.revise(one_market, bible, market, before, new) if weighed.changes else ()
    questions = [(one.id, one.value) for one in found if one.column == "query" and one.id in cells]
    asked = ask(bible.root, order.stem, market.code, questions, order.by) if questions else ()
    return Returned(weighed, logged, tuple(one_sided(weighed.changes, before.rows)), asked)


def one_sided(changes: Iterable[Change], rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """(line, the text that stayed) where dub or subtitle changed and the other, which says the same, did not."""
    told: dict[str, set[str]] = {}
    for one in changes:
        told.setdefault(one.id, set()).add(one.column)
    both = {row.id for row in rows if row.dub.strip() and row.subtitle.strip()}
    for line, columns in told.items():
        texts = columns & {"dub", "subtitle"}
        if len(texts) == 1 and line in both:
            yield line, "subtitle" if "dub" in texts else "dub"


def _suffix(file: Path) -> str:
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"no kit is written as {suffix or 'nothing'!r}", str(file), f"choose from {', '.join(SUFFIXES)}"
        )
    return suffix


def _path(order: Order, market: Market) -> Path:
    path = table.table_path(order, market)
    if not path.is_file():
        fix = f"run it first: {order.command} {order.episode} --to {market.code}"
        raise InputError(f"there is no line table of {order.stem} for {market.code}", str(path), fix)
    return path


def _with(rows: Sequence[Row], changes: Iterable[Change]) -> list[Row]:
    new: dict[str, dict[str, str]] = {}
    for one in changes:
        new.setdefault(one.id, {})[one.column] = one.after
    for cells in new.values():
        if {"dub", "subtitle"} & cells.keys() and cells.get("status", "") == "missing":
            cells["status"] = "draft"
    return [_filled(row, new.get(row.id, {})) for row in rows]


def _filled(row: Row, cells: dict[str, str]) -> Row:
    if row.status == "missing" and {"dub", "subtitle"} & cells.keys():
        cells = {"status": "draft", **cells}
    return replace(row, **cells) if cells else row  # type: ignore[arg-type]


# ── what a line's translator needs to know ──────────────────────────────────────────────────────────────────
def _facts(order: Order, bible: SeriesBible, market: Market) -> Iterator[dict[str, str]]:
    rows, heard = lines_csv.read(_path(order, market)), _addressees(order)
    spoken = [row for row in rows if row.id.startswith("L")]
    places = {row.id: at for at, row in enumerate(spoken)}
    number = number_of(order.stem) if order.number is None else order.number
    glossary = bible.within(number).glossary(market.code)
    begun, own = set[str](), pace.of_market(market)
    asked = of_episode(read_queries(bible.root), order.stem, market.code)
    names = {one.id: f"{one.name} ({one.called(market.code) or one.id})" for one in bible.cast}
    for row in rows:
        at = places.get(row.id, -1)
        begun |= {row.id, f"S-{row.id}"}
        to = heard.get(row.id, "")
        address = bible.address(row.speaker, to, market.code, number, begun) if row.speaker and to else None
        seconds = (parse_clock(row.end) - parse_clock(row.start)) / 1000
        terms = [term for term in glossary.found_in(row.source) if term.source]
        yield {
            "id": row.id, "start": row.start, "end": row.end, "speaker": _name(bible, row.speaker, market),
            "addressee": _name(bible, to, market), "relation": _related(bible, (row.speaker, to), names, number, begun),
            "seconds": f"{seconds:.1f}",
            "register": " · ".join(filter(None, (address.form, address.call))) if address else "",
            "syllables": str(own.syllables(round(seconds * 1000))) if at >= 0 else "",
            "characters": str(market.subtitles.characters(round(seconds * 1000))),
            "previous": spoken[at - 1].source if at > 0 else "", "source": row.source,
            "next": spoken[at + 1].source if 0 <= at < len(spoken) - 1 else "",
            "terms": "; ".join(map(_agreed, terms)), "pivot": row.pivot,
            **{name: getattr(row, name) for name in MINE},
            "queries": "\n".join(one.told() for one in asked.get(row.id, ())), "query": "",
            "seen": " ".join(f"{name}={mark(getattr(row, name))}" for name in MINE),
        }  # fmt: skip


def _related(
    bible: SeriesBible, pair: tuple[str, str], names: Mapping[str, str], number: int, begun: Collection[str]
) -> str:
    """Whose what the two are to each other: ``沈晚 (Shen Wan): wife of 陆沉 (Lu Chen)``."""
    there = {who: names[who] for who in pair if who in names}
    return "; ".join(f"{name}: {what}" for name, what in told(bible.relations, there, number, begun))


def _agreed(term: Term) -> str:
    return f"{term.source} {'not ' if term.kind == 'forbidden' else ''}→ {' or '.join(term.forms)}"


def _addressees(order: Order) -> dict[str, str]:
    path = transcript_path(order)
    if not path.is_file():
        return {}
    return {row.id: row.addressee for row in transcript_csv.decode(path.read_bytes(), path)}


def _name(bible: SeriesBible, who: str, market: Market) -> str:
    found = bible.character(who)
    return f"{found.name} ({found.called(market.code) or found.id})" if found else who


def _units(row: dict[str, str], market: Market) -> Iterator[Unit]:
    kept = (*COLUMNS[3:11], "next", "pivot", "terms", "queries", "seen")
    facts = tuple((name, row[name]) for name in kept if row[name])
    for end, column in ENDS.items():
        if row["id"].startswith("L") or end == "sub":  # a text in the picture is only read
            most = int(row["characters"]) if end == "sub" else 0
            yield Unit(
                f"{row['id']}.{end}", row["source"], row[column], market.code, row["status"], row["note"], facts, most,
                row["id"],
            )  # fmt: skip


# ── and back ────────────────────────────────────────────────────────────────────────────────────────────────
def _from_sheet(data: bytes, where: str) -> Iterator[Proposal]:
    rows = sheet.decode(data, where)
    sheet.once(rows, where)
    for number, cells in rows:
        if "id" not in cells:
            raise InputError("the column id is missing", where, "keep the header as it was handed out")
        marks = _marks(cells.get("seen", ""), f"{where}, row {number}")
        yield from (Proposal(cells["id"], name, cells[name], marks.get(name, "")) for name in MINE if name in cells)
        if cells.get("query", "").strip():
            yield Proposal(cells["id"], "query", cells["query"])


def _from_units(data: bytes, where: str, market: Market) -> Iterator[Proposal]:
    signed: dict[str, list[tuple[Unit, dict[str, str]]]] = {}
    for unit in xliff.read(data, where).units:
        if unit.language.casefold() != market.code.casefold():
            raise InputError(f"is a kit for {unit.language}", where, f"--to {unit.language}")
        line, _, end = unit.id.rpartition(".")
        marks = _marks(unit.fact("seen"), f"{where}, {unit.id}")
        yield Proposal(line or unit.id, ENDS.get(end, end), unit.target, marks.get(ENDS.get(end, end), ""))
        alone = marks.get("note") == mark("")  # handed out without a note: the first one is a remark as well
        if not alone and (end == "dub" or line.startswith("T")):
            yield Proposal(line, "note", unit.note, marks.get("note", ""))
        remarks = (*([unit.note] if alone and unit.note.strip() else ()), *unit.comments)
        yield from (Proposal(line, "query", said) for said in remarks)
        signed.setdefault(line, []).append((unit, marks))
    for line, units in signed.items():
        states = {unit.state for unit, _ in units}
        if len(states) == 1 and states <= {"reviewed", "locked"}:  # tools set lesser states by themselves
            yield Proposal(line, "status", states.pop(), units[0][1].get("status", ""))


def _marks(seen: str, where: str) -> dict[str, str]:
    marks = dict(part.split("=", 1) for part in seen.split() if "=" in part)
    if not marks:
        fix = "hand the kit out again and copy the translations into it"
        raise InputError("nobody can tell what this line was when it was handed out (seen is gone)", where, fix)
    return marks

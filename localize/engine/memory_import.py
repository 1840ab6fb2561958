"""A translation memory of other people (TMX) taken into the series' own, each row with where it is from.

Other programs know nothing of ids here, so nothing is changed by them: rows are added, those that are there already are
not added twice.  The trade's rule holds: what comes from outside is an offer until somebody answers for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from localize.engine.exchange import put
from localize.engine.glossary_terms import market_of
from localize.errors import InputError
from localize.formats import tmx
from localize.formats.units import Unit, split_id
from localize.glossary import MEMORY_COLUMNS, PROVENANCE, normal
from localize.han import HAN
from localize.market import markets
from localize.spreadsheet import original
from localize.tables import read_bytes, read_rows

FACTS = ("speaker", "addressee", "setting", "episode")


@dataclass(frozen=True, slots=True)
class Learned:
    """What a memory brought: rows added to ``table``, how many were there already, and why others were left out."""

    table: Path
    added: tuple[Mapping[str, str], ...]
    known: int
    left: tuple[tuple[str, int], ...]


def take(root: Path, file: Path, by: str, reviewed: bool = False, look: bool = False) -> Learned:
    """Add the rows of ``file`` to ``memory.csv`` and its history; with ``look`` only tell them.

    They are drafts, which are offered and never filled in, unless the person says that they are ``reviewed``; what the
    file itself calls a draft stays one.  Raises ``InputError`` for a file that is no TMX.
    """
    if file.suffix.lower() != ".tmx":
        raise InputError(f"no memory is called {file.suffix or 'nothing'!r}", str(file), "export it as TMX 1.4b (.tmx)")
    units = tmx.read(read_bytes(file), str(file)).units
    left: Counter[str] = Counter()
    rows = [row for group in _rows(units) if (row := _row(group, file.name, reviewed, left))]
    table = root / "memory.csv"
    seen = {_key(cells) for cells in _there(table)}
    added = []
    for row in rows:
        if _key(row) not in seen:
            seen.add(_key(row))
            added.append(row)
    if added and not look:
        put(root, table.name, MEMORY_COLUMNS, (), added, by, file.name)
    return Learned(table, tuple(added), len(rows) - len(added), tuple(left.items()))


def _there(table: Path) -> Iterable[Mapping[str, str]]:
    for row in read_rows(table, ("source", "market", "dub"), MEMORY_COLUMNS) if table.is_file() else ():
        yield {name: original(text) for name, text in row.cells.items()}


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    dub = cells.get("dub") or cells.get("subtitle", "")
    facts = (cells.get(name, "") for name in ("speaker", "addressee"))
    return normal(cells.get("source", "")), cells.get("market", ""), normal(dub), *facts


def _rows(units: Sequence[Unit]) -> Iterable[tuple[Unit, ...]]:
    """Units that are one row: dub and subtitle of it, where this program wrote the file."""
    found: dict[tuple[str, str, str], list[Unit]] = {}
    for number, unit in enumerate(units):
        base = split_id(unit.id)[0]
        name = base if base != unit.id else str(number)
        found.setdefault((name, unit.language, unit.source), []).append(unit)
    return map(tuple, found.values())


def _row(units: tuple[Unit, ...], file: str, reviewed: bool, left: Counter[str]) -> dict[str, str]:
    """One row; empty, and counted in ``left``, where it can be no line of this series."""
    first = units[0]
    market = market_of(first.language)
    texts = {split_id(unit.id)[1]: unit.target.strip() for unit in units}
    if market not in markets():
        left[f"{first.language or 'no language'}: no market speaks it"] += 1
        return {}
    if not HAN.search(first.source) or not any(texts.values()):
        left["no Chinese, or no translation"] += 1
        return {}
    facts = {name: first.fact(name) for name in FACTS}
    status = "draft" if not reviewed or any(unit.state in ("draft", "missing") for unit in units) else "reviewed"
    told = dict(zip(PROVENANCE, (first.fact("from") or file, first.fact("changed"), first.fact("changed_by")),
                    strict=True))  # fmt: skip
    row = {"source": first.source.strip(), "market": market, **texts, **facts, "status": status, **told}
    return {name: text for name, text in row.items() if text} | {"dub": texts.get("dub", "")}

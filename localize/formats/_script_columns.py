"""Which column of somebody's table is the text, the time, the speaker, the Chinese."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from localize.errors import InputError
from localize.formats._script_words import table
from localize.han import could_be_chinese
from localize.timing import Span

if TYPE_CHECKING:
    from localize.formats.target_script import Passage

HEADS = 20
"""Rows a header is looked for in: titles and remarks stand above many tables."""
_LOOKED = 200


def rows(text: str) -> list[tuple[str, ...]]:
    """The cells of a text table, whatever divides them."""
    head = text[:20_000]
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
        return [tuple(cells) for cells in reader]
    except csv.Error as error:
        raise InputError(f"the table cannot be read: {error}", "", "save it again as “CSV UTF-8”") from None


def passages(grid: Sequence[Sequence[str]], market: str, where: str, rate: Fraction) -> list[Passage]:
    """Every row with words as a passage.  Raises ``InputError`` where no column can be the text."""
    from localize.formats.target_script import Passage, lasting, moment

    at, columns = _header(grid, market)
    if "text" not in columns:
        columns = {**_guessed(grid[at:], market, rate, set(columns.values())), **columns}
    if "text" not in columns:
        fix = f"name the column of the text {market} or text, and those of times start and end"
        raise InputError("no column can be told to be the script's text", where, fix)
    made: list[Passage] = []
    for number, row in enumerate(grid[at:], start=at + 1):
        cell = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if not cell["text"]:
            continue
        begin, end = (moment(cell.get(name, ""), rate) for name in ("start", "end"))
        span = Span(begin, end) if begin is not None and end is not None and end > begin else None
        if span is None and begin is not None:
            span = Span(begin, type(begin)(begin + 1))
        made.append(Passage(number, cell["text"], span, cell.get("speaker", ""), cell.get("source", "")))
    return list(lasting(made))


def _header(grid: Sequence[Sequence[str]], market: str) -> tuple[int, dict[str, int]]:
    """(first row below it, role → column); (0, nothing) where no row names columns."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(grid[:HEADS]):
        found = _named(row, market)
        if len(found) > len(best[1]) and ("text" in found or len(found) > 1):
            best = (number + 1, found)
    return best


def _named(row: Sequence[str], market: str) -> dict[str, int]:
    names = [" ".join(cell.casefold().replace("_", " ").split()) for cell in row]
    language = market.partition("-")[0]
    own = [market.casefold(), market.casefold().replace("-", " "), language, *table()["languages"].get(language, ())]
    wanted: dict[str, Sequence[str]] = {"text": own}
    found = {role: names.index(name) for role, known in wanted.items() for name in known if name in names}
    for role, known in table()["columns"].items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is not None and role not in found and place not in found.values():
            found[role] = place
    return found


def _guessed(grid: Sequence[Sequence[str]], market: str, rate: Fraction, taken: set[int]) -> Mapping[str, int]:
    """Columns by what is in them: times parse, Chinese is Chinese, the text has the most other letters."""
    from localize.formats.target_script import moment

    width = max((len(row) for row in grid[:_LOOKED]), default=0)
    cells = {
        at: [row[at].strip() for row in grid[:_LOOKED] if at < len(row) and row[at].strip()] for at in range(width)
    }
    cells = {at: column for at, column in cells.items() if column and at not in taken}
    times = [at for at, column in cells.items() if sum(":" in c and moment(c, rate) is not None for c in column)
             > 0.7 * len(column)]  # fmt: skip
    han = [at for at, column in cells.items() if sum(could_be_chinese(cell, market) for cell in column)
           > 0.7 * len(column)]  # fmt: skip
    rest = {at: sum(char.isalpha() for cell in column for char in cell) for at, column in cells.items()
            if at not in times and at not in han}  # fmt: skip
    found = dict(zip(("start", "end"), times, strict=False))
    if han:
        found["source"] = han[0]
    if rest and max(rest.values()) > 0:
        found["text"] = max(rest, key=lambda at: rest[at])
    return found

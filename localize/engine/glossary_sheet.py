"""Tables of terms as spreadsheets give them back: ``.xlsx`` and ``.csv``, known rows and new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from localize.engine.exchange import Proposal
from localize.errors import InputError
from localize.formats import sheet
from localize.glossary import KINDS, USES, uses_of
from localize.spreadsheet import original
from localize.tables import choice_of, decoded, rows_of

KIND = "idiom"
"""What a new term is taken as where a file does not say: it binds what is said, and names nobody."""
Numbered = tuple[int, Mapping[str, str]]


def rows(file: Path, data: bytes) -> list[Numbered]:
    """(row of the file, its cells).  Raises ``InputError``: no table, an id twice, no columns id and source."""
    numbered: Sequence[Numbered]
    if file.suffix.lower() == ".xlsx":
        numbered = sheet.decode(data, str(file))
    else:
        found = rows_of(decoded(data, str(file)), str(file), ("id", "source"))
        numbered = [(row.number, {name: original(text) for name, text in row.cells.items()}) for row in found]
    sheet.once(numbered, str(file))
    if numbered and not {"id", "source"} <= numbered[0][1].keys():
        raise InputError("the columns id and source are missing", str(file), "hand the table out again and edit that")
    return list(numbered)


def proposals(cells: Sequence[Mapping[str, str]]) -> Iterator[Proposal]:
    """Every cell as the file has it, with what it held when it was handed out."""
    for row in cells:
        seen = dict(part.split("=", 1) for part in row.get("seen", "").split() if "=" in part)
        for column, value in row.items():
            if column not in ("id", "seen"):
                yield Proposal(row.get("id", ""), column, value, seen.get(column, ""))


def drafts(strange: Sequence[Numbered], where: str) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """New rows as drafts of ``terms.csv``, and what was filled in for which row.

    Raises ``InputError`` with the row for a kind or use nobody knows, and for a term without its Chinese.
    """
    made, filled = [], []
    for number, cells in strange:
        row, place = {"source": ""} | dict(cells) | {"status": "draft"}, f"{where}, line {number}"
        if not row.get("kind", "").strip():
            row["kind"] = KIND
            filled.append(f"line {number}: {row['source'] or row.get('id', '')} has no kind: taken as {KIND}")
        choice_of(row["kind"], KINDS, "kind", place)
        for use in uses_of(row.get("use", "")):
            choice_of(use, USES, "use", place)
        if not row["source"].strip() and row["kind"] != "forbidden":
            raise InputError("a term needs its Chinese source", place, "fill in source, or leave the row out")
        made.append(row)
    return made, tuple(filled)

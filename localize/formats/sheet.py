"""Spreadsheets of their own kind (``.xlsx``): every cell is text, and none of them is ever run."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from localize.errors import InputError
from localize.formats._office import opened

LARGEST = 128 * 1024 * 1024
"""Bytes of the parts of a file together, unpacked: a hundred thousand lines stay far below."""
CELLS = 4_000_000
"""Cells of the square that all of a sheet's fit into; empty ones far off make a square nobody can walk."""
_WIDE = 60
MOST_ROWS = 60_000


def encode(columns: Sequence[str], rows: Sequence[Mapping[str, str]], editable: Sequence[str] = ()) -> bytes:
    """One sheet with a header that stays in sight; columns that are not ``editable`` are shaded."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    sheet: Any = book.active
    shade, wrap = PatternFill("solid", fgColor="EEEEEE"), Alignment(wrap_text=True, vertical="top")
    for at, name in enumerate(columns, start=1):
        head = sheet.cell(1, at, name)
        head.font = Font(bold=True)
        longest = max((len(row.get(name, "")) for row in rows), default=0)
        sheet.column_dimensions[head.column_letter].width = min(_WIDE, max(len(name), longest) + 2)
        for number, row in enumerate(rows, start=2):
            cell = sheet.cell(number, at)
            cell.value, cell.number_format, cell.alignment = row.get(name, ""), "@", wrap
            cell.data_type, cell.quotePrefix = "s", True  # never a formula, whatever it begins with
            if editable and name not in editable:
                cell.fill = shade
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def decode(data: bytes, where: str) -> tuple[tuple[int, dict[str, str]], ...]:
    """(row number, texts by column) of the first sheet; empty rows are left out.

    Raises ``InputError`` for anything that is no such file, unpacks to more than it should, or holds formulas.
    """
    from openpyxl import load_workbook

    fix = "save it as an Excel workbook (.xlsx)"
    try:
        opened(data, where, "spreadsheet", fix, LARGEST, strict=True)
        sheet: Any = load_workbook(io.BytesIO(data)).worksheets[0]
        if sheet.max_row * sheet.max_column > CELLS:
            raise _far(sheet.max_row, sheet.max_column, where)
        cells = [[_text(cell, where) for cell in row] for row in sheet.iter_rows()]
    except InputError:
        raise
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise InputError(f"is no spreadsheet that can be read: {error}", where, fix) from None
    columns = [name.strip() for name in cells[0]] if cells else []
    twice = [name for name in columns if name and columns.count(name) > 1]
    if not any(columns) or twice:
        what = f"the column {twice[0]!r} appears twice" if twice else "the first row names no columns"
        raise InputError(what, where, "keep the header as it was handed out")
    return tuple(
        (number, {name: text for name, text in zip(columns, row, strict=False) if name})
        for number, row in enumerate(cells[1:], start=2) if any(row)
    )  # fmt: skip


def once(rows: Sequence[tuple[int, Mapping[str, str]]], where: str) -> None:
    """Whether every id stands in one row only.  Raises ``InputError`` with the rows of one that does not."""
    places: dict[str, list[int]] = {}
    for number, cells in rows:
        if name := cells.get("id", "").strip():
            places.setdefault(name, []).append(number)
    for name, numbers in places.items():
        if len(numbers) > 1:
            what = f"the id {name!r} stands twice: rows {' and '.join(map(str, numbers))}"
            raise InputError(what, where, "keep the row that is right and delete the other")


def grid(data: bytes, where: str) -> list[tuple[str, ...]]:
    """The cells of the first sheet with words, whoever made it; a formula's is its last result, nothing is run.

    Raises ``InputError`` for anything that is no such file, is made to attack its reader, or has more than
    ``MOST_ROWS`` rows or, empty ones before its last in a row included, ``CELLS`` cells.
    """
    from openpyxl import load_workbook

    fix = "save it as an Excel workbook (.xlsx)"
    opened(data, where, "spreadsheet", fix, strict=True)
    walked = 0
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says about its own size may be a million rows
            rows: list[tuple[str, ...]] = []
            for row in islice(sheet.iter_rows(values_only=True), MOST_ROWS + 1):
                walked += len(row)
                if walked > CELLS:
                    raise _far(len(rows) + 1, len(row), where)
                rows.append(tuple(map(_shown, row)))
            if any(any(row) for row in rows):
                break
    except InputError:
        raise
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise InputError(f"is no spreadsheet that can be read: {error}", where, fix) from None
    if len(rows) > MOST_ROWS:
        raise InputError(f"holds more than {MOST_ROWS:,} rows; no episode has that many", where, fix)
    return rows


def _far(row: int, column: int, where: str) -> InputError:
    what = f"holds a cell at row {row}, column {column}, so is no table"
    return InputError(what, where, "delete what lies beside and below the table")


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _text(cell: Any, where: str) -> str:
    if cell.data_type == "f":
        fix = "put an apostrophe in front of a text that begins with ="
        raise InputError(f"{cell.coordinate} holds a formula, not a text", where, fix)
    if cell.data_type == "e":
        raise InputError(f"{cell.coordinate} shows an error, not a text", where, "put the text back")
    if cell.data_type in ("b", "d"):
        what = "a date" if cell.data_type == "d" else "true or false"
        fix = "type it again with an apostrophe in front, or format the cell as text first"
        raise InputError(f"{cell.coordinate} became {what}, and nobody can tell the text it was", where, fix)
    return "" if cell.value is None else str(cell.value)

"""The translator's table ``lines.csv``: UTF-8 with BOM, so that spreadsheets open it as it is.

Writing is canonical; reading takes what spreadsheets make of it: semicolons or tabs, UTF-16, other row
orders.  Cells that a spreadsheet would run as a formula or respell as a date or number carry a leading apostrophe in
the file and none in a ``Row``.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from localize.edit_log import sync_folder
from localize.edits import STATUSES, Row
from localize.errors import InputError
from localize.spreadsheet import neutral as neutral
from localize.spreadsheet import original as original
from localize.tables import decoded

COLUMNS = tuple(one.name for one in fields(Row) if one.name != "number")
REMARKS = ("match", "pivot")
"""Columns a table may lack: nothing is read from them, and older tables have none."""
SAVE_AS = "save it as “CSV UTF-8 (comma delimited)”; or move it away: the next run writes it anew"
TIMES = ("start", "end")  # read leniently instead, so that they need no apostrophe in front


def encode(rows: Iterable[Row]) -> bytes:
    """The table as a file's bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (getattr(row, name).replace("\0", "") for name in COLUMNS)  # what holds one is no text to any reader
        writer.writerow([neutral(cell, name not in TIMES) for name, cell in zip(COLUMNS, cells, strict=True)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write(path: Path, rows: Iterable[Row]) -> None:
    """Put the table in place, whole or not at all."""
    write_bytes(path, encode(rows))


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` atomically and durably.  Raises ``InputError`` when the folder refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        fix = "close it in other programs, make room or allow writing"
        raise InputError(f"the table cannot be written: {error.strerror}", str(path), fix) from error


def read(path: Path) -> tuple[Row, ...]:
    """The rows as they stand in the file.  Raises ``InputError`` (file, line, what next) for anything
    unreadable.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the table cannot be read: {error.strerror}", str(path), "check the file and its permissions"
        ) from error
    return decode(data, str(path))


def decode(data: bytes, where: str) -> tuple[Row, ...]:
    """``read`` for bytes; ``where`` names the file in errors."""
    records = list(_records(decoded(data, where, SAVE_AS), where))
    if not records:
        raise InputError("the table is empty", where, "delete it; the next run writes it anew")
    # A spreadsheet that sorts all rows puts the header among them.
    at = next((at for at, (_, cells) in enumerate(records) if {*COLUMNS} - {*REMARKS} <= {*map(_name, cells)}), 0)
    line, cells = records.pop(at)
    header = _header(cells, f"{where}, line {line}")
    found: dict[str, Row] = {}
    for number, cells in records:
        row = _row(header, cells, number, where)
        if row.id in found:
            what = f"id {row.id} stands twice (first in line {found[row.id].number})"
            raise InputError(what, f"{where}, line {number}", "keep one of the two rows")
        found[row.id] = row
    return tuple(found.values())


def _delimiter(text: str) -> str:
    """The mark between the names of the columns, wherever the header is."""
    rows = text.splitlines()[:10_000]

    def names(mark: str) -> int:
        return max((len({*map(_name, row.split(mark))} & {*COLUMNS}) for row in rows), default=0)

    return max(",;\t", key=names)


def _name(cell: str) -> str:
    return cell.strip(' "\r\ufeff').lower()


def _records(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every row that is not blank, the header among them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fix = 'a quote (") was opened and not closed, or the file was cut off; restore it or save it again'
            raise InputError(f"the row cannot be read: {error}", f"{where}, line {number}", fix) from error
        told = number == 1 and re.fullmatch(r"sep=.?", "".join(cells).strip())  # which mark divides the cells
        if any(cell.strip() for cell in cells) and not told:
            yield number, cells
        number = reader.line_num + 1


def _header(cells: list[str], place: str) -> tuple[str, ...]:
    last = max((at for at, cell in enumerate(cells, start=1) if _name(cell)), default=0)
    names = tuple(map(_name, cells[:last]))
    lost = [name for name in COLUMNS if name not in (*names, *REMARKS)]
    extra = [name for name in names if name and name not in COLUMNS]
    double = sorted({name for name in names if name and names.count(name) > 1})
    for told, found in (("missing", lost), ("unknown", extra), ("repeated", double)):
        if found:
            fix = f"the columns are {', '.join(COLUMNS)}; remarks go into note"
            raise InputError(f"{told} column: {', '.join(found)}", place, fix)
    return names


def _row(header: tuple[str, ...], cells: list[str], number: int, where: str) -> Row:
    place = f"{where}, line {number}"
    if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
        fix = "undo what split or cut this row; texts with commas need quotes"
        raise InputError(f"the row has {len(cells)} cells instead of {len(header)}", place, fix)
    values = {name: original(cell, name not in TIMES) for name, cell in zip(header, cells, strict=False) if name}
    values["id"], status = values["id"].strip(), values["status"].strip().lower()
    if not values["id"]:
        raise InputError("the row has no id", place, "restore the id; new lines cannot be added here")
    if status not in STATUSES:
        raise InputError(
            f"status {values['status']!r} is unknown", place, f"use one of {', '.join(STATUSES)}"
        )
    return Row(**(dict.fromkeys(REMARKS, "") | values | {"status": status}), number=number)

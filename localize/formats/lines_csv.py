"""The translator's table ``lines.csv``: UTF-8 with BOM, so that spreadsheets open it as it is.

Writing is canonical; reading takes what spreadsheets make of it: semicolons or tabs, UTF-16, other row
orders.  Cells that a spreadsheet would run as a formula carry a leading apostrophe in the file and none in a
``Row``.
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

COLUMNS = tuple(one.name for one in fields(Row) if one.name != "number")
# OWASP's list of what starts a formula, with the full-width twins that East Asian spreadsheets fold into it.
FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
SAVE_AS = "save it as “CSV UTF-8 (comma delimited)”"


def neutral(text: str) -> str:
    """``text`` as no spreadsheet will run it.  ``original`` undoes it exactly."""
    return "'" + text if FORMULA.match(text) else text


def original(cell: str) -> str:
    """The text behind a cell; an apostrophe that opens an ordinary word (``'Cause``) is the writer's own."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def encode(rows: Iterable[Row]) -> bytes:
    """The table as a file's bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([neutral(getattr(row, name)) for name in COLUMNS])
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
    text = _text(data, where)
    records = _records(text, _delimiter(text, where), where)
    header = _header(next(records)[1], where)
    found: dict[str, Row] = {}
    for number, cells in records:
        row = _row(header, cells, number, where)
        if row.id in found:
            first = found[row.id].number
            raise InputError(
                f"id {row.id} stands twice (first in line {first})",
                f"{where}, line {number}",
                "keep one of the two rows",
            )
        found[row.id] = row
    return tuple(found.values())


def _text(data: bytes, where: str) -> str:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        data.decode("gb18030")
        guess = "it looks like GBK, the Chinese system's CSV"
    except UnicodeDecodeError:
        guess = "its encoding is unknown"
    raise InputError(f"the table is not UTF-8: {guess}", where, SAVE_AS)


def _delimiter(text: str, where: str) -> str:
    first = text.partition("\n")[0]
    best = max(
        ",;\t", key=lambda mark: len({cell.strip(' "\r') for cell in first.split(mark)} & set(COLUMNS))
    )
    if not first.strip():
        raise InputError("the table is empty", where, "delete it; the next run writes it anew")
    return best


def _records(text: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every row that is not blank, the header first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fix = (
                'a quote (") was opened and not closed, or the file was cut off; restore it or save it again'
            )
            raise InputError(f"the row cannot be read: {error}", f"{where}, line {number}", fix) from error
        if any(cells) or number == 1:
            yield number, cells
        number = reader.line_num + 1


def _header(cells: list[str], where: str) -> tuple[str, ...]:
    names = tuple(cell.strip().lower() for cell in cells)
    lost = [name for name in COLUMNS if name not in names]
    extra = [name for name in names if name and name not in COLUMNS]
    double = sorted({name for name in names if name and names.count(name) > 1})
    for told, found in (("missing", lost), ("unknown", extra), ("repeated", double)):
        if found:
            fix = f"the columns are {', '.join(COLUMNS)}; remarks go into note"
            raise InputError(f"{told} column: {', '.join(found)}", f"{where}, line 1", fix)
    return names


def _row(header: tuple[str, ...], cells: list[str], number: int, where: str) -> Row:
    place = f"{where}, line {number}"
    if len(cells) < len(header) or any(cells[len(header) :]):
        fix = "undo what split or cut this row; texts with commas need quotes"
        raise InputError(f"the row has {len(cells)} cells instead of {len(header)}", place, fix)
    values = {name: original(cell) for name, cell in zip(header, cells, strict=False) if name}
    values["id"], status = values["id"].strip(), values["status"].strip().lower()
    if not values["id"]:
        raise InputError("the row has no id", place, "restore the id; new lines cannot be added here")
    if status not in STATUSES:
        raise InputError(
            f"status {values['status']!r} is unknown", place, f"use one of {', '.join(STATUSES)}"
        )
    return Row(**(values | {"status": status}), number=number)

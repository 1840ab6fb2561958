"""Text files people write by hand, TOML and CSV: errors name the file, the line and the way out."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localize.errors import InputError

LARGEST = 32 * 1024 * 1024
"""Bytes; nobody types more, and a video given by mistake must not be swallowed whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: ``number`` is its line in the file (from 1), ``cells`` are stripped, by column."""

    where: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def place(self) -> str:
        return f"{self.where}, line {self.number}"


def read_bytes(path: Path) -> bytes:
    """The whole file.  Raises ``InputError`` when it cannot be read or is absurdly large."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"larger than {LARGEST >> 20} MB, so not a text table", str(path))
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", str(path), "check the name and its permissions"
        ) from error


def read_text(path: Path) -> str:
    """UTF-8 text, with or without byte order mark; ``InputError`` names the likely encoding otherwise."""
    data = read_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        guess = guess_encoding(data)
        what = f"line {line} is not UTF-8" + (f"; the file looks like {guess}" if guess else "")
        raise InputError(what, str(path), "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)") from None
    if "\0" in text:
        raise InputError("holds zero bytes, so it is not UTF-8 text", str(path), "save the file as UTF-8")
    return text


def guess_encoding(data: bytes) -> str:
    """The name of the most likely legacy encoding of ``data``, or nothing."""
    from charset_normalizer import from_bytes

    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    best = from_bytes(
        data[:65536], cp_isolation=["gb18030", "big5", "utf_16_le", "utf_16_be", "shift_jis"]
    ).best()
    return best.encoding.upper() if best else ""


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a table.  Raises ``InputError`` with the parser's line and column."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"not valid TOML: {error}", str(path), "mend that line; https://toml.io shows the rules"
        ) from None


def read_rows(path: Path, required: Sequence[str], known: Sequence[str] | None = None) -> tuple[Row, ...]:
    """The rows of a CSV file with a header line.

    ``,``, ``;`` and tab are all understood (spreadsheets differ by country).  Raises ``InputError`` for a
    missing or unknown column, a row with too many cells, an unclosed quote.  Empty rows and rows that start
    with ``#`` are skipped.
    """
    return rows_of(read_text(path), str(path), required, known)


def rows_of(
    text: str, where: str, required: Sequence[str], known: Sequence[str] | None = None
) -> tuple[Row, ...]:
    """``read_rows`` for text that is already in hand."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    columns: list[str] = []
    rows: list[Row] = []
    begin = 1
    try:
        for cells in reader:
            number, begin = begin, reader.line_num + 1
            if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
                continue
            if not columns:
                columns = _header(cells, where, required, known)
            else:
                rows.append(_row(cells, columns, where, number))
    except csv.Error as error:
        raise InputError(
            f"line {begin}: {error}", where, 'close every quote; write a quote inside a cell as ""'
        ) from None
    if not columns:
        raise InputError(
            "the table is empty", where, f"its first line must name the columns {', '.join(required)}"
        )
    return tuple(rows)


def _header(
    cells: Iterable[str], where: str, required: Sequence[str], known: Sequence[str] | None
) -> list[str]:
    columns = [cell.strip() for cell in cells]
    missing = [name for name in required if name not in columns]
    if missing:
        raise InputError(
            f"the column {missing[0]!r} is missing", where, f"columns needed: {', '.join(required)}"
        )
    doubled = [name for name in columns if name and columns.count(name) > 1]
    if doubled:
        raise InputError(f"the column {doubled[0]!r} appears twice", where, "keep one of them")
    strange = [name for name in columns if known is not None and name and name not in known]
    if strange:
        raise InputError(
            f"the column {strange[0]!r} is not known", where, f"known columns: {', '.join(known or ())}"
        )
    return columns


def _row(cells: Sequence[str], columns: Sequence[str], where: str, number: int) -> Row:
    if any(cell.strip() for cell in cells[len(columns) :]):
        fix = "put cells that hold a comma into double quotes"
        raise InputError(f"line {number} has {len(cells)} cells for {len(columns)} columns", where, fix)
    return Row(where, number, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)})


def text_of(table: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
    """The text under ``key``.  Raises ``InputError`` when it is missing (without a default) or no text."""
    value = table.get(key, default)
    if value is None:
        raise InputError(f"the key {key!r} is missing", where, f'add {key} = "…"')
    if not isinstance(value, str):
        raise InputError(f"{key} must be text in quotes, not {value!r}", where)
    return value.strip()


def texts_of(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """The list of texts under ``key``; empty when absent.  Raises ``InputError`` on anything else."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f'{key} must be a list of texts such as ["a", "b"], not {value!r}', where)
    return tuple(item.strip() for item in value)


def table_of(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """The sub-table under ``key``; empty when absent.  Raises ``InputError`` when it is something else."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{key} must be a table, not {value!r}", where)
    return value


def choice_of(value: str, allowed: Sequence[str], what: str, where: str) -> str:
    """``value`` if it is one of ``allowed``.  Raises ``InputError`` listing them otherwise."""
    if value not in allowed:
        raise InputError(
            f"{what} cannot be {value!r}", where, f"choose from {', '.join(filter(None, allowed))}"
        )
    return value

"""Tables people write by hand as CSV: errors name the file, the line and the way out."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from localize.errors import InputError

LARGEST = 32 * 1024 * 1024
"""Bytes; nobody types more, and a video given by mistake must not be swallowed whole."""
SAVE_AS = "save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
Known = Callable[[str, str], None]


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


def read_bytes(path: Path, most: int = LARGEST) -> bytes:
    """The whole file.  Raises ``InputError`` when it cannot be read or is absurdly large, ``most`` in bytes."""
    try:
        if path.stat().st_size > most:
            fix = "put the table itself there; is it another file under its name?"
            raise InputError(f"larger than {most >> 20} MB, so not a text table", str(path), fix)
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", str(path), "check the name and its permissions"
        ) from error


def read_text(path: Path) -> str:
    """The file's text: UTF-8 with or without byte order mark, or UTF-16 with one.  Raises ``InputError`` else."""
    return decoded(read_bytes(path), str(path))


def decoded(data: bytes, where: str, fix: str = SAVE_AS) -> str:
    """``read_text`` for bytes.  The error names line and byte, and an encoding only when there is no doubt."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if data.startswith(b"PK\3\4"):
        raise InputError("this is a spreadsheet's own file, not a text table", where, fix)
    if b"\0" in data and not utf16:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        what = "a zero byte, so this is no text, or UTF-16 without its mark"
        raise InputError(what, f"{where}, line {line}", fix)
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if utf16:
            raise InputError("starts like UTF-16 and goes on as something else", where, fix) from None
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        what = f"not UTF-8: byte {column} of this line is 0x{data[error.start]:02X}"
        told = "; the file is GBK, what a Chinese system saves by default" if is_gbk(data) else ""
        raise InputError(what + told, f"{where}, line {line}", fix) from None


def is_gbk(data: bytes) -> bool:
    """Whether ``data`` is simplified Chinese in GBK beyond doubt.

    All but a twentieth of the characters beyond ASCII must stand in GB 2312, three quarters of them among its 3755
    common ones (lead bytes B0–D7), and some with a lead byte from C9 on.  Big5 has its common characters below C9,
    Korean its syllables, and Western encodings make no such pairs.
    """
    try:
        wide = [mark.encode("gb18030") for mark in data.decode("gb18030") if mark > "\x7f"]
    except UnicodeDecodeError:
        return False
    pairs = [mark for mark in wide if len(mark) == 2 and mark[0] >= 0xA1 and mark[1] >= 0xA1]
    words = [mark for mark in pairs if 0xB0 <= mark[0] <= 0xF7]
    kana = any(mark[0] in (0xA4, 0xA5) for mark in pairs)
    common = sum(mark[0] <= 0xD7 for mark in words)
    late = sum(mark[0] >= 0xC9 for mark in words)
    return len(words) >= 4 and not kana and len(pairs) >= 0.95 * len(wide) and common >= 0.75 * len(words) <= 8 * late


def read_rows(path: Path, required: Sequence[str], known: Sequence[str] | Known | None = None) -> tuple[Row, ...]:
    """The rows of a CSV file with a header line.

    ``,``, ``;`` and tab are all understood (spreadsheets differ by country).  Raises ``InputError`` for a
    missing or unknown column, a row with too many cells, an unclosed quote.  Empty rows and rows that start
    with ``#`` are skipped.  ``known`` may be a function of column and place that raises for a strange one.
    """
    return rows_of(read_text(path), str(path), required, known)


def rows_of(
    text: str, where: str, required: Sequence[str], known: Sequence[str] | Known | None = None
) -> tuple[Row, ...]:
    """``read_rows`` for text that is already in hand."""
    lines = (line for line in text.splitlines() if line.strip(" ,;\t") and not line.lstrip(' "').startswith("#"))
    head = next(lines, "")
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
                columns = _header(cells, f"{where}, line {number}", required, known)
            else:
                rows.append(_row(cells, columns, where, number))
    except csv.Error as error:
        raise InputError(
            f"the row cannot be read: {error}", f"{where}, line {begin}",
            'close every quote; write a quote inside a cell as ""',
        ) from None  # fmt: skip
    if not columns:
        raise InputError("the table is empty", where, f"its first line must name the columns {', '.join(required)}")
    return tuple(rows)


def _header(
    cells: Iterable[str], place: str, required: Sequence[str], known: Sequence[str] | Known | None
) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for name in required:
        if name not in columns:
            fix = f"{did_you_mean(name, columns, 'is it')}columns needed: {', '.join(required)}"
            raise InputError(f"the column {name!r} is missing", place, fix)
    doubled = [name for name in columns if name and columns.count(name) > 1]
    if doubled:
        raise InputError(f"the column {doubled[0]!r} appears twice", place, "keep one of them")
    for name in filter(None, columns):
        if callable(known):
            known(name, place)
        elif known is not None:
            known_column(name, place, known)
    return columns


def known_column(name: str, place: str, known: Sequence[str]) -> None:
    """Raise ``InputError`` when ``name`` is none of ``known``, with the one it resembles."""
    if name not in known:
        fix = f"{did_you_mean(name, known)}known columns: {', '.join(known)}"
        raise InputError(f"the column {name!r} is not known", place, fix)


def _row(cells: Sequence[str], columns: Sequence[str], where: str, number: int) -> Row:
    if any(cell.strip() for cell in cells[len(columns) :]):
        fix = "put cells that hold a comma into double quotes"
        raise InputError(f"{len(cells)} cells for {len(columns)} columns", f"{where}, line {number}", fix)
    return Row(where, number, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)})


def did_you_mean(name: str, known: Iterable[str], ask: str = "did you mean") -> str:
    """The start of a sentence that names what ``name`` resembles; empty when nothing does."""
    found = {one.casefold().replace("_", "-"): one for one in known}
    near = difflib.get_close_matches(name.casefold().replace("_", "-"), found, 1, 0.7)
    return f"{ask} {found[near[0]]}? " if near else ""


def choice_of(value: str, allowed: Sequence[str], what: str, where: str) -> str:
    """``value`` if it is one of ``allowed``.  Raises ``InputError`` listing them otherwise."""
    if value not in allowed:
        fix = f"{did_you_mean(value, allowed)}choose from {', '.join(filter(None, allowed))}"
        raise InputError(f"{what} cannot be {value!r}", where, fix)
    return value

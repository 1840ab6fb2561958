"""The transcript table ``transcript.csv``: what is said in the source, when and by whom, one line a row.

Columns ``start end speaker addressee kind text`` may be changed.  Rows are split and joined through their ``id``:
``L0007+`` in a row of its own is the second part of L0007, ``L0007 L0008`` stands for both, and a row with an empty id
is a line that was missed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from localize.corrections import KINDS
from localize.episode import Line
from localize.errors import InputError
from localize.formats.markup import code_in
from localize.spreadsheet import is_error, neutral, original, same_time
from localize.tables import decoded, rows_of
from localize.timing import Ms, Span, clock, parse_clock

ID = re.compile(r"L\d+|L\d+\+|L\d+ L\d+|")
LINE = re.compile(r"L\d+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; times are text.  ``number`` is its line in the file, 0 when it did not come from one."""

    id: str
    start: str
    end: str
    speaker: str
    addressee: str
    kind: str
    text: str
    number: int = field(default=0, compare=False)

    @property
    def span(self) -> Span:
        return Span(parse_clock(self.start), parse_clock(self.end))


TIMES = ("start", "end")
COLUMNS = tuple(one.name for one in fields(Row) if one.name != "number")


def row_of(line: Line) -> Row:
    start, end = clock(line.span.start), clock(line.span.end)
    return Row(line.id, start, end, line.speaker, line.addressee or "", line.kind, line.text)


def encode(rows: Iterable[Row]) -> bytes:
    """The table as a file's bytes: UTF-8 with BOM, so that spreadsheets open it as it is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([neutral(getattr(row, name), name not in TIMES) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def decode(
    data: bytes, path: Path, before: Mapping[str, Row] | None = None, length: Ms | None = None
) -> tuple[Row, ...]:
    """The rows as they stand.  Raises ``InputError`` (file, line, what next) for what cannot be meant.

    ``before`` are the rows as they were written: a time that a spreadsheet merely respelt is read as it was.
    ``length`` is how long the episode is; nobody may put a line's begin or end after it.
    """
    ends = {one.end for one in (before or {}).values()}
    found: list[Row] = []
    for row in rows_of(decoded(data, str(path)), str(path), COLUMNS, COLUMNS):
        cells = {name: original(row[name], name not in TIMES) for name in COLUMNS}
        cells["id"] = " ".join(cells["id"].split())
        was = _before(cells["id"], before or {})
        cells |= {name: _time(cells[name], [getattr(one, name) for one in was if _tells(name, cells["id"], one)])
                  for name in TIMES}  # fmt: skip
        one = Row(**cells, number=row.number)
        _refuse_damage(one, was[0] if was else None, row.place)
        _check(one, row.place, length, known=one.end in ends)
        found.append(one)
    return tuple(found)


def _before(name: str, before: Mapping[str, Row]) -> list[Row]:
    """The rows as they were written that a row of this id stands for; none for a line that was missed."""
    return [before[one] for one in ([name] if name in before else LINE.findall(name)) if name and one in before]


def _tells(column: str, name: str, was: Row) -> bool:
    """Whether the row's time may be that of ``was``: a second part begins where nothing began before."""
    return column == "end" or not name.endswith("+") or was.id == name


def _time(now: str, known: Sequence[str]) -> str:
    """The time of ``known`` that a spreadsheet respelt as ``now``, the nearest where several can be; else ``now``."""
    meant = [one for one in known if same_time(one, now)]
    if len(meant) < 2 or now in meant:
        return now if now in meant or not meant else meant[0]
    try:
        return min(meant, key=lambda one: abs(parse_clock(one) - parse_clock(now)))
    except InputError:
        return meant[0]


def _refuse_damage(row: Row, was: Row | None, place: str) -> None:
    """What a spreadsheet did to the words is nobody's correction."""
    if any(is_error(cell) for cell in (row.speaker, row.addressee, row.kind, row.text)):
        raise InputError("a spreadsheet's error stands in this row", place, "put the text back, then save again")
    lost = (was.text.encode(name, "replace").decode(name) for name in ("cp1252", "ascii")) if was else ()
    if was is not None and row.text != was.text and row.text in lost:
        fix = "undo, and save the file as “CSV UTF-8 (comma delimited)”"
        raise InputError(f"{was.id} has question marks instead of Chinese", place, fix)
    code = code_in(row.text)
    if code and (was is None or code not in was.text):
        what = f"{code} is a code of subtitle files, and no words: no format hands it on as it stands"
        raise InputError(what, place, "take it out of the text, then save again")


def _check(row: Row, place: str, length: Ms | None, known: bool) -> None:
    """``known``: the line ends where the table had an end before, and what was read there is nobody's mistake."""
    if ID.fullmatch(row.id) is None:
        fix = "L0007 is a line, L0007+ its split-off second part, “L0007 L0008” both in one, an empty cell a new line"
        raise InputError(f"the id {row.id!r} says nothing", place, fix)
    if row.kind not in KINDS:
        raise InputError(f"no line is of the kind {row.kind!r}", place, f"use one of {', '.join(KINDS)}")
    try:
        span = row.span
    except (ValueError, InputError):
        fix = "write times as 00:01:02,345, the end after the start"
        raise InputError(f"not the times of a line: {row.start!r} to {row.end!r}", place, fix) from None
    late = row.start if length is not None and span.start >= length else row.end
    if length is not None and (span.start >= length or (span.end > length and not known)):
        what = f"{late} is after the end of the episode, which is {clock(length)} long"
        raise InputError(what, place, "the times are hours:minutes:seconds")

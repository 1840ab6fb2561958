"""A translator's script for one episode and market, laid over the lines by text and time, never by ids.

``SERIES/scripts/<episode>.<market>.csv``: start, end, source, dub, subtitle, short, long, status.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from localize.episode import Line
from localize.errors import InputError
from localize.glossary import normal
from localize.tables import Row, choice_of, read_rows
from localize.timing import Span, parse_clock
from localize.version import Status, Variants

COLUMNS = ("start", "end", "source", "dub", "subtitle", "short", "long", "status", "speaker", "note")
DRIFT = 1500
"""How far, in ms, a script's times may be off (a logo cut, another frame rate)."""
FAR = 10_000
"""Within this many ms an identical, long enough text still counts as the same line."""
JOINED = 3
"""At most this many rows make one line, or lines one row."""
SKIP, STEP = 0.0, 1e-3


@dataclass(frozen=True, slots=True)
class ScriptRow:
    """One row: what a person says this line is.  ``span`` is None when the script gives no times."""

    span: Span | None
    source: str
    dub: Variants
    subtitle: str
    status: Status
    reference: str


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows by line id, and the rows that found no line; ``left`` are the places of these among all."""

    rows: dict[str, ScriptRow]
    unused: tuple[ScriptRow, ...]
    left: tuple[int, ...] = ()


def script_of(root: Path, episode: str, market: str) -> Path:
    """Where in a series directory the script for one episode and market lies, if there is one."""
    return root / "scripts" / f"{episode}.{market}.csv"


def read_script(path: Path) -> tuple[ScriptRow, ...]:
    """The translated rows of a script, empty ones left out.  Raises ``InputError`` with the line."""
    return tuple(row for _, row in read_numbered(path))


def read_numbered(path: Path) -> tuple[tuple[int, ScriptRow], ...]:
    """``read_script`` with the line of the file each row begins in, from 1."""
    found = read_rows(path, ("source", "dub"), COLUMNS)
    return tuple((raw.number, row) for raw in found if (row := _row(raw, path.name)))


def _row(row: Row, name: str) -> ScriptRow | None:
    dub, subtitle = row["dub"] or row["subtitle"], row["subtitle"] or row["dub"]
    status = choice_of(row["status"] or "reviewed", ("draft", "reviewed", "locked"), "status", row.place)
    if not row["source"]:
        raise InputError("a row needs its Chinese source", row.place, "scripts are matched by text and time")
    if not dub:
        return None
    span = None
    if row["start"] and row["end"]:
        try:
            span = Span(parse_clock(row["start"]), parse_clock(row["end"]))
        except InputError as error:
            raise InputError(error.what, row.place, error.fix or "write times as 00:01:02,345") from None
    variants = Variants(dub, row["short"], row["long"])
    return ScriptRow(span, row["source"], variants, subtitle, cast(Status, status), name)


def match(lines: Sequence[Line], rows: Sequence[ScriptRow]) -> Matched:
    """The rows' words for the lines they were paired with (``pairs``)."""
    return _matched(tuple(lines), tuple(rows))


@lru_cache(maxsize=32)  # every market is asked twice: for its words, and for what is left over
def _matched(lines: tuple[Line, ...], rows: tuple[ScriptRow, ...]) -> Matched:
    found: dict[str, ScriptRow] = {}
    used: set[int] = set()
    for over, down in pairs(lines, rows):
        some, given = lines[over.start : over.stop], rows[down.start : down.stop]
        found.update({line.id: piece for line, piece in zip(some, _pieces(given, len(some)), strict=True)})
        used.update(down)
    left = tuple(at for at in range(len(rows)) if at not in used)
    return Matched(found, tuple(rows[at] for at in left), left)


def pairs(lines: Sequence[Line], rows: Sequence[ScriptRow]) -> Iterator[tuple[range, range]]:
    """Which lines are made of which rows (places in both): the order-keeping pairing of greatest total likeness.

    A line may be made of up to three rows (their words are joined); a row may cover up to three lines when
    its words fall into as many sentences as there are lines, else nobody could say which words belong where.
    """
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for i in range(len(lines), -1, -1):
        for j in range(len(rows), -1, -1):
            best[i, j] = max(_moves(lines, rows, i, j, best), default=(0.0, 0, 0))
    i = j = 0
    while (step := best[i, j])[1] or step[2]:
        _, over, down = step
        if over and down:
            yield range(i, i + over), range(j, j + down)
        i, j = i + over, j + down


def _moves(
    lines: Sequence[Line],
    rows: Sequence[ScriptRow],
    i: int,
    j: int,
    best: dict[tuple[int, int], tuple[float, int, int]],
) -> Iterator[tuple[float, int, int]]:
    """(total likeness from here, lines taken, rows taken) for every step that can be taken."""
    if i < len(lines):
        yield best[i + 1, j][0] + SKIP, 1, 0
    if j < len(rows):
        yield best[i, j + 1][0] + SKIP, 0, 1
    shapes = [(1, 1), *((1, k) for k in range(2, JOINED + 1)), *((k, 1) for k in range(2, JOINED + 1))]
    for over, down in shapes:
        if i + over <= len(lines) and j + down <= len(rows):
            some, given = lines[i : i + over], rows[j : j + down]
            score = _likeness(some, given)
            if score and _pieces(given, over):
                yield best[i + over, j + down][0] + score * max(over, down) - STEP, over, down


def _likeness(lines: Sequence[Line], rows: Sequence[ScriptRow]) -> float:
    """0 when they cannot be the same words, else up to 1.5: text counts 1, time 0.5."""
    said, written = "".join(_plain(line.text) for line in lines), "".join(_plain(row.source) for row in rows)
    longest = max(len(said), len(written))
    if not longest or abs(len(said) - len(written)) > _slips(longest):
        return 0.0
    wrong = _distance(said, written)
    first, last = rows[0].span, rows[-1].span
    if first is None or last is None:
        return 1 - wrong / longest if wrong <= _slips(longest) else 0.0
    off = max(abs(first.start - lines[0].span.start), abs(last.end - lines[-1].span.end) - DRIFT)
    meets = first.start - DRIFT < lines[-1].span.end and last.end + DRIFT > lines[0].span.start
    if meets and wrong <= _slips(longest):
        return 1 - wrong / longest + 0.5 * max(0.0, 1 - off / (2 * DRIFT))
    return 1.0 if wrong == 0 and longest >= 4 and off <= FAR else 0.0


def _slips(length: int) -> int:
    """How many characters a reader of captions may have got wrong in a text of ``length``."""
    return 0 if length < 2 else 1 if length < 5 else max(2, length // 6)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return normal(text)


@lru_cache(maxsize=65536)
def _distance(one: str, other: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other)


def _pieces(rows: Sequence[ScriptRow], lines: int) -> tuple[ScriptRow, ...]:
    """The rows' words for so many lines; empty when they cannot be divided without guessing."""
    if lines == 1:
        return (_joined(rows),)
    row = rows[0]
    dubs, subtitles = _sentences(row.dub.normal), _sentences(row.subtitle)
    if len(dubs) != lines or len(subtitles) != lines:
        return ()
    return tuple(
        ScriptRow(row.span, row.source, Variants(dub), subtitle, row.status, row.reference)
        for dub, subtitle in zip(dubs, subtitles, strict=True)
    )


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?…])\s+", text.strip()) if part]


def _joined(rows: Sequence[ScriptRow]) -> ScriptRow:
    if len(rows) == 1:
        return rows[0]
    first, last = rows[0], rows[-1]
    span = Span(first.span.start, last.span.end) if first.span and last.span else None
    whole = [
        " ".join(getattr(row.dub, name) for row in rows) if all(getattr(row.dub, name) for row in rows) else ""
        for name in ("normal", "short", "long")
    ]
    weakest = min((row.status for row in rows), key=("draft", "reviewed", "locked").index)
    source, subtitle = "".join(row.source for row in rows), " ".join(row.subtitle for row in rows)
    return ScriptRow(span, source, Variants(*whole), subtitle, weakest, first.reference)

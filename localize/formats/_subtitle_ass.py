"""Advanced SubStation and SubStation Alpha, read: what is said, without comments, drawings and copies of effects.

The column order is the file's own ``Format:`` row; tools differ, and libraries that assume one order read the
style as a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from localize.errors import InputError
from localize.formats._subtitle_events import DRAWING, LONGEST_RAW, Event, clock, plain, remarks, rows, undrawn

_COLUMNS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
"""The order of both formats when a file does not say."""
_TRACK = ("readorder", "layer", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
"""… and of a track in a container, as the decoder hands it out."""
_TIME = re.compile(r"\s*\d{1,2}:\d{1,2}:\d{1,2}[.:,]\d{1,3}\s*$")
_PLACED = re.compile(r"\\(?:pos|move|org|i?clip|frx|fry|fax|fay)\s*\(|\\fr[xyz]?-?[1-9]")
_FIX = "open the file in Aegisub or another editor, mend the event and save it again"


def substation(text: str, where: str) -> Iterator[Event]:
    """Every event of the ``[Events]`` section."""
    columns: Sequence[str] = _COLUMNS
    inside = True
    for line, row in rows(text):
        head = row[:12].lstrip().lower()
        if head.startswith("[") and row.strip().endswith("]"):
            inside = row.strip().lower() == "[events]"
        elif inside and head.startswith("format:"):
            columns = tuple(name.strip().lower() for name in row.split(":", 1)[1].split(","))
            if not {"start", "end", "text"} <= set(columns) or columns[-1] != "text":
                raise InputError("the Format row lacks Start, End or Text at its end", f"{where}, line {line}", _FIX)
        elif inside and head.startswith(("dialogue:", "comment:")):
            yield _event(row, columns, where, line)


def _event(row: str, columns: Sequence[str], where: str, line: int) -> Event:
    kind, rest = row.split(":", 1)
    if len(rest) > LONGEST_RAW and kind.strip().lower() == "dialogue" and not DRAWING.search(rest):
        raise InputError(f"one subtitle of {len(rest):,} characters", f"{where}, line {line}", _FIX)
    cells = rest.split(",", len(columns) - 1)
    if len(cells) < len(columns):
        raise InputError(f"{len(cells)} fields for {len(columns)} columns", f"{where}, line {line}", _FIX)
    cell = dict(zip(columns, cells, strict=True))
    start, end = (_time(cell[name], where, line) for name in ("start", "end"))
    return _made(line, start, end, kind.strip().lower(), cell)


def embedded(number: int, start: int, end: int, fields: str) -> Event:
    """An event of a container's track: ``fields`` are the decoder's, times in ms, ``number`` counts from 1."""
    cells = fields.split(",", len(_TRACK) - 1)
    cells = [""] * (len(_TRACK) - len(cells)) + cells
    return _made(number, start, end, "dialogue", dict(zip(_TRACK, cells, strict=True)))


def _made(line: int, start: int, end: int, kind: str, cell: Mapping[str, str]) -> Event:
    said = cell["text"] if len(cell["text"]) <= LONGEST_RAW else ""
    spoken, drawn = undrawn(said)
    shown, aside = remarks(spoken)
    text, name = plain(shown), cell.get("name", cell.get("actor", "")).strip()
    return Event(
        line, start, end, text, cell.get("style", "").strip().lstrip("*"), bool(_PLACED.search(said)),
        _left(kind, cell, drawn and not text), ((name, text),) if name and text else (),
        remarks=aside,
    )  # fmt: skip


def _left(kind: str, cell: Mapping[str, str], drawn: bool) -> str:
    """Why an event is no cue."""
    effect = cell.get("effect", "").strip().lower()
    if kind == "comment":
        return "comment"
    if effect == "fx":
        return "copy made by an effect"
    return "drawing" if drawn else ""


def _time(cell: str, where: str, line: int) -> int:
    if _TIME.match(cell) is None:
        fix = "write times as 0:00:01.20"
        raise InputError(f"not a time: {cell.strip()[:30]!r}", f"{where}, line {line}", fix)
    return clock(cell.strip())

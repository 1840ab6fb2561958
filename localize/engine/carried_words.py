"""What people gave an episode for its markets, carried over to another cut: scripts, questions, verdicts and takes.

Scripts are matched by text and time, so their rows move with the picture; rows of what was cut out stay behind.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from localize import queries, repeats, verdicts
from localize.episode import Line, Piece
from localize.hanzi import simplified
from localize.market import markets
from localize.script import COLUMNS, pairs, read_script
from localize.series import SeriesBible
from localize.tables import Row, read_rows, read_text
from localize.timing import Ms, Span, clock, parse_clock, span

EARLIER = "earlier"
"""Folder in ``scripts/``: those of a cut whose name the new one took."""
PART = 0.3
"""Share of a row's time that must be left for it to come along where no line says so; as of lines."""


def files(
    bible: SeriesBible, stems: tuple[str, str], digest: str, pieces: Sequence[Piece], entries: Sequence[dict[str, Any]]
) -> dict[str, str]:  # fmt: skip
    """Texts of files by their place in the series: scripts on the new clock, the takes of the earlier cut, and what its
    lines were settled against.

    ``entries`` is the ledger of the earlier cut, ``digest`` its file's.  A script that lies there under the new name is
    somebody's own and stays as it is.
    """
    old, new = stems
    found = {}
    for market in markets():
        script = bible.root / "scripts" / f"{old}.{market}.csv"
        moved = script.with_name(f"{new}.{market}.csv")
        if script.is_file() and (old == new or not moved.exists()):
            found[f"scripts/{moved.name}"] = _rewritten(script, pieces, _lines(entries))
            if old == new:
                found[f"scripts/{EARLIER}/{old}.{market}.{digest[:8]}.csv"] = read_text(script)
        if spoken := tuple(_spoken(bible, old, market)):
            found[takes_path(bible, new, market).relative_to(bible.root).as_posix()] = repeats.text_of(spoken)
        settled = bible.root / "pivot" / f"{old}.{market}.json"
        if old != new and settled.is_file():
            found[f"pivot/{new}.{market}.json"] = settled.read_text("utf-8")
    return found


def takes_path(bible: SeriesBible, stem: str, market: str) -> Path:
    """Where it is kept how the lines of earlier cuts were spoken."""
    return bible.root / "lines" / f"{stem}.{market}.takes.csv"


def spoken_before(bible: SeriesBible, stem: str, market: str) -> dict[str, tuple[repeats.Said, ...]]:
    """By line, as what it was spoken in earlier cuts, the latest first."""
    path, found = takes_path(bible, stem, market), dict[str, tuple[repeats.Said, ...]]()
    for one in repeats.read_said(path, market) if path.is_file() else ():
        found[one.line] = (*found.get(one.line, ()), one)
    return found


def _spoken(bible: SeriesBible, old: str, market: str) -> Iterator[repeats.Said]:
    for path in (repeats.path_of(bible.root, old, market), takes_path(bible, old, market)):
        if path.is_file():
            yield from repeats.read_said(path, market)


# ── scripts ─────────────────────────────────────────────────────────────────────────────
def _lines(entries: Sequence[dict[str, Any]]) -> list[Line]:
    ordered = sorted((one for one in entries if one["state"] == "active"), key=lambda one: (one["start"], one["id"]))
    return [Line(one["id"], span(one["start"], one["end"]), simplified(one["text"])) for one in ordered]


def left_behind(
    bible: SeriesBible, stems: tuple[str, str], pieces: Sequence[Piece], entries: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    """The script rows that do not come along to the new cut, in words; ask before anything is carried."""
    old, new = stems
    found: list[str] = []
    for market in markets():
        script = bible.root / "scripts" / f"{old}.{market}.csv"
        moved = script.with_name(f"{new}.{market}.csv")
        if script.is_file() and (old == new or not moved.exists()):
            gone = _placed(script, _known(script), pieces, _lines(entries))[1]
            found += [f"{script.name}, line {row.number}: {row['source']}" for row in gone]
    return tuple(found)


def _known(script: Path) -> list[Row]:
    return [row for row in read_rows(script, ("source", "dub"), COLUMNS) if row["source"]]


def _rewritten(script: Path, pieces: Sequence[Piece], lines: Sequence[Line]) -> str:
    """The script as a file of the new cut, in its order."""
    known = _known(script)
    return _text(_placed(script, known, pieces, lines)[0], known)


_Placed = tuple[int, Row, Span | None]


def _placed(
    script: Path, known: Sequence[Row], pieces: Sequence[Piece], lines: Sequence[Line]
) -> tuple[list[_Placed], list[Row]]:
    """The rows that come along, in the new order, each with its place (ms) and times; and those of what was cut out."""
    of_line = _lines_of(script, known, lines)
    placed, gone = list[_Placed](), list[Row]()
    last = 0  # a row that nothing places stays behind the one before it
    for number, row in enumerate(known):
        own = _span(row)
        shown = of_line.get(number, own)
        piece = _piece(pieces, shown) if shown else None
        if shown and piece is None:
            gone.append(row)
            continue
        if shown and piece:
            last = int(piece.to_new(shown.start))
        placed.append((last, row, _laid(piece, own) if piece and own else None))
    return sorted(placed, key=lambda one: one[0]), gone


def _lines_of(script: Path, known: Sequence[Row], lines: Sequence[Line]) -> dict[int, Span]:
    """By place in ``known``, when the line was said that a row is for."""
    rows = read_script(script)
    places = [at for at, row in enumerate(known) if row["dub"] or row["subtitle"]]
    found = {}
    for over, down in pairs(lines, rows):
        for at in down:
            found[places[at]] = Span(lines[over.start].span.start, lines[over.stop - 1].span.end)
    return found


def _span(row: Row) -> Span | None:
    return Span(parse_clock(row["start"]), parse_clock(row["end"])) if row["start"] and row["end"] else None


def _piece(pieces: Sequence[Piece], shown: Span) -> Piece | None:
    """The piece that shows most of it; None where less than ``PART`` is left."""
    shares = [(min(one.old_end, shown.end) - max(one.old, shown.start), one) for one in pieces]
    share, piece = max(shares, key=lambda one: one[0], default=(0, None))
    return piece if piece is not None and share > 0 and share >= PART * shown.length else None


def _laid(piece: Piece, own: Span) -> Span:
    start = max(0, piece.to_new(own.start))
    return Span(Ms(start), Ms(max(start + 1, piece.to_new(own.end))))


def _text(placed: Sequence[tuple[int, Row, Span | None]], known: Sequence[Row]) -> str:
    columns = [name for name in COLUMNS if any(name in row.cells for row in known)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for _, row, now in placed:
        cells = dict(row.cells) | ({"start": clock(now.start), "end": clock(now.end)} if now else {})
        writer.writerow([cells.get(name, "") for name in columns])
    return out.getvalue()


# ── tables of the whole series ──────────────────────────────────────────────────────────
def hand_over(bible: SeriesBible, stems: tuple[str, str], kept: Container[str]) -> None:
    """Questions and verdicts about lines of the earlier cut, once more for the new one.

    ``kept`` are the ids of lines that are still there.  What is there already is not repeated.
    """
    old, new = stems
    if old == new:
        return
    queries.hand_over(bible.root, old, new, kept)
    known = verdicts.read(bible.root)
    there = {replace(one, at="") for one in known if one.episode == new}
    fresh = (replace(one, episode=new) for one in known if one.episode == old and one.line in kept)
    verdicts.add(bible.root, [one for one in fresh if replace(one, at="") not in there])

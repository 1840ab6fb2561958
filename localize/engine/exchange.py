"""What other people's files say about the rows of a table: weighed against what stands there, then written whole.

Rows are known by ids.  A file handed out tells of each cell what it was then (``mark``), so that a cell somebody
changed meanwhile is told from one the file changes; files of other programs tell nothing, and their cells are taken as
they are.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from localize.errors import InputError
from localize.series import digest_of, locked, write
from localize.spreadsheet import neutral
from localize.tables import read_text
from localize.termbase import changed_text, with_columns

HISTORY = ("at", "by", "from", "table", "id", "column", "before", "after")
SHOWN = 8
LARGEST = 256 * 1024 * 1024
"""Bytes of a file that is taken back: a kit of thirty thousand lines is some 80 MB of XLIFF."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cell as a file has it.  ``was`` marks what it held when the file was handed out; empty when unknown."""

    id: str
    column: str
    value: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changes; ``number`` is its row's line in the table, 0 for a row that is added."""

    id: str
    number: int
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a file comes to: changes, cells changed on both sides, ids nobody knows, cells it leaves empty."""

    changes: tuple[Change, ...]
    conflicts: tuple[Change, ...] = ()
    unknown: tuple[str, ...] = ()
    emptied: tuple[Change, ...] = ()


def mark(text: str) -> str:
    """Eight letters for what a cell holds; blanks at its ends and the kind of line end do not count."""
    plain = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:8].translate(_LETTERS)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def weigh(rows: Mapping[str, tuple[int, Mapping[str, str]]], proposals: Iterable[Proposal]) -> Weighed:
    """Hold proposals against ``rows``: (line, cells) by id.  Nothing empties a cell: a file may just not know it."""
    changes, conflicts, emptied = [], [], []
    unknown: dict[str, None] = {}
    for one in proposals:
        if one.id not in rows:
            unknown[one.id] = None
            continue
        number, cells = rows[one.id]
        now = cells.get(one.column, "")
        if mark(one.value) in (mark(now), one.was):
            continue
        change = Change(one.id, number, one.column, now, one.value.strip())
        if not one.value.strip():
            emptied.append(change)
        elif one.was and mark(now) != one.was:
            conflicts.append(change)
        else:
            changes.append(change)
    return Weighed(tuple(changes), tuple(conflicts), tuple(unknown), tuple(emptied))


def refuse(weighed: Weighed, where: str, known: bool) -> None:
    """Raise ``InputError`` for cells changed on both sides, and for unknown ids unless only ``known`` ones count."""
    if weighed.conflicts:
        told = [f"{one.id} {one.column}: {one.before!r} here, {one.after!r} in the file" for one in weighed.conflicts]
        fix = "hand the file out again and make these changes in it, or make them in the table by hand"
        raise InputError(f"changed here since it was handed out: {_listed(told)}", where, fix)
    if weighed.unknown and not known:
        fix = "--add takes them as drafts, --known leaves them out"
        raise InputError(f"ids that are not known: {_listed([one or '(none)' for one in weighed.unknown])}", where, fix)


def _listed(told: Sequence[str]) -> str:
    return "; ".join(told[:SHOWN]) + (f" … and {len(told) - SHOWN} more" if len(told) > SHOWN else "")


def put(
    root: Path, table: str, head: Sequence[str], changes: Sequence[Change], added: Sequence[Mapping[str, str]],
    by: str, origin: str,
) -> None:  # fmt: skip
    """Write changes and added rows into ``root/table`` and both into its history, under the series' lock.

    ``head`` are the columns of a table that does not exist yet.  A row changed meanwhile stops everything.
    """
    path, history = root / table, root / f"{path_stem(table)}.history.csv"
    with locked(root):
        seen, log = digest_of(path), digest_of(history)
        raw = path.read_bytes() if seen else b""
        text = read_text(path) if seen else ",".join(head) + "\n"
        columns = _columns(text)
        wanted = {one.column for one in changes} | {name for row in added for name in row}
        new = [name for name in wanted if name not in columns]
        if new:
            text, columns = with_columns(text, sorted(new)), [*columns, *sorted(new)]
        cells: dict[int, dict[str, str]] = {}
        for one in changes:
            cells.setdefault(one.number, {})[one.column] = one.after
        bom = "\ufeff" if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) else ""
        write(path, bom + changed_text(text, columns, cells, added), seen)
        kept = read_text(history) if log else ",".join(HISTORY) + "\n"
        write(history, kept + _told(table, changes, added, by, origin), log)


def path_stem(table: str) -> str:
    return Path(table).stem


def _columns(text: str) -> list[str]:
    lines = (line for line in io.StringIO(text, newline="") if line.strip(" ,;\t\r\n"))
    head = next(line for line in lines if not line.lstrip(' "').startswith("#"))
    return [name.strip() for name in next(csv.reader([head], delimiter=max(",;\t", key=head.count)))]


def _told(
    table: str, changes: Sequence[Change], added: Sequence[Mapping[str, str]], by: str, origin: str
) -> str:  # fmt: skip
    at = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [(at, by, origin, table, one.id, one.column, one.before, one.after) for one in changes]
    rows += [(at, by, origin, table, row.get("id", ""), name, "", row[name]) for row in added for name in row]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([[neutral(cell) for cell in row] for row in rows])
    return out.getvalue()

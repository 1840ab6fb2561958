"""``questions.csv``: what an alignment is not sure of, for a translator to answer, and the answers taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from localize.edits import Row
from localize.errors import InputError
from localize.formats import lines_csv
from localize.spreadsheet import neutral, original
from localize.tables import read_rows

Verdict = Literal["taken", "asked", "same", "kept", "lost", "unused"]
COLUMNS = ("line", "start", "source", "now", "proposed", "margin", "why", "place", "seen", "answer")
YES = frozenset(("yes", "y", "ok", "sí", "si", "ya", "是", "对", "x", "✓", "✔"))
NO = frozenset(("no", "n", "tidak", "不", "否", "-", "–"))
SIGNED = ("reviewed", "locked")


@dataclass(frozen=True, slots=True)
class Question:
    """One line, or a passage no line has (``line`` empty), and what the script may have for it.

    ``margin`` is in natural logarithms of odds; ``place`` are the rows of the script, ``now`` is what stands there.
    """

    line: str
    start: str
    source: str
    now: str
    proposed: str
    margin: float
    verdict: Verdict
    why: str
    place: str
    seen: str


def write_questions(path: Path, asked: Sequence[Question]) -> None:
    """Replace the table of questions, whole; what is answered in the one before stays beside the same question."""
    old = read_rows(path, ("line", "proposed", "answer"), COLUMNS) if path.is_file() else ()
    known = {(row["line"], original(row["proposed"])): row["answer"] for row in old}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in asked:
        told = (
            one.line,
            one.start,
            one.source,
            one.now,
            one.proposed,
            f"{one.margin:.1f}",
            one.why,
            one.place,
            one.seen,
        )
        writer.writerow([*map(neutral, told), known.get((one.line, one.proposed), "")])
    lines_csv.write_bytes(path, b"\xef\xbb\xbf" + out.getvalue().encode())


def is_answered(path: Path) -> bool:
    """Whether a file is a table of questions rather than a script."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    head = path.read_bytes()[:400].decode("utf-8-sig", "replace").splitlines()[:1]
    return bool(head) and all(name in head[0] for name in ("line", "proposed", "answer"))


def answers(path: Path, rows: Mapping[str, Row]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Words by line as answered, and answers that could not be taken.

    ``yes`` takes what was proposed, ``no`` or nothing leaves the line, a line's id beside a passage without one takes
    it for that line, anything else is the words themselves (with its full stop or mark: ``No.``).  Raises
    ``InputError`` for lines nobody knows and for two answers about one line.
    """
    words: dict[str, str] = {}
    left = []
    for row in read_rows(path, ("line", "proposed", "answer"), COLUMNS):
        line, text = _answer(row["line"], original(row["answer"]).strip(), original(row["proposed"]), rows)
        if not text:
            continue
        if line not in rows:
            raise InputError(f"{line or 'an empty line'} is no line of this episode", row.place, "write a line's id")
        if line in words:
            raise InputError(f"{line} is answered twice", row.place, "keep one of the two")
        found = rows[line]
        if found.status in SIGNED:
            left.append(f"{line} is {found.status} by now and stays")
        elif row["line"] and row["seen"] and row["seen"] != found.seen:
            left.append(f"{line} reads otherwise by now: import the script again")
        else:
            words[line] = text
    return words, tuple(left)


def _answer(line: str, answer: str, proposed: str, rows: Mapping[str, Row]) -> tuple[str, str]:
    """(line, words); no words where nothing is to be taken."""
    folded = answer.casefold()
    if not answer or folded in NO:
        return line, ""
    if not line:
        name = answer.upper()
        if name not in rows and folded not in YES:
            raise InputError(
                f"{answer!r} is no line of this episode", "", "beside a passage without a line write its id"
            )
        return name, proposed if name in rows else ""
    return line, proposed if folded in YES else answer


def told(asked: Sequence[Question]) -> Iterator[str]:
    """How many lines met which end, in words."""
    names = {
        "taken": "taken", "asked": "to be answered", "same": "the same already", "kept": "signed and kept",
        "lost": "not in the script",
    }  # fmt: skip
    for verdict, name in names.items():
        count = sum(one.verdict == verdict for one in asked)
        if count:
            yield f"{count} {name}"

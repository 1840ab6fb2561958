"""``questions.csv``: what an alignment is not sure of, for a translator to answer, and the answers taken back."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from localize.edits import Row
from localize.errors import InputError
from localize.formats import lines_csv
from localize.spreadsheet import neutral, original
from localize.tables import Row as Answer
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


def now_of(row: Row) -> str:
    """What a line says: its dub, and its subtitle in a row of its own where that says something else."""
    return "\n".join(dict.fromkeys(filter(None, (row.dub.strip(), row.subtitle.strip()))))


def read_questions(path: Path) -> tuple[Answer, ...]:
    """The table of questions as it lies there, none when there is none.  Raises ``InputError`` when it is damaged."""
    return read_rows(path, ("line", "proposed", "answer"), COLUMNS) if path.is_file() else ()


def write_questions(path: Path, asked: Sequence[Question], old: Sequence[Answer], rows: Mapping[str, Row]) -> None:
    """Replace the table of questions.  ``old`` are those of the table before: answers stay beside the same question,
    and those whose question does not come again stay too, until ``rows`` (by id) say what was answered.
    """
    known = {(row["line"], original(row["proposed"])): row["answer"] for row in old}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in asked:
        cells = (one.line, one.start, one.source, one.now, one.proposed, f"{one.margin:.1f}", one.why, one.place,
                 one.seen)  # fmt: skip
        writer.writerow([*map(neutral, cells), known.pop((one.line, one.proposed), "")])
    for row in old:
        if (row["line"], original(row["proposed"])) in known and row["answer"] and not _done(row, rows):
            writer.writerow([row[name] for name in COLUMNS])
    lines_csv.write_bytes(path, b"\xef\xbb\xbf" + out.getvalue().encode())


def _done(row: Answer, rows: Mapping[str, Row]) -> bool:
    """Whether a line says what was answered."""
    answer, proposed = original(row["answer"]).strip(), original(row["proposed"])
    found = rows.get(row["line"] or answer.upper())
    return found is not None and _says(found, proposed if not row["line"] or answer.casefold() in YES else answer)


def _says(row: Row, text: str) -> bool:
    return _plain(row.dub) == _plain(row.subtitle) == _plain(text)


def _plain(text: str) -> str:
    """Without what spreadsheets change by themselves: kinds of space, line ends, how accents are composed."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def is_answered(path: Path) -> bool:
    """Whether a file is a table of questions rather than a script."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    head = path.read_bytes()[:400].decode("utf-8-sig", "replace").splitlines()[:1]
    return bool(head) and all(name in head[0] for name in ("line", "proposed", "answer"))


def answers(
    path: Path, rows: Mapping[str, Row], people: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Words by line as answered, and answers that could not be taken.

    ``yes`` takes what was proposed, ``no`` or nothing leaves the line, a line's id beside a passage without one takes
    it for that line, anything else is the words themselves (with its full stop or mark: ``No.``).  What was written or
    signed since the question was asked stays; ``people`` tells by line what people did to it.  Raises ``InputError``
    for lines nobody knows and for two answers about one line.
    """
    words: dict[str, str] = {}
    done: dict[str, str] = {}
    left = []
    for row in read_rows(path, ("line", "proposed", "answer"), COLUMNS):
        line, text = _answer(row["line"], original(row["answer"]).strip(), original(row["proposed"]), rows)
        if not text:
            continue
        if line not in rows:
            raise InputError(f"{line or 'an empty line'} is no line of this episode", row.place, "write a line's id")
        why = _against(row, rows[line], people.get(line, ""))
        if _says(rows[line], text) and rows[line].status not in SIGNED:
            done[line] = text
        elif why:
            left.append(f"{line} {why}")
        elif line in words:
            raise InputError(f"{line} is answered twice", row.place, "keep one of the two")
        else:
            words[line] = text
    return {**done, **words}, tuple(left)


def _against(row: Answer, found: Row, person: str) -> str:
    """Why an answer is not taken; empty when nothing speaks against it."""
    if found.status in SIGNED:
        return f"is {found.status} by now and stays"
    if row["line"] and row["seen"] and row["seen"] != found.seen:
        return "reads otherwise by now: import the script again"
    if row["line"] and "now" in row.cells and _plain(original(row["now"])) != _plain(now_of(found)):
        return "was rewritten since this was asked: import the script again"
    if not row["line"] and person and now_of(found):
        return f"has words already, and {person}: write these into lines.csv"
    return ""


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

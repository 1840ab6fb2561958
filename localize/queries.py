"""What translators ask and what the house answers: ``queries.csv`` of a series.

A question is about one line of one episode in one market.  It comes with a kit, waits here until somebody answers it
(with a command, or in the column ``answer``), and goes out with every later kit of that line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from localize.errors import InputError
from localize.series import digest_of, locked, write
from localize.spreadsheet import neutral, original
from localize.tables import did_you_mean, read_rows

FILE = "queries.csv"
_OURS = re.compile("Q[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Query:
    """One question; ``answer`` is empty as long as it is open.  Times are ISO 8601 with a zone."""

    id: str
    episode: str
    line: str
    market: str
    question: str
    asked_by: str = ""
    asked_at: str = ""
    answer: str = ""
    answered_by: str = ""
    answered_at: str = ""
    number: int = field(default=0, compare=False)

    @property
    def open(self) -> bool:
        return not self.answer

    @property
    def place(self) -> tuple[str, str, str]:
        return self.episode, self.line, self.market

    def told(self) -> str:
        """In one line for a kit: ``Q3 Who is meant? (Ana) — The butler. (Bo)``, or that it is open."""
        answer = f"{self.answer}{_by(self.answered_by)}" if self.answer else "open"
        return f"{self.id} {self.question}{_by(self.asked_by)} — {answer}"


COLUMNS = tuple(one.name for one in fields(Query) if one.name != "number")


def _by(name: str) -> str:
    return f" ({name})" if name else ""


def read_queries(root: Path) -> tuple[Query, ...]:
    """Everything that was asked in a series, in the order it was; nothing without the file.

    Raises ``InputError`` for a row without id, line or question, and for an id that stands twice.
    """
    path, found = root / FILE, dict[str, Query]()
    for row in read_rows(path, ("id", "episode", "line", "question"), COLUMNS) if path.is_file() else ():
        cells = {name: original(row[name]) for name in COLUMNS}
        for name in ("id", "episode", "line", "question"):
            if not cells[name]:
                raise InputError(f"the {name} is missing", row.place, f"fill in {name}, or empty the whole row")
        if cells["id"] in found:
            told = f"{cells['id']} is already on line {found[cells['id']].number}"
            raise InputError(told, row.place, "give each question an id of its own")
        found[cells["id"]] = Query(**cells, number=row.number)
    return tuple(found.values())


def of_episode(queries: Iterable[Query], episode: str, market: str = "") -> dict[str, tuple[Query, ...]]:
    """By line, what was asked about an episode in a market (and without one: in all)."""
    found: dict[str, tuple[Query, ...]] = {}
    for one in queries:
        if one.episode == episode and (not market or one.market in ("", market)):
            found[one.line] = (*found.get(one.line, ()), one)
    return found


def ask(root: Path, episode: str, market: str, asked: Sequence[tuple[str, str]], by: str) -> tuple[Query, ...]:
    """Keep the questions of ``asked`` (line, words); those that were asked of that line before are not kept twice."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with locked(root):
        seen, known = digest_of(root / FILE), read_queries(root)
        had = {(one.place, one.question) for one in known}
        last = max((int(one.id[1:]) for one in known if _OURS.fullmatch(one.id)), default=0)
        new: list[Query] = []
        for line, words in asked:
            one = Query(f"Q{last + 1}", episode, line, market, " ".join(words.split()), by, at)
            if one.question and (one.place, one.question) not in had:
                had.add((one.place, one.question))
                new.append(one)
                last += 1
        if new:
            write(root / FILE, _encoded((*known, *new)), seen)
    return tuple(new)


def hand_over(root: Path, old: str, new: str, lines: Container[str]) -> None:
    """Ask of the episode ``new`` what was asked, and answered, about these lines of ``old``; nothing twice."""
    with locked(root):
        seen, known = digest_of(root / FILE), read_queries(root)
        had = {(one.place, one.question) for one in known}
        last = max((int(one.id[1:]) for one in known if _OURS.fullmatch(one.id)), default=0)
        theirs = (replace(one, episode=new) for one in known if one.episode == old and one.line in lines)
        fresh = [one for one in theirs if (one.place, one.question) not in had]
        if fresh:
            named = (replace(one, id=f"Q{number}") for number, one in enumerate(fresh, last + 1))
            write(root / FILE, _encoded((*known, *named)), seen)


def answer(root: Path, id: str, words: str, by: str) -> Query:
    """Answer a question; a later answer takes the place of an earlier one.

    Raises ``InputError`` for an id nobody gave and for empty words.
    """
    said = " ".join(words.split())
    if not said:
        raise InputError("the answer is empty", id, "say what the translator needs to know")
    with locked(root):
        seen, known = digest_of(root / FILE), read_queries(root)
        found: Mapping[str, Query] = {one.id: one for one in known}
        if id not in found:
            fix = f"{did_you_mean(id, found)}localize glossary queries lists them"
            raise InputError(f"no question is called {id!r}", str(root / FILE), fix)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        new = replace(found[id], answer=said, answered_by=by, answered_at=at)
        write(root / FILE, _encoded(new if one.id == id else one for one in known), seen)
    return new


def _encoded(queries: Iterable[Query]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(getattr(one, name)) for name in COLUMNS] for one in queries)
    return "\ufeff" + out.getvalue()

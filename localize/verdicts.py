"""What people decided about cultural changes: accept, reject or lock, kept in the series as ``adaptations.csv``.

A verdict is an input.  It is appended before any work starts and never rewritten; the latest word on a change wins, an
empty one withdraws it.  It counts while the line's Chinese reads as it did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args

from localize.series import append
from localize.spreadsheet import neutral, original
from localize.tables import choice_of, read_rows

Word = Literal["accept", "reject", "lock", ""]
WORDS: tuple[Word, ...] = get_args(Word)
FILE = "adaptations.csv"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision on a change of a line, in dub and subtitle alike.

    ``source`` is the Chinese it was made about, ``at`` ISO 8601 with a zone.
    """

    episode: str
    market: str
    line: str
    rule: str
    source: str
    before: str
    after: str
    verdict: Word
    by: str = ""
    at: str = ""

    @property
    def change(self) -> tuple[str, str]:
        """What it is about, within a line."""
        return self.rule, self.before.lower()


COLUMNS = tuple(one.name for one in fields(Verdict))


def id_of(market: str, line: str, rule: str, before: str) -> str:
    """Six letters that name a change of a market wherever it is listed; no digits, which spreadsheets respell."""
    digest = hashlib.sha256("\0".join((market, line, rule, before.lower())).encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:6])


def read(root: Path) -> tuple[Verdict, ...]:
    """Every verdict of the series, oldest first; none without the table.  Raises ``InputError`` naming the line."""
    path = root / FILE
    if not path.is_file():
        return ()
    found = []
    for row in read_rows(path, COLUMNS[:8], COLUMNS):
        cells = {name: original(row[name]) for name in COLUMNS}
        choice_of(cells["verdict"] or "accept", WORDS[:3], "verdict", row.place)
        word = cast(Word, cells.pop("verdict"))
        found.append(Verdict(**cells, verdict=word))
    return tuple(found)


def add(root: Path, verdicts: Sequence[Verdict]) -> None:
    """Append to the series' table, under its lock and whole."""
    if verdicts:
        rows = tuple(tuple(neutral(str(cell)) for cell in astuple(one)) for one in verdicts)
        append(root / FILE, rows, COLUMNS)


def latest(verdicts: Iterable[Verdict], episode: str, market: str) -> Mapping[str, tuple[Verdict, ...]]:
    """By line: the last word on each change that stands."""
    last: dict[tuple[str, tuple[str, str]], Verdict] = {}
    for one in verdicts:
        if one.market == market and one.episode == episode:
            last[one.line, one.change] = one
    found: dict[str, tuple[Verdict, ...]] = {}
    for (line, _), one in last.items():
        if one.verdict:
            found[line] = (*found.get(line, ()), one)
    return found

"""What earlier episodes of a series said: recaps and cold opens say it again, in the same words and with the same take.

Every delivered version leaves ``SERIES/said/<episode>.<market>.csv``: its lines as they went out.  The program writes
these files and nobody need edit them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast, get_args

from localize.adaptation import DEFAULT, IN_DIALOGUE
from localize.episode import Line
from localize.errors import InputError
from localize.glossary import Hit, normal
from localize.rates import KEEP
from localize.spreadsheet import neutral, original
from localize.tables import Row, read_rows
from localize.timing import Span, clock, parse_clock
from localize.version import Origin, Status, Variants

if TYPE_CHECKING:
    from localize.series import SeriesBible

FOLDER = "said"
COLUMNS = (
    "number", "line", "start", "end", "speaker", "addressee", "emotion", "source", "dub", "subtitle", "short", "long",
    "origin", "status", "stem", "level", "money", "form", "call",
)  # fmt: skip
_NUMBER = re.compile("[0-9]{0,9}")
_FIX = "restore the file from your backup, or delete it and deliver that episode again, which writes it anew"
APPROVED = ("reviewed", "locked")


@dataclass(frozen=True, slots=True)
class Manner:
    """How far words were adapted, and what became of sums: local names are no match for an episode without them."""

    level: int = DEFAULT
    money: str = KEEP.kind


def manner(bible: SeriesBible, market: str, level: int) -> Manner:
    """That of a version at adaptation ``level``.  Raises ``InputError`` where sums cannot be converted as asked."""
    said = min(level, IN_DIALOGUE)
    how = bible.money_policy(market) if said else KEEP
    return Manner(said, " ".join(filter(None, (how.kind, how.currency, how.rate, how.day))))


@dataclass(frozen=True, slots=True)
class Said:
    """A line of an earlier episode as it was delivered.

    ``stem`` names the sound an actor's voice was taken from (digest:size), empty where none was.  ``form`` and ``call``
    are the address matrix's of then: ``NO_FORM`` where it had no form, empty where that was not written down.
    """

    episode: str
    number: int
    line: str
    span: Span
    speaker: str
    addressee: str
    emotion: str
    source: str
    dub: Variants
    subtitle: str
    origin: Origin
    status: Status
    stem: str = ""
    manner: Manner = Manner()
    form: str = ""
    call: str = ""

    @property
    def reference(self) -> str:
        return f"{self.episode} {self.line}"

    @property
    def approved(self) -> bool:
        return self.status in APPROVED

    def hit(self, setting: str, recap: bool) -> Hit:
        """As a match for a line: one that nobody reviewed is taken only where its neighbours come again as well."""
        doubt = "" if self.approved or recap else "the earlier line was never reviewed"
        return Hit(
            self.source, self.dub.normal or self.subtitle, self.subtitle or self.dub.normal, 100.0, "memory",
            self.reference, self.speaker, self.addressee, setting, why_not=doubt, short=self.dub.short,
            long=self.dub.long, form=self.form, call=self.call,
        )  # fmt: skip


NO_CUTS: Mapping[str, Sequence[Said]] = MappingProxyType({})
NOTHING_FORETOLD: Mapping[tuple[str, str], Sequence[Said]] = MappingProxyType({})
UNTOLD = "\ue0f0"
"""Stands in foretold words for those nobody knows yet."""


class Earlier:
    """The lines of all earlier episodes, found by their Chinese and who says them.

    ``cuts`` are this episode's own lines as they were spoken in earlier cuts of it, by id.
    """

    def __init__(self, said: Iterable[Said] = (), cuts: Mapping[str, Sequence[Said]] = NO_CUTS) -> None:
        self._cuts = cuts
        self._found: dict[tuple[str, str], list[tuple[Said, int]]] = defaultdict(list)
        self._order: dict[str, list[str]] = defaultdict(list)
        for one in sorted(said, key=lambda one: (one.number, one.episode, one.span, one.line)):
            texts = self._order[one.episode]
            if normal(one.source) and one.speaker:
                self._found[normal(one.source), one.speaker].append((one, len(texts)))
            texts.append(normal(one.source))

    def of(self, line: Line) -> tuple[Said, ...]:
        """What the line's speaker said in these very words before, the latest first."""
        return tuple(one for one, _ in reversed(self._found.get((normal(line.text), line.speaker), ())))

    def spoken(self, line: Line) -> tuple[Said, ...]:
        """As what the line was spoken: in earlier cuts, then in earlier episodes."""
        return (*self._cuts.get(line.id, ()), *self.of(line))

    def hits(self, lines: Sequence[Line], setting: str) -> dict[str, tuple[Hit, ...]]:
        """``of`` as matches, by line; approved words come before others."""
        texts = [normal(line.text) for line in lines]
        found = {}
        for at, line in enumerate(lines):
            known = self._found.get((texts[at], line.speaker), ())
            hits = [one.hit(setting, self._again(texts, at, one, place)) for one, place in reversed(known)]
            found[line.id] = tuple(sorted(hits, key=lambda hit: bool(hit.why_not)))
        return found

    def _again(self, texts: Sequence[str], at: int, one: Said, place: int) -> bool:
        """Whether the line before or after comes again beside it: then it is a scene that is shown once more."""
        then = self._order[one.episode]
        return any(
            0 <= at + step < len(texts) and 0 <= place + step < len(then) and texts[at + step] == then[place + step]
            for step in (-1, 1)
        )


def path_of(root: Path, episode: str, market: str) -> Path:
    return root / FOLDER / f"{episode}.{market}.csv"


def text_of(said: Iterable[Said]) -> str:
    """The file of one episode and market."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in said:
        cells = (
            str(one.number), one.line, clock(one.span.start), clock(one.span.end), one.speaker, one.addressee,
            one.emotion, one.source, one.dub.normal, one.subtitle, one.dub.short, one.dub.long, one.origin, one.status,
            one.stem, str(one.manner.level), one.manner.money, one.form,
            one.call,
        )  # fmt: skip
        writer.writerow([neutral(cell) for cell in cells])
    return out.getvalue()


def earlier(
    root: Path, market: str, number: int, like: Manner | None = None, cuts: Mapping[str, Sequence[Said]] = NO_CUTS,
    foretold: Mapping[tuple[str, str], Sequence[Said]] = NOTHING_FORETOLD,
) -> Earlier:  # fmt: skip
    """What the episodes before ``number`` said in a market, in every manner or only in one ``like`` this; an episode
    nobody knows the number of has none.  ``cuts``: see ``Earlier``; ``foretold`` stands for files by (episode, market).
    """
    if number <= 0:
        return Earlier(cuts=cuts)
    files = sorted((root / FOLDER).glob(f"*.{market}.csv"))
    stems = ((path, path.name.removesuffix(f".{market}.csv")) for path in files)
    every = (one for path, stem in stems for one in foretold.get((stem, market)) or read_said(path, market))
    return Earlier((one for one in every if one.number < number and like in (None, one.manner)), cuts)


def read_said(path: Path, market: str) -> Iterator[Said]:
    """The lines of one file.  Raises ``InputError`` with the place of what nobody writes there."""
    episode = path.name.removesuffix(f".{market}.csv")
    for row in read_rows(path, COLUMNS[:4], COLUMNS):
        yield _said(episode, row)


def _said(episode: str, row: Row) -> Said:
    """A row of the file.  Raises ``InputError`` with its place for a cell nothing here would have written."""
    cell = {name: original(row[name]) for name in COLUMNS}
    known = {"origin": get_args(Origin), "status": get_args(Status)}
    wrong = [name for name, words in known.items() if cell[name] and cell[name] not in words]
    wrong += [name for name in ("number", "level") if not _NUMBER.fullmatch(cell[name])]
    if wrong:
        raise InputError(f"the {wrong[0]} is {cell[wrong[0]]!r}, which nobody writes there", row.place, _FIX)
    try:
        at = Span(parse_clock(row["start"]), parse_clock(row["end"]))
    except InputError as error:
        raise InputError(error.what, row.place, _FIX) from None
    return Said(
        episode, int(cell["number"] or 0), cell["line"], at, cell["speaker"], cell["addressee"], cell["emotion"],
        cell["source"], Variants(cell["dub"], cell["short"], cell["long"]), cell["subtitle"],
        cast(Origin, cell["origin"]), cast(Status, cell["status"]), cell["stem"],
        Manner(int(cell["level"] or DEFAULT), cell["money"] or KEEP.kind), cell["form"], cell["call"],
    )  # fmt: skip

"""Rows of a person's script that fit no line, and scripts whose names fit no episode: nothing a person wrote is dropped
without a word.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from localize.edits import Row
from localize.engine import table
from localize.engine.analysis import Analysis
from localize.engine.events import Event
from localize.engine.order import Order, number_of
from localize.episode import Line, OnScreenText
from localize.formats import lines_csv
from localize.glossary import normal
from localize.market import Market
from localize.script import DRIFT, ScriptRow, match, read_numbered, script_of
from localize.series import SeriesBible
from localize.stages._former import SIGNED, Before
from localize.stages.translate import simple
from localize.version import Finding, Rendering

NAMED, QUOTED = 12, 3
"""How many rows are named by number, and how many of them with their words."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A script, or a part of one, that no line has: its ``file``, the ``rows`` by their line in it (none: the whole is
    not read), ``what`` is wrong and the way out (``fix``), in which ``{import}`` stands for the command to paste.
    """

    file: Path
    rows: tuple[int, ...]
    what: str
    fix: str

    def finding(self, market: str) -> Finding:
        """For report and manifest: the same wherever the series lies."""
        place = f"{self.file.parent.parent.name}/{self.file.parent.name}/{self.file.name}"
        asked = f"localize import EPISODE {place} --to {market}"
        return Finding("script", "", "warn", f"{place}: {self.what}", self.fix.replace("{import}", asked))

    def told(self, order: Order, market: str) -> str:
        """For the console and the plan."""
        words = shlex.join(["import", str(order.episode), str(self.file), "--to", market])
        return f"{market}: {self.file}: {self.what} → {self.fix.replace('{import}', f'{order.command} {words}')}"

    def event(self, order: Order, market: str) -> Event:
        numbers = tuple(str(one) for one in self.rows)
        facts = (("script", str(self.file)), ("rows", numbers), ("what", self.what))
        return Event("warning", market=market, message=self.told(order, market), facts=facts)


def left_over(
    order: Order,
    bible: SeriesBible,
    work: Analysis,
    texts: Sequence[OnScreenText],
    market: Market,
    words: Iterable[str],
) -> tuple[LeftOver, ...]:
    """What of the scripts for ``market`` found no place, in the lines and the ``texts`` on screen.

    ``words`` are those of people (``settled``, ``settled_rows``): a row that says one of them was laid by another way.
    Raises ``InputError`` for a script that cannot be read.
    """
    path = script_of(bible.root, order.stem, market.code)
    if not path.is_file():
        return tuple(_strays(order, bible, market))
    rows = read_numbered(path)
    lines = simple(work.episode.lines)
    spoken = match(lines, [row for _, row in rows])
    beside = match(simple(as_lines(texts)), spoken.unused)
    before = Before(work.formers).scripted(lines, [row for _, row in rows])
    known = {normal(one) for one in words}
    left = [
        (number, row) for number, row in (rows[spoken.left[at]] for at in beside.left)
        if row not in before and normal(row.dub.normal) not in known
        and not any(row.span and row.span.overlap(span) for span in work.dropped)
    ]  # fmt: skip
    return (_unplaced(path, left, len(rows), lines),) if left else ()


def as_lines(texts: Iterable[OnScreenText]) -> tuple[Line, ...]:
    """On-screen texts as lines nobody speaks."""
    return tuple(Line(text.id, text.span, text.text, kind="narration") for text in texts)


def settled(renderings: Iterable[Rendering]) -> Iterator[str]:
    """The words a person wrote or signed."""
    for one in renderings:
        if one.origin == "person" or one.status in SIGNED:
            yield from filter(None, (one.dub.normal, one.subtitle))


def settled_rows(order: Order, market: Market) -> Iterator[str]:
    """``settled`` as the market's table has it; nothing before there is one."""
    path = table.table_path(order, market)
    rows: Sequence[Row] = lines_csv.read(path) if path.is_file() else ()
    for row in rows:
        if row.origin == "person" or row.status in SIGNED:
            yield from filter(None, (row.dub, row.subtitle))


def _unplaced(path: Path, left: Sequence[tuple[int, ScriptRow]], count: int, lines: Sequence[Line]) -> LeftOver:
    quoted = [f"{number} “{row.source}”" for number, row in left[:QUOTED]]
    named = ", ".join((*quoted, *(str(number) for number, _ in left[QUOTED:NAMED])))
    more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
    fit, row = ("fits", "row") if len(left) == 1 else ("fit", "rows")
    off = tuple(_off([one for _, one in left], lines))
    what = f"{len(left)} of {count} rows {fit} no line, {row} {named}{more}{_clock(off)}"
    fix = (
        "{import} lays it on the episode's clock; or correct its times" if off else
        "correct their Chinese or times as lines.csv has them, or let {import} look for their places"
    )  # fmt: skip
    return LeftOver(path, tuple(number for number, _ in left), what, fix)


def _off(rows: Sequence[ScriptRow], lines: Sequence[Line]) -> Iterator[int]:
    """How many ms each row stands after the one line that says the same; nothing where no line or several do."""
    for row in rows:
        same = [line for line in lines if normal(line.text) == normal(row.source)]
        if row.span is not None and len(same) == 1:
            yield row.span.start - same[0].span.start


def _clock(off: Sequence[int]) -> str:
    if not off:
        return ""
    if max(off) - min(off) > 2 * DRIFT:
        return "; its times are other ones than the lines'"
    middle = sorted(off)[len(off) // 2]
    return f"; its clock is about {abs(middle) / 1000:.0f} s {'late' if middle > 0 else 'early'}"


def _strays(order: Order, bible: SeriesBible, market: Market) -> Iterator[LeftOver]:
    """Scripts that look as if they were this episode's: of its number, of no other episode, or of another format."""
    wanted = script_of(bible.root, order.stem, market.code)
    if not wanted.parent.is_dir():
        return
    for path in sorted(one for one in wanted.parent.iterdir() if one.is_file()):
        if path.stem == wanted.stem:
            yield LeftOver(path, (), "is not read: a script here is a .csv file", "{import} takes other formats")
            continue
        name, _, code = path.stem.rpartition(".")
        numbered = any(map(str.isdigit, name)) and any(map(str.isdigit, order.stem))
        if path.suffix != ".csv" or code != market.code or not numbered or number_of(name) != number_of(order.stem):
            continue
        if not _known(name, order, bible):
            yield LeftOver(path, (), "is not read: no episode has its name", f"did you mean {wanted.name}?")


def _known(name: str, order: Order, bible: SeriesBible) -> bool:
    """Whether another episode is called so: one of the series that was run, or a file beside this one."""
    beside = order.episode.absolute().parent
    return (bible.root / "lines" / f"{name}.json").exists() or any(one.stem == name for one in beside.iterdir())

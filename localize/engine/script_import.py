"""Somebody else's script for one market, laid over the lines of an episode by time, text and numbers.

What is sure goes into the line table and the log of edits, as a person's; what is not becomes a question in
``questions.csv``, which a translator answers.  A line that people signed is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from localize.edits import Edit, Row
from localize.engine import table
from localize.engine.order import Order
from localize.engine.script_beads import Bead, align
from localize.engine.script_clock import Clock, drawn, fitted
from localize.engine.script_cuts import pieces
from localize.engine.script_known import spoken
from localize.engine.script_likeness import Likeness, Spoken
from localize.engine.script_questions import SIGNED, Question, Verdict, answers, write_questions
from localize.errors import InputError
from localize.formats import lines_csv, target_script
from localize.formats.target_script import Passage, TargetScript
from localize.glossary import normal
from localize.market import Market
from localize.series import SeriesBible
from localize.spreadsheet import is_error
from localize.stages._asking import HAN

SURE = 3.0
"""Margin from which words are taken: anything else is twenty times less likely (docs/measured.md tells how often that
was wrong)."""
OWN = 0.9
"""What the words of passages speak for the lines they fall on, per group and apart from time: 1.0 and more where script
and episode belong together, 0.8 at most where a clock fitted by chance."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a script comes to: one ``Question`` a line (``taken`` ones need no answer), passages no line has, the edits
    logged, where questions were written, and what is to be told about the whole.
    """

    lines: tuple[Question, ...]
    unused: tuple[Question, ...]
    notes: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    questions: Path | None = None


def take(order: Order, bible: SeriesBible, market: Market, file: Path, look: bool = False, status: str = "draft"
         ) -> Imported:  # fmt: skip
    """Lay a script over the line table of one market.  With ``look`` nothing is written.

    Raises ``InputError`` before anything is written: when nobody ran the episode yet, and for a file that cannot be
    read, is in another language or far too long.
    """
    one_market = replace(order, markets=(market,), by=f"{order.by} ({file.name})")
    if not look and table.table_path(order, market).is_file():
        table.import_all(replace(order, markets=(market,)), bible)
    rows = rows_of(order, market)
    script = target_script.read(file, market.code)
    said = [row for row in rows if row.id.startswith("L")]
    lines, unused, notes = weighed(said, script, bible, market)
    edits: tuple[Edit, ...] = ()
    path = table.table_path(order, market).with_name("questions.csv")
    sure = {one.line: one.proposed for one in lines if one.verdict == "taken"}
    if not look:
        edits = put(one_market, bible, market, rows, sure, status)
    open_ones = [one for one in lines if one.verdict == "asked"]
    asked = path if open_ones and not look else None
    if asked is not None:
        write_questions(asked, [*open_ones, *unused])
    return Imported(tuple(lines), tuple(unused), notes, edits, asked)


def answered(order: Order, bible: SeriesBible, market: Market, file: Path, look: bool = False, status: str = "draft"
             ) -> tuple[dict[str, str], tuple[str, ...], tuple[Edit, ...]]:  # fmt: skip
    """Take the answers in a table of questions: (words by line, what could not be taken, the edits logged)."""
    if not look and table.table_path(order, market).is_file():
        table.import_all(replace(order, markets=(market,)), bible)
    rows = rows_of(order, market)
    words, left = answers(file, {row.id: row for row in rows})
    one_market = replace(order, markets=(market,), by=f"{order.by} ({file.name})")
    return words, left, () if look else put(one_market, bible, market, rows, words, status)


def rows_of(order: Order, market: Market) -> tuple[Row, ...]:
    """The line table of a market.  Raises ``InputError`` when there is none yet."""
    path = table.table_path(order, market)
    if not path.is_file():
        fix = f"run it first, lines without words are no harm: {order.command} {order.episode} --to {market.code}"
        raise InputError(f"there is no line table of {order.stem} for {market.code}", str(path), fix)
    return lines_csv.read(path)


def put(
    order: Order, bible: SeriesBible, market: Market, rows: Sequence[Row], words: Mapping[str, str], status: str
) -> tuple[Edit, ...]:
    """Write words into dub and subtitle of their lines, and both into the log of edits."""
    if not words:
        return ()
    new = [replace(row, dub=words[row.id], subtitle=words[row.id], status=status) if row.id in words else row
           for row in rows]  # fmt: skip
    lines_csv.write(table.table_path(order, market), new)
    return table.import_all(order, bible)


def weighed(
    rows: Sequence[Row], script: TargetScript, bible: SeriesBible, market: Market
) -> tuple[list[Question], list[Question], tuple[str, ...]]:
    """What each line gets and how surely, the passages no line has, and what to tell."""
    lines = spoken(rows, bible, market)
    names = [one.called(market.code) for one in bible.cast]
    clock, beads, likeness = aligned(lines, script.passages, market.code, names)
    first = script.passages[0].span if script.timed else None
    notes = [*script.notes, *filter(None, (clock.told(first.start) if first is not None else "",))]
    own = _own(beads, likeness)
    foreign = bool(likeness.spans) and own < OWN
    if foreign:
        notes.append("its words fit these lines no better than chance does: is it this episode's? nothing is taken")
    found: list[Question] = []
    for bead in beads:
        group = rows[bead.first : bead.last]
        found += _questions(group, bead, script.passages[bead.begin : bead.end], foreign)
    used = {at for bead in beads for at in range(bead.begin, bead.end)}
    left = [_unused(one) for at, one in enumerate(script.passages) if at not in used]
    return found, left, tuple(notes)


def aligned(
    lines: Sequence[Spoken], passages: Sequence[Passage], market: str, names: Sequence[str] = ()
) -> tuple[Clock, tuple[Bead, ...], Likeness]:
    """The clock of a script, its pairing with the lines, and the measures both came from."""
    ours, theirs = [one.span for one in lines], [one.span for one in passages if one.span is not None]
    timed = len(theirs) == len(passages)
    clock = fitted(ours, theirs) if timed else Clock(known=False)
    likeness = Likeness(lines, passages, market, names, [clock.span(one) for one in theirs] if clock.known else None)
    beads = align(likeness)
    better = drawn(beads, ours, theirs, SURE, clock) if clock.known else clock
    if better != clock:
        clock = better
        likeness = Likeness(lines, passages, market, names, [clock.span(one) for one in theirs])
        beads = align(likeness)
    return clock, beads, likeness


def _own(beads: Sequence[Bead], likeness: Likeness) -> float:
    """How much the words alone speak for the pairing, per pair."""
    told = [likeness.words(one.first, one.last - one.first, one.begin, one.end - one.begin)
            for one in beads if one.end > one.begin]  # fmt: skip
    return sum(told) / len(told) if told else 0.0


def _questions(rows: Sequence[Row], bead: Bead, passages: Sequence[Passage], foreign: bool) -> Iterator[Question]:
    """One word about each line of a group."""
    parts, clear = pieces(passages, [row.source for row in rows])
    for row, text in zip(rows, parts, strict=True):
        verdict, why = _verdict(row, text, bead.margin, clear, foreign)
        where = ", ".join(str(one.line) for one in passages)
        yield Question(row.id, row.start, row.source, row.dub or row.subtitle, text, bead.margin, verdict, why, where,
                       row.seen)  # fmt: skip


def _verdict(row: Row, text: str, margin: float, clear: bool, foreign: bool) -> tuple[Verdict, str]:
    words = row.dub.strip() or row.subtitle.strip()
    if not text:
        return "lost", "the script has nothing for it"
    if words and normal(text) in (normal(row.dub), normal(row.subtitle)):
        return "same", ""
    if row.status in SIGNED and (words or row.status == "locked"):
        return "kept", f"{row.status}: it stays; the script has other words"
    doubts = []
    if margin < SURE:
        doubts.append(f"margin {margin:.1f}, sure from {SURE:.0f}")
    if foreign:
        doubts.append("the whole script may be another episode's")
    if not clear:
        doubts.append("one passage for several lines, cut where it fits best")
    if HAN.search(text) or is_error(text):
        doubts.append("it is no text of this market")
    if words and row.origin == "person":
        doubts.append("a person wrote other words")
    return ("asked", "; ".join(doubts)) if doubts else ("taken", "")


def _unused(one: Passage) -> Question:
    from localize.timing import clock

    start = clock(one.span.start) if one.span is not None else ""
    return Question("", start, "", "", one.text, 0.0, "unused", "no line for it", str(one.line), "")

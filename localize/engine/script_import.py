"""Somebody else's script for one market, laid over the lines of an episode by time, text and numbers.

What is sure goes into the line table and the log of edits, as a person's; what is not becomes a question in
``questions.csv``, which a translator answers.  A line that people signed is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from localize.edits import TEXTS, Edit, Row
from localize.engine import table
from localize.engine.order import Order
from localize.engine.script_beads import Bead, align
from localize.engine.script_clock import Clock, drawn, fitted
from localize.engine.script_cuts import pieces
from localize.engine.script_known import spoken
from localize.engine.script_likeness import Likeness, Spoken
from localize.engine.script_questions import (
    SIGNED,
    Question,
    Verdict,
    answers,
    now_of,
    read_questions,
    write_questions,
)
from localize.errors import InputError
from localize.formats import target_script
from localize.formats.target_script import Passage, TargetScript
from localize.glossary import normal
from localize.han import chinese_left
from localize.market import Market
from localize.series import SeriesBible
from localize.spreadsheet import is_error
from localize.stages._labels import spellings

SURE = 3.0
"""Margin from which words are taken: anything else is twenty times less likely (docs/measured.md tells how often that
was wrong)."""
_BRACKET = re.compile(r"\[[^\]]*\]|\([^)]*\)|[（【［〔][^）】］〕]*[）】］〕]|\*[^*]+\*")
_LABEL = re.compile(r"\s*[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?: [^\W\d_a-zß-öø-ÿ][\w.'’-]*){0,2}\s*[:：]\s*\S")
"""Up to three words with a capital before a colon."""
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
    path = table.table_path(order, market).with_name("questions.csv")
    script, old = (
        target_script.read(file, market.code, names=spellings(bible.cast)),
        () if look else read_questions(path),
    )
    before = opened(order, bible, market, look)
    said = [row for row in before.rows if row.id.startswith("L")]
    lines, unused, notes = weighed(said, script, bible, market, told(table.edits_of(order, bible, market, look)))
    edits: tuple[Edit, ...] = ()
    sure = {one.line: one.proposed for one in lines if one.verdict == "taken"}
    if not look:
        edits = put(_by(order, file), bible, market, before, sure, status)
    open_ones = [one for one in lines if one.verdict == "asked"]
    asked = path if open_ones and not look else None
    if asked is not None:
        write_questions(asked, [*open_ones, *unused], old, {row.id: row for row in before.rows})
    return Imported(tuple(lines), tuple(unused), notes, edits, asked)


def answered(order: Order, bible: SeriesBible, market: Market, file: Path, look: bool = False, status: str = "draft"
             ) -> tuple[dict[str, str], tuple[str, ...], tuple[Edit, ...]]:  # fmt: skip
    """Take the answers in a table of questions: (words by line, what could not be taken, the edits logged)."""
    before = opened(order, bible, market, look)
    people = told(table.edits_of(order, bible, market, look))
    words, left = answers(file, {row.id: row for row in before.rows}, people)
    return words, left, () if look else put(_by(order, file), bible, market, before, words, status)


def _by(order: Order, file: Path) -> Order:
    return replace(order, by=f"{order.by} ({file.name})")


def opened(order: Order, bible: SeriesBible, market: Market, look: bool) -> table.Opened:
    """The line table of a market, whose waiting edits are logged first unless one only looks.

    Raises ``InputError`` when there is none yet.
    """
    path = table.table_path(order, market)
    if not path.is_file():
        fix = f"run it first, lines without words are no harm: {order.command} {order.episode} --to {market.code}"
        raise InputError(f"there is no line table of {order.stem} for {market.code}", str(path), fix)
    if not look:
        table.import_all(replace(order, markets=(market,)), bible)
    return table.opened(order, market)


def put(
    order: Order, bible: SeriesBible, market: Market, before: table.Opened, words: Mapping[str, str], status: str
) -> tuple[Edit, ...]:
    """Write words into dub and subtitle of their lines, and both into the log of edits."""
    if not words:
        return ()
    new = [replace(row, dub=words[row.id], subtitle=words[row.id], status=status) if row.id in words else row
           for row in before.rows]  # fmt: skip
    return table.revise(order, bible, market, before, new)


def told(log: Sequence[Edit]) -> dict[str, str]:
    """What people did to the lines of one market, by line: the log knows it when the table's own cells, which tell how
    things were at the last run, do not yet.
    """
    signed = {one.line: one.value for one in log if one.field == "status"}
    found = {line: f"a person set it to {value}" for line, value in signed.items() if value in SIGNED}
    return found | {one.line: "a person wrote other words" for one in log if one.field in TEXTS}


def weighed(
    rows: Sequence[Row], script: TargetScript, bible: SeriesBible, market: Market, people: Mapping[str, str]
) -> tuple[list[Question], list[Question], tuple[str, ...]]:
    """What each line gets and how surely, the passages no line has, and what to tell.  ``people`` is of ``told``."""
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
        parts, clear = pieces(script.passages[bead.begin : bead.end], [row.source for row in group])
        places = ", ".join(str(one.line) for one in script.passages[bead.begin : bead.end])
        for row, text in zip(group, parts, strict=True):
            doubts = tuple(_doubts(row, text, bead.margin, clear, foreign, market, people.get(row.id, "")))
            verdict, why = _verdict(row, text, doubts, people.get(row.id, ""))
            found.append(_question(row, text, bead.margin, verdict, why, places))
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


def _question(row: Row, text: str, margin: float, verdict: Verdict, why: str, places: str) -> Question:
    return Question(row.id, row.start, row.source, now_of(row), text, margin, verdict, why, places, row.seen)


def _verdict(row: Row, text: str, doubts: Sequence[str], person: str) -> tuple[Verdict, str]:
    words = row.dub.strip() or row.subtitle.strip()
    if not text:
        return "lost", "the script has nothing for it"
    if words and normal(text) in (normal(row.dub), normal(row.subtitle)):
        return "same", ""
    if row.status in SIGNED and (words or row.status == "locked" or person):
        return "kept", f"{row.status}: it stays; the script has other words"
    return ("asked", "; ".join(doubts)) if doubts else ("taken", "")


def _doubts(
    row: Row, text: str, margin: float, clear: bool, foreign: bool, market: Market, person: str
) -> Iterator[str]:
    """What speaks against taking a text; nothing where it is sure."""
    if margin < SURE:
        yield f"margin {margin:.1f}, sure from {SURE:.0f}"
    if foreign:
        yield "the whole script may be another episode's"
    if not clear:
        yield "one passage for several lines, cut where it fits best"
    if chinese_left(text, row.source, market.code) or is_error(text):
        yield "it is no text of this market"
    if _BRACKET.search(text) and not _BRACKET.search(row.source):
        yield "what stands in brackets may be a description that nobody says"
    if _LABEL.match(text) and not re.search(r"[:：]", row.source):
        yield "what stands before the colon may be the name of a speaker"
    if (row.dub.strip() or row.subtitle.strip()) and (person or row.origin == "person"):
        yield person or "a person wrote other words"


def _unused(one: Passage) -> Question:
    from localize.timing import clock

    start = clock(one.span.start) if one.span is not None else ""
    return Question("", start, "", "", one.text, 0.0, "unused", "no line for it", str(one.line), "")

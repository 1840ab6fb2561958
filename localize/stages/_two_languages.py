"""Two languages in one subtitle: the Chinese is said, what is written beside it in another script is a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from localize.episode import Line
from localize.han import HAN
from localize.timing import clock
from localize.version import Finding

CHECK = "two_languages"
USUAL = 0.5
"""Share of the Chinese lines that have a translation beside them where a source is in two languages: nearly all have;
judged, not counted.
"""
LEAST = 2
"""Lines with a translation that make a source one in two languages."""
SHOWN = 3
_ENDED = "。！？!?…～~”』」）)"
_PARTED = re.compile(r"[\s/|｜]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Two:
    """A line's text without its other language, that other language, and whether this surely is a translation.

    ``sure``: it is a sentence in a row of its own; ``sentence``: it may be one, wherever it stands.
    """

    said: str
    other: str
    sure: bool
    sentence: bool


def apart(lines: Sequence[Line], language: str) -> tuple[list[Line], tuple[Finding, ...]]:
    """The lines with the Chinese alone, and what was left out as a note; untouched where the series is not Chinese.

    Rows of a line are parted by ``\\n``.  A row of two words or more in another script goes always.  A single word, or
    words in the same row, may be said (他读的是MBA) and go only where the source is in two languages throughout.
    """
    chinese = sum(bool(HAN.search(line.text)) for line in lines)
    found = [_two(line.text) for line in lines] if language.startswith("zh") else []
    both = sum(one is not None and one.sentence for one in found)
    throughout = both >= LEAST and both >= USUAL * chinese
    gone = {at: one for at, one in enumerate(found) if one is not None and (one.sure or throughout)}
    if throughout:
        gone = {at: one for at, one in gone.items() if one.sure or one.sentence or _set_off(lines[at].text, one)}
    kept = [replace(line, text=gone[at].said) if at in gone else line for at, line in enumerate(lines)]
    return kept, tuple(_told([(lines[at], one) for at, one in gone.items()]))


def _two(text: str) -> _Two | None:
    """The two languages of a text; None where it has Chinese alone, or none."""
    rows = [row for row in text.split("\n") if row.strip()]
    foreign = [row for row in rows if not HAN.search(row) and _WORD.search(row)]
    if foreign and len(foreign) < len(rows):
        said, other = "\n".join(row for row in rows if row not in foreign), " ".join(map(str.strip, foreign))
        many, ended = len(_WORD.findall(other)), other[-1] in _ENDED + "."
        return _Two(said, other, many > 2 or (many == 2 and ended), many > 1 or ended)
    if len(rows) != 1 or foreign:
        return None
    said, other = _halves(rows[0].strip())
    words = _WORD.findall(other)
    if not words or not said:
        return None
    sentence = len(words) > 1 or other[-1] in _ENDED + "."
    return _Two(said, other, False, sentence)


def _halves(row: str) -> tuple[str, str]:
    """A row's Chinese and what stands before or behind all of it in another script; empty where nothing does."""
    runs = list(HAN.finditer(row))
    if not runs:
        return row, ""
    first, last = runs[0].start(), runs[-1].end()
    while last < len(row) and not (row[last].isalnum() or row[last].isspace() or row[last] in "/|｜"):
        last += 1
    before, behind = row[:first], row[last:]
    if _WORD.search(behind) and not _WORD.search(before):
        return row[:last].strip(), _PARTED.sub(" ", behind).strip()
    if _WORD.search(before) and not _WORD.search(behind):
        return row[first:].strip(), _PARTED.sub(" ", before).strip()
    return row, ""


def _set_off(text: str, one: _Two) -> bool:
    """Whether a blank or a bar parts the two: a word that is said stands close to the Chinese (他说OK)."""
    return "\n" in text or one.said + one.other != text.strip()


def _told(gone: Sequence[tuple[Line, _Two]]) -> Iterator[Finding]:
    if not gone:
        return
    have = "lines have" if len(gone) > 1 else "line has"
    shown = ", ".join(f"{clock(line.span.start)} “{one.other}”" for line, one in gone[:SHOWN])
    more = " …" if len(gone) > SHOWN else ""
    what = f"{len(gone)} {have} another language beside the Chinese: left out, nobody says it: {shown}{more}"
    yield Finding(CHECK, "", "note", what, "if somebody says it, add it to transcript.csv")

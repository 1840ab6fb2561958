"""Two languages in one subtitle: the Chinese is said, what is written beside it in another script is a translation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

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
_ENDED = "。！？!?…～~”』」）)"
_OWN = ".!?"
"""What ends a translation, and no Chinese sentence (他叫 Tony Stark。)."""
_CLOSED = "。！？…!?"
_OPEN = "：:，,、"
_PARTED = re.compile(r"[\s/|｜]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SMALL = 3
"""Letters of the longest word that may be small in a title (Game of Thrones)."""


@dataclass(frozen=True, slots=True)
class _Two:
    """A line's text without its other language, that other language, and where this stands.

    ``sure``: it is a sentence in a row of its own; ``sentence``: it may be one, wherever it stands.
    """

    said: str
    other: str
    where: Literal["row", "before", "behind"]
    sure: bool
    sentence: bool


def apart(lines: Sequence[Line], language: str) -> tuple[list[Line], tuple[Finding, ...]]:
    """The lines with the Chinese alone, and what was left out as a note; untouched where the series is not Chinese.

    Rows of a line are parted by ``\\n``.  A sentence in a row of its own goes always, a word or a name there only where
    the source has its translations in rows.  Within a row only sentences set off from the Chinese go, and only where
    the source has them on that side throughout: all else may be said (我们去KTV, 他叫 Tom, iPhone 手机).
    """
    chinese = sum(bool(HAN.search(line.text)) for line in lines)
    found = [_two(line.text) for line in lines] if language.startswith("zh") else []
    known = [one for one in found if one is not None]
    counted = Counter(one.where for one in known if one.sentence)
    layouts = {where for where, count in counted.items() if count >= LEAST and count >= USUAL * chinese}
    if not any(one.sure for one in known):
        layouts.discard("row")
    gone = {
        at: one for at, one in enumerate(found)
        if one is not None and (one.sure or (one.where in layouts and (one.where == "row" or one.sentence)))
    }  # fmt: skip
    kept = [replace(line, text=gone[at].said) if at in gone else line for at, line in enumerate(lines)]
    return kept, tuple(_told([(lines[at], one) for at, one in gone.items()]))


def _two(text: str) -> _Two | None:
    """The two languages of a text; None where it has Chinese alone, or none."""
    rows = [row for row in text.split("\n") if row.strip()]
    foreign = [row for row in rows if not HAN.search(row) and _WORD.search(row)]
    if foreign and len(foreign) < len(rows):
        said, other = "\n".join(row for row in rows if row not in foreign), " ".join(map(str.strip, foreign))
        many, ended = len(_WORD.findall(other)), other[-1] in _ENDED + "."
        return _Two(said, other, "row", (many > 2 and not _title(other)) or (many == 2 and ended), many > 1 or ended)
    if len(rows) != 1 or foreign:
        return None
    said, other = _halves(rows[0].strip())
    words = _WORD.findall(other)
    if not words or not said:
        return None
    where: Literal["before", "behind"] = "behind" if rows[0].strip().startswith(said) else "before"
    return _Two(
        said, other, where, False, len(words) > 1 and not _title(other) and _set_off(rows[0].strip(), said, where)
    )


def _title(text: str) -> bool:
    """Whether these words may be a name or a title: no end, and capitals as such have them."""
    words = _WORD.findall(text)
    great = [word[0].isupper() for at, word in enumerate(words) if at in (0, len(words) - 1) or len(word) > _SMALL]
    return text[-1] not in _OWN and all(great)


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


def _set_off(row: str, said: str, where: str) -> bool:
    """Whether a blank, a bar or an end parts the two: a word that is said stands close to the Chinese (他说OK)."""
    if where == "before":
        return _PARTED.fullmatch(row[: -len(said)][-1:]) is not None
    return said[-1] in _CLOSED or (_PARTED.match(row[len(said) :]) is not None and said[-1] not in _OPEN)


def _told(gone: Sequence[tuple[Line, _Two]]) -> Iterator[Finding]:
    """One note that lists all of it: nothing goes unseen."""
    if not gone:
        return
    have = "lines have" if len(gone) > 1 else "line has"
    shown = ", ".join(f"{clock(line.span.start)} “{one.other}”" for line, one in gone)
    what = f"{len(gone)} {have} another language beside the Chinese: left out, nobody says it: {shown}"
    yield Finding(CHECK, "", "note", what, "if somebody says it, add it to transcript.csv")

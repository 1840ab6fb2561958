"""What the readers of subtitle formats share: the event as a file has it, its rows, times and markup."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from localize.episode import LineKind
from localize.errors import InputError
from localize.timing import Ms, parse_clock

LONGEST_RAW = 20_000
"""Characters of one event with all its markup; karaoke tags of a long line take a tenth of that."""

CLOCK_FIX = "write times as 00:00:01,200 --> 00:00:03,400"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a subtitle file: ``line`` is where it stands, ``start`` and ``end`` are ms as written there.

    ``text`` is plain, its rows joined by ``\\n``.  ``style`` is ASS's; ``placed`` tells that the event stands at a
    place of its own; ``left`` says why it is no cue (a comment, a drawing, an effect's copy), empty for all others.
    ``voices`` are (name, words) where markup names who speaks, all of the text together; ``kind`` is what markup says
    of it (narration, a thought, a song), empty where it says nothing.  ``remarks`` are what no player shows of it.
    """

    line: int
    start: int
    end: int
    text: str
    style: str = ""
    placed: bool = False
    left: str = ""
    voices: tuple[tuple[str, str], ...] = ()
    kind: LineKind | Literal[""] = ""
    remarks: tuple[str, ...] = ()


STRAY = "text before the first times"
SOUND = "description of a sound"


def rows(text: str) -> Iterator[tuple[int, str]]:
    """``(number, row)`` from 1, without line ends; nothing but the row is copied."""
    at, number = 0, 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        number += 1
        yield number, text[at:end]
        at = end + 1


class Gathered:
    """The rows of one event while they are read.  Raises ``InputError`` when they are no subtitle any more."""

    def __init__(self, where: str, line: int, start: int, end: int) -> None:
        self.where, self.line, self.start, self.end = where, line, start, end
        self.rows: list[str] = []
        self._size = 0

    def add(self, row: str) -> None:
        self._size += len(row) + 1
        if self._size > LONGEST_RAW:
            what = f"one subtitle of more than {LONGEST_RAW:,} characters"
            raise InputError(what, f"{self.where}, line {self.line}", "part it, or look whether a time is missing")
        self.rows.append(row)

    def event(self) -> Event:
        return voiced(self.line, self.start, self.end, undrawn("\n".join(self.rows))[0])


# ── times ───────────────────────────────────────────────────────────────────────────────────────────────────
_TIME = r"((?:\d{1,2} ?: ?)?\d{1,2} ?: ?\d{1,2}(?: ?[.,:] ?\d{1,3})?)"
_TIMES = re.compile(rf"\s*{_TIME}\s*-{{2,3}}>\s*{_TIME}(?=\s|$)")
_LIKE_TIMES = re.compile(
    r"^[^\d]{0,20}\d[\d\s.,;-]{0,20}:[\d\s.,:;-]{0,30}(?:-{1,3}>|→|[–—]>?|>>)[^\d]{0,5}\d{1,3}\s?:"
)
_NO_FRACTION = re.compile(r"^(\d+):(\d+):(\d+):(\d+)$")


def times(row: str, where: str, line: int, may_begin: bool = True) -> tuple[int, int] | None:
    """``(start, end)`` in ms of a row like ``00:00:01,200 --> 00:00:03,400``; None when it is another row.

    Full-width digits and signs, dots for commas and missing hours are understood.  Raises ``InputError`` for a row
    that means to be times and is none: one with ``-->``, or, where a cue ``may_begin``, one that looks like times
    (people also say 12:30 – 13:00).
    """
    if not any(mark in row for mark in (">", "→", "＞", "–", "—")):
        return None
    folded = unicodedata.normalize("NFKC", row[:200])
    found = _TIMES.match(folded)
    if found is None:
        if ("-->" in folded and any(char.isdigit() for char in folded)) or (may_begin and _LIKE_TIMES.match(folded)):
            raise InputError(f"not a cue's times: {row.strip()[:60]!r}", f"{where}, line {line}", CLOCK_FIX)
        return None
    return clock(found[1]), clock(found[2])


def clock(text: str) -> Ms:
    """``00:00:01,200``, ``00:01.2`` or ``00:00:01:200`` in ms."""
    tight = text.replace(" ", "")
    return parse_clock(_NO_FRACTION.sub(r"\1:\2:\3.\4", tight))


# ── markup ──────────────────────────────────────────────────────────────────────────────────────────────────
_RUBY = re.compile(r"<(r[tp])\b[^<>]{0,100}>(?:(?!</?r[tp]\b|</ruby|\n).)*(?:</\1>)?", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,60})?[ \t]+([^<>]{1,200})>|</v>", re.IGNORECASE)
_CODE = re.compile(r"<(?:(script)\b|(style)\b|!--)", re.IGNORECASE)
_CLOSED = {name: re.compile(rf"</{name}\b[^>]*>?", re.IGNORECASE) for name in ("script", "style")}
_COMMENT = re.compile("-->")
_BREAK = re.compile(r"<br ?/?>|\[br\]|\\[Nn]", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<\d[\d:.,]{0,15}>|</?>")
_BRACES = re.compile(r"\{[^{}]*\}")
_CODED = re.compile(r"\{\s*\}|\{(?!\s*\").*\\[A-Za-z0-9]|\{[CcFfHhoPpSsYy]:", re.DOTALL)
"""ASS's override block, with a remark or without, and MicroDVD's ``{y:i}``, at the beginning of a block in braces."""
DRAWING = re.compile(r"\\p(\d{1,3})(?!\w)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")


def plain(text: str) -> str:
    """Text without tags, override blocks, entities, control and direction characters; rows stripped, none empty.

    Other words in braces stay: ``{Beat}`` and ``{"lines": []}`` are somebody's.  Every pattern above either has a bound
    or cannot match across its own beginning: time grows with the text only.
    """
    text = uncoded(text)
    for pattern, instead in ((_RUBY, ""), (_BREAK, "\n"), (_TAG, "")):
        text = pattern.sub(instead, text)
    text = _BRACES.sub(lambda block: "" if _CODED.match(block[0]) else block[0], text)
    text = uncoded(_ENTITY.sub(lambda found: html.unescape(found[0]), text)).replace("\\h", " ")
    found = ("".join(_shown(row)) for row in text.split("\n"))
    return "\n".join(row for row in (" ".join(row.split()) for row in found) if row)


def remarks(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without remarks in braces, which no player of ASS shows (``{TL note}``), and what they say."""
    found = [block[0] for block in _BRACES.finditer(text) if not _CODED.match(block[0])]
    return _BRACES.sub(lambda block: block[0] if _CODED.match(block[0]) else "", text), tuple(found)


def voiced(line: int, start: int, end: int, raw: str) -> Event:
    """An event of raw text, by the voices that its tags name."""
    parts: list[tuple[str, str]] = []
    name, at = "", 0
    text = uncoded(raw)
    for tag in _VOICE.finditer(text):
        parts.append((name, plain(text[at : tag.start()])))
        name, at = plain(tag[1] or ""), tag.end()
    parts.append((name, plain(text[at:])))
    said = tuple(part for part in parts if part[1])
    named = said if any(name for name, _ in said) else ()
    return Event(line, start, end, "\n".join(words for _, words in said) if named else plain(text), voices=named)


def uncoded(text: str) -> str:
    """Text without scripts, style sheets and comments, content and all; what is not closed goes to the end."""
    kept: list[str] = []
    at = 0
    while (found := _CODE.search(text, at)) is not None:
        kept.append(text[at : found.start()])
        name = (found[1] or found[2] or "").lower()
        end = (_CLOSED[name] if name else _COMMENT).search(text, found.end())
        if end is None:
            return "".join(kept)
        at = end.end()
    return "".join((*kept, text[at:]))


def undrawn(text: str) -> tuple[str, bool]:
    """The text outside ``{\\p1}`` … ``{\\p0}``, other blocks in braces left in it, and whether anything is drawn."""
    kept: list[str] = []
    at, drawing, any_drawn = 0, False, False
    for block in _BRACES.finditer(text):
        if not drawing:
            kept.append(text[at : block.start()])
        modes = DRAWING.findall(block[0])
        if not drawing and not modes:
            kept.append(block[0])
        if modes:
            drawing = int(modes[-1]) > 0
            any_drawn = any_drawn or drawing
        at = block.end()
    if not drawing:
        kept.append(text[at:])
    return "".join(kept), any_drawn


def _shown(row: str) -> Iterator[str]:
    for char in row:
        kind = unicodedata.category(char)
        if kind in ("Zs", "Zl", "Zp") or char in "\t\v\f":
            yield " "
        elif kind not in ("Cf", "Cc", "Co", "Cs", "Cn"):
            yield char

"""Text into rows, and long text into several cues: where a reader would take a breath.

Rows fit twice: in characters (what a market can read) and in pixels (what the screen holds, by the font
in use).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from localize.formats import _segments
from localize.han import SIGNS

WIDE = f"⺀-⿿、-ヿ{SIGNS}︰-﹏＀-｠가-힯"
_UNIT = re.compile(rf"[{WIDE}]|[^\s{WIDE}]+")
_WORD = re.compile(r"\S+")
_IS_WIDE = re.compile(f"[{WIDE}]")
_CLOSING = set("、。，．！？；：…—）】」』》〉”’！？·")
_OPENING = set("（【「『《〈“‘")
_SENTENCE = re.compile(r"[.!?…。！？]+[\"'”’»)\]」』）]*$")
_CLAUSE = re.compile(r"[,;:–—，、；：]+[\"'”’»)\]」』）]*$")
_NUMBER = re.compile(r"\W?[^\W\d_]{0,2}\W?[\d.,]*\d$")  # a figure, perhaps with its currency, leans on what it counts
IMBALANCE = 6.0  # rows uneven by a third of the width cost less than a break inside a phrase
PAUSED = 3.0  # the same where a row ends in a sentence's or clause's end: uneven rows beat a torn thought


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cue may hold: ``chars`` a row, ``rows``, ``width`` in pixels as ``measure`` counts them."""

    chars: int
    rows: int
    width: float
    measure: Callable[[str], float]
    language: str


def clean(text: str) -> str:
    """Readable text: white space folded, no control characters, NFC.  Line ends, which somebody wanted, stay."""
    folded = (" ".join(row.split()) for row in text.split("\n"))
    rows = ("".join(mark for mark in row if unicodedata.category(mark) != "Cc") for row in folded)
    return unicodedata.normalize("NFC", "\n".join(row for row in rows if row))


def length(text: str) -> int:
    """Characters a reader counts: spaces and punctuation, but no combining marks and joiners.

    Where most letters are wide (Chinese, Japanese, Korean) the others count half (Netflix, Timed Text Style Guides).
    """
    marks = sum(unicodedata.category(mark) not in ("Mn", "Me", "Cf", "Cc") for mark in text)
    wide = len(_IS_WIDE.findall(text)) if not text.isascii() else 0
    letters = sum(map(str.isalnum, text)) if wide else 0
    return -(-(marks + wide) // 2) if 2 * wide > letters else marks


def units(text: str, language: str = "") -> tuple[str, ...]:
    """What a row may not be broken inside of; a unit that a space follows ends in one.

    Words where words are spaced, phrases or characters where they are not, closing marks with what they close.
    """
    found: list[str] = []
    for word in (_WORD if language in (*_segments.SPACELESS, *_segments.WIDE_WORDS) else _UNIT).finditer(text):
        parts = _segments.phrases(word.group(), language) if language in _segments.SPACELESS else (word.group(),)
        for at, part in enumerate(parts, 1):
            spaced = at == len(parts) and text[word.end() : word.end() + 1].isspace()
            piece = part + (" " if spaced else "")
            glued = found and not found[-1].endswith(" ") and (piece[0] in _CLOSING or found[-1][-1] in _OPENING)
            if glued:
                found[-1] += piece
            else:
                found.append(piece)
    return tuple(found)


def pieces_of(text: str, limits: Limits) -> tuple[str, ...]:
    """The units of ``text``; one that no row can hold is taken apart where its language allows it."""
    found: list[str] = []
    for unit in units(text, limits.language):
        apart = _segments.divides(limits.language) and not fits(unit.strip(), limits)
        found.extend(_segments.inner(unit, limits.language) if apart else (unit,))
    return tuple(found)


def joined(pieces: Sequence[str]) -> str:
    return "".join(pieces).strip()


def fits(row: str, limits: Limits) -> bool:
    return length(row) <= limits.chars and limits.measure(row) <= limits.width


def break_cost(before: str, after: str, language: str) -> float:
    """What ending a row between two units costs: 0 at a sentence's end, 20 between article and noun."""
    table = _table()
    cost, words = table["cost"], _words(language)
    last, following = before.strip(), _word(after)
    if ends_sentence(before, language):
        return float(cost["sentence"])
    if _CLAUSE.search(last) or (language in _segments.SPACELESS and before.endswith(" ")):
        return float(cost["clause"])
    if _word(last) in words["leaning"] or following in words["trailing"] or _NUMBER.match(last):
        return float(cost["torn"])
    if following in words.get("conjunctions", ()):
        return float(cost["conjunction"])
    if following in words.get("prepositions", ()):
        return float(cost["preposition"])
    return float(cost["name"] if last[:1].isupper() and after[:1].isupper() else cost["plain"])


@cache
def _words(language: str) -> Mapping[str, frozenset[str]]:
    """The word lists of a language; what joins two phrases leans on the second like an article."""
    lists = _table().get(language.partition("-")[0], {})
    names = ("conjunctions", "prepositions", "leaning", "trailing")
    words = {name: frozenset(lists.get(name, ())) for name in names}
    return words | {"leaning": words["leaning"] | words["conjunctions"] | words["prepositions"]}


@lru_cache(4096)
def pauses(unit: str, language: str) -> bool:
    """Whether a sentence or a clause ends with ``unit``."""
    return ends_sentence(unit, language) or _CLAUSE.search(unit.strip()) is not None


@lru_cache(4096)
def ends_sentence(unit: str, language: str) -> bool:
    """Whether a sentence ends with ``unit``: a stop, but not that of an abbreviation such as ``Mr.``

    The table has abbreviations with their stop: "that!" ends a sentence, though "that" leans on what follows.
    """
    word = _word(unit)
    short = word.endswith(".") and word in _words(language)["leaning"]
    return _SENTENCE.search(unit.strip()) is not None and not short


def straddles(shown: Sequence[str], language: str) -> bool:
    """Whether a row but the last ends in the middle of a sentence that it began behind another's end."""
    heads = ([ends_sentence(unit, language) for unit in units(row, language)] for row in shown[:-1])
    return any(any(ends) and not ends[-1] for ends in heads)


def _word(unit: str) -> str:
    return unit.strip().strip("\"“”‘’'«»¿¡(),;:!?…").replace("’", "'").casefold()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.formats") / "breaks.toml").read_text("utf-8"))


def arrange(pieces: Sequence[str], limits: Limits) -> tuple[float, tuple[str, ...]] | None:
    """The best rows for ``pieces`` and what they cost; None when they do not fit.  One row when one will do.

    A single unit is always taken: nobody can break it.
    """
    for count in range(1, limits.rows + 1):
        if found := _rows(tuple(pieces), count, limits):
            return found
    return None


def _rows(pieces: tuple[str, ...], count: int, limits: Limits) -> tuple[float, tuple[str, ...]] | None:
    whole = joined(pieces)
    if count == 1:
        return (0.0, (whole,)) if len(pieces) == 1 or fits(whole, limits) else None
    best: tuple[float, tuple[str, ...]] | None = None
    begun = False  # behind the end of a sentence: what the row goes on with it cannot hold
    for at in range(1, len(pieces)):
        head = joined(pieces[:at])
        if at > 1 and not fits(head, limits):
            break
        rest = _rows(pieces[at:], count - 1, limits)
        ends = ends_sentence(pieces[at - 1], limits.language)
        if rest is not None:
            uneven = (limits.measure(head) - limits.measure(joined(pieces[at:])) / (count - 1)) / limits.width
            cost = rest[0] + _row_cost(pieces[at - 1], pieces[at], uneven, limits.language)
            cost += float(_table()["cost"]["straddled"]) if begun and not ends else 0.0
            if best is None or cost < best[0]:
                best = (cost, (head, *rest[1]))
        begun = begun or ends
    return best


def _row_cost(last: str, following: str, uneven: float, language: str) -> float:
    weight = PAUSED if pauses(last, language) else IMBALANCE
    return break_cost(last, following, language) + weight * uneven**2


Laid = tuple[float, tuple[str, ...]]
Cues = tuple[tuple[str, ...], ...]


def split(text: str, limits: Limits, least: int = 1) -> Cues:
    """``text`` as the rows of one or more cues, at least ``least`` where the words allow it.

    Where ``text`` has line ends and its rows fit, they are kept; else the rows are laid anew.
    """
    asked = tuple(clean(text).split("\n"))
    if least <= 1 < len(asked) <= limits.rows and all(fits(row, limits) for row in asked):
        return (asked,)
    pieces = pieces_of(" ".join(asked), limits)
    if not pieces:
        return ()
    ruler = cache(limits.measure)
    limits = Limits(limits.chars, limits.rows, limits.width, ruler, limits.language)
    parts = {(start, end): laid for start in range(len(pieces)) for end, laid in _growing(pieces, start, limits)}
    fewest = -(-length(joined(pieces)) // (limits.chars * limits.rows))
    for count in range(min(max(least, fewest), len(pieces)), len(pieces) + 1):
        if found := _parts(pieces, count, parts, limits):
            return found
    return tuple((joined([piece]),) for piece in pieces)


def _growing(pieces: tuple[str, ...], start: int, limits: Limits) -> Iterator[tuple[int, Laid]]:
    """Every cue that may start with ``pieces[start]``: where it ends, and its rows."""
    for end in range(start + 1, len(pieces) + 1):
        laid = arrange(pieces[start:end], limits)
        if laid is None:
            return
        yield end, laid


def _parts(pieces: tuple[str, ...], count: int, parts: Mapping[tuple[int, int], Laid], limits: Limits) -> Cues | None:
    """The best ``count`` cues by dynamic programming over where each ends; None when some part cannot fit."""
    ideal = max(1, length(joined(pieces))) / count  # marks without width have none
    costs = {
        (start, end): laid[0] / 2 + _part_cost(pieces, start, end, ideal, limits)
        for (start, end), laid in parts.items()
    }
    best: dict[int, tuple[float, Cues]] = {0: (0.0, ())}
    for _ in range(count):
        row: dict[int, tuple[float, Cues]] = {}
        for (start, end), cost in costs.items():
            if start not in best:
                continue
            total = best[start][0] + cost
            if end not in row or total < row[end][0]:
                row[end] = (total, (*best[start][1], parts[start, end][1]))
        best = row
    return best[len(pieces)][1] if len(pieces) in best else None


def _part_cost(pieces: tuple[str, ...], start: int, end: int, ideal: float, limits: Limits) -> float:
    """A cue's end should be a pause, and the cues of a line about equally long."""
    uneven = (length(joined(pieces[start:end])) - ideal) / ideal
    pause = break_cost(pieces[end - 1], pieces[end], limits.language) if end < len(pieces) else 0.0
    return 2 * pause + IMBALANCE * uneven**2

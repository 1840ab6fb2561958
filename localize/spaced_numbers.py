"""Numbers in English, Spanish, Indonesian and Portuguese text, in figures, in words and in both.

A number phrase is read whole or not at all.  ``markets/spaced_numbers.toml`` holds the words of each language.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise, product
from typing import Any

from localize.number_words import Token, read

LARGE = 100
"""A word for this much or more makes a phrase a candidate for a sum."""
_TOKEN = re.compile(
    r"(?P<figures>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d[\d.,]*\d|\d)(?P<glued>[^\W\d_]*)"
    r"|(?P<sign>[½¼¾])|(?P<word>[^\W\d_]+)"
)
_WITHIN = re.compile(r"\s*[-‑–—/]\s*|\s+|")
_LISTED = re.compile(r",\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words for a number at ``text[start:end]`` and everything they may mean.

    ``sure``: every word was understood and no other reading of the words is left (figures may have two).
    ``large``: a word for hundred or more is in it, or figures of a thousand or more.
    """

    start: int
    end: int
    values: frozenset[Fraction]
    sure: bool
    large: bool


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.markets") / "spaced_numbers.toml").read_text("utf-8"))


def rows(language: str) -> dict[str, Any]:
    """What the numbers of ``language`` (BCP 47) are read with; empty where they are not read here."""
    found: dict[str, Any] = _table().get(language.partition("-")[0], {})
    return found


def signs() -> tuple[str, ...]:
    """Letters of money that may touch figures: RMB500."""
    return tuple(_table()["signs"])


def phrases(text: str, language: str) -> Iterator[Phrase]:
    """Every number phrase in ``text``, left to right; of a language without words here the figures only."""
    last: Phrase | None = None
    for one in (_phrase(run, text, language) for run in _runs(text, language)):
        if last is not None and _LISTED.fullmatch(text, last.end, one.start) and (both := _continued(last, one)):
            last = both
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def readings(figures: str) -> frozenset[Fraction]:
    """``1.500`` may be one and a half or fifteen hundred; ``1,234,567`` is clear; of ``1.2.3`` each part."""
    plain, found = re.sub(r"[ \u00a0\u202f]", "", figures), set()
    for group, point in ((",", "."), (".", ",")):
        whole, mark, rest = plain.partition(point)
        grouped = re.fullmatch(rf"\d+|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole)
        if grouped and (not mark or rest.isdigit()):
            found.add(Fraction(whole.replace(group, "") + (f".{rest}" if mark else "")))
    return frozenset(found or (Fraction(part) for part in re.findall(r"\d+", plain)))


def _continued(one: Phrase, more: Phrase) -> Phrase | None:
    """``two million, three hundred thousand`` may be one number or two; None where it can only be two."""
    low, high = max(more.values, default=Fraction(0)), min(one.values, default=Fraction(0))
    if not (one.sure and more.sure and one.large and low > 0 and low < _lowest(high)):
        return None
    values = one.values | more.values | {first + second for first in one.values for second in more.values}
    return Phrase(one.start, more.end, values, False, True)


def _lowest(value: Fraction) -> int:
    """The largest power of a thousand that divides ``value``."""
    size = 1
    while value.denominator == 1 and value and value % (size * 1000) == 0:
        size *= 1000
    return size


# ── the words that make a phrase ────────────────────────────────────────────────────────────────────────────
def _runs(text: str, language: str) -> Iterator[list[Token]]:
    """Neighbouring words that may belong to one number, without the little words at its ends."""
    run: list[Token] = []
    for token in (*_tokens(text, language), None):
        if token is not None and token.kinds and (not run or _WITHIN.fullmatch(text, run[-1].end, token.start)):
            run.append(token)
            continue
        yield from _trimmed(run)
        run = [token] if token is not None and token.kinds else []


def _tokens(text: str, language: str) -> Iterator[Token]:
    table = rows(language)
    for at in _TOKEN.finditer(text):
        if at["figures"]:
            yield from _figures(at, text, table)
        elif at["sign"]:
            yield Token(at.start(), at.end(), frozenset({"loose"}), counts=True)
        else:
            yield from _word(at, table)


def _figures(at: re.Match[str], text: str, table: Mapping[str, Any]) -> Iterator[Token]:
    """Figures and the letters on them: ``30k``; letters that nobody knows (``3rd``, ``A380``) make them no amount."""
    end = at.end("figures")
    before = re.search(r"[^\W\d_]*$", text[: at.start()])
    strange = bool(before and before[0]) and not before[0].endswith(signs()) if before else False
    yield Token(at.start(), end, frozenset({"figures"}), at["figures"], counts=True, strange=strange)
    if glued := _bare(at["glued"]):
        size = table.get("glued", {}).get(glued) or table.get("times", {}).get(glued)
        kinds = frozenset({"times"}) if size else frozenset({"loose"})
        yield Token(end, at.end(), kinds, glued, Fraction(size or 0), True)


def _word(at: re.Match[str], table: Mapping[str, Any]) -> Iterator[Token]:
    start, end, word = at.start(), at.end(), _bare(at[0])
    if word in table.get("each", {}):
        yield Token(start, end, frozenset({"add"}), word, Fraction(1), True)
        yield Token(end, end, frozenset({"times"}), word, Fraction(table["each"][word]), True)
        return
    kinds = {kind for kind in ("joins", "of", "between", "point", "article", "loose") if word in table.get(kind, ())}
    value, counts = Fraction(0), False
    for kind in ("add", "times", "half", "parts"):
        if word in table.get(kind, {}):
            kinds, value, counts = kinds | {kind}, Fraction(table[kind][word]), True
    if word in table.get("vague", ()):
        kinds, counts = kinds | {"loose", "vague"}, True
    yield Token(start, end, frozenset(kinds), word, value, counts)


def _bare(word: str) -> str:
    """Without capitals and accents; ``é`` is a word of its own and no ``e``."""
    low = word.casefold()
    return low if len(low) == 1 else "".join(one for one in unicodedata.normalize("NFD", low) if one.isalnum())


def _trimmed(run: list[Token]) -> Iterator[list[Token]]:
    """The run from its first to its last number word; nothing where it holds none."""
    little = {"joins", "of", "between", "point"}
    while run and run[0].kinds <= little:
        run = run[1:]
    while (
        run
        and run[0].kinds == {"article"}
        and not (len(run) > 1 and run[1].kinds & {"times", "half", "parts", "loose"})
    ):
        run = run[1:]
    while run and (run[-1].kinds <= little or (run[-1].kinds == {"article"} and not _halved(run))):
        run = run[:-1]
    if any(one.counts for one in run):
        yield run


def _halved(run: Sequence[Token]) -> bool:
    """Whether the article at the end of ``half a`` belongs to the number."""
    return len(run) > 1 and bool(run[-2].kinds & {"half"})


# ── what a phrase means ─────────────────────────────────────────────────────────────────────────────────────
def _phrase(run: list[Token], text: str, language: str) -> Phrase:
    table, start, end = rows(language), run[0].start, run[-1].end
    joined = any(
        re.search(r"[-‑–—/]", text[one.end : two.start]) and "figures" in two.kinds for one, two in pairwise(run)
    )
    strange = any(one.strange for one in run) or re.search(r"[^\W_][-‑]$", text[:start]) is not None
    large = any("vague" in one.kinds or ("times" in one.kinds and one.value >= LARGE) for one in run)
    whole = set() if joined else {answer for numbers in _figured(run) if (answer := read(numbers, table)) is not None}
    values = {one.value for one in whole} or set(_pieces(run, table))
    sure = bool(whole) and all(one.sure for one in whole) and not strange
    values |= {one.other for one in whole if one.other is not None}
    large = large or any(one >= 1000 for one in values)
    return Phrase(start, end, frozenset(values), sure, large)


def _figured(run: Sequence[Token]) -> Iterator[list[Token]]:
    """The run once for every reading of its figures; without figures as it is."""
    every = [sorted(readings(one.word)) if "figures" in one.kinds else [one.value] for one in run]
    for values in product(*every):
        yield [replace(one, value=value) for one, value in zip(run, values, strict=True)]


def _pieces(run: list[Token], table: Mapping[str, Any]) -> Iterator[Fraction]:
    """The numbers in words that are no number as a whole: ``two or three hundred`` holds 2 and 300."""
    at = 0
    while at < len(run):
        for end in range(len(run), at, -1):
            piece = run[at:end]
            found = {one.value for numbers in _figured(piece) if (one := read(numbers, table)) is not None and one.sure}
            if found and not piece[-1].kinds <= {"joins", "of", "between"}:
                yield from found
                at = end - 1
                break
        at += 1

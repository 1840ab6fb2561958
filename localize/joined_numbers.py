"""Numbers in Japanese, Korean and Thai text, where no space tells a figure from the word that counts it.

A number in figures is one wherever it stands.  A number in words is one only where it cannot be part of another word:
``joined_numbers.toml`` says when.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from localize.han import SIGNS

_FIGURES = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SPACE = "[ \u00a0]?"


@dataclass(frozen=True, slots=True)
class Written:
    """A number at ``text[start:end]``; ``scaled`` when a word for ten thousand or more is in it.

    Not ``sure`` when the words around it make it a range, half of something more or a vague one.
    """

    start: int
    end: int
    value: Fraction
    scaled: bool
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Patterns:
    """A whole number, one part of it, the letters of the language, and what may follow a number in words."""

    whole: re.Pattern[str]
    part: re.Pattern[str]
    letters: re.Pattern[str]
    counted: re.Pattern[str]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = (files("localize.markets") / "joined_numbers.toml").read_text("utf-8")
    return tomllib.loads(text.replace("{han}", SIGNS))


def rows(language: str) -> dict[str, Any]:
    """What the numbers of ``language`` (BCP 47) are read with; empty where they are not read here."""
    found: dict[str, Any] = _table().get(language.partition("-")[0], {})
    return found


def joined(language: str) -> bool:
    """Whether numbers of ``language`` (BCP 47) are read here."""
    return bool(rows(language))


def _any(words: Any) -> str:
    """A pattern of one of ``words``, the longest first; of nothing where there are none."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


@cache
def _patterns(language: str) -> _Patterns:
    table = rows(language)
    digit, ten, group, own = (f"(?:{_any(table[name])})" for name in ("digits", "tens", "groups", "counting"))
    tens = rf"(?:{digit}?{ten})+{digit}?"
    figures = rf"{_FIGURES}(?:{_SPACE}{ten}(?:{_SPACE}{_FIGURES}{_SPACE}{ten})*)?"
    scaled = rf"(?:{figures}{_SPACE}|(?:{tens}|{digit})?){group}+"
    more = rf"(?:{figures}|{tens})"
    whole = rf"{scaled}(?:{_SPACE}(?:{figures}{_SPACE}|(?:{tens}|{digit})){group})*(?:{_SPACE}{more})?"
    part = _any((*table["digits"], *table["tens"], *table["groups"], *table["counting"]))
    follow = rf"(?!{table['letters']})|(?={_any(table['follow'])})" if table["follow"] else ""
    return _Patterns(
        re.compile(rf"(?<![\d.,])(?:{whole}|{figures}|{tens}|{own}+|{digit}+)"), re.compile(rf"{_FIGURES}|{part}"),
        re.compile(table["letters"]), re.compile(rf"{_SPACE}(?:{_any(table['counted'])})(?:{follow})"),
    )  # fmt: skip


def numbers(text: str, language: str) -> Iterator[Written]:
    """Every number in ``text``, left to right, in figures, in words or in both (``3億5000万``)."""
    language = language.partition("-")[0]
    table, patterns = rows(language), _patterns(language)
    for at in patterns.whole.finditer(text):
        parts = patterns.part.findall(at[0])
        if not any(one[0].isdigit() for one in parts) and not _stands(text, at, parts, language):
            continue
        value = _value(parts, table)
        if value is not None:
            names = ((name, size) for kind in ("tens", "groups") for name, size in table[kind].items())
            scaled = any(name in parts for name, size in names if size >= 10**4)
            yield Written(at.start(), at.end(), value, scaled, _exact(text, at, language))


def _exact(text: str, at: re.Match[str], language: str) -> bool:
    """Whether nothing around a number makes it a range or a vague one: 二、三百万, 몇 백만, หนึ่งล้านครึ่ง."""
    table = rows(language)
    figure = rf"(?:\d|{_any((*table['digits'], *table['tens'], *table['groups']))})"
    ahead = rf"(?:{figure}\s*(?:{_any(table['ranges'])})?|{_any(table['around'])})\s*$"
    behind = (
        rf"\s*(?:(?:{_any(table['counted'])})?\s*(?:{_any(table['after'])})|(?:{_any(table['ranges'])})\s*{figure})"
    )
    return not (re.search(ahead, text[: at.start()]) or re.match(behind, text[at.end() :]))


def _stands(text: str, at: re.Match[str], parts: list[str], language: str) -> bool:
    """Whether words for a number are one: something counted follows, or they are too many for an accident."""
    table, patterns = rows(language), _patterns(language)
    ahead, behind = text[at.start() - 1 : at.start()] if at.start() else "", text[at.end() :]
    if ahead in table["vague"]:
        return False
    follows = patterns.counted.match(behind)
    counted = follows is not None
    closed = any(one in table["tens"] or one in table["groups"] for one in parts)
    many = len(parts) >= table["least"] and closed
    if language == "ko":
        if follows and len(parts) == 1 and not follows[0][0].isspace():
            return False  # 만일, 만세, 조원, 조각
        return not patterns.letters.match(ahead) and (counted or _alone(parts, many, behind, language))
    if not counted and not many:
        return False
    if language == "th":
        glued = patterns.letters.match(ahead) is not None
        ends = {at.start()} if counted else {at.start(), at.end()}
        return not (glued and len(parts) == 1) and ends <= _thai_bounds(text)
    if counted and len(parts) > 1:
        return True
    free = not patterns.letters.match(behind) or counted or len(parts) >= table["sure"]
    return free and not patterns.letters.match(ahead)


def _alone(parts: list[str], many: bool, behind: str, language: str) -> bool:
    """Whether a Korean number stands with nothing counted after it: 오백만이야, 스물다섯이야, not 천만에."""
    table = rows(language)
    ends = not _patterns(language).letters.match(behind) or behind.startswith(tuple(table["follow"]))
    own = len(parts) > 1 and all(one in table["counting"] for one in parts)
    return ends and (own or (many and parts[-1] not in table["digits"]))


@lru_cache(64)
def _thai_bounds(text: str) -> frozenset[int]:
    """Where words of a Thai text begin and end."""
    found, at = {0}, 0
    for word in _thai_words().parse(text):
        found |= {at + len(word) - len(word.lstrip()), at + len(word.rstrip()), at + len(word)}
        at += len(word)
    return frozenset(found)


@cache
def _thai_words() -> Any:
    import budoux

    return budoux.load_default_thai_parser()


def _value(parts: list[str], table: dict[str, Any]) -> Fraction | None:
    """Groups add up; a group as large as the one before takes everything so far (ล้านล้าน = 10¹²)."""
    total, section, last, least = Fraction(0), Fraction(0), 0, 0
    digit: Fraction | None = None
    figures = table["digits"] | table["counting"]
    if len(parts) == 2 and all(one in table["digits"] for one in parts):
        return None  # 二三日: two or three days
    for one in parts:
        if one[0].isdigit():
            if digit is not None:
                return None
            digit = Fraction(one.replace(",", ""))
        elif one in figures:
            # 二〇二四 is read figure by figure, 스물다섯 is twenty and five
            own = figures[one]
            digit = Fraction(own) if digit is None else digit + own if digit % 10 == 0 and one in table["counting"] \
                else digit * 10 + own  # fmt: skip
        elif one in table["tens"]:
            size = table["tens"][one]
            if least and size >= least:
                return None  # 천천히
            section += (Fraction(1) if digit is None else digit) * size
            digit, least = None, size
        else:
            size, part = table["groups"][one], section + (digit or 0)
            if last and size >= last and not (table["stacks"] and not part):
                return None  # 만만하다
            if not part and not total:
                if not table["bare"]:
                    return None
                part = Fraction(1)
            total = (total + part) * size if last and size >= last else total + part * size
            section, digit, last, least = Fraction(0), None, size, 0
    return total + section + (digit or 0)

"""Numbers in Japanese, Korean and Thai text, where no space tells a figure from the word that counts it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Written:
    """A number at ``text[start:end]``; ``scaled`` when a word for ten thousand or more is in it."""

    start: int
    end: int
    value: Fraction
    scaled: bool


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.markets") / "joined_numbers.toml").read_text("utf-8"))


def joined(language: str) -> bool:
    """Whether numbers of ``language`` (BCP 47) are read here."""
    return language.partition("-")[0] in _table()


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A whole number, and one part of it."""
    rows = _table()[language]
    names = sorted((*rows["digits"], *rows["tens"], *rows["groups"]), key=len, reverse=True)
    words = "|".join(map(re.escape, names))
    part = rf"\d+(?:,\d{{3}})*(?:\.\d+)?|{words}"
    return re.compile(rf"(?<![\d.,])(?:{part})(?:[ \u00a0]?(?:{part}))*"), re.compile(part)


def numbers(text: str, language: str) -> Iterator[Written]:
    """Every number in ``text``, left to right, in figures, in words or in both (``3億5000万``)."""
    language = language.partition("-")[0]
    whole, part = _patterns(language)
    rows = _table()[language]
    for at in whole.finditer(text):
        parts = part.findall(at[0])
        value = _value(parts, rows)
        if value is not None:
            large = any(
                name in parts for kind in ("tens", "groups") for name, size in rows[kind].items() if size >= 10**4
            )
            yield Written(at.start(), at.end(), value, large)


def _value(parts: list[str], rows: dict[str, Any]) -> Fraction | None:
    """Groups add up; a group as large as the one before takes everything so far (ล้านล้าน = 10¹²)."""
    total, section, last = Fraction(0), Fraction(0), 0
    digit: Fraction | None = None
    tens = False
    for one in parts:
        if one[0].isdigit():
            if digit is not None:
                return None
            digit = Fraction(one.replace(",", ""))
        elif one in rows["digits"]:
            own = rows["digits"][one]
            # 二〇二四 is read figure by figure, 스물다섯 is twenty and five
            digit = Fraction(own) if digit is None else digit + own if tens else digit * 10 + own
            tens = own >= 10
        elif one in rows["tens"]:
            section += (Fraction(1) if digit is None else digit) * rows["tens"][one]
            digit = None
        else:
            size, part = rows["groups"][one], section + (digit or 0)
            if not part and not total:
                if not rows["bare"]:
                    return None
                part = Fraction(1)
            total = (total + part) * size if size >= last and total else total + part * size
            section, digit, last = Fraction(0), None, size
    return total + section + (digit or 0)

"""Discounts: Chinese says what is still to pay, other languages what is taken off."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from importlib.resources import files

from localize.spaced_numbers import phrases
from localize.wording import DIGITS

_RATE = re.compile(
    r"(?<![第十百千万两])([一二三四五六七八九\d])(?:[.点]?([一二三四五六七八九\d]))?折(?![磨扣腾叠断返算合寿服现中回射])"
)


@cache
def _patterns(language: str) -> tuple[str, ...]:
    table = tomllib.loads((files("localize.checks") / "discounts.toml").read_text("utf-8"))
    return tuple(table.get(language.partition("-")[0], ()))


def wrong_discounts(zh: str, text: str, language: str) -> Iterator[tuple[str, int, str]]:
    """(what the Chinese says, percent off, what the target says) where these differ: 八折 as eighty percent off."""
    rates = [
        (at[0], 100 - int("".join(str(DIGITS.get(c, c)) for c in (at[1], at[2] or "0")))) for at in _RATE.finditer(zh)
    ]
    if not rates:
        return
    for one in phrases(text, language):
        for pattern in _patterns(language):
            before, _, behind = pattern.partition("{n}")
            at = re.search(f"{before}$", text[: one.start], re.IGNORECASE)
            after = re.match(behind, text[one.end :], re.IGNORECASE)
            if at and after and not one.values & {Fraction(off) for _, off in rates}:
                yield *rates[0], text[at.start() : one.end + after.end()]

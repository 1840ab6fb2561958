"""The numbers a translation states, in figures or in words."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from localize.joined_numbers import joined, numbers

_TOKEN = re.compile(r"\d[\d.,\u00a0\u202f ]*\d|\d|[^\W\d_]+")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.checks") / "numerals.toml").read_text("utf-8"))


def values(text: str, language: str) -> set[Fraction]:
    """Every number in ``text``, ambiguous figures in each reading (``1.500`` is 1500 and 1.5)."""
    if joined(language):
        return {one.value for one in numbers(text, language)}
    table = _table().get(language.partition("-")[0], {"add": {}, "times": {}, "skip": []})
    found: set[Fraction] = set()
    run: list[str] = []
    for token in [*_TOKEN.findall(text.casefold()), ""]:
        known = token in table["add"] or token in table["times"] or token == table.get("teens")
        if known or (run and token in table["skip"]):
            run.append(token)
            continue
        if run:
            found |= _worded(run, table)
        run = []
        if token[:1].isdigit():
            found |= _figures(token)
            run = [token]
    return found


def _figures(token: str) -> set[Fraction]:
    """``5,000,000`` → 5 000 000; ``3.5`` → 3.5; ``1.500`` → both readings."""
    digits = re.sub(r"\D", "", token)
    marks = re.findall(r"\D+", token)
    found = {Fraction(digits)} if all(len(part) == 3 for part in re.split(r"\D+", token)[1:]) else set()
    if len(marks) == 1 and marks[0] in ".,":
        found.add(Fraction(token.replace(",", ".")))
    return found or {Fraction(part) for part in re.split(r"\D+", token)}


def _worded(run: list[str], table: dict[str, Any]) -> set[Fraction]:
    """The value of number words; a figure before them (``5 million``) starts the count."""
    starts = _figures(run[0]) if run[0][:1].isdigit() else {None}
    return {_counted(start, run, table) for start in starts}


def _counted(start: Fraction | None, run: list[str], table: dict[str, Any]) -> Fraction:
    """Groups add up; a larger factor after a smaller one takes the whole group (``cinco mil millones``)."""
    total, group, scale, part = Fraction(0), Fraction(0), 0, start
    for word in run[1:] if start is not None else run:
        factor = table["times"].get(word, 0)
        if word == table.get("teens"):
            part = (part or Fraction(0)) + 10
        elif not factor:
            part = (part or Fraction(0)) + table["add"].get(word, 0)
        elif factor < 1000:
            part = _tens(part, factor)
        elif factor > scale > 0:
            group, scale, part = (group + (part or 0)) * factor, factor, None
        else:
            total, group, scale, part = (
                total + group,
                (1 if part is None else part) * Fraction(factor),
                factor,
                None,
            )
    return total + group + (part or 0)


def _tens(part: Fraction | None, factor: int) -> Fraction:
    """``two hundred thirty`` and ``dua ratus tiga puluh``: a small factor takes the last figure only."""
    if part is None:
        return Fraction(factor)
    last = part % 10
    return part - last + last * factor if last else part * factor

"""Measures in a translation, checked against the Chinese: old and foreign units become those the market knows.

A number and its unit are converted together or not at all.  Every function proposes; nothing is changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from localize.adaptation import rules_table, tables
from localize.figures import Change, place
from localize.joined_numbers import joined, numbers
from localize.joined_numbers import rows as joined_rows
from localize.spaced_numbers import phrases, rows
from localize.wording import Amount, amounts

NEAR = Fraction(1, 5)
"""A measure this much off is still a rounded one ("about two miles" for 1.86)."""
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number with a unit at ``text[start:end]``; ``values`` is empty where the number is not understood."""

    start: int
    end: int
    values: frozenset[Fraction]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A measure nobody put right: what the Chinese says, what that is, and how the target words it."""

    written: str
    right: str
    said: str


def unit_rows(zh: str, system: str) -> tuple[tuple[str, dict[str, Any], Fraction], ...]:
    """(unit, its row, how many) of a Chinese line: a slot is converted whole or not at all.

    A unit that is counted twice, or whose number nobody can read, is left out.
    """
    return tuple((name, row, one.value) for name, row, one in _measures(zh) if system in row)


def _measures(zh: str) -> Iterator[tuple[str, dict[str, Any], Amount]]:
    """Every unit that is counted once in a Chinese line, with its number: 半斤, 三斤半, 一个半时辰 too."""
    for name, row in rules_table()["unit"].items():
        if row.get("only") and not any(word in zh for word in row["only"]):
            continue
        units = "|".join(sorted(row["zh"], key=len, reverse=True))
        meant = list(_half_counted(zh, units))
        if len(meant) == 1:
            yield name, row, meant[0]


def _half_counted(zh: str, units: str) -> Iterator[Amount]:
    for one in amounts(zh):
        more = re.match(rf"个?(半)(?:{units})|(?:{units})(半)?", zh[one.end :])
        if more and not one.currency:
            yield Amount(one.start, one.end + more.end(), one.value + (_HALF if more[1] or more[2] else 0))
    for half in re.finditer(rf"(?<![个一二两三四五六七八九十百千万\d多大])半(?:{units})", zh):
        yield Amount(half.start(), half.end(), _HALF)


def unit_changes(zh: str, text: str, market: str, system: str) -> Iterator[Change]:
    """A number with a Chinese or foreign unit, where the target keeps the unit's name.  ``system``: Market.units."""
    for name, row, count in unit_rows(zh, system):
        found = next(_counted(text, row["literal"], market), None)
        if found is None or not found.values or _right(found, count, row[system], market, text):
            continue
        before, after = text[found.start : found.end], converted(count, row[system], market)
        if before.lower() != after.lower():
            why = f"{name} is an old or foreign measure here"
            yield Change(f"unit.{name}", before, after, why, at=place(found.start, market))


def doubts(zh: str, text: str, market: str, system: str) -> Iterator[Doubt]:
    """The measures of a line that the target words wrongly, or in words whose number nobody understands."""
    for _, row, one in _measures(zh):
        to = row.get(system) or _targets(row)[0]
        others = {each.value for each in amounts(zh) if each.start != one.start}
        words = [*row["literal"], *(name for each in _targets(row) for name in _names(each["unit"], market))]
        for found in _counted(text, words, market):
            right = any(_right(found, one.value, each, market, text) for each in _targets(row))
            if right or found.values & others or (one.value in found.values and _literal(text, found, row, market)):
                continue
            said = text[found.start : found.end]
            yield Doubt(zh[one.start : one.end], converted(one.value, to, market), said)


def converted_rightly(zh: str, text: str, market: str) -> Iterator[Amount]:
    """The numbers of a Chinese line that the target words in another unit, and rightly: 二十里 as six miles."""
    for _, row, one in _measures(zh):
        words = [name for each in _targets(row) for name in _names(each["unit"], market)]
        if any(
            _right(found, one.value, each, market, text)
            for found in _counted(text, words, market) for each in _targets(row)
        ):  # fmt: skip
            yield one


def _literal(text: str, found: _Counted, row: Mapping[str, Any], market: str) -> bool:
    """Whether a number stands with the Chinese unit's own name, which is odd and not wrong."""
    names = {name.casefold() for each in _targets(row) for name in _names(each["unit"], market)}
    said = text[found.start : found.end].casefold()
    return any(said.endswith(word.casefold()) for word in row["literal"] if word.casefold() not in names)


def _right(found: _Counted, count: Fraction, to: Mapping[str, Any], market: str, text: str) -> bool:
    """Whether a number with the unit of ``to`` is near enough what the Chinese says."""
    if not re.search(rf"(?:{_any(_names(to['unit'], market))})$", text[: found.end], re.IGNORECASE):
        return False
    exact = _exact(count, to)
    return any(abs(value - exact) <= NEAR * exact for value in found.values)


def _targets(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a unit may become: what each system measures with, and what people say besides."""
    return [*(row[system] for system in ("metric", "imperial") if system in row), *row.get("besides", ())]


def converted(count: Fraction, to: Mapping[str, Any], market: str) -> str:
    """So many Chinese units as the market measures: ``to`` is a unit's ``metric`` or ``imperial`` row."""
    return _measured(_exact(count, to), to["unit"], market)


def _exact(count: Fraction, to: Mapping[str, Any]) -> Fraction:
    return Fraction(count * Fraction(str(to["factor"])) + to.get("offset", 0))


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _counted(text: str, words: Iterable[str], market: str) -> Iterator[_Counted]:
    """Every number with one of the units after it."""
    units = _any(words)
    if joined(market):
        for one in numbers(text, market):
            if unit := re.match(rf"\s*(?:{units})", text[one.end :]):
                end = one.end + unit.end()
                sure = one.sure and not _half_more(text[end:], market)
                yield _Counted(one.start, end, frozenset({one.value} if sure else ()))
        return
    for each in phrases(text, market):
        unit = re.match(rf"[\s-]+(?:{units})(?!\w)", text[each.end :], re.IGNORECASE)
        if unit:
            end = each.end + unit.end()
            sure = each.sure and not _half_more(text[end:], market)
            yield _Counted(each.start, end, each.values if sure else frozenset())
    table = rows(market)
    lead = rf"(?:{_any(table.get('article', ())) or '(?!)'})[\s-]+|{table.get('prefix', '(?!)')}"
    for at in re.finditer(rf"(?<!\w)(?<!of )(?<!half )(?:{lead})(?:{units})(?!\w)", text, re.IGNORECASE):
        yield _Counted(at.start(), at.end(), frozenset({Fraction(1)}))


def _half_more(behind: str, market: str) -> bool:
    """Whether a unit is followed by half of it: ``tres jin y medio``, 三斤半."""
    if joined(market):
        return re.match(rf"\s*(?:{_any(joined_rows(market)['after'])})", behind) is not None
    table = rows(market)
    little = (*table.get("joins", ()), *table.get("article", ()))
    return re.match(rf"(?:\s+(?:{_any(little)}))*\s+(?:{_any(table.get('half', ()))})(?!\w)", behind) is not None


@cache
def _names(unit: str, market: str) -> tuple[str, ...]:
    """What the market calls a unit, for one and for many."""
    said = (_unit(number, unit, market) for number in (1, 2))
    own = tables()["measures"]["names"].get(unit, {}).get(market, ())
    return tuple(dict.fromkeys((*(re.sub(r"[\d\s]+", " ", one).strip() for one in said), *own)))


def _unit(number: float, unit: str, market: str) -> str:
    from babel.units import format_unit

    said = str(format_unit(number, unit, length="long", locale=market.replace("-", "_")))
    own = tables()["measures"]["names"].get(unit, {}).get(market, ())
    return said.replace(f" {unit}", own[0]) if unit in said and own else said


def _measured(value: Fraction, unit: str, market: str) -> str:
    """A spoken measure: rounded to what a person would say."""
    exact = float(value)
    near = round(exact)
    if near and abs(exact - near) <= 0.1 * exact:
        said: float = (
            near if exact < 100 or unit.startswith("temperature") else round(exact, 1 - len(str(int(exact))) + 1)
        )
    else:
        said = round(exact, 1)
    said = int(said) if float(said).is_integer() else said
    return _unit(said, unit, market)

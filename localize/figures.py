"""Numbers in a translation, checked against the Chinese: sums of money, plain numbers, old and foreign units.

Every function proposes ``Change``s of a target text; nothing is changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from localize.adaptation import rules_table
from localize.joined_numbers import joined, numbers
from localize.rates import KEEP, Policy, say_sum
from localize.wording import Amount, amounts, currency_name, say_money, say_number, table

LARGE = 10_000
"""From here on a number in Chinese is grouped by 万 and 亿, where translations go wrong."""


@dataclass(frozen=True, slots=True)
class Change:
    """Replace ``before`` by ``after`` in a text, because of ``why``.  ``level`` 0: the figure was wrong.

    ``at``: where ``before`` begins, in a text without blanks between words; -1 where whole words are found again.
    """

    rule: str
    before: str
    after: str
    why: str
    level: int = 1
    at: int = -1


@dataclass(frozen=True, slots=True)
class _Said:
    """A number in a target text at ``text[start:end]`` and everything it may mean."""

    start: int
    end: int
    values: frozenset[Fraction]
    scaled: bool


@cache
def _scales(market: str) -> tuple[tuple[str, int], ...]:
    """The market's words for large sizes, longest first, with their value."""
    found = {}
    for row in table()["market"].get(market, {}).get("sizes", ()):
        found[row["other"].removeprefix("{n} ")] = row["size"]
        found[row["one"].split(" ", 1)[-1]] = row["size"]
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


@cache
def _number(market: str) -> re.Pattern[str]:
    rows = table()["market"].get(market, {})
    words = "|".join(map(re.escape, sorted((*rows.get("words", ()), "un", "una", "a", "se"), key=len, reverse=True)))
    scales = "|".join(re.escape(word) for word, _ in _scales(market)) or r"(?!)"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<digits>\d[\d.,]*\d|\d)(?:\s+(?P<scale>{scales}))?"
        rf"|(?P<word>{words})\s+(?P<of>{scales})|(?P<bare>{scales}))(?!\w)",
        re.IGNORECASE,
    )


def _said(text: str, market: str) -> Iterator[_Said]:
    if joined(market):
        for one in numbers(text, market):
            yield _Said(one.start, one.end, frozenset({one.value}), one.scaled)
        return
    sizes = dict(_scales(market))
    words = table()["market"].get(market, {}).get("words", [])
    for at in _number(market).finditer(text):
        size = Fraction(sizes.get((at["scale"] or at["of"] or at["bare"] or "").lower(), 1))
        if at["digits"]:
            values = frozenset(value * size for value in _readings(at["digits"]))
        else:
            word = (at["word"] or "").lower()
            values = frozenset({(words.index(word) if word in words else 1) * size})
        yield _Said(at.start(), at.end(), values, size > 1)


def _readings(digits: str) -> set[Fraction]:
    """``1.500`` may be one and a half or fifteen hundred; ``1,234,567`` is clear."""
    found = set()
    for group, point in ((",", "."), (".", ",")):
        whole, _, rest = digits.replace(group, "").partition(point)
        if whole.isdigit() and (not rest or rest.isdigit()):
            found.add(Fraction(f"{whole}.{rest}" if rest else whole))
    return found


def sums(zh: str) -> tuple[Amount, ...]:
    """The sums of money in a Chinese line: with a unit of money, or large and counting nothing else."""
    counted = tuple(rules_table()["money"]["counted"])
    return tuple(
        one
        for one in amounts(zh)
        if one.currency or (one.value >= LARGE and not zh[one.end :].startswith((*counted, "多", "余", "几")))
    )


def money_changes(zh: str, text: str, market: str, policy: Policy = KEEP) -> Iterator[Change]:
    """The one sum of a line, if the target gets its value or its currency wrong, or the policy words it otherwise."""
    meant = sums(zh)
    if len(meant) != 1 or meant[0].value < 2:
        return
    wanted = meant[0]
    correct = say_sum(wanted.value, wanted.currency, market, policy)
    other = correct != say_money(wanted.value, wanted.currency, market)
    if other and correct.lower() in text.lower():
        return
    found = [one for one in _said(text, market) if one.scaled or wanted.value in one.values or max(one.values) >= 1000]
    if len(found) != 1:
        return
    said = found[0]
    start, end, named = _with_currency(text, said, market)
    right = wanted.value in said.values
    known = {currency_name(wanted.currency, Fraction(n), market).replace("{n}", "").strip().lower() for n in (1, 2)}
    if not other and right and (named.lower() in known or (wanted.currency not in ("", "yuan") and named)):
        return
    written = zh[wanted.start : wanted.end]
    why = f"{written} stays in its own currency and names it" if right else f"{written} is {correct}"
    why = f"{written}: {policy.told}" if other else why
    yield Change(
        "money", text[start:end], _like(text[start:end], correct), why, int(right or other), _place(start, market)
    )


def said_sum(zh: str, text: str, market: str) -> tuple[str, frozenset[Fraction], str] | None:
    """The one sum of a line as the target says it: its words, everything the number may mean, and the currency's name;
    None where there is no such sum, or it cannot be told.
    """
    meant = sums(zh)
    found = [one for one in _said(text, market) if one.scaled or max(one.values) >= 100] if len(meant) == 1 else []
    if len(found) != 1:
        return None
    start, end, named = _with_currency(text, found[0], market)
    return text[start:end], found[0].values, named.casefold()


def _with_currency(text: str, said: _Said, market: str) -> tuple[int, int, str]:
    """Where the sum begins and ends with the name of a currency around it, and that name."""
    rows = rules_table()["money"]
    names = "|".join(map(re.escape, sorted(rows["after"], key=len, reverse=True)))
    lead, tail = (r"\s*", "") if joined(market) else (r"(?:\s+(?:of|de)(?:\s+los)?)?[\s-]+", r"(?!\w)")
    after = re.match(rf"{lead}({names}){tail}", text[said.end :], re.IGNORECASE)
    if after:
        return said.start, said.end + after.end(), after[1]
    signs = "|".join(map(re.escape, sorted(rows["before"], key=len, reverse=True)))
    before = re.search(rf"({signs})\s*$", text[: said.start])
    return (before.start(), said.end, before[1]) if before else (said.start, said.end, "")


def number_changes(zh: str, text: str, market: str) -> Iterator[Change]:
    """A large number that is no money, if its value is wrong; digits grouped as another market groups
    them.
    """
    meant = [one for one in amounts(zh) if one.value >= LARGE and one not in sums(zh)]
    found = [one for one in _said(text, market) if one.scaled or max(one.values) >= 1000]
    if len(meant) != 1 or len(found) != 1:
        return
    wanted, said = meant[0], found[0]
    before = text[said.start : said.end]
    if wanted.value not in said.values:
        written = zh[wanted.start : wanted.end]
        after = say_number(wanted.value, market)
        place = _place(said.start, market)
        yield Change("number", before, _like(before, after), f"{written} is {after}", 0, place)
    elif not joined(market) and before[:1].isdigit() and not said.scaled and before != _digits(wanted.value, market):
        yield Change("number", before, _digits(wanted.value, market), "digits are grouped the market's way", 0)


def _digits(value: Fraction, market: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(int(value), locale=market.replace("-", "_")))


def unit_rows(zh: str, system: str) -> tuple[tuple[str, dict[str, Any], Fraction], ...]:
    """(unit, its row, how many) of a Chinese line: a slot is converted whole or not at all.

    A unit that is counted twice, or whose number nobody can read, is left out.
    """
    found = []
    for name, row in rules_table()["unit"].items():
        if system in row and (not row.get("only") or any(word in zh for word in row["only"])):
            units = "|".join(sorted(row["zh"], key=len, reverse=True))
            meant = [one for one in amounts(zh) if not one.currency and re.match(units, zh[one.end :])]
            found += [(name, row, meant[0].value)] if len(meant) == 1 else []
    return tuple(found)


def unit_changes(zh: str, text: str, market: str, system: str) -> Iterator[Change]:
    """A number with a Chinese or foreign unit, where the target keeps the unit's name.  ``system``: Market.units."""
    for name, row, count in unit_rows(zh, system):
        found, at = _counted(text, sorted(row["literal"], key=len, reverse=True), market)
        if not found:
            continue
        after = converted(count, row[system], market)
        if found.lower() != after.lower():
            yield Change(
                f"unit.{name}", found, after, f"{name} is an old or foreign measure here", at=_place(at, market)
            )


def converted(count: Fraction, to: Mapping[str, Any], market: str) -> str:
    """So many Chinese units as the market measures: ``to`` is a unit's ``metric`` or ``imperial`` row."""
    value = count * Fraction(str(to["factor"])) + to.get("offset", 0)
    return _measured(value, to["unit"], market)


def _place(start: int, market: str) -> int:
    return start if joined(market) else -1


def _counted(text: str, literal: list[str], market: str) -> tuple[str, int]:
    """The first number with one of the units after it, as it stands in the text, and where."""
    units = "|".join(map(re.escape, literal))
    if joined(market):
        for one in numbers(text, market):
            if unit := re.match(rf"\s*(?:{units})", text[one.end :]):
                return text[one.start : one.end + unit.end()], one.start
        return "", -1
    found = re.search(rf"(?:{_number(market).pattern}|\w+)[\s-]+(?:{units})(?!\w)", text, re.IGNORECASE)
    return (found[0], found.start()) if found else ("", -1)


def _measured(value: Fraction, unit: str, market: str) -> str:
    """A spoken measure: rounded to what a person would say."""
    from babel.units import format_unit

    exact = float(value)
    near = round(exact)
    if near and abs(exact - near) <= 0.1 * exact:
        said: float = (
            near if exact < 100 or unit.startswith("temperature") else round(exact, 1 - len(str(int(exact))) + 1)
        )
    else:
        said = round(exact, 1)
    said = int(said) if float(said).is_integer() else said
    return str(format_unit(said, unit, length="long", locale=market.replace("-", "_")))


def _like(before: str, after: str) -> str:
    """``after`` with a capital if ``before`` had one."""
    return after[:1].upper() + after[1:] if before[:1].isupper() else after

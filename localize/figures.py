"""Numbers in a translation, checked against the Chinese: sums of money, plain numbers, old and foreign units.

Every function proposes ``Change``s of a target text; nothing is changed here.
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

from localize.wording import Amount, amounts, say_money, say_number, table

LARGE = 10_000
"""From here on a number in Chinese is grouped by 万 and 亿, where translations go wrong."""


@dataclass(frozen=True, slots=True)
class Change:
    """Replace ``before`` by ``after`` in a text, because of ``why``."""

    rule: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A number in a target text at ``text[start:end]`` and everything it may mean."""

    start: int
    end: int
    values: frozenset[Fraction]
    scaled: bool


@lru_cache(maxsize=1)
def rules_table() -> dict[str, Any]:
    """``markets/adaptation.toml``."""
    return tomllib.loads((files("localize.markets") / "adaptation.toml").read_text("utf-8"))


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
    words = "|".join(
        map(re.escape, sorted((*rows.get("words", ()), "un", "una", "a", "se"), key=len, reverse=True))
    )
    scales = "|".join(re.escape(word) for word, _ in _scales(market)) or r"(?!)"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<digits>\d[\d.,]*\d|\d)(?:\s+(?P<scale>{scales}))?"
        rf"|(?P<word>{words})\s+(?P<of>{scales})|(?P<bare>{scales}))(?!\w)",
        re.IGNORECASE,
    )


def _said(text: str, market: str) -> Iterator[_Said]:
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


def money_changes(zh: str, text: str, market: str) -> Iterator[Change]:
    """The one sum of a line, if the target gets its value or its currency wrong."""
    meant = sums(zh)
    if len(meant) != 1:
        return
    wanted = meant[0]
    found = [
        one
        for one in _said(text, market)
        if one.scaled or wanted.value in one.values or max(one.values) >= 1000
    ]
    if len(found) != 1 or wanted.value < 2:
        return
    said = found[0]
    start, end, named = _with_currency(text, said)
    right = wanted.value in said.values
    known = table()["currency"][wanted.currency or "yuan"].get(market, {})
    own = {known.get("one", "").lower(), known.get("other", "").lower()}
    if right and (named.lower() in own or (wanted.currency not in ("", "yuan") and named)):
        return
    written = zh[wanted.start : wanted.end]
    correct = say_money(wanted.value, wanted.currency, market)
    why = f"{written} is {correct}" if not right else f"{written} stays in its own currency and names it"
    yield Change("money", text[start:end], _like(text[start:end], correct), why)


def _with_currency(text: str, said: _Said) -> tuple[int, int, str]:
    """Where the sum begins and ends with the name of a currency around it, and that name."""
    rows = rules_table()["money"]
    names = "|".join(map(re.escape, sorted(rows["after"], key=len, reverse=True)))
    after = re.match(rf"(?:\s+(?:of|de)(?:\s+los)?)?[\s-]+({names})(?!\w)", text[said.end :], re.IGNORECASE)
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
        yield Change("number", before, _like(before, after), f"{written} is {after}")
    elif before[:1].isdigit() and not said.scaled and before != _digits(wanted.value, market):
        yield Change("number", before, _digits(wanted.value, market), "digits are grouped the market's way")


def _digits(value: Fraction, market: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(int(value), locale=market.replace("-", "_")))


def unit_changes(zh: str, text: str, market: str, system: str) -> Iterator[Change]:
    """A number with a Chinese or foreign unit, where the target keeps the unit's name.  ``system``: see
    Market.units.
    """
    for name, row in rules_table()["unit"].items():
        if system not in row:
            continue
        units = "|".join(sorted(row["zh"], key=len, reverse=True))
        meant = [one for one in amounts(zh) if re.match(units, zh[one.end :])]
        if len(meant) != 1:
            continue
        literal = "|".join(map(re.escape, sorted(row["literal"], key=len, reverse=True)))
        number = _number(market).pattern
        found = re.search(rf"(?:{number}|\w+)[\s-]+(?:{literal})(?!\w)", text, re.IGNORECASE)
        if found is None:
            continue
        after = _measured(meant[0].value * Fraction(str(row[system]["factor"])), row[system]["unit"], market)
        if found[0].lower() != after.lower():
            yield Change(f"unit.{name}", found[0], after, f"{name} is an old or foreign measure here")


def _measured(value: Fraction, unit: str, market: str) -> str:
    """A spoken measure: rounded to what a person would say."""
    from babel.units import format_unit

    exact = float(value)
    near = round(exact)
    if near and abs(exact - near) <= 0.1 * exact:
        said: float = near if exact < 100 else round(exact, 1 - len(str(int(exact))) + 1)
    else:
        said = round(exact, 1)
    said = int(said) if float(said).is_integer() else said
    return str(format_unit(said, unit, length="long", locale=market.replace("-", "_")))


def _like(before: str, after: str) -> str:
    """``after`` with a capital if ``before`` had one."""
    return after[:1].upper() + after[1:] if before[:1].isupper() else after

"""Amounts that a translation lost or changed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from localize.checks import Check, Seen
from localize.checks._numerals import values
from localize.measures import doubts
from localize.version import STANDING, Finding
from localize.wording import DIGITS, Amount, amounts

FIX = "check the figure, or note ignore-numbers"
ADAPTED = {"money", "number", "unit"}  # market rules that change figures on the record
IDIOMATIC = 10  # smaller bare numbers are figures of speech more often than facts: 一下, 三心二意


def _counts(amount: Amount, text: str) -> bool:
    """Whether it states a fact: spelled from its first figure (not 万一, 十分), big or with a currency."""
    first = text[amount.start]
    return (first.isdigit() or first in DIGITS) and (amount.value >= IDIOMATIC or bool(amount.currency))


def _look(seen: Seen) -> Iterator[Finding]:
    adapted = {
        one.line for one in seen.adaptations if one.rule.partition(".")[0] in ADAPTED and one.decision in STANDING
    }
    for line, one in seen.translated():
        wanted = [] if line.id in adapted else [each for each in amounts(line.text) if _counts(each, line.text)]
        for field, text in (("dub", one.dub.normal), ("subtitle", one.subtitle)):
            said = values(text, seen.market.language) if text else {each.value for each in wanted}
            for each in wanted:
                if each.value not in said:
                    amount = f"{line.text[each.start : each.end]} ({_figure(each.value)})"
                    told = f"{amount} is not in the {field}: {text}"
                    yield Finding(CHECK.id, line.id, "warn", told, FIX)
            for doubt in doubts(line.text, text, seen.market.code, seen.market.units):
                told = f"{doubt.written} is {doubt.right}; the {field} says: {doubt.said}"
                yield Finding(CHECK.id, line.id, "warn", told, FIX)


def _figure(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):g}"


CHECK = Check("numbers", "Numbers", "An amount or a measure differs from the source.", "warn", _look)

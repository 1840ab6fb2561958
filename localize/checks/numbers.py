"""Amounts that a translation lost or changed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from localize.checks import Check, Seen
from localize.checks._discounts import wrong_discounts
from localize.checks._numerals import digits, values
from localize.hanzi import simplified
from localize.market import Market
from localize.measures import converted_rightly, doubts
from localize.sums import LARGE, is_code
from localize.version import STANDING, Finding
from localize.wording import DIGITS, Amount, amounts

FIX = "check the figure, or note ignore-numbers"
ADAPTED = {"money", "number", "unit"}  # market rules that change figures on the record
IDIOMATIC = 10  # smaller bare numbers are figures of speech more often than facts: 一下, 三心二意


def _counts(amount: Amount, text: str) -> bool:
    """Whether it states a fact: spelled from its first figure (not 万一, 十分), big or with a currency."""
    stated = _stated(amount, text) or amount.below is not None or text[amount.start] == "半"
    return stated and (amount.value >= IDIOMATIC or bool(amount.currency))


def _stated(amount: Amount, text: str) -> bool:
    first = text[amount.start]
    return first.isdigit() or first in DIGITS


def _look(seen: Seen) -> Iterator[Finding]:
    adapted = {
        one.line for one in seen.adaptations if one.rule.partition(".")[0] in ADAPTED and one.decision in STANDING
    }
    for line, one in seen.translated():
        told: dict[str, list[str]] = {}
        for field, text in (("dub", one.dub.normal), ("subtitle", one.subtitle)):
            found = _wrong(line.text, text, seen.market, line.id in adapted) if text else ()
            for lead, said in found:
                told.setdefault(f"{lead} {{field}}{said}", []).append(field)
        for what, fields in told.items():
            yield Finding(CHECK.id, line.id, "warn", what.replace("{field}", " and the ".join(fields)), FIX)


def _wrong(zh: str, text: str, market: Market, adapted: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with the numbers of a text, in words: what stands before the field's name, and behind it."""
    plain = simplified(zh)
    settled = {one.start for one in converted_rightly(zh, text, market.code)}
    for each in () if adapted else amounts(zh):
        if not _counts(each, plain) or each.start in settled or _said(each, plain, text, market.language):
            continue
        yield f"{zh[each.start : each.end]} ({_figure(each.value)}) is not in the", f": {text}"
    for doubt in doubts(zh, text, market.code, market.units):
        yield f"{doubt.written} is {doubt.right}; otherwise in the", f": {doubt.said}"
    for written, off, words in wrong_discounts(plain, text, market.language):
        yield f"{written} is {off} percent off; otherwise in the", f": {words}"


def _said(amount: Amount, zh: str, text: str, language: str) -> bool:
    said = values(text, language)
    if any(amount.fits(value) for value in said):
        return True
    if not _stated(amount, zh):  # 几百万, 过亿: vague words may stand for it, another large number may not
        return not any(value >= LARGE for value in said)
    figures = "".join(str(DIGITS.get(sign, sign)) for sign in zh[amount.start : amount.end])
    return is_code(zh, amount) and figures in digits(text, language)


def _figure(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):g}"


CHECK = Check("numbers", "Numbers", "An amount or a measure differs from the source.", "warn", _look)

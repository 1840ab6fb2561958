"""Numbers and sums: read from Chinese, worded for a market."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from math import prod
from typing import Any

from localize.han import HAN
from localize.hanzi import simplified

_FIGURES = ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {c: number for number, figures in enumerate(_FIGURES) for c in figures}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
_USUAL = "零〇一二两三四五六七八九十百千万亿"
_FORMAL = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿"
EACH = "个本条件张只套枚瓶杯位份颗支台辆间"
"""Measure words that things are priced by."""
_COUNTED = EACH + "次年月天晚人斤集平口定起直样共切"
"""What a last 一 counts, or makes a word with: 三十万一年, 三百万一定."""
_ENDS = "的了吧吗呢啊呀左以而和与或就都也还才"
"""What may follow a whole number: a last 一 before anything else may belong to either (三万一卖给你)."""
_HOURS = "上午晚早晨夜天日号"
"""Behind these a 点 may tell the hour: 晚上八点五万人."""
_LEAD = rf"[{_USUAL}几半]*?|\d+(?:\.\d+)?[十百千]?"
_LOOSE = (
    # 五个亿, 三个多亿, 十几亿, 五百多万; 两个亿万富翁 are two people, 三个万能 no number
    rf"(?P<lead>{_LEAD})(?:(?P<more>个[多来]|[多来余几]个?)(?P<unit>亿(?!万)|万(?![一能分岁幸]))|(?:个(?P<whole>亿)(?!万)))"
    # 几百万, and a bare 亿 or 百亿 that is a size: 身家过亿, 千亿集团
    r"|(?P<some>几[十百千]?[万亿](?!万))"
    # 不过万一, 马上万事大吉, 晚上万家灯火, 路过万科 hold no sum
    r"|(?<=[过上破超])(?<![不马晚早路]过)(?<![不马晚早路]上)(?P<size>[百千]?(?:亿(?!万)|万(?![万一能分岁幸事家物科众])))"
    r"|(?<![\d一二两三四五六七八九十百几])(?P<bare>[百千]亿)"
)
_JOINED = (
    # 一点五亿, 零点五亿
    r"(?P<whole_part>[零〇一二两三四五六七八九十百千]{1,7})点(?P<part>[零〇一二三四五六七八九]{1,3})个?(?P<of>[万亿])(?!万)"
    # 3万5 and 2亿3 are 35 000 and 230 million; 3万5千 is read below
    r"|(?P<figure>\d{1,4})(?P<in>[万亿])(?P<tenth>\d)(?![\d.]|[十百千万亿])"
    # 十几二十万: between the two
    r"|十几(?P<up>[二三]十)(?P<to>[万亿])(?!万)"
)
_NUMBER = re.compile(
    # formal figures count only in formal numbers: 陆 and 伍 alone are family names
    rf"{_JOINED}|{_LOOSE}|(?P<wan>\d+(?:\.\d+)?)[wW](?![A-Za-z\d])|\d+(?:\.\d+)?[十百千]?[万亿](?:[零〇]?\d+[十百千万]+)+"
    rf"|[{_FORMAL}]*[拾佰仟][{_FORMAL}]*|(?:\d+(?:\.\d+)?)[十百千万亿]?[{_USUAL}]*|[{_USUAL}]+"
)
_MORE = "多余来几"
"""Said behind a number: it is that much and more, below the next round one."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a Chinese text at ``text[start:end]``; ``currency`` is set when a unit of money follows.

    ``below``: where the Chinese says no exact number (五百多万, 十几亿), it is from ``value`` on and less than this.
    """

    start: int
    end: int
    value: Fraction
    currency: str = ""
    below: Fraction | None = None

    def fits(self, said: Fraction) -> bool:
        """Whether ``said`` is what the Chinese says."""
        return said == self.value or (self.below is not None and self.value <= said < self.below)


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The wording tables of ``markets/wording.toml``."""
    return tomllib.loads((files("localize.markets") / "wording.toml").read_text("utf-8"))


def value_of(text: str) -> Fraction | None:
    """``"三千万"``, ``"3.5亿"``, ``"一万二"``, ``"二〇二四"``, ``"12"`` → its value; None if no number."""
    text = text.replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Fraction(text)
    if text and all(c in DIGITS for c in text):
        return _digit_string(text)
    total = section = Fraction(0)
    digit: Fraction | None = None
    last = 0
    for c in re.findall(r"\d+(?:\.\d+)?|.", text):
        if c in DIGITS or c[0].isdigit():
            if digit:
                return None
            digit = Fraction(DIGITS[c]) if c in DIGITS else Fraction(c)
            last = last if 0 < digit < 10 else 0
        elif c in TENS:
            if digit is None and c not in "十拾":  # 百八十万: a hundred, or eighty?
                return None
            section += (Fraction(1) if digit is None and c in "十拾" else digit or Fraction(0)) * TENS[c]
            digit, last = None, TENS[c]
        elif c in MYRIADS:
            section += digit or 0
            if not section and not total:
                return None
            total = (total + section) * MYRIADS[c] if MYRIADS[c] > 10**4 else total + section * MYRIADS[c]
            section, digit, last = Fraction(0), None, MYRIADS[c]
        else:
            return None
    tail = digit or Fraction(0)
    return (total + section + (tail * last / 10 if last > 10 else tail)) or None


def _digit_string(text: str) -> Fraction | None:
    """``二〇二四`` is a number read digit by digit; ``三五`` means "three to five" and is none."""
    if len(text) == 2 or (len(text) > 1 and any(c in "两" for c in text)):
        return None
    return Fraction(int("".join(str(DIGITS[c]) for c in text)))


def amounts(text: str) -> Iterator[Amount]:
    """Every number in ``text``, left to right, with the currency that follows it, if any."""
    text = simplified(text)
    for match in _NUMBER.finditer(text):
        loose = _loose(match)
        # the last 两 of 一百两银子 is the unit, not the figure two
        ends = (match.end(), match.end() - 1) if match[0][1:].endswith("两") else (match.end(),)
        found = next((hit for end in ends if (hit := _currency_at(text, end))), ("", 0))
        end = found[1] - len(found[0]) if found[0] else match.end() - _each(text, match.start(), match.end())
        value, below = loose or (value_of(text[match.start() : end]) if match[0] else None, None)
        if value is None and text[end - 1 : end] == "一" and not found[0]:  # 三万六一个月
            end, value = end - 1, value_of(text[match.start() : end - 1])
        if value is not None:
            if loose is None and text[end : end + 1] and text[end] in _MORE:
                below = value + _step(value)
            elif loose is None and not found[0] and _last_one(text, match.start(), end) and _counts(text, end):
                value, below = value_of(text[match.start() : end - 1]) or value, value + 1  # 三万一卖给你
            yield Amount(match.start(), found[1] or end, value, _currencies().get(found[0], ""), below)


def _loose(match: re.Match[str]) -> tuple[Fraction | None, Fraction | None] | None:
    """Value and upper limit of a number that is said as people say it: 五个亿, 三个多亿, 十几亿, 50w; else None."""
    if match["wan"]:
        return Fraction(match["wan"]) * 10**4, None
    if match["of"]:
        return _pointed(match)
    if match["in"]:
        exact = (int(match["figure"]) + Fraction(int(match["tenth"]), 10)) * MYRIADS[match["in"]]
        # 3万1个月 is 30 000 a month, 5万2个人 are 50 000 for two: either, where something may be counted
        either = _counts(match.string, match.end())
        return (Fraction(int(match["figure"]) * MYRIADS[match["in"]]), exact + 1) if either else (exact, None)
    if match["to"]:
        low = Fraction(10 * MYRIADS[match["to"]])
        return low, low * DIGITS[match["up"][0]] + 1
    if some := match["some"] or match["size"] or match["bare"]:
        low = Fraction(prod((TENS | MYRIADS)[sign] for sign in some.removeprefix("几")))
        return low, 10 * low
    if not (unit := match["unit"] or match["whole"]):
        return None
    size, lead = MYRIADS[unit], match["lead"]
    few = re.fullmatch("几([十百千]?)", lead)
    if few:
        low = Fraction(TENS.get(few[1], 1)) * size
        return low, 10 * low
    value = Fraction(1, 2) if lead == "半" else value_of(lead)
    if value is None:
        return None, None
    return value * size, (value + _step(value)) * size if match["more"] else None


def _pointed(match: re.Match[str]) -> tuple[Fraction | None, Fraction | None]:
    """三点五亿 is 350 million; where the 点 may tell the hour, anything from the lesser reading to the greater."""
    part, size = match["part"], MYRIADS[match["of"]]
    whole = value_of(match["whole_part"]) or (Fraction(0) if match["whole_part"] in "零〇" else None)
    if whole is None:
        return None, None
    tail = Fraction(int("".join(str(DIGITS[sign]) for sign in part)))
    value, hour = (whole + tail / 10 ** len(part)) * size, match.string[: match.start()].endswith(tuple(_HOURS))
    return (min(value, tail * size), max(value, tail * size) + 1) if hour else (value, None)


def _counts(text: str, at: int) -> bool:
    """Whether a last figure before ``at`` may count what begins there, and be no part of the number before it."""
    return bool(HAN.match(text, at)) and text[at] not in _ENDS + "一每" and not _currency_at(text, at)


def _step(value: Fraction) -> int:
    """The largest power of ten that divides a number: 100 of 500."""
    step = 1
    while value.denominator == 1 and value and value % (step * 10) == 0:
        step *= 10
    return step


def _each(text: str, start: int, end: int) -> int:
    """1 when the number's last 一 counts what follows: 五百万一个 is five million apiece, 三十万一年 300 000 a year;
    but 三万一 and 三万一的 are 31 000, and 十一个人 are eleven.
    """
    return int(_last_one(text, start, end) and text[end : end + 1] in tuple(_COUNTED))


def _last_one(text: str, start: int, end: int) -> bool:
    return end - start > 1 and text[end - 1] == "一" and text[end - 2] in "百千万亿"


@lru_cache(maxsize=1)
def _currencies() -> dict[str, str]:
    return {word: name for name, row in table()["currency"].items() for word in row["zh"]}


def _currency_at(text: str, at: int) -> tuple[str, int] | None:
    """The unit of money that begins at ``at`` and where it ends."""
    word = max((word for word in _currencies() if text.startswith(word, at)), key=len, default="")
    return (word, at + len(word)) if word else None


def say_number(value: Fraction, market: str, small: bool = True) -> str:
    """``Fraction(30_000_000)`` → "30 million", "30 millones", "30 juta"; exact, never rounded.

    ``small`` spells whole numbers up to ten in words.
    """
    return _say(value, market, small)


def say_money(value: Fraction, currency: str, market: str, unit: str = "") -> str:
    """``Fraction(5_000_000), "yuan"`` → "five million yuan", "cinco millones de yuanes", "lima juta yuan", "500万元".

    ``unit`` stands for the currency's own word, in the number that fits.
    """
    words = _say(value, market, small=True)
    if value == 1:
        words = table()["market"].get(market, {}).get("before_noun", words)
    return name_money(words, value, currency, market, unit)


def name_money(words: str, value: Fraction, currency: str, market: str, unit: str = "") -> str:
    """A number in ``words`` with the name of the currency: "thirty million" → "thirty million yuan"."""
    rows = table()["market"].get(market, {})
    unit = unit or currency_name(currency, value, market)
    if "{n}" in unit:
        return unit.format(n=words)
    link = rows.get("link", "")
    if link and words.casefold().endswith(tuple(rows["linking"])):
        return f"{words} {link} {unit}"
    gap = rows.get("figure_gap", "") if words[-1:].isdigit() else ""
    return str(rows.get("money", "{n} {unit}").format(n=words + gap, unit=unit))


def currency_name(currency: str, value: Fraction, market: str) -> str:
    """The market's word for a currency after ``value`` of it; it holds ``{n}`` where the number stands inside."""
    named = table()["currency"].get(currency or "yuan", {}).get(market)
    if named:
        return str(named["one"] if value == 1 else named["other"])
    return _currency(currency, value, market)


def _currency(currency: str, value: Fraction, market: str) -> str:
    from babel.numbers import get_currency_name

    code = {"dollar": "USD"}.get(currency, currency if currency.isupper() else "CNY")
    return str(get_currency_name(code, float(value), locale=market.replace("-", "_")))


def _say(value: Fraction, market: str, small: bool) -> str:
    rows = table()["market"].get(market, {})
    words = rows.get("words", ())
    if "groups" in rows and value.denominator == 1 and value >= rows["groups"][-1][0]:
        return _grouped(int(value), rows)
    for row in rows.get("sizes", ()):
        lead = value / row["size"]
        whole = lead.denominator == 1
        if (
            lead < 1
            or lead >= row.get("most", 10_000)
            or not (whole or (lead.denominator in (2, 5, 10) and not row.get("whole")))
        ):
            continue
        return str(row["one"] if lead == 1 else row["other"].format(n=_plain(lead, market, words if small else ())))
    return _plain(value, market, words if small else ())


def _grouped(value: int, rows: dict[str, Any]) -> str:
    """``350_000_000`` → "3億5000万": every group with its own word, figures inside."""
    parts = []
    for size, name in rows["groups"]:
        lead, value = divmod(value, size)
        parts += [f"{lead}{name}"] if lead else []
    return str(rows["gap"].join([*parts, str(value)] if value else parts))


def _plain(value: Fraction, market: str, words: tuple[str, ...]) -> str:
    from babel.numbers import format_decimal

    if value.denominator == 1 and value < len(words):
        return words[int(value)]
    number = int(value) if value.denominator == 1 else float(value)
    return str(format_decimal(number, locale=market.replace("-", "_")))

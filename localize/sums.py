"""Which numbers of a Chinese line are sums of money, which are names in figures (codes), and which nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from localize.adaptation import rules_table
from localize.hanzi import simplified
from localize.wording import DIGITS, Amount, amounts

LARGE = 10_000
"""From here on a number in Chinese is grouped by 万 and 亿, where translations go wrong."""
_PART = re.compile("[，。！？；、：,.!?;:\n]")


def sums(zh: str) -> tuple[Amount, ...]:
    """The sums of money in a Chinese line: with a unit of money, or grouped by 万 and 亿 beside words of money."""
    zh = simplified(zh)
    return tuple(one for one in amounts(zh) if one.currency or (_bare(zh, one) and _of_money(zh, one)))


def perhaps_sums(zh: str) -> tuple[Amount, ...]:
    """Numbers that are sums only if the translation says so as well: 三千万, without a word that tells of what."""
    zh = simplified(zh)
    surely = sums(zh)
    return tuple(one for one in amounts(zh) if one not in surely and (_bare(zh, one) or _in_figures(zh, one)))


def codes(zh: str) -> tuple[Amount, ...]:
    """Numbers that name something and count nothing: telephones, passwords, plates, orders, years, rooms."""
    zh = simplified(zh)
    return tuple(one for one in amounts(zh) if is_code(zh, one))


def is_code(zh: str, one: Amount) -> bool:
    """Whether a number stands in figures only, of three or more, and counts nothing."""
    written = zh[one.start : one.end]
    plain = len(written) > 2 and all(sign.isdigit() or sign in DIGITS for sign in written)
    return plain and not one.currency and not zh[one.end :].startswith(tuple(_rows()["counted"]))


def _rows() -> Mapping[str, Any]:
    rows: Mapping[str, Any] = rules_table()["money"]
    return rows


def _bare(zh: str, one: Amount) -> bool:
    """Whether a number grouped by 万 or 亿 has nothing behind it that it counts, and the clause nothing else."""
    if one.value < LARGE or is_code(zh, one) or one.currency:
        return False
    rows, behind = _rows(), zh[one.end :]
    ahead = _PART.split(zh[: one.start])[-1]
    return _free().match(behind) is not None and not _holds(ahead, (*rows["of"], *rows["codes"]))


def _in_figures(zh: str, one: Amount) -> bool:
    """Whether figures alone may be a sum: the clause says money and names no number of anything (转账100000)."""
    clause = _clause(zh, one)
    rows = _rows()
    return is_code(zh, one) and _holds(clause, rows["paid"]) and not _holds(clause, (*rows["of"], *rows["codes"]))


def _of_money(zh: str, one: Amount) -> bool:
    """Whether the line speaks of money: a thing of money anywhere, or somebody paying in the same clause."""
    rows = _rows()
    return _holds(zh, rows["things"]) or _holds(_clause(zh, one), rows["paid"])


def _clause(zh: str, one: Amount) -> str:
    return _PART.split(zh[: one.start])[-1] + _PART.split(zh[one.end :])[0]


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


@cache
def _free() -> re.Pattern[str]:
    """What may stand behind a sum that names no currency: an end, a little word, or money."""
    rows = _rows()
    words = sorted((*rows["follow"], *rows["things"], *rows["paid"]), key=len, reverse=True)
    return re.compile(rf"$|[^\w]|{'|'.join(map(re.escape, words))}")

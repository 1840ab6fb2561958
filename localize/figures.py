"""Numbers in a translation, checked against the Chinese: sums of money and plain numbers.

Every function proposes ``Change``s of a target text; nothing is changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from localize.adaptation import rules_table
from localize.joined_numbers import joined, numbers
from localize.rates import KEEP, Policy, say_sum
from localize.spaced_numbers import phrases
from localize.sums import LARGE, codes, perhaps_sums, sums
from localize.wording import Amount, amounts, currency_name, name_money, say_money, say_number, table


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
    """A number in a target text at ``text[start:end]`` and everything it may mean.

    Only a ``sure`` one was understood word for word and may be changed; ``large`` ones may be sums.
    """

    start: int
    end: int
    values: frozenset[Fraction]
    sure: bool
    large: bool


def _said(text: str, market: str) -> Iterator[_Said]:
    if joined(market):
        for one in numbers(text, market):
            yield _Said(one.start, one.end, frozenset({one.value}), one.sure, one.scaled or one.value >= 1000)
        return
    for each in phrases(text, market):
        yield _Said(each.start, each.end, each.values, each.sure, each.large)


def _only(zh: str, text: str, market: str, wanted: Amount) -> _Said | None:
    """The one number of a text that may stand for ``wanted``; None where there are more, or one nobody understands.

    Numbers that stand for another one of the Chinese are no candidates.
    """
    others = {one.value for one in amounts(zh) if not wanted.fits(one.value)}
    found = [
        one for one in _said(text, market) if _fits(wanted, one) or (one.large and not one.values & others)
    ]  # fmt: skip
    return found[0] if len(found) == 1 and found[0].sure else None


def _fits(wanted: Amount, said: _Said) -> bool:
    return any(wanted.fits(value) for value in said.values)


def money_changes(zh: str, text: str, market: str, policy: Policy = KEEP) -> Iterator[Change]:
    """The one sum of a line, if the target gets its value or its currency wrong, or the policy words it otherwise.

    A number that is right keeps its words.  Nothing is proposed where a number is not understood as a whole, nor where
    only the target makes it a sum and names no currency.
    """
    surely = sums(zh)
    meant = surely or perhaps_sums(zh)
    said = _only(zh, text, market, meant[0]) if len(meant) == 1 and meant[0].value >= 2 else None
    if said is None:
        return
    wanted, (start, end, named) = meant[0], _with_currency(text, said, market)
    if not named and not (surely and _stands_alone(text[end:], market)):  # three hundred thousand *people*
        return
    if right := _fits(wanted, said):
        wanted = replace(wanted, value=next(value for value in said.values if wanted.fits(value)))
    correct = say_sum(wanted.value, wanted.currency, market, policy)
    other = correct != say_money(wanted.value, wanted.currency, market)
    if (other and correct.lower() in text.lower()) or (wanted.below is not None and not right):
        return
    if not other and right and named.lower() in _names(wanted, market):
        return
    if right and not other:
        link = _link(text[said.end : end], market)
        correct = name_money(text[said.start : said.end] + link, wanted.value, wanted.currency, market)
    written = zh[wanted.start : wanted.end]
    why = f"{written} stays in its own currency and names it" if right else f"{written} is {correct}"
    why = f"{written}: {policy.told}" if other else why
    yield Change(
        "money", text[start:end], like(text[start:end], correct), why, int(right or other), place(start, market)
    )


def _names(wanted: Amount, market: str) -> set[str]:
    """What the currency of a sum is called, for one and for many."""
    found = (currency_name(wanted.currency, Fraction(n), market) for n in (1, 2))
    also = rules_table()["money"]["also"].get(wanted.currency, ())
    return {name.replace("{n}", "").strip().lower() for name in (*found, *also)}


def _link(between: str, market: str) -> str:
    """The ``de`` that stands between a number and its currency, with the blank before it; else empty."""
    link = table()["market"].get(market, {}).get("link", "")
    there = re.match(rf"\s+{link}(?!\w)", between) if link else None
    return there[0] if there else ""


def _stands_alone(behind: str, market: str) -> bool:
    """Whether nothing that could be counted follows a number: the end, a sign, or a little word.

    The ``de`` of *un millón de gracias* is not such a word: something is counted behind it.
    """
    if joined(market):
        return True
    link = _link(behind, market)
    if link and re.match(r"\s+\w", behind[len(link) :]):
        return False
    word = re.match(r"\s*([^\W\d_]+)?", behind)
    return not (word and word[1]) or word[1].casefold() in table()["market"].get(market, {}).get("little", ())


def said_sum(zh: str, text: str, market: str) -> tuple[str, frozenset[Fraction], str] | None:
    """The one sum of a line as the target says it: its words, everything the number may mean, and the currency's name;
    None where there is no such sum, or it cannot be told.
    """
    meant = sums(zh)
    found = [one for one in _said(text, market) if one.large or max(one.values, default=0) >= 100]
    if len(meant) != 1 or len(found) != 1 or not found[0].sure:
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
    surely, maybe = sums(zh), perhaps_sums(zh)
    named = {*codes(zh), *surely}
    meant = [one for one in amounts(zh) if one.value >= LARGE and one not in named]
    said = _only(zh, text, market, meant[0]) if len(meant) == 1 else None
    if said is None or (not surely and meant[0] in maybe and _with_currency(text, said, market)[2]):
        return
    wanted, before = meant[0], text[said.start : said.end]
    if not _fits(wanted, said):
        if wanted.below is not None or _hyperbole(zh, wanted, said):
            return
        written = zh[wanted.start : wanted.end]
        after, where = say_number(wanted.value, market), place(said.start, market)
        before, said_so = _linked(text, said, wanted.value, market)
        yield Change("number", before, like(before, said_so), f"{written} is {after}", 0, where)
        return
    after = _digits(next(value for value in said.values if wanted.fits(value)), market)
    if not joined(market) and re.fullmatch(r"[\d.,]+", before) and before != after:
        yield Change("number", before, after, "digits are grouped the market's way", 0)


def _hyperbole(zh: str, wanted: Amount, said: _Said) -> bool:
    """Whether both are one and noughts, before what nobody counts: 一万个理由 may be a million reasons."""
    rounded = all(str(value).strip("0") == "1" for value in (wanted.value, *said.values))
    return rounded and zh[wanted.end :].startswith(tuple(rules_table()["money"]["loosely"]))


def _linked(text: str, said: _Said, value: Fraction, market: str) -> tuple[str, str]:
    """What stands for a number and what should, with the ``de`` that millions of something ask for."""
    link = table()["market"].get(market, {}).get("link", "")
    there = re.match(rf"\s+{link}(?!\w)", text[said.end :]) if link else None
    end = said.end + there.end() if there else said.end
    counts = bool(re.match(r"\s+\w", text[end:]))
    after = say_number(value, market)
    if link and counts:
        named = name_money(after, value, "", market).split()
        after += f" {link}" if link in named else ""
    return text[said.start : end], after


def _digits(value: Fraction, market: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(int(value), locale=market.replace("-", "_")))


def place(start: int, market: str) -> int:
    """``Change.at`` for words that begin at ``start``."""
    return start if joined(market) else -1


def like(before: str, after: str) -> str:
    """``after`` with a capital if ``before`` had one."""
    return after[:1].upper() + after[1:] if before[:1].isupper() else after

"""What becomes of sums of money: kept in yuan, made vague, or converted by a dated table; always the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from localize.adaptation import tables
from localize.errors import InputError
from localize.wording import say_money

Kind = Literal["keep", "vague", "convert"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DIGITS = 2
"""Significant digits of a converted sum (domain facts §4.5: one or two)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A series' way with money in one market.  ``rate`` is what one yuan is worth in ``currency`` on ``day``."""

    kind: Kind = "keep"
    currency: str = ""
    rate: str = ""
    day: str = ""

    @property
    def told(self) -> str:
        """In a few words."""
        if self.kind == "convert":
            return f"converted at {self.rate} {self.currency} of {self.day}, rounded; the same everywhere"
        return "said as a word: the exact sum does not matter here" if self.kind == "vague" else "kept in yuan"


KEEP = Policy()


def policy(kind: Kind, market: str, day: str, own: Mapping[str, str], place: str) -> Policy:
    """The policy of a series in ``market``.  ``own`` are rates the series brings (currency → worth of one yuan).

    Raises ``InputError`` when sums are to be converted and no dated rate is named, or none is there.
    """
    if kind != "convert":
        return Policy(kind)
    known: Mapping[str, Any] = tables()["money"]["rates"]
    currency = tables()["money"]["convert"].get(market, "")
    found = own if own else known.get(day, {})
    if not day or currency not in found:
        fix = f'write rates = "{max(known)}" (built in), or a rates.toml with day and {currency or "the currency"}'
        raise InputError(f"sums cannot be converted for {market}: no dated rate", place, fix)
    return Policy(kind, currency, str(found[currency]), day)


def say_sum(value: Fraction, currency: str, market: str, how: Policy = KEEP) -> str:
    """A sum of money in the market's words under a policy; only yuan are made vague or converted.

    ``Fraction(5_000_000), "", "en-US"`` → "five million yuan", "millions", "710,000 dollars".
    """
    if how.kind == "keep" or currency not in ("", "yuan"):
        return say_money(value, currency, market)
    if how.kind == "vague":
        table = tables()["money"]["vague"]
        words = zip(table["steps"], table.get(market, ()), strict=False)
        return next((str(word) for step, word in words if value >= step), say_money(value, currency, market))
    worth = rounded(value * Fraction(how.rate))
    if worth < 1:
        return say_money(value, currency, market)
    one, other = tables()["money"]["named"][how.currency][market]
    return say_money(worth, currency, market, one if worth == 1 else other)


def rounded(value: Fraction) -> Fraction:
    """To ``DIGITS`` significant digits, half up; below ten to whole units."""
    step = Fraction(10) ** max(0, len(str(int(value))) - DIGITS)
    return Fraction(int(value / step + Fraction(1, 2))) * step

"""A market's rules in words, for engines that read words: how people speak there, and what a line's Chinese means."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from localize.adaptation import IN_DIALOGUE, Wording, wordings
from localize.market import Market


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.markets") / "guidance.toml").read_text("utf-8"))


def guidance(market: Market) -> tuple[str, ...]:
    """What holds for every line of a market: its name, register, money, units and habits."""
    table = _table()
    told = (table[kind].get(getattr(market, kind), "") for kind in ("register", "money", "units"))
    rating = f" Rating: {market.rating}." if market.rating else ""
    place = f"The language is {market.name}.{rating}"
    return tuple(filter(None, (place, *table["market"].get(market.code, ()), *told)))


def notes(text: str, market: Market, setting: str = "") -> tuple[tuple[str, str], ...]:
    """What to know of the tropes, titles and idioms in a Chinese line: (the word, why and what to say instead)."""
    found = []
    for one in wordings(market.code):
        if one.kind in market.rules and one.level <= IN_DIALOGUE and not one.picture and one.applies(text, setting):
            told = _told(one)
            found += [(word, told) for word in one.zh if word in text and told]
    return tuple(found)


def _told(one: Wording) -> str:
    """Why, what to say and what not to; empty for a rule about words the engine would not choose."""
    if one.kind == "profanity":
        return f"keep it below “{one.swaps[0][0]}”; say “{one.say}”" if one.swaps else ""
    before, after = one.swaps[0] if one.swaps else ("", one.say)
    return f"{one.why}; say “{after}”" + (f", not “{before}”" if before else "")

"""A market's rules in words, for engines that read words: how people speak there, and what a line's Chinese means."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from localize.figures import rules_table
from localize.market import Market

IN_DIALOGUE = 2
"""The highest level of adaptation a dialogue takes: culture, but neither pictures nor plot (domain facts §4.1)."""


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


def notes(text: str, market: Market) -> tuple[tuple[str, str], ...]:
    """What to know of the tropes, titles and idioms in a Chinese line: (the word, why and what to say instead)."""
    return tuple(
        (word, told)
        for words, unless, kind, told in _rules(market.code)
        if kind in market.rules and not any(one in text for one in unless)
        for word in words
        if word in text
    )


@cache
def _rules(market: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...], str, str], ...]:
    """(words, contexts that mean something else, kind of rule, the note) of one market."""
    found = []
    for row in rules_table()["rule"]:
        swaps = row.get(market, ())
        if swaps and row["level"] <= IN_DIALOGUE and not row.get("picture", False):
            before, after = swaps[0]
            told = f"{row['why']}; say “{after}”, not “{before}”"
            found.append((tuple(row["zh"]), tuple(row.get("unless", ())), row["id"].split(".")[0], told))
    return tuple(found)

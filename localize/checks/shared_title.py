"""Two people of different rank under one title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from localize.adaptation import rules_table
from localize.checks import Check, Seen
from localize.titles import bare_titles
from localize.version import Finding

_UNSPACED = ("th", "ja", "ko")


def _look(seen: Seen) -> Iterator[Finding]:
    for line, one in seen.translated():
        for pair in rules_table()["apart"]:
            if not all(title in line.text for title in pair):
                continue
            agreed = [form for id, terms in seen.terms if id == line.id for zh, form in terms if zh in pair]
            words = {*agreed, *(word for title in pair for word in _words(title, seen.market.code))}
            for field, text in (("dub", one.dub.normal), ("subtitle", one.subtitle)):
                said = _said(text, words, seen.market.language)
                if len(said) > 1 and len(set(said)) == 1:
                    told = f"{pair[0]} and {pair[1]} are two people; the {field} calls both “{said[0]}”: {text}"
                    yield Finding(CHECK.id, line.id, "warn", told, "give each a title of their own")


def _words(title: str, market: str) -> Iterator[str]:
    """What a title is called in a market, and what it is called wrongly."""
    yield bare_titles()[title].form(market)
    yield from (form for form in rules_table()["address"].get(title, {}).get(market, ()) if "{X}" not in form)


def _said(text: str, words: Iterable[str], language: str) -> list[str]:
    """Every one of the titles in ``text``, the longest first, without articles."""
    bare = {re.sub("^(?:the|el|la|o|a) ", "", word.casefold()) for word in words if word}
    every = "|".join(map(re.escape, sorted(bare, key=len, reverse=True)))
    edge = ("", "") if language.partition("-")[0] in _UNSPACED else (r"(?<!\w)", r"(?!\w)")
    return re.findall(rf"{edge[0]}(?:{every}){edge[1]}", text.casefold())


CHECK = Check("shared_title", "Titles of two people", "Two ranks are called the same.", "warn", _look)

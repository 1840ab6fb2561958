"""The names, places and titles of a series in one market, for filling the phrasebook's slots."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from localize.phrasebook import Word
from localize.series import Character, SeriesBible
from localize.titles import bare_titles, surname_titles
from localize.wording import table


def lexicon(bible: SeriesBible, market: str) -> tuple[Word, ...]:
    """Everything that may stand in a slot; terms of the series come first and win over the general tables."""
    found: dict[tuple[str, str], Word] = {}
    for word in (*_terms(bible, market), *_cast(bible, market), *_titles(bible, market), *_places(market)):
        found.setdefault((word.zh, word.slot), word)
    return tuple(found.values())


def _terms(bible: SeriesBible, market: str) -> Iterator[Word]:
    for term in bible.terms.get(market, ()):
        if not term.binds() or not term.source:
            continue
        if term.kind == "title":
            yield Word(term.source, "TITLE", term.target)
        elif term.kind in ("name", "brand") and not (term.source.endswith("氏") and " " in term.target):
            # 沈氏 alone is "Shen Group", but in 沈氏集团 the phrase brings the word Group itself
            yield Word(term.source, "NAME", term.target)
            yield Word(term.source, "PLACE", term.target)


def _cast(bible: SeriesBible, market: str) -> Iterator[Word]:
    known = {term.source for term in bible.terms.get(market, ())}
    for one in bible.cast:
        called = one.called(market)
        if called:
            yield Word(one.name, "NAME", called)
            for alias in one.aliases:
                if not _is_title(alias) and alias not in known:
                    yield Word(alias, "NAME", called)
    for surname, latin, _ in surnames(bible, market):
        yield Word(surname, "NAME", latin)
        yield Word(f"{surname}氏", "NAME", latin)


def _titles(bible: SeriesBible, market: str) -> Iterator[Word]:
    for zh, title in bare_titles().items():
        if title.form(market):
            yield Word(zh, "TITLE", title.form(market))
    for surname, latin, who in surnames(bible, market):
        for zh, title in surname_titles().items():
            said = title.form(market, title.gender or who.gender, latin)
            if said:
                yield Word(surname + zh, "TITLE", said)


def _places(market: str) -> Iterator[Word]:
    for zh, row in table()["place"].items():
        if market in row:
            yield Word(zh, "PLACE", row[market])


def surnames(bible: SeriesBible, market: str) -> Iterator[tuple[str, str, Character]]:
    """(Chinese family name, its form in the market, whose) for cast names whose translation keeps the
    pinyin.
    """
    from pypinyin import lazy_pinyin

    for one in bible.cast:
        if family := dict(one.families).get(market):
            yield family_of(one.name), family, one
            continue
        parts = {part.lower(): part for part in one.called(market).split()}
        for length in (2, 1):
            latin = "".join(lazy_pinyin(one.name[:length])) if len(one.name) > length else ""
            if latin in parts:
                yield one.name[:length], parts[latin], one
                break


def family_of(name: str) -> str:
    """The family name of a Chinese name: two characters where the compound is in use."""
    return name[:2] if len(name) > 2 and name[:2] in _compounds() else name[:1]


@lru_cache(maxsize=1)
def _compounds() -> frozenset[str]:
    table = tomllib.loads((files("localize.glossaries") / "surnames.toml").read_text("utf-8"))
    found = table["double"]
    return frozenset(found.split() if isinstance(found, str) else found)


def _is_title(alias: str) -> bool:
    return alias in bare_titles() or alias[1:] in surname_titles()

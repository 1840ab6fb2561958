"""Adaptation level 2: the cast under local names, in every table of the series that names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from localize.adaptation import tables
from localize.glossary import Term
from localize.lexicon import family_of, surnames
from localize.series import Character, SeriesBible, SeriesListing
from localize.swaps import Renamed, swapped

LEVEL = 2


def renamed(bible: SeriesBible, market: str, level: int) -> SeriesBible:
    """The series as a market of this level knows it; the same below level 2 or where nobody has a local name there.

    Cast, terms, forms of address and listing are renamed here.  Words that come from scripts, memory and engines are
    renamed on the record, by the rules that ``Renamed`` stands for (``stages.adapt``).
    """
    found = tuple(_renamings(bible, market)) if level >= LEVEL else ()
    if not found:
        return bible
    by_id = {one.id: one for one in found}
    cast = tuple(_character(one, by_id[one.id], market) if one.id in by_id else one for one in bible.cast)
    terms = {**bible.terms, market: tuple(_term(term, found, market) for term in bible.terms.get(market, ()))}
    addresses = tuple(
        replace(one, call=put(one.call, found, market)) if one.market in (market, "*") and one.call else one
        for one in bible.addresses
    )
    listings = tuple(_listing(one, found) if one.market == market else one for one in bible.listings)
    return replace(bible, cast=cast, terms=terms, addresses=addresses, listings=listings, renamed={market: found})


def put(text: str, found: Sequence[Renamed], market: str) -> str:
    """``text`` with everybody's local name, full names first."""
    for one in found:
        text = swapped(text, one.before, one.after, market) if one.before else text
    for one in found:
        text = swapped(text, one.short_before, one.short, market) if one.short_before else text
    return text


def _renamings(bible: SeriesBible, market: str) -> Iterator[Renamed]:
    families = {who.id: latin for _, latin, who in surnames(bible, market)}
    for one in bible.cast:
        after = dict(one.local_names).get(market, "")
        if after:
            before = one.called(market)
            short = _short(after, market) if families.get(one.id) else ""
            yield Renamed(one.id, one.name, family_of(one.name), before, after, families.get(one.id, ""), short)


def _short(name: str, market: str) -> str:
    """What a title goes with: the family name, or the given name where that is the custom."""
    words = name.split()
    how = tables()["names"]["called_by"].get(market, "last")
    if len(words) > 1:
        return words[-1] if how == "last" else words[0]
    hangul = how == "first" and "\uac00" <= name[:1] <= "\ud7a3" and len(name) > 1
    return name[:1] if hangul else name


def _character(one: Character, to: Renamed, market: str) -> Character:
    names = tuple(pair for pair in one.names if pair[0] != market)
    families = ((market, to.short or _short(to.after, market)),)
    return replace(one, names=(*names, (market, to.after)), families=families)


def _term(term: Term, found: Sequence[Renamed], market: str) -> Term:
    whole = {one.zh: one.after for one in found}
    if term.source in whole and term.kind == "name":
        return replace(term, forms=(whole[term.source],))
    if term.source.endswith("氏"):  # a house is called by its family, even where people are called by their given names
        found = [replace(one, short=one.after.split()[-1]) for one in found]
    return replace(term, forms=tuple(put(form, found, market) for form in term.forms))


def _listing(one: SeriesListing, found: Sequence[Renamed]) -> SeriesListing:
    title, synopsis, hook = (put(text, found, one.market) for text in (one.title, one.synopsis, one.hook))
    return replace(one, title=title, synopsis=synopsis, hook=hook)

"""Approved terms in a listing: those that bind titles, synopses or tags instead of what people say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from localize.glossary import Glossary, Term, broken_terms, uses_of
from localize.series import SeriesBible
from localize.stages._tags import Tag
from localize.version import Finding, Listing

USES = ("title", "synopsis", "tag")


@dataclass(frozen=True, slots=True)
class Bound:
    """The Chinese title and synopsis of a series, and the terms of one market that bind its listing."""

    title: str = ""
    synopsis: str = ""
    terms: tuple[Term, ...] = ()

    def recipe(self) -> dict[str, Any]:
        """What a listing depends on; nothing where no term binds it, so that others' receipts stay."""
        told = [(one.source, one.forms, one.kind, one.use) for one in self.terms]
        return {"terms": told, "source": (self.title, self.synopsis)} if told else {}


def bound(bible: SeriesBible, market: str) -> Bound:
    """The terms that bind this series' listing: what its title or synopsis says, and all that are for tags."""
    own, chinese = bible.terms.get(market, ()), bible.title + "\n" + bible.synopsis
    held = (one for one in own if (one.source and one.source in chinese) or uses_of(one.use))
    return Bound(bible.title, bible.synopsis, tuple(one for one in held if any(one.binds(use) for use in USES)))


def relabelled(
    tags: Sequence[Tag], terms: Bound, words: Mapping[str, Sequence[str]], concepts: Mapping[str, Any]
) -> tuple[Tag, ...]:
    """Tags of one trope whose Chinese word is a term for tags get the approved label; people's own stay."""
    labels = {term.source: term.target for term in terms.terms if term.binds("tag") and term.kind != "forbidden"}

    def one(tag: Tag) -> Tag:
        tropes = concepts.get(tag.concept, {}).get("tropes", ()) if tag.origin == "trope" else ()
        tropes = tropes if len(tropes) == 1 else ()
        found = next((labels[word] for trope in tropes for word in words.get(trope, ()) if word in labels), "")
        return replace(tag, label=found) if found else tag

    return tuple({tag.label.casefold(): tag for tag in map(one, reversed(tags))}.values())[::-1]


def broken(terms: Bound, listing: Listing, where: str) -> Iterator[Finding]:
    """What title, synopsis, hook and tags do against their terms; ``where`` people write them."""
    glossary = Glossary.of(terms.terms)
    texts = {"title": listing.title, "synopsis": " ".join(filter(None, (listing.synopsis, listing.hook)))}
    for use, chinese in (("title", terms.title), ("synopsis", terms.synopsis)):
        if texts[use]:
            yield from _told(use, broken_terms(glossary.found_in(chinese, use), texts[use], use, listing.market), where)
    forbidden = [term for term in terms.terms if term.kind == "forbidden"]
    for tag in listing.tags:
        yield from _told("tag", broken_terms(forbidden, tag, "tag", listing.market), where)


def _told(use: str, wrong: Iterable[str], where: str) -> Iterator[Finding]:
    for one in wrong:
        yield Finding("listing-term", "", "warn", f"the {use} breaks a term: {one}", f"mend it in {where}")

"""What is known of an episode's lines before anybody reads a script: words they may have, names, terms, speakers."""

from __future__ import annotations

from collections.abc import Sequence

from localize.edits import Row
from localize.engine.script_likeness import Spoken, spellings
from localize.lexicon import lexicon
from localize.market import Market
from localize.phrasebook import phrasebook
from localize.series import SeriesBible
from localize.timing import Ms, Span, parse_clock


def spoken(rows: Sequence[Row], bible: SeriesBible, market: Market) -> list[Spoken]:
    """The rows of a line table as the alignment sees them.

    What a line has already, what memory and phrasebook say of its Chinese, even of lines only alike, is a hint of what
    its passage reads like; it is never taken for the line.
    """
    glossary, memory, words = bible.glossary(market.code), bible.remembered(market.code), lexicon(bible, market.code)
    who = {one.id: spellings(one.name, one.aliases, dict(one.names)) for one in bible.cast}
    book, found = phrasebook(), []
    for row in rows:
        start = parse_clock(row.start)
        span = Span(start, max(parse_clock(row.end), Ms(start + 1)))
        known = (row.dub, row.subtitle, *(hit.dub for hit in memory.hits(row.source)),
                 *(hit.dub for hit in book.hits(row.source, market.code, words)))  # fmt: skip
        terms = glossary.found_in(row.source)
        forms = tuple(term.forms for term in terms if term.source and term.kind != "forbidden")
        found.append(Spoken(row.id, span, row.source, known, forms, who.get(row.speaker, frozenset())))
    return found

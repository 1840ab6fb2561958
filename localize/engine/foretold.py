"""What an episode will say once it is run again, as far as that can be told before: later episodes repeat it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from localize.engine.order import Order
from localize.engine.repeated import addressed
from localize.episode import Episode
from localize.market import Market
from localize.renaming import renamed
from localize.repeats import UNTOLD, Said, path_of, read_said
from localize.series import SeriesBible
from localize.version import Variants


def foretold(
    order: Order, bible: SeriesBible, episode: Episode, market: Market, anew: Collection[str]
) -> tuple[Said, ...]:
    """What the episode said last, addressed as ``bible`` has it by now; the lines ``anew`` have no words yet.

    Raises ``InputError`` for a file that cannot be read.
    """
    path = path_of(bible.root, order.stem, market.code)
    if not path.is_file():
        return ()
    here = renamed(bible.within(episode.number), market.code, order.adapt_level)
    return tuple(_rows(path_of(bible.root, order.stem, market.code), here, episode, market, anew))


def _rows(path: Path, bible: SeriesBible, episode: Episode, market: Market, anew: Collection[str]) -> Iterator[Said]:
    addresses, glossary = addressed(bible, episode, market.code), bible.glossary(market.code)
    for one in read_said(path, market.code):
        form, call = addresses.get(one.line, (one.form, one.call))
        said = replace(one, form=form, call=call)
        if one.line in anew:
            # Whatever it will be, it keeps the terms: else it would not be delivered.
            terms = (term for term in glossary.found_in(one.source) if term.binds() and term.kind != "forbidden")
            words = " ".join((UNTOLD, *(term.forms[0] for term in terms)))
            said = replace(said, dub=Variants(words), subtitle=words)
        yield said

"""Where a term holds: in which episodes and which markets of its series.

The column ``scope`` of ``terms.csv`` is empty or ``series`` for everywhere, else parts between blanks: episodes (``7``,
``7-12``, ``7-`` from the seventh on, ``-12`` up to the twelfth) and markets (``id-ID``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from localize.market import markets

if TYPE_CHECKING:
    from localize.glossary import Term

SERIES = "series"
_PARTS = re.compile(r"[\s,;|]+")
_EPISODES = re.compile(r"(?i)(?:ep|e)?(\d{1,5})?([-–—])?(?:ep|e)?(\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Scope:
    """``episodes`` are (first, last), both in it, 0 for an open end; ``markets`` are codes.  Empty: all of them."""

    episodes: tuple[tuple[int, int], ...] = ()
    markets: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether it holds in a part of the series only, and so outranks what holds in all of it."""
        return bool(self.episodes or self.markets)

    def holds(self, number: int, market: str) -> bool:
        """Whether it holds in an episode; where nobody knows its ``number`` (0), nothing bound to episodes does."""
        if self.markets and market not in self.markets:
            return False
        return not self.episodes or any(number and a <= number <= (z or number) for a, z in self.episodes)

    def meets(self, other: Scope) -> bool:
        """Whether both can hold in one episode of one market."""
        if self.markets and other.markets and not set(self.markets) & set(other.markets):
            return False
        pairs = ((one, two) for one in self.episodes for two in other.episodes)
        both = not (self.episodes and other.episodes)
        return both or any((not b or a2 <= b) and (not b2 or a <= b2) for (a, b), (a2, b2) in pairs)


EVERYWHERE = Scope()


@lru_cache(maxsize=1024)
def scope_of(text: str) -> Scope | None:
    """``text`` as a scope; None for words that name no episode and no market, and for an episode range turned round."""
    episodes, places = [], []
    known = {code.casefold(): code for code in markets()}
    for part in filter(None, _PARTS.split(text.strip())):
        found = _EPISODES.fullmatch(part)
        if part.casefold() in known:
            places.append(known[part.casefold()])
        elif found and (found[1] or found[3]):
            first = int(found[1] or 1)
            last = int(found[3] or 0) if found[2] else first
            if not first or (last and last < first):
                return None
            episodes.append((first, last))
        elif part.casefold() != SERIES:
            return None
    return Scope(tuple(episodes), tuple(places))


def in_scope(terms: Iterable[Term], number: int, market: str) -> tuple[Term, ...]:
    """The terms that hold in an episode of a market, in their order.

    Of one source and use, a row for these episodes outranks the row for the whole series.  A scope that cannot be read
    holds everywhere (``glossary check`` tells it).
    """
    holding = [(term, scope) for term in terms if (scope := scope_of(term.scope) or EVERYWHERE).holds(number, market)]
    narrow = {_what(term) for term, scope in holding if scope.narrow and term.binds_at_all}
    return tuple(term for term, scope in holding if scope.narrow or _what(term) not in narrow or not term.binds_at_all)


def _what(term: Term) -> tuple[str, str, bool]:
    return term.source, term.use, term.kind == "forbidden"

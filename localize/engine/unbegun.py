"""Forms of address that wait for a scene their episode does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from localize.address_matrix import Address, begun
from localize.episode import Episode
from localize.version import Finding


def unbegun(addresses: Iterable[Address], episode: Episode, market: str) -> Iterator[Finding]:
    """One warning per row that begins in this episode at a line or scene that is not in it: mistyped, or an id that is
    gone since the transcript changed.
    """
    there = frozenset[str]().union(*begun(episode.scenes).values())
    for one in addresses:
        if not one.scene or one.from_episode != episode.number or one.market not in ("*", market):
            continue
        if one.scene not in there:
            told = (
                f"addresses.csv line {one.row} ({one.speaker} → {one.addressee}, {one.form or one.call}) begins at "
                f"{one.scene}, which is no line or scene of this episode: it does not hold here"
            )
            yield Finding("address-scene", "", "warn", told, "write the id of one of its lines, or leave scene empty")

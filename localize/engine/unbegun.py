"""Forms of address and relations that wait for a scene their episode does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from localize.address_matrix import Address, begun
from localize.episode import Episode
from localize.relations import Relation
from localize.version import Finding


def unbegun(
    addresses: Iterable[Address], relations: Iterable[Relation], episode: Episode, market: str
) -> Iterator[Finding]:
    """One warning per row that begins in this episode at a line or scene that is not in it: mistyped, or an id that is
    gone since the transcript changed.
    """
    there = frozenset[str]().union(*begun(episode.scenes).values())

    def late(one: Address | Relation) -> bool:
        return bool(one.scene) and one.from_episode == episode.number and one.scene not in there

    for one in addresses:
        if one.market in ("*", market) and late(one):
            pair = f"{one.speaker} → {one.addressee}, {one.form or one.call}"
            yield _told("address-scene", "addresses.csv", pair, one)
    for other in filter(late, relations):
        yield _told("relation-scene", "relations.csv", f"{other.person}, {other.of}'s {other.relation}", other)


def _told(check: str, table: str, who: str, row: Address | Relation) -> Finding:
    told = (
        f"{table} line {row.row} ({who}) begins at {row.scene}, which is no line or scene of this episode: "
        "it does not hold here"
    )
    return Finding(check, "", "warn", told, "write the id of one of its lines, or leave scene empty")

"""Who addresses whom how, and from when on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from localize.episode import Scene


@dataclass(frozen=True, slots=True)
class Address:
    """How ``speaker`` addresses ``addressee`` in a market: ``form`` (tu, usted, kamu …) and ``call`` ("Pak Lu").

    It holds from ``from_episode`` (0: from the first) to ``to_episode`` (0: for good), in ``from_episode`` itself only
    from the scene on that has the id ``scene`` or holds the line of that id.  ``row`` is its line in ``addresses.csv``.
    """

    speaker: str
    addressee: str
    market: str
    form: str = ""
    call: str = ""
    from_episode: int = 0
    to_episode: int = 0
    scene: str = ""
    row: int = field(default=0, compare=False)

    def holds(self, number: int, begun: Collection[str]) -> bool:
        """Whether it holds in an episode once the scenes and lines ``begun`` have begun."""
        return in_force(self.from_episode, self.to_episode, self.scene, number, begun)

    @property
    def begins(self) -> tuple[int, bool]:
        return self.from_episode, bool(self.scene)


def in_force(from_episode: int, to_episode: int, scene: str, number: int, begun: Collection[str]) -> bool:
    """Whether what a series says of its people holds in episode ``number`` once the scenes and lines ``begun`` have
    begun: from an episode on, or from a ``scene`` (or line) of it, until another (0: for good).
    """
    if number < from_episode or (to_episode and number > to_episode):
        return False
    return not scene or number > from_episode or scene in begun


def address_of(
    addresses: Iterable[Address], speaker: str, addressee: str, market: str, number: int, begun: Collection[str]
) -> Address | None:
    """The entry that counts: the most particular people, then the market's own, then what began last.

    ``"*"`` stands for anybody and for any market.  Where two begin in the same episode at scenes that both have begun,
    the one further down the table counts.
    """
    holding = [one for one in addresses if one.market in (market, "*") and one.holds(number, begun)]
    for who, whom in ((speaker, addressee), (speaker, "*"), ("*", addressee), ("*", "*")):
        found = [one for one in holding if (one.speaker, one.addressee) == (who, whom)]
        if found:
            best = max(enumerate(found), key=lambda each: (each[1].market != "*", each[1].begins, each[0]))[1]
            return replace(best, speaker=speaker, addressee=addressee, market=market)
    return None


def begun(scenes: Iterable[Scene]) -> dict[str, frozenset[str]]:
    """By scene: the ids of the scenes that have begun in it, its own among them, and of all their lines."""
    found: dict[str, frozenset[str]] = {}
    so_far = frozenset[str]()
    for scene in scenes:
        so_far |= {scene.id, *scene.lines}
        found[scene.id] = so_far
    return found

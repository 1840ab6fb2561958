"""Who is whose what, and from when on: ``relations.csv`` of a series."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from localize.address_matrix import in_force
from localize.errors import InputError
from localize.tables import Row, did_you_mean, read_rows

RELATION_COLUMNS = ("person", "of", "relation", "from_episode", "to_episode", "scene", "note")


@dataclass(frozen=True, slots=True)
class Relation:
    """``person`` is ``of``'s ``relation`` (mother-in-law, ex-wife), both ids of the cast.

    It holds from ``from_episode`` (0: from the first) to ``to_episode`` (0: for good), in ``from_episode`` itself only
    from the scene on that has the id ``scene`` or holds the line of that id.  ``row`` is its line in the table.
    """

    person: str
    of: str
    relation: str
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


def holding(
    relations: Iterable[Relation], people: Collection[str], number: int, begun: Collection[str]
) -> tuple[Relation, ...]:
    """What holds among ``people`` once the scenes ``begun`` of an episode have begun, in the table's order.

    Between two people only what began last holds: who became an ex-wife is no wife.
    """
    among = [one for one in relations if {one.person, one.of} <= set(people) and one.holds(number, begun)]
    latest: dict[tuple[str, str], tuple[int, bool]] = {}
    for one in among:
        pair = (one.person, one.of)
        latest[pair] = max(latest.get(pair, one.begins), one.begins)
    return tuple(one for one in among if one.begins == latest[one.person, one.of])


def told(
    relations: Iterable[Relation], names: Mapping[str, str], number: int, begun: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """(name, "wife of Lu Chen") for all that holds among those whom ``names`` knows by id."""
    held = holding(relations, names.keys(), number, begun)
    return tuple((names[one.person], f"{one.relation} of {names[one.of]}") for one in held)


def read_relations(path: Path, cast: Collection[str]) -> tuple[Relation, ...]:
    """The rows of ``relations.csv``.

    Raises ``InputError`` for somebody who is not in ``cast``, a person who is their own, an empty relation, a scene
    without its episode, an episode range turned round, and a row that stands twice.
    """
    found: dict[Relation, int] = {}
    for one, row in _read(path, cast):
        if one in found:
            told = f"{one.person} is {one.of}'s {one.relation} twice (first in line {found[one]})"
            raise InputError(told, row.place, "keep one of the rows")
        found[one] = row.number
    return tuple(found)


def _read(path: Path, cast: Collection[str]) -> Iterator[tuple[Relation, Row]]:
    for row in read_rows(path, RELATION_COLUMNS[:3], RELATION_COLUMNS):
        for column in ("person", "of"):
            if row[column] not in cast:
                names = ", ".join(sorted(cast)) or "nobody; write it first"
                fix = f"{did_you_mean(row[column], cast)}the cast: {names}"
                raise InputError(f"{row[column]!r} is not in cast.toml", row.place, fix)
        if row["person"] == row["of"] or not row["relation"]:
            told = "nobody is their own relation" if row["relation"] else "the relation is missing"
            raise InputError(told, row.place, "write it as wife, mother-in-law, driver …: person is of's relation")
        first, last = episode_number(row, "from_episode"), episode_number(row, "to_episode")
        if (last and first > last) or (row["scene"] and not first):
            told = "a scene needs its episode" if row["scene"] and not first else f"episode {first} comes after {last}"
            raise InputError(told, row.place, "from_episode is the first it holds in, to_episode the last")
        yield Relation(row["person"], row["of"], row["relation"], first, last, row["scene"], row.number), row


def episode_number(row: Row, column: str) -> int:
    """An episode's number; 0 where the cell is empty.  Raises ``InputError`` for anything else."""
    if row[column] and not (row[column].isascii() and row[column].isdigit() and int(row[column])):
        raise InputError(f"{column} is {row[column]!r}, no episode's number", row.place, "write 12, or leave it empty")
    return int(row[column] or 0)

"""Who is whose what, from when on."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.errors import InputError
from localize.relations import Relation, holding, read_relations

CAST = {"wan", "lu", "zhou"}
HEAD = "person,of,relation,from_episode,to_episode,scene,note\n"


def table(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "relations.csv"
    path.write_text(HEAD + rows, "utf-8-sig")
    return path


def test_what_began_last_holds(tmp_path: Path) -> None:
    rows = "wan,lu,wife,,,,\nlu,wan,husband,,,,\nwan,lu,ex-wife,12,,L0031,divorced\nzhou,wan,mother-in-law,,20,,\n"
    found = read_relations(table(tmp_path, rows), CAST)

    def held(number: int, *begun: str) -> list[str]:
        return [one.relation for one in holding(found, CAST, number, begun)]

    assert held(3) == held(12, "S-L0001") == ["wife", "husband", "mother-in-law"]
    assert held(12, "S-L0031", "L0031") == ["husband", "ex-wife", "mother-in-law"]
    assert held(21) == ["husband", "ex-wife"]
    assert holding(found, {"lu", "zhou"}, 3, ()) == (), "only among those who are there"


def test_two_relations_may_hold_at_once() -> None:
    both = (Relation("lu", "wan", "husband"), Relation("lu", "wan", "boss"))
    assert holding(both, CAST, 1, ()) == both


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("wann,lu,wife,,,,\n", "'wann' is not in cast.toml"), ("wan,wan,wife,,,,\n", "their own"),
        ("wan,lu,,,,,\n", "relation is missing"), ("wan,lu,wife,,,L0031,\n", "a scene needs its episode"),
        ("wan,lu,wife,12,3,,\n", "episode 12 comes after 3"), ("wan,lu,wife,x,,,\n", "no episode's number"),
        ("wan,lu,wife,,,,\nwan,lu,wife,,,,again\n", "twice"), ("wan,lu,wife,,,,,,\nx,y\n", "."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_relations(table(tmp_path, rows), CAST)
    assert "line " in caught.value.where

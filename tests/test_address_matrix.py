"""Forms of address that change at an episode or a scene."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.address_matrix import Address, address_of, begun
from localize.episode import Scene
from localize.errors import InputError
from localize.series import open_series
from localize.timing import Ms, Span

HEAD = "speaker,addressee,market,form,call,from_episode,to_episode,scene\n"
MATRIX = (
    Address("wan", "lu", "*", "formal"),
    Address("wan", "lu", "es-419", "tu"),
    Address("wan", "lu", "es-419", "usted", "", 12, 0, "L0031"),
    Address("wan", "lu", "es-419", "vos", "", 14, 14),
    Address("wan", "*", "es-419", "nobody"),
)
SCENES = (
    Scene("S-L0001", Span(Ms(0), Ms(9)), ("L0001", "L0002")),
    Scene("S-L0030", Span(Ms(9), Ms(20)), ("L0030", "L0031")),
)


def form(number: int, scene: str = "", market: str = "es-419", whom: str = "lu") -> str:
    found = address_of(MATRIX, "wan", whom, market, number, begun(SCENES).get(scene, frozenset()))
    return found.form if found else ""


def test_what_began_last_counts() -> None:
    assert [form(number) for number in (0, 1, 11, 12, 13, 14, 15)] == ["tu", "tu", "tu", "tu", "usted", "vos", "usted"]
    assert form(12, "S-L0001") == "tu" and form(12, "S-L0030") == "usted"
    assert form(13, "S-L0001") == "usted"
    assert form(1, market="id-ID") == "formal" and form(1, whom="other") == "nobody" and form(1, "", "id-ID", "x") == ""


def matrix(folder: Path, rows: str) -> Path:
    (folder / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    (folder / "cast.toml").write_text(
        '[[character]]\nid = "wan"\nname = "晚"\n[[character]]\nid = "lu"\nname = "陆"\n', "utf-8"
    )
    (folder / "addresses.csv").write_text(HEAD + rows, "utf-8")
    return folder


def test_the_table_takes_episodes_and_scenes(tmp_path: Path) -> None:
    bible = open_series(matrix(tmp_path, "wan,lu,es-419,tu,,,,\nwan,lu,es-419,usted,,12,20,S-L0031\n"))
    assert bible.addresses[1] == Address("wan", "lu", "es-419", "usted", "", 12, 20, "S-L0031")
    found = [bible.address("wan", "lu", "es-419", number) for number in (1, 13, 21)]
    assert [one.form for one in found if one] == ["tu", "usted", "tu"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("wan,lu,es-419,tu,,twelve,,\n", "line 2: from_episode is 'twelve'"),
        ("wan,lu,es-419,tu,,0,,\n", "line 2: from_episode is '0'"),
        ("wan,lu,es-419,tu,,12,3,\n", "line 2: episode 12 comes after 3"),
        ("wan,lu,es-419,tu,,,,L0001\n", "line 2: a scene needs its episode"),
        ("wan,lu,es-419,tu,,3,,\nwan,lu,es-419,usted,,3,5,\n", "line 3: wan → lu stands twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        open_series(matrix(tmp_path, row))

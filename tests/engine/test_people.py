"""Saying who speaks: assigned, merged, split and named voices stay so, and the cast grows by its reference clips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from localize.cli.app import app
from typer.testing import CliRunner

from localize.errors import InputError
from localize.series import open_series
from localize.timing import clock
from tests.support.film import Stretch, film

CUES = ((500, "你怎么还有脸回来"), (3_000, "我回来拿我的东西"), (6_000, "这里没有你的东西"))


class Show:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.episode = film(folder / "ep01.mp4", [Stretch(3, 0, 9)])
        rows = (f"{n}\n{clock(at)} --> {clock(at + 2_000)}\n{text}\n" for n, (at, text) in enumerate(CUES, 1))
        self.episode.with_suffix(".srt").write_text("\n".join(rows), "utf-8")

    def cast(self, *words: str, place: Path | None = None) -> dict[str, list[str]]:
        """Speakers and their lines after ``localize cast EPISODE words``."""
        words = ("cast", str(place or self.episode), *words, "--json", "--store", str(self.folder / "store"))
        ran = CliRunner().invoke(app, list(words))
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        assert ran.exit_code == 0, ran.output
        return {one.get("speaker", one.get("id")): one.get("lines") for one in json.loads(ran.output.splitlines()[-1])}


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    return Show(tmp_path_factory.mktemp("show"))


def test_lines_are_shared_out_and_stay_so(show: Show) -> None:
    strangers = show.cast()
    assert sorted(name for lines in strangers.values() for name in lines) == ["L0001", "L0002", "L0003"]
    first = next(iter(strangers))
    told = show.cast("assign", "L0001", "L0002", "L0003", first)
    assert told == {first: ["L0001", "L0002", "L0003"]}
    told = show.cast("split", first, "L0002")
    (other,) = set(told) - {first}
    assert told == {first: ["L0001", "L0003"], other: ["L0002"]} and other.startswith("?")
    assert show.cast() == told
    assert show.cast("merge", other, first) == {first: ["L0001", "L0002", "L0003"]}


def test_a_stranger_joins_the_cast_with_a_clip(show: Show) -> None:
    (who,) = show.cast()
    assert set(show.cast("rename", who, "林婆", "--gender", "female", "--age", "elder")) == {"lin_po"}
    (member,) = open_series(show.folder / "SERIES").cast
    assert (member.id, member.name, member.gender, member.age) == ("lin_po", "林婆", "female", "elder")
    assert member.references[0].is_file() and member.references[0].stat().st_size > 100_000
    with pytest.raises(InputError, match="in the cast already"):
        show.cast("split", "lin_po", "L0003")
        show.cast("rename", "?1", "林婆")


def test_a_new_name_leaves_the_rest_of_the_file_alone(show: Show) -> None:
    path = show.folder / "SERIES" / "cast.toml"
    path.write_text("# our people\n" + path.read_text("utf-8"), "utf-8")
    show.cast("rename", "lin_po", "林奶奶", place=show.folder / "SERIES")
    text = path.read_text("utf-8")
    assert text.startswith("# our people\n") and "林奶奶" in text and "林婆" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("marry", "a", "b"), "marry"),
        (("assign", "L0001"), "assign needs"),
        (("assign", "L0099", "lin_po"), "no line L0099"),
        (("assign", "L0001", "nobody"), "nobody is called 'nobody'"),
        (("merge", "?9", "lin_po"), "nobody is called '\\?9'"),
    ],
)
def test_slips_are_told(show: Show, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        show.cast(*words)

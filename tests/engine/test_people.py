"""Saying who speaks: assigned, merged, split and named voices stay so, and the cast grows by its reference clips."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from localize.cli.app import app
from typer.testing import CliRunner

from localize import edit_log
from localize.engine import people
from localize.engine.order import Order
from localize.episode import Asset, Episode, Line, Picture, Source, Stems
from localize.errors import InputError
from localize.series import SeriesBible, open_series
from localize.timing import Ms, clock, span
from tests.support.film import Stretch, film

CUES = ((500, "你怎么还有脸回来"), (3_000, "我回来拿我的东西"), (6_000, "这里没有你的东西"))


class Show:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.episode = film(folder / "ep01.mp4", [Stretch(3, 0, 9)])
        rows = (f"{n}\n{clock(at)} --> {clock(at + 2_000)}\n{text}\n" for n, (at, text) in enumerate(CUES, 1))
        self.episode.with_suffix(".srt").write_text("\n".join(rows), "utf-8")

    def output(self, *words: str) -> str:
        """What ``localize cast EPISODE words`` prints, in one line."""
        ran = CliRunner().invoke(app, ["cast", str(self.episode), *words, "--store", str(self.folder / "store")])
        assert ran.exit_code == 0, ran.output
        return " ".join(ran.output.split())

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
    assert told == {"?L0001": ["L0001", "L0002", "L0003"]}
    told = show.cast("split", "?L0001", "L0002")
    assert told == {"?L0001": ["L0001", "L0003"], "?L0002": ["L0002"]}
    assert show.cast() == told
    assert show.cast("merge", "?L0002", "?L0001") == {"?L0001": ["L0001", "L0002", "L0003"]}


def test_a_stranger_joins_the_cast_with_a_clip(show: Show) -> None:
    (who,) = show.cast()
    assert set(show.cast("rename", who, "林婆", "--gender", "female", "--age", "elder")) == {"lin_po"}
    (member,) = open_series(show.folder / "SERIES").cast
    assert (member.id, member.name, member.gender, member.age) == ("lin_po", "林婆", "female", "elder")
    assert member.references[0].is_file() and member.references[0].stat().st_size > 100_000
    show.cast("split", "lin_po", "L0003")
    for name in ("林婆", " 林婆 ", "lin_po"):
        with pytest.raises(InputError, match="in the cast already"):
            show.cast("rename", "?L0003", name)
    assert not list((show.folder / "SERIES" / "cast").glob(".*"))


def test_a_clip_is_cut_anew_when_its_lines_are_given_to_somebody_else(tmp_path: Path) -> None:
    show = Show(tmp_path)
    first = next(iter(show.cast()))
    show.cast("assign", "L0001", "L0002", "L0003", first)
    show.cast("rename", "?L0001", "林婆")
    clip = tmp_path / "SERIES" / "cast" / "lin_po.wav"
    record = clip.with_suffix(".cut.json")
    assert [name for name, *_ in json.loads(record.read_text("utf-8"))["lines"]] == ["L0001", "L0002", "L0003"]
    before = clip.read_bytes()
    show.cast("split", "lin_po", "L0002")
    now = clip.read_bytes()
    assert len(now) < 0.7 * len(before) and "L0002" not in record.read_text("utf-8")
    show.cast()
    assert clip.read_bytes() == now, "nothing changed: nothing is cut"
    clip.write_bytes(before)  # a person puts their own in its place
    show.cast("split", "lin_po", "L0003")
    assert clip.read_bytes() == before


def test_who_is_merged_is_told_by_no_clip_of_this_episode(tmp_path: Path) -> None:
    show = Show(tmp_path)
    show.cast("assign", "L0001", "L0002", "L0003", next(iter(show.cast())))
    show.cast("split", "?L0001", "L0002", "L0003")
    show.cast("rename", "?L0001", "林婆")
    show.cast("rename", "?L0002", "张三")
    series = open_series(tmp_path / "SERIES")
    own = tmp_path / "SERIES" / "cast" / "own.wav"
    shutil.copy(series.cast[1].references[0], own)
    cast = tmp_path / "SERIES" / "cast.toml"
    cast.write_text(cast.read_text("utf-8").replace('"cast/zhang_san.wav"', '"cast/zhang_san.wav", "cast/own.wav"'))
    said = show.output("merge", "zhang_san", "lin_po")
    assert "zhang_san.wav, cut from this episode, is no voice of zhang_san any more" in said
    assert "own.wav was not cut from this episode" in said and "remove zhang_san" in said
    assert open_series(tmp_path / "SERIES").character("zhang_san").references == (own,)  # type: ignore[union-attr]
    assert (tmp_path / "SERIES" / "cast" / "zhang_san.wav").is_file()
    own.unlink()
    cast.write_text(cast.read_text("utf-8").replace('references = ["cast/own.wav"]', "references = []"))
    assert show.cast() == {"lin_po": ["L0001", "L0002", "L0003"]}


def test_a_clip_of_which_nothing_is_left_stays_and_is_told(tmp_path: Path) -> None:
    show = Show(tmp_path)
    first = next(iter(show.cast()))
    show.cast("assign", "L0001", "L0002", "L0003", first)
    show.cast("rename", "?L0001", "林婆")
    assert "too little is left to cut it anew" in show.output("split", "lin_po", "L0001", "L0002", "L0003")


def test_a_clip_that_nobody_refers_to_yet_is_left_alone(show: Show) -> None:
    waiting = show.folder / "SERIES" / "cast" / "zhang_san.wav"
    waiting.write_bytes(b"recorded in a studio")
    assert set(show.cast("rename", "?L0003", "张三")) == {"lin_po", "zhang_san_2"}
    assert waiting.read_bytes() == b"recorded in a studio"
    assert open_series(show.folder / "SERIES").cast[1].references[0].name == "zhang_san_2.wav"
    assert set(show.cast("merge", "zhang_san_2", "lin_po")) == {"lin_po"}


def test_a_name_that_cannot_be_is_refused_and_the_file_stays(show: Show) -> None:
    path = show.folder / "SERIES" / "cast.toml"
    path.write_text(path.read_text("utf-8").replace('name = "张三"', 'name = "张三"\naliases = ["三哥"]'), "utf-8")
    before = path.read_bytes()
    for name, said in (("张三", "as zhang_san_2"), ("三哥", "as zhang_san_2"), (" ", "empty"), ("?1", "strangers")):
        for place in (show.episode, show.folder / "SERIES"):
            with pytest.raises(InputError, match=said):
                show.cast("rename", "lin_po", name, place=place)
    assert path.read_bytes() == before


def test_names_are_looked_up_when_they_are_written(show: Show) -> None:
    """Between reading the series and writing to it somebody else may have taken the name."""
    old = open_series(show.folder / "SERIES")
    people.rename(old, "zhang_san_2", "李四")
    with pytest.raises(InputError, match="in the cast already, as zhang_san_2"):
        people.rename(old, "lin_po", "李四")


def test_a_new_name_leaves_the_rest_of_the_file_alone(show: Show) -> None:
    path = show.folder / "SERIES" / "cast.toml"
    path.write_text("# our people\n" + path.read_text("utf-8"), "utf-8")
    show.cast("rename", "lin_po", "林奶奶", place=show.folder / "SERIES")
    text = path.read_text("utf-8")
    assert text.startswith("# our people\n") and "林奶奶" in text and "林婆" not in text


def test_who_joined_by_mistake_is_taken_out_again_once_nothing_names_them(show: Show) -> None:
    root = show.folder / "SERIES"
    before = {one.id for one in open_series(root).cast}
    assert before == {"lin_po", "zhang_san_2"}
    with pytest.raises(InputError, match="L0001"):
        show.cast("remove", "lin_po", place=root)
    with pytest.raises(InputError, match="nobody is called 'ghost'"):
        show.cast("remove", "ghost", place=root)
    with pytest.raises(InputError, match="about the cast"):
        show.cast("remove", "zhang_san_2")
    casting = root / "casting.toml"
    casting.write_text('[zhang_san_2]\n"*" = "stock-m1"\n', "utf-8")
    with pytest.raises(InputError, match="is named there"):
        show.cast("remove", "zhang_san_2", place=root)
    casting.unlink()
    (root / "relations.csv").write_text("person,of,relation\nlin_po,zhang_san_2,aunt\n", "utf-8")
    with pytest.raises(InputError, match="is named there") as caught:
        show.cast("remove", "zhang_san_2", place=root)
    assert caught.value.where.endswith("relations.csv")
    (root / "relations.csv").unlink()
    assert set(show.cast("remove", "zhang_san_2", place=root)) == {"lin_po"}
    assert (root / "cast.toml").read_text("utf-8").startswith("# our people\n")
    assert (root / "cast" / "zhang_san_2.wav").is_file(), "a recording is a person's to delete"
    assert set(show.cast()) == {"lin_po"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("marry", "a", "b"), "marry"),
        (("assign", "L0001"), "assign needs"),
        (("assign", "L0099", "lin_po"), "no line L0099"),
        (("assign", "L0001", "nobody"), "nobody is called 'nobody'"),
        (("merge", "?9", "lin_po"), "nobody is called '\\?9'"),
        (("merge", "lin_po", "lin_po"), "the same"),
    ],
)
def test_slips_are_told(show: Show, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        show.cast(*words)


class Told:
    """An episode as diarization numbered it, and what the log says of its lines."""

    def __init__(self, folder: Path, *speakers: str) -> None:
        self.order, self.bible = (
            Order(folder / "ep01.mp4", (), folder / "out"),
            SeriesBible(folder / "SERIES", "s", "S"),
        )
        picture, asset = Picture(64, 64, Fraction(25), Ms(9_000), 225, "h264"), Asset("0", "wav", 0)
        lines = (Line(f"L{n:04}", span(n * 1_000, n * 1_000 + 900), "好", who) for n, who in enumerate(speakers, 1))
        source, stems = Source("0", "mp4", picture, (), ()), Stems(asset, asset, "none")
        self.episode = Episode("ep01", "s", 1, "zh-CN", source, stems, lines=tuple(lines))

    def log(self) -> dict[str, str]:
        return {one.line: one.value for one in edit_log.read(self.bible.root / "edits" / "ep01.jsonl")}


def test_no_edit_holds_a_number_of_the_machine(tmp_path: Path) -> None:
    """Once ?1 joins the cast, what was ?2 is ?1: edits that named them by number would name somebody else."""
    show = Told(tmp_path, "?1", "?2", "?3", "?2", "?1", "?0")
    people.merge(show.order, show.bible, "?1", "?2", show.episode)
    assert show.log() == dict.fromkeys(("L0001", "L0002", "L0004", "L0005"), "?L0001")
    assert people.assign(show.order, show.bible, ["L0006"], "?3", show.episode) == "?L0003"
    assert {"L0003": "?L0003", "L0006": "?L0003"}.items() <= show.log().items()
    people.assign(show.order, show.bible, ["L0003"], "?0", show.episode)
    assert show.log()["L0003"] == "?0", "a line without voice is no number"


def test_nobody_new_gets_a_name_that_somebody_has(tmp_path: Path) -> None:
    show = Told(tmp_path, "?L0002", "?1", "?1", "?L0003")
    assert people.split(show.order, show.bible, "?1", ["L0003", "L0002"], show.episode) == "?L0002_2"
    assert show.log() == dict.fromkeys(("L0002", "L0003"), "?L0002_2")
    assert people.split(show.order, show.bible, "?L0003", ["L0004"], show.episode) == "?L0004"

"""Labels of a subtitle file stay with their lines through splits and re-delivered cuts."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from localize import edit_log
from localize.corrections import corrected, formers, told_parts
from localize.edits import Edit
from localize.engine.carried import record_path
from localize.engine.conform import conform
from localize.engine.labelled import kept, labels_of, with_halves
from localize.engine.order import Order, default_out
from localize.engine.store import Store
from localize.engine.transcribing import transcribe
from localize.episode import Line
from localize.errors import InputError
from localize.series import create_series, open_series
from localize.timing import Ms, clock, span
from tests.support.film import Stretch, film

CAST = '[[character]]\nid = "shen"\nname = "沈晚"\n\n[[character]]\nid = "lu"\nname = "陆沉"\n'
SAID = ("陆沉：你怎么还有脸回来", "沈晚：我没有拿那笔钱", "陆沉：你会后悔的")


def order(episode: Path) -> Order:
    return Order(episode, (), default_out(episode), series=episode.parent / "SERIES", by="Rina")


def who(episode: Path) -> dict[str, str]:
    bible, store = open_series(episode.parent / "SERIES"), Store(episode.parent / "store")
    found = transcribe(order(episode), bible, ["json"], store, lambda event: None, threading.Event())
    return {line.id: line.speaker for line in found.episode.lines}


def split(line: str, at: int, name: str) -> Edit:
    return Edit("ep01", line, "", "split", told_parts(name, Ms(at), "一", "二"), "Ana", "2026-11-21T12:00:00+00:00", "")


def test_what_is_split_off_keeps_the_name_of_its_line() -> None:
    lines = [Line("L1", span(0, 900), "一二"), Line("L2", span(1000, 1900), "三四")]
    join = Edit("ep01", "L1", "", "merge", "L2", "Ana", "2026-11-21T12:00:00+00:00", "")
    for edits in ([split("L1", 400, "L9")], [split("L1", 600, "L8"), split("L1", 300, "L9")]):
        now = corrected(lines, edits)
        found = with_halves({"L1": "陆沉", "L2": "沈晚"}, now, formers(lines, edits))
        assert found == {line.id: "沈晚" if line.id == "L2" else "陆沉" for line in now}
    edits = [join, split("L1", 400, "L9")]
    found = with_halves({"L1": "陆沉", "L2": "沈晚"}, corrected(lines, edits), formers(lines, edits))
    assert found == {"L1": "陆沉"}, "what is split off a join of two may be either's"


def test_a_cut_without_the_file_has_its_labels(tmp_path: Path) -> None:
    old = film(tmp_path / "ep01.mp4", [Stretch(1, 0, 12)])
    cues = zip((1000, 5000, 9000), SAID, strict=True)
    rows = (f"{n}\n{clock(at)} --> {clock(at + 2000)}\n{text}\n" for n, (at, text) in enumerate(cues, 1))
    old.with_suffix(".srt").write_text("\n".join(rows), "utf-8")
    bible = create_series(tmp_path / "SERIES", old)
    (bible.root / "cast.toml").write_text(CAST, "utf-8")
    assert who(old) == {"L0001": "lu", "L0002": "shen", "L0003": "lu"}
    edit_log.append(bible.root / "edits" / "ep01.jsonl", [split("L0001", 2000, "L0009")])
    assert who(old)["L0009"] == "lu"
    new = film(tmp_path / "ep01_cut.mp4", [Stretch(1, 0, 4), Stretch(1, 8, 12)])
    conform(order(old), order(new), Store(tmp_path / "store"), lambda event: None, threading.Event())
    assert who(new) == {"L0001": "lu", "L0009": "lu", "L0003": "lu"}


def test_labels_of_another_file_under_that_name_are_none_and_damage_is_told(tmp_path: Path) -> None:
    bible = create_series(tmp_path / "SERIES", tmp_path / "e.mp4")
    (bible.root / "lines").mkdir(exist_ok=True)
    lines = [Line("L1", span(0, 900), "一")]
    assert labels_of(bible, "e", "d", lines, ("陆沉",), looking=True) == {"L1": "陆沉"} and kept(bible, "e") == {}
    assert labels_of(bible, "e", "d", lines, ("陆沉",), looking=False) == kept(bible, "e") == {"L1": "陆沉"}
    assert labels_of(bible, "e", "d", lines, (), looking=False) == kept(bible, "e") == {}
    (bible.root / "lines" / "e.labels.json").write_text("[1", "utf-8")
    with pytest.raises(InputError, match="labels of speakers are damaged"):
        kept(bible, "e")


def test_a_damaged_record_of_a_cut_is_told(tmp_path: Path) -> None:
    bible = create_series(tmp_path / "SERIES", tmp_path / "e.mp4")
    path = record_path(bible, "e")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"done": [["a", "d"]], "labels": [1]}', "utf-8")
    with pytest.raises(InputError, match="record of a conformed cut is damaged"):
        labels_of(bible, "e", "d", [Line("L1", span(0, 900), "一")], (), looking=True)

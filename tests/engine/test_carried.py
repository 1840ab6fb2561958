"""A cut in which nothing can be read or heard has the lines of the earlier one."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from localize import edit_log
from localize.edits import Edit
from localize.engine import ledger
from localize.engine.carried import carried, remembered
from localize.engine.conform import Conformed, conform
from localize.engine.events import Event
from localize.engine.order import Order, default_out
from localize.engine.store import Store
from localize.engine.transcribing import Transcribed, transcribe
from localize.engine.transcript import write_transcript
from localize.episode import Line
from localize.errors import InputError
from localize.roles import Attribution
from localize.series import create_series, open_series
from localize.timing import span
from tests.support.film import Stretch, film

CAST = '[[character]]\nid = "shen"\nname = "沈晚"\n'
LINES = (
    Line("", span(1_000, 3_000), "你怎么还有脸回来"), Line("", span(6_000, 8_000), "我没有拿那笔钱"),
    Line("", span(11_000, 13_000), "你会后悔的"),
)  # fmt: skip


def order(episode: Path) -> Order:
    return Order(episode, (), default_out(episode), series=episode.parent / "SERIES", by="Rina")


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ep01.mp4, whose lines are known, and ep01_bare.mp4: the same without its middle, and no words."""
    folder = tmp_path_factory.mktemp("show")
    old = film(folder / "ep01.mp4", [Stretch(1, 0, 15)])
    film(folder / "ep01_bare.mp4", [Stretch(1, 0, 5), Stretch(1, 9, 15)])
    bible = create_series(folder / "SERIES", old)
    (bible.root / "cast.toml").write_text(CAST, "utf-8")
    ledger.mint(bible.root / "lines" / "ep01.json", LINES)
    edit_log.append(bible.root / "edits" / "ep01.jsonl", [
        Edit("ep01", "L0003", "id-ID", "dub", "Kau akan menyesal.", "Rina", "2026-11-21T09:00:00+00:00", "")
    ])  # fmt: skip
    default_out(old).mkdir()
    who = zip(("L0001", "L0002", "L0003"), ("shen", "?1", "shen"), ("thought", "speech", "speech"), LINES, strict=True)
    write_transcript(
        order(old), open_series(bible.root),
        [replace(line, id=id, speaker=speaker, kind=kind) for id, speaker, kind, line in who],  # type: ignore[arg-type]
    )  # fmt: skip
    return folder


def run(show: Path, **how: object) -> Conformed:
    new = replace(order(show / "ep01_bare.mp4"), **how)  # type: ignore[arg-type]
    return conform(order(show / "ep01.mp4"), new, Store(show / "store"), lambda event: None, threading.Event())


def written(show: Path) -> Sequence[Path]:
    return list((show / "SERIES").rglob("ep01_bare*"))


def read(show: Path, told: list[Event]) -> Transcribed:
    bible = open_series(show / "SERIES")
    new = order(show / "ep01_bare.mp4")
    return transcribe(new, bible, ["json"], Store(show / "store"), told.append, threading.Event())


def test_a_source_that_was_named_and_has_nothing_is_refused_before_anything_is_written(show: Path) -> None:
    with pytest.raises(InputError, match="no speech was found"):
        run(show, transcript="captions")
    assert not written(show)


def test_the_earlier_cuts_lines_are_the_transcript(show: Path) -> None:
    found = run(show)
    assert found.carried and found.origin == "carried"
    assert {one.id: one.fate for one in found.lines} == {"L0001": "kept", "L0002": "lost", "L0003": "kept"}
    assert [one.now.start // 100 for one in found.lines if one.now] == [10, 70]
    again = run(show)
    assert not again.carried and again.lines == found.lines
    log = edit_log.read(show / "SERIES" / "edits" / "ep01_bare.jsonl")
    assert [(one.line, one.value) for one in log] == [("L0003", "Kau akan menyesal.")]


def test_a_run_of_the_new_cut_goes_on_with_them_and_says_that_nothing_confirmed_them(show: Path) -> None:
    told: list[Event] = []
    found = read(show, told)
    assert found.origin == "carried"
    assert [(line.id, line.kind) for line in found.episode.lines] == [("L0001", "thought"), ("L0003", "speech")]
    assert any("no word of them is confirmed" in event.message for event in told)
    assert read(show, []).episode == found.episode


def test_another_file_under_the_cuts_name_has_nothing_of_it(show: Path) -> None:
    assert carried(open_series(show / "SERIES"), "ep01_bare", "f" * 64) is None


def test_a_damaged_record_is_told(show: Path) -> None:
    record = show / "SERIES" / "lines" / "ep01_bare.conformed.json"
    whole = record.read_text("utf-8")
    record.write_text(whole[: len(whole) // 2], "utf-8")
    with pytest.raises(InputError, match="record of a conformed cut"):
        carried(open_series(show / "SERIES"), "ep01_bare", "f" * 64)
    for done in ("ab", [["a" * 64]], [[1, 2]], [None], {"a": "b"}):
        record.write_text(json.dumps(json.loads(whole) | {"done": done}), "utf-8")
        with pytest.raises(InputError, match="record of a conformed cut"):
            carried(open_series(show / "SERIES"), "ep01_bare", "f" * 64)
    record.write_text(whole, "utf-8")
    digest = json.loads(whole)["done"][-1][1]
    kept = carried(open_series(show / "SERIES"), "ep01_bare", digest)
    assert kept is not None and kept.speakers == {"L0001": "shen", "L0003": "shen"}, "?1 is a number of another cut"


def test_who_said_a_line_before_is_believed_only_where_no_voice_is_heard() -> None:
    heard = {"L0001": Attribution("?0", 0.0, (("?1", 0.0),)), "L0002": Attribution("?1", 3.0)}
    found = remembered(heard, {"L0001": "shen", "L0002": "shen"})
    assert found["L0001"].speaker == "shen" and found["L0002"] == heard["L0002"]

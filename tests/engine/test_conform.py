"""A re-delivered cut keeps its lines' ids, edits and times."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from localize import edit_log
from localize.corrections import parts, times, told_parts, told_times
from localize.edits import Edit, Field
from localize.engine import ledger
from localize.engine.conform import Conformed, carried_edits, carry, conform, follow
from localize.engine.order import Order, default_out
from localize.engine.store import Store
from localize.episode import Line, Piece
from localize.errors import InputError
from localize.series import create_series
from localize.timing import Ms, clock, span
from tests.support.film import Stretch, film

SAID = (
    "你怎么还有脸回来",
    "三年前的账我们慢慢算",
    "我没有拿那笔钱",
    "把合同给我看看",
    "从今天起这里归我管",
    "你会后悔的",
)
STARTS = (1_000, 6_000, 11_000, 16_000, 21_000, 26_000)
LONG = 2_400


def sidecar(episode: Path, cues: Sequence[tuple[int, str]]) -> None:
    rows = (f"{n}\n{clock(at)} --> {clock(at + LONG)}\n{text}\n" for n, (at, text) in enumerate(cues, 1))
    episode.with_suffix(".srt").write_text("\n".join(rows), "utf-8")


def order(episode: Path) -> Order:
    return Order(episode, (), default_out(episode), series=episode.parent / "SERIES", by="Rina")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    episode = film(tmp_path_factory.mktemp("show") / "ep01.mp4", [Stretch(1, 0, 30)])
    sidecar(episode, list(zip(STARTS, SAID, strict=True)))
    bible = create_series(episode.parent / "SERIES", episode)
    lines = [Line("", span(at, at + LONG), text) for at, text in zip(STARTS, SAID, strict=True)]
    ledger.mint(bible.root / "lines" / "ep01.json", lines)
    said = Edit("ep01", "L0004", "id-ID", "dub", "Coba kulihat kontraknya.", "Rina", "2026-11-21T09:00:00+00:00", "")
    edit_log.append(bible.root / "edits" / "ep01.jsonl", [said])
    return episode


def run(old: Path, new: Path, store: Path) -> Conformed:
    return conform(order(old), order(new), Store(store), lambda event: None, threading.Event())


def test_every_surviving_line_keeps_its_id_and_edits(old: Path, tmp_path: Path) -> None:
    edit = [Stretch(1, 0, 9.6), Stretch(7, 0, 4), Stretch(1, 20, 30), Stretch(1, 14.8, 19.2)]
    new = film(old.parent / "ep01_censored.mp4", edit)
    moved = {1: 1_000, 2: 6_000, 5: 14_600, 6: 19_600, 4: 24_800}
    cues = [(at, SAID[number - 1]) for number, at in sorted(moved.items(), key=lambda item: item[1])]
    sidecar(new, [*cues[:2], (10_000, "广告之后马上回来"), *cues[2:]])
    found = run(old, new, tmp_path / "store")
    fates = {one.id: one.fate for one in found.lines}
    assert fates == {
        "L0001": "kept", "L0002": "kept", "L0003": "lost", "L0004": "moved", "L0005": "kept", "L0006": "kept",
        "L0007": "new",
    }  # fmt: skip
    times = {one.id: one.now for one in found.lines}
    for number, at in moved.items():
        now = times[f"L{number:04}"]
        assert now is not None and abs(now.start - at) <= 40
    (fresh,) = found.fresh
    assert abs(fresh.start - 9_600) <= 40 and abs(fresh.end - 13_600) <= 40
    kept = edit_log.read(old.parent / "SERIES" / "edits" / "ep01_censored.jsonl")
    assert [(one.line, one.value) for one in kept] == [("L0004", "Coba kulihat kontraknya.")]
    again = run(old, new, tmp_path / "store")
    assert not again.carried and again.lines == found.lines


def test_the_history_of_a_line_is_kept(old: Path) -> None:
    entries = {entry["id"]: entry for entry in ledger.read(old.parent / "SERIES" / "lines" / "ep01_censored.json")}
    assert entries["L0003"]["state"] == "retired"
    assert {"start": 16_000, "end": 18_400, "text": SAID[3]} in entries["L0004"]["history"]


def test_two_films_with_nothing_in_common_are_refused(old: Path, tmp_path: Path) -> None:
    other = film(old.parent / "ep02.mp4", [Stretch(5, 0, 12)])
    with pytest.raises(InputError, match="nothing of ep01"):
        run(old, other, tmp_path / "store")


def test_a_cut_somebody_worked_on_is_left_alone(old: Path, tmp_path: Path) -> None:
    new = film(old.parent / "ep01_v3.mp4", [Stretch(1, 3, 20)])
    sidecar(new, [(3_000, SAID[1])])
    log = old.parent / "SERIES" / "edits" / "ep01_v3.jsonl"
    edit_log.append(log, [Edit("ep01_v3", "L0001", "en-US", "dub", "Hm.", "Rina", "2026-11-21T09:00:00+00:00", "")])
    with pytest.raises(InputError, match="edits of its own"):
        run(old, new, tmp_path / "store")
    assert not (old.parent / "SERIES" / "lines" / "ep01_v3.json").exists()


def test_a_line_that_lost_its_end_is_cut() -> None:
    entries = [{"id": "L0001", "state": "active", "start": 1_000, "end": 3_000, "text": "a", "history": []}]
    (one,) = follow(entries, [Piece(span(500, 2_700), Ms(0), 1.0)])
    assert one.fate == "cut" and one.now == span(1_500, 2_700)


PIECES = (Piece(span(0, 5_000), Ms(0), 1.0), Piece(span(5_000, 20_000), Ms(8_000), 1.0))


def told(line: str, field: Field, value: str, market: str = "") -> Edit:
    return Edit("ep01", line, market, field, value, "Rina", "2026-11-21T09:00:00+00:00", "")


def test_times_people_set_move_with_the_picture() -> None:
    log = [
        told("L0001", "span", told_times(span(1_000, 3_000))), told("L0002", "span", told_times(span(9_000, 10_000))),
        told("L0003", "add", told_times(span(6_000, 7_500))), told("L0002", "addressee", ""),
        told("L0002", "split", told_parts("L0009", Ms(9_400), "a", "b")), told("L0002", "dub", "Ya.", "id-ID"),
    ]  # fmt: skip
    found = carried_edits(log, PIECES, "ep01_v2")
    assert [(one.line, one.field) for one in found] == [
        ("L0001", "span"), ("L0002", "span"), ("L0002", "addressee"), ("L0002", "split"), ("L0002", "dub"),
    ]  # fmt: skip
    assert times(found[1].value) == span(6_000, 7_000) and found[2].value == ""
    assert parts(found[3].value)[1] == 6_400 and {one.episode for one in found} == {"ep01_v2"}


def test_a_cut_under_the_same_name_keeps_what_was_said_about_the_earlier_one(tmp_path: Path) -> None:
    bible = create_series(tmp_path / "SERIES", tmp_path / "ep01.mp4")
    path, log = bible.root / "lines" / "ep01.json", bible.root / "edits" / "ep01.jsonl"
    ledger.mint(path, [Line("", span(1_000, 3_000), SAID[0]), Line("", span(9_000, 11_000), SAID[1])])
    edit_log.append(log, [told("L0002", "span", told_times(span(9_000, 10_000)))])
    before = edit_log.read(log)
    assert carry(bible, ("ep01", "ep01"), ("a" * 64, "b" * 64), PIECES)
    for _ in range(2):
        assert [entry["start"] for entry in ledger.read(path)] == [1_000, 6_000]
        assert times(edit_log.read(log)[0].value) == span(6_000, 7_000)
        assert edit_log.read(bible.root / "edits" / f"ep01.{'a' * 8}.jsonl") == before
        assert not carry(bible, ("ep01", "ep01"), ("a" * 64, "b" * 64), PIECES)


def test_a_carrying_that_died_half_way_is_completed(tmp_path: Path) -> None:
    bible = create_series(tmp_path / "SERIES", tmp_path / "ep01.mp4")
    path, record = bible.root / "lines" / "ep01.json", bible.root / "lines" / "ep01.conformed.json"
    ledger.mint(path, [Line("", span(9_000, 11_000), SAID[1])])
    before = path.read_text("utf-8")
    assert carry(bible, ("ep01", "ep01"), ("a" * 64, "b" * 64), PIECES)
    told_now, after = json.loads(record.read_text("utf-8")), path.read_text("utf-8")
    path.write_text(before, "utf-8")
    (pair,) = told_now.pop("done")
    record.write_text(json.dumps(told_now | {"done": [], "now": pair, "files": {"lines/ep01.json": after}}), "utf-8")
    assert not carry(bible, ("ep01", "ep01"), ("a" * 64, "b" * 64), PIECES)
    assert path.read_text("utf-8") == after

"""Whose a reference clip is, and when one that was cut from an episode's lines is cut anew."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from localize.engine import clips
from localize.engine.events import Event
from localize.engine.local import Runner
from localize.engine.store import Store
from localize.episode import Line, Stems
from localize.media import audio
from localize.series import Character, SeriesBible, locked
from localize.timing import span


class Show:
    """A member of the cast whose clip was cut from two lines of ``ep01``."""

    def __init__(self, root: Path) -> None:
        store = Store(root / "store")
        sound = audio.write(root / "stem.wav", np.full(20 * audio.RATE, 0.1, np.float32))
        stem = store.keep(sound, "audio/wav")
        self.stems = Stems(stem, stem, "")
        self.lines = tuple(line(f"L000{n}", at) for n, at in ((1, 1_000), (2, 6_000)))
        self.clip = root / "cast" / "lin.wav"
        clips.cut(self.clip, store.path(stem), self.lines, "ep01", "first")
        self.bible = SeriesBible(root, "s", "s", cast=(Character("lin", "林", references=(self.clip,)),))
        self.told: list[Event] = []
        self.runner = Runner(store, self.told.append, threading.Event())

    @property
    def record(self) -> Path:
        return self.clip.with_suffix(".cut.json")

    def run(self, *lines: Line, source: str = "first") -> str:
        clips.renewed(self.bible, self.runner, self.stems, lines, "ep01", source)
        return " ".join(one.message for one in self.told)


def line(name: str, at: int, speaker: str = "lin") -> Line:
    return Line(name, span(at, at + 4_000), "我回来拿我的东西", speaker=speaker)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return Show(tmp_path)


def test_a_file_delivered_again_with_other_times_is_no_other_speaker(show: Show) -> None:
    before = show.clip.read_bytes()
    assert show.run(*(replace(one, span=span(one.span.start + 8_000, one.span.end + 8_000)) for one in show.lines),
                    source="second") == ""  # fmt: skip
    assert show.run(show.lines[0], source="second") == "", "a line that was not found in it is nobody else's"
    assert show.clip.read_bytes() == before


def test_in_the_same_file_a_line_that_is_cut_up_goes_out(show: Show) -> None:
    half = replace(show.lines[1], span=span(6_000, 7_500))
    assert "L0002 of ep01 as well, which lin says no more, or no more whole" in show.run(show.lines[0], half)
    assert json.loads(show.record.read_text("utf-8"))["source"] == "first"


def test_a_record_without_a_source_is_read_by_its_times(show: Show) -> None:
    told = json.loads(show.record.read_text("utf-8"))
    del told["source"]
    show.record.write_text(json.dumps(told), "utf-8")
    assert show.run(*show.lines, source="second") == ""
    assert "cut anew from L0001" in show.run(show.lines[0], line("L0002", 6_000, "zhang"))


@pytest.mark.parametrize("row", [["L0001", 5_000, 5_000], ["L0001", 5_000, 1_000], ["L0001"], "L0001", 1])
def test_a_record_that_cannot_be_read_makes_the_clip_a_persons(show: Show, row: object) -> None:
    told = json.loads(show.record.read_text("utf-8"))
    show.record.write_text(json.dumps({**told, "lines": [row]}), "utf-8")
    before = show.clip.read_bytes()
    assert clips.cut_from(show.clip) == "" and show.run(line("L0001", 1_000, "zhang")) == ""
    assert show.clip.read_bytes() == before


def test_a_recording_put_there_meanwhile_is_kept(show: Show) -> None:
    run = threading.Thread(target=show.run, args=(show.lines[0], line("L0002", 6_000, "zhang")))
    with locked(show.bible.root):  # another command holds the series
        run.start()
        time.sleep(0.3)
        show.clip.write_bytes(b"recorded in a studio")
    run.join()
    assert show.told == [] and show.clip.read_bytes() == b"recorded in a studio"

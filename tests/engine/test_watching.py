"""Looking at the picture for who says a line: when it is done, what comes out, and that it is done once."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from localize.edits import Edit
from localize.engine.analysis import probed
from localize.engine.events import Event
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan, draw
from localize.engine.store import Store
from localize.engine.watching import watched
from localize.episode import Line, Shot, Stems
from localize.media import audio
from localize.roles import Attribution
from localize.stages._who import Seen
from localize.timing import span

SAMPLE = Path(__file__).parents[2] / "samples" / "too_late_ep03.mp4"
CLEAR = Attribution("shen_wan", 3.0, (("zhou_peilan", 3.0),), 2.0)
CLOSE = Attribution("shen_wan", 0.2, (("zhou_peilan", 0.2),), 2.0)


class Place:
    """One shot of the sample: she thinks L0007 and says L0008."""

    def __init__(self, folder: Path) -> None:
        truth = json.loads(SAMPLE.with_suffix(".truth.json").read_text("utf-8"))
        said = [one for one in truth["lines"] if one["id"] in ("L0007", "L0008")]
        self.lines = [Line(one["id"], span(one["start"], one["end"]), one["text"]) for one in said]
        self.shots = [Shot("K1", span(0, 16_880)), Shot("K2", span(16_880, 22_280))]
        self.order, self.store = Order(SAMPLE, (), folder / "out"), Store(folder / "store")
        whole = audio.mono(np.concatenate(list(audio.decode(SAMPLE, 1, 1))))
        soundfile.write(folder / "dialogue.wav", whole, audio.RATE)
        asset = self.store.keep(folder / "dialogue.wav", "audio/wav")
        self.stems = Stems(asset, asset, "none")

    def seen(self, plan: Plan, *told: Edit, **heard: Attribution) -> tuple[dict[str, Seen], list[str]]:
        """What is seen of the lines, and what the stage did."""
        events: list[Event] = []
        runner = Runner(self.store, events.append, threading.Event())
        source = probed(self.order, runner)
        voices = {"L0007": CLEAR, "L0008": CLEAR} | heard
        found = watched(self.order, plan, runner, source, self.shots, (), self.stems, self.lines, voices, told)
        return found, [one.kind for one in events if one.stage == "watch" and one.kind in ("done", "reused")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("watching"))


def test_clear_voices_are_not_watched(place: Place) -> None:
    assert place.seen(draw(place.order)) == ({}, [])


def test_an_unclear_voice_is_watched_once(place: Place) -> None:
    plan = draw(place.order)
    found, did = place.seen(plan, L0007=CLOSE)
    assert {line: (one.shot, one.told.sight) for line, one in found.items()} == {
        "L0007": ("K2", "off_screen"),
        "L0008": ("K2", "speaks"),
    }
    assert did == ["done"]
    assert place.seen(plan, L0007=CLOSE) == (found, ["reused"])


def test_what_a_person_said_is_not_in_doubt(place: Place) -> None:
    said = Edit("too_late_ep03", "L0007", "", "speaker", "shen_wan", "Ana", "2026-11-21T12:00:00+00:00", "")
    assert place.seen(draw(place.order), said, L0007=CLOSE) == ({}, [])


def test_without_an_engine_nothing_is_watched(place: Place) -> None:
    plan = draw(place.order)
    blind = Plan(plan.rows, {role: choice for role, choice in plan.choices.items() if role != "active_speaker"})
    assert place.seen(blind, L0007=CLOSE) == ({}, [])

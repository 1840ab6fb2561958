from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from localize import backends
from localize.episode import Asset, Box, Line, OnScreenText, Picture, Shot
from localize.media import audio
from localize.roles import Sight
from localize.stages import Choice, watch
from localize.stages.watch import LONGEST, worth
from localize.timing import Span, span

SAMPLE = Path(__file__).parents[2] / "samples" / "too_late_ep03.mp4"
SHOTS = (Shot("S1", span(0, 4000)), Shot("S2", span(4000, 9000)), Shot("S3", span(9000, 12000)))
LINES = (
    Line("L1", span(0, 1500), "a"), Line("L2", span(1600, 3900), "b"), Line("L3", span(3800, 6000), "c"),
    Line("L4", span(6100, 8000), "d"), Line("L5", span(9500, 11000), "e"),
)  # fmt: skip


def names(found: Sequence[watch.Watched]) -> list[tuple[str, list[str]]]:
    return [(one.name, [line.id for line in one.lines]) for one in found]


def test_only_shots_where_a_face_can_tell_two_lines_apart_are_watched() -> None:
    found = worth(LINES, SHOTS, (), {"L4", "L5"})
    assert names(found) == [("S2", ["L3", "L4"])]
    assert found[0].span == span(4000, 8600), "a little around the lines, inside the shot"
    assert worth(LINES, SHOTS, (), ()) == ()


def test_a_line_alone_is_watched_under_a_name_plate() -> None:
    plate = OnScreenText("T1", span(9000, 10_000), Box(0, 0, 9, 9), "林夏", "nameplate")
    assert names(worth(LINES, SHOTS, [plate], {"L5"})) == [("S3", ["L5"])]


def test_a_long_shot_is_watched_in_parts() -> None:
    lines = [Line(f"L{n}", span(n * 10_000, n * 10_000 + 2000), "a") for n in range(60)]
    found = worth(lines, (Shot("S1", span(0, 600_000)),), (), {line.id for line in lines})
    assert [line.id for one in found for line in one.lines] == [line.id for line in lines]
    assert max(one.span.length for one in found) <= LONGEST + 2 * watch.AROUND
    assert len({one.name for one in found}) == len(found)


class Desk:
    """Where a stage reads from when nothing is kept."""

    def __init__(self, stem: Path) -> None:
        self.stem, self.told = stem, list[float]()

    def path(self, asset: Asset) -> Path:
        return self.stem

    def progress(self, done: float, total: float) -> None:
        self.told.append(done / total)


def sights(stem: Path, within: Span, lines: dict[str, tuple[int, int]]) -> tuple[dict[str, Sight], list[float]]:
    picture = Picture(720, 1280, Fraction(25), 57_320, 1433, "h264")  # type: ignore[arg-type]
    spans = tuple((name, span(*where)) for name, where in lines.items())
    engine = Choice.of(backends.card("active_speaker", "mouths"))
    desk: Any = Desk(stem)
    job = watch.Job(SAMPLE, "digest", picture, "S", within, spans, Asset("d", "audio/wav", 0), engine)
    ((_, answer),) = watch.STAGE.work([job], desk)
    return {line: one.sight for line, one in answer}, desk.told


def test_the_stage_cuts_picture_and_sound_to_the_shot(tmp_path: Path) -> None:
    """L0015 begins 3.7 s into a shot that begins 41.9 s into the episode."""
    truth = json.loads(SAMPLE.with_suffix(".truth.json").read_text("utf-8"))
    said = {one["id"]: (one["start"], one["end"]) for one in truth["lines"]}
    whole = audio.mono(np.concatenate(list(audio.decode(SAMPLE, 1, 1))))
    soundfile.write(tmp_path / "all.wav", whole, audio.RATE)
    found, told = sights(tmp_path / "all.wav", span(45_000, 47_280), {"L0015": said["L0015"]})
    assert found == {"L0015": "speaks"} and 0 <= min(told) <= max(told) <= 1
    soundfile.write(tmp_path / "short.wav", whole[: audio.at(45_500)], audio.RATE)
    found, _ = sights(tmp_path / "short.wav", span(45_000, 47_280), {"L0015": said["L0015"]})
    assert found == {"L0015": "unclear"}, "a mouth that moves without a voice says nothing"

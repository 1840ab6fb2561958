from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from localize import backends
from localize.episode import Line, Picture, Shot
from localize.stages import Choice, gaze
from localize.stages.gaze import PICTURES, WITHIN, moments, worth
from localize.timing import span

SAMPLE = Path(__file__).parents[2] / "samples" / "too_late_ep03.mp4"
SHOTS = (Shot("S1", span(0, 4000)), Shot("S2", span(4000, 9000)), Shot("S3", span(9000, 12000)))
LINES = (
    Line("L1", span(0, 1500), "a"), Line("L2", span(3800, 6000), "b"), Line("L3", span(6100, 8000), "c"),
    Line("L4", span(8100, 8900), "d", kind="thought"), Line("L5", span(9500, 11000), "e"),
)  # fmt: skip


def test_shots_of_wanted_lines_are_looked_at_with_all_that_is_spoken_there() -> None:
    found = worth(LINES, SHOTS, {"L3", "L5"})
    assert [(one.name, [line.id for line in one.lines]) for one in found] == [("S2", ["L2", "L3"]), ("S3", ["L5"])]
    assert worth(LINES, SHOTS, ()) == worth(LINES, SHOTS, {"L4"}) == ()


@pytest.mark.parametrize("where", [span(3800, 6000), span(6100, 6101), span(8800, 9900), span(4000, 9000)])
def test_the_pictures_of_a_line_lie_in_it_and_in_its_shot_early(where: Any) -> None:
    found, shot = moments(where, span(4000, 9000)), span(4000, 9000)
    assert len(found) == PICTURES and list(found) == sorted(found)
    assert all(at in where and at in shot and at < where.start + WITHIN for at in found)


def test_it_is_told_apart_by_what_it_looks_at() -> None:
    picture = Picture(720, 1280, Fraction(25), 57_320, 1433, "h264")  # type: ignore[arg-type]
    engine = Choice.of(backends.card("gaze", "face_mesh"))
    job = gaze.Job(SAMPLE, "digest", picture, "S2", span(4000, 9000), (("L2", span(4000, 6000)),), engine)
    assert gaze.STAGE.title(job) == "S2 L2"
    assert gaze.recipe(job)["lines"] == (("L2", 4000, 6000),) and gaze.recipe(job)["engine"]["engine"] == "face_mesh"


def test_the_stage_looks_at_the_sample() -> None:
    """Two faces in one shot; the one who speaks L0010 stands on the left."""
    state = backends.availability("gaze", "face_mesh")
    if not state.ready:
        pytest.skip(state.why)
    picture = Picture(720, 1280, Fraction(25), 57_320, 1433, "h264")  # type: ignore[arg-type]
    engine = Choice.of(backends.card("gaze", "face_mesh"))
    lines = (("L0010", span(27_840, 30_103)),)
    job = gaze.Job(SAMPLE, "digest", picture, "S10", span(27_600, 30_360), lines, engine)

    class Desk:
        def progress(self, done: float, total: float) -> None: ...

    ((_, ((line, looks),)),) = gaze.STAGE.work([job], Desk())  # type: ignore[arg-type]
    assert line == "L0010" and [look.speaks for look in looks] == [True, False]
    assert looks[0].at < looks[1].at and looks[0].yaw > 0 > looks[1].yaw

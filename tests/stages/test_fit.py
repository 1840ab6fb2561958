"""Takes in their slots: what the source's own voice takes up, what sticks out, what the recipe holds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from localize.engine.local import LocalDesk
from localize.media import audio
from localize.stages import fit
from localize.stages._ladder import HARD
from localize.timing import Ms, Span, span
from localize.version import Placed, Take

LINE = fit.FitLine("L1", span(1000, 2000), "lin")


def take(desk: LocalDesk, length: int, line: str = "L1") -> Take:
    """A hum without pauses, ``length`` ms long."""
    hum = 0.1 * np.sin(2 * np.pi * 220 * np.arange(audio.at(length)) / audio.RATE)
    asset = desk.keep(audio.write(desk.scratch(".wav"), hum.astype(np.float32)), "audio/wav")
    return Take(line, "normal", "…", asset, Ms(length), "v")


def placed(desk: LocalDesk, length: int, until: int = 20_000, kept: tuple[Span, ...] = ()) -> Placed:
    job = fit.Job("S1", (LINE,), (take(desk, length),), Ms(until), kept)
    ((_, (one,)),) = fit.work([job], desk)
    return one


def test_silence_is_borrowed_but_not_from_the_original_voice(desk: LocalDesk) -> None:
    free = placed(desk, 1300)
    assert (free.stretch, free.steps) == (1.0, ("borrow",))
    pressed = placed(desk, 1300, kept=(span(2100, 4000),))
    assert pressed.start + pressed.length <= 2100 and pressed.stretch > 1.1
    assert placed(desk, 1300, kept=(span(4000, 5000),)) == free


def test_a_line_does_not_start_in_the_original_voice(desk: LocalDesk) -> None:
    assert placed(desk, 1080).start < 1000
    assert placed(desk, 1080, kept=(span(200, 1000),)).start >= 1000


def test_what_the_source_has_at_once_stays_at_once(desk: LocalDesk) -> None:
    one = placed(desk, 900, kept=(span(800, 1500), span(1800, 2600)))
    assert (one.start, one.length, one.stretch) == (1000, 900, 1.0)


@pytest.mark.parametrize("over", [1000, 1001])
def test_what_sticks_out_is_told_to_the_millisecond(desk: LocalDesk, over: int) -> None:
    """Nothing shortens a line below the hard limit; how far it runs into the next is what the gate asks for."""
    end = 2200
    one = placed(desk, round((end + over - 900) * HARD) - 1, until=end)
    assert (one.start, one.over, one.steps[-1]) == (900, over, "flag")
    assert one.stretch == pytest.approx(HARD, abs=0.001)
    assert abs(audio.to_ms(audio.shape(desk.path(one.audio))[0]) - one.length) <= 1


def test_the_recipe_holds_what_the_answer_depends_on(desk: LocalDesk) -> None:
    job = fit.Job("S1", (LINE,), (take(desk, 900),), Ms(20_000))
    others = (
        fit.Job("S1", (LINE,), (take(desk, 901),), Ms(20_000)),
        fit.Job("S1", (fit.FitLine("L1", span(1000, 2001), "lin"),), job.takes, job.until),
        fit.Job("S1", (LINE,), job.takes, Ms(20_001)),
        fit.Job("S1", (LINE,), job.takes, job.until, (span(2000, 2001),)),
    )
    recipes = [fit.recipe(one) for one in (job, *others)]
    assert all(one != other for one, other in pairwise(recipes)) and recipes[0] not in recipes[1:]

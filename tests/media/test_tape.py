"""A tape shows what the film shows, wherever it is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from localize.episode import Box
from localize.media.probe import look
from localize.media.tape import Tape
from localize.media.video import frames

PLACES = (Box(4, 10, 124, 60), Box(2, 90, 60, 130))


def test_parts_of_the_places_are_those_of_the_frames(clip: Callable[..., Path]) -> None:
    film: Path = clip()
    picture = look(film, "d").picture
    tape = Tape(film, picture, 8, 30, PLACES)
    for box in (*PLACES, Box(20, 16, 80, 40)):
        want = list(frames(film, picture, 10, 20, box=box, format="yuv420p"))
        for (number, at, shown), (one, when, seen) in zip(tape.frames(box, 10, 20), want, strict=True):
            assert (number, at) == (one, when)
            assert np.array_equal(shown, seen)


def test_what_it_will_hold_is_known_before(clip: Callable[..., Path]) -> None:
    film: Path = clip()
    tape = Tape(film, look(film, "d").picture, 0, 10, PLACES)
    assert tape.bytes == 10 * (120 * 50 + 58 * 40) * 3 // 2

"""Every engine that sees where heads turn: on drawn heads of known turn, and where there is nothing to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from localize import backends
from localize.media.video import Image
from localize.roles import Look
from localize.timing import Ms, span


@pytest.fixture(scope="module", params=sorted(backends.known("gaze")))
def engine(request: pytest.FixtureRequest) -> Any:
    state = backends.availability("gaze", request.param)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("gaze", request.param)


def shot(characters: tuple[int, ...], turns: tuple[float, ...]) -> Iterator[tuple[Ms, Image]]:
    """Six pictures of 1.2 s in which the first of the studio's actors named says a line to the others."""
    from studio import looking, sound
    from studio.draw_motion import motions
    from studio.draw_scene import Scene, Studio

    script = looking.conversation(3, 3, 1)
    people = [actor.character.id for actor in script.cast]
    [line] = script.shots[0].lines
    seen = tuple(people[n] for n in characters)
    drawn = replace(
        script.shots[0], kind="two" if len(seen) > 1 else "closeup", characters=seen, turns=turns,
        lines=(replace(line, speaker=seen[0]),),
    )  # fmt: skip
    story = sound.perform(replace(script, shots=(drawn,)), 360).story
    scene, start = Scene(Studio(story, motions(story)), story.shots[0]), story.lines[0].start
    for n in range(6):
        at = start + 100 + 200 * n
        yield Ms(at - start), scene.draw(at * 25 // 1000, float(at))


def looks(engine: Any, characters: tuple[int, ...], turns: tuple[float, ...]) -> tuple[Look, ...]:
    ((*found,),) = engine.looks(shot(characters, turns), [span(0, 1200)])
    return tuple(found)


def test_a_head_turned_to_a_side_is_seen_to_be(engine: Any) -> None:
    found = [looks(engine, (0,), (turn,)) for turn in (-30.0, 0.0, 30.0)]
    assert [len(one) for one in found] == [1, 1, 1]
    left, ahead, right = (one[0].yaw for one in found)
    assert left < -10 < ahead < 10 < right
    assert all(one[0].speaks and 0.3 < one[0].at < 0.7 for one in found)


def test_of_two_faces_the_one_whose_lips_move_speaks(engine: Any) -> None:
    first, second = looks(engine, (0, 1), (30.0, -30.0))
    assert (first.speaks, second.speaks) == (True, False)
    assert first.at < 0.5 < second.at and first.yaw > 10 and second.yaw < -10 and first.face != second.face


def test_a_face_keeps_its_number_for_the_shot(engine: Any) -> None:
    pictures = list(shot((0, 1), (30.0, -30.0)))
    twice = [*pictures, *((Ms(at + 2000), image) for at, image in pictures)]
    one, other = engine.looks(iter(twice), [span(0, 1200), span(2000, 3200)])
    assert [look.face for look in one] == [look.face for look in other]


def test_nothing_to_see_is_nobody(engine: Any) -> None:
    black = [(Ms(200 * n), np.zeros((320, 180, 3), np.uint8)) for n in range(6)]
    assert engine.looks(iter(black), [span(0, 1200), span(5000, 6000)]) == ((), ())
    assert engine.looks(iter([]), [span(0, 1200)]) == ((),)

"""Every engine that sees who speaks: on the sample against its truth, and where there is nothing to see."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from localize import backends
from localize.episode import Picture
from localize.media import audio, video
from localize.media.video import Image
from localize.roles import Speaking
from localize.timing import Ms, Span, frame_at, span

SAMPLE = Path(__file__).parents[2] / "samples" / "too_late_ep03.mp4"


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SAMPLE.with_suffix(".truth.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def sound() -> audio.Sound:
    return audio.mono(np.concatenate(list(audio.decode(SAMPLE, 1, 1))))


@pytest.fixture(scope="module", params=sorted(backends.known("active_speaker")))
def engine(request: pytest.FixtureRequest) -> Any:
    state = backends.availability("active_speaker", request.param)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("active_speaker", request.param)


class Scene:
    """What an engine is given of one shot, by an episode's truth."""

    def __init__(self, truth: dict[str, Any], sound: audio.Sound, at: int, path: Path = SAMPLE) -> None:
        shot = next(one for one in truth["shots"] if one["start"] <= at < one["end"])
        self.path, self.start, self.end = path, shot["start"], shot["end"]
        self.lines = [one for one in truth["lines"] if self.start <= (one["start"] + one["end"]) // 2 < self.end]
        self.sound = sound[audio.at(self.start) : audio.at(self.end)]
        self.rate = Fraction(truth["rate"])
        frames = round(truth["length"] * self.rate / 1000)
        self.picture = Picture(truth["width"], truth["height"], self.rate, truth["length"], frames, "h264")

    @property
    def spans(self) -> list[Span]:
        return [span(max(0, one["start"] - self.start), one["end"] - self.start) for one in self.lines]

    def frames(self) -> Iterator[tuple[Ms, Image]]:
        first, last = frame_at(self.start, self.rate), frame_at(self.end, self.rate)
        for _, at, image in video.frames(self.path, self.picture, first, last):
            yield Ms(at - self.start), image

    def told(self, engine: Any) -> tuple[Speaking, ...]:
        found: tuple[Speaking, ...] = engine.speaking(self.frames(), self.sound, audio.RATE, self.spans)
        return found


def test_where_one_face_is_visible_it_speaks_when_the_truth_says_so(
    engine: Any, truth: Any, sound: audio.Sound
) -> None:
    """Close views of one person: three lines said in the picture, her thought, and a voice behind the camera."""
    told = {}
    for at in (6_600, 17_000, 48_000):
        scene = Scene(truth, sound, at)
        pairs = zip(scene.lines, scene.told(engine), strict=True)
        told |= {line["id"]: (line["on_screen"], one.sight) for line, one in pairs}
    assert sorted(told) == ["L0003", "L0007", "L0008", "L0016", "L0017"]
    assert all(sight == ("speaks" if on_screen else "off_screen") for on_screen, sight in told.values()), told


def test_the_face_of_one_shot_is_the_same_for_all_its_lines(engine: Any, truth: Any, sound: audio.Sound) -> None:
    first, second = Scene(truth, sound, 42_000).told(engine)
    assert (first.sight, second.sight, first.face) == ("speaks", "speaks", second.face)


def test_one_of_two_faces_is_chosen_the_same_every_time(engine: Any, truth: Any, sound: audio.Sound) -> None:
    scene = Scene(truth, sound, 15_500)
    (first,) = scene.told(engine)
    assert first.sight == "speaks" and len(first.beside) == 1
    assert scene.told(engine) == (first,)


def test_a_covered_mouth_or_a_mouth_without_a_voice_tells_nothing(engine: Any, truth: Any, sound: audio.Sound) -> None:
    scene = Scene(truth, sound, 6_600)
    masked = ((at, _masked(image)) for at, image in scene.frames())
    (covered,) = engine.speaking(masked, scene.sound, audio.RATE, scene.spans)
    assert covered.sight in ("unclear", "no_face")
    (mute,) = engine.speaking(scene.frames(), np.zeros_like(scene.sound), audio.RATE, scene.spans)
    assert mute.sight == "unclear"


def _masked(image: Image) -> Image:
    """A plain cloth from the middle of the picture down, where the nose and mouth of this close view are."""
    image[int(len(image) * 0.36) :] = (205, 190, 170)
    return image


def test_nothing_to_see_is_said(engine: Any) -> None:
    black = np.zeros((320, 180, 3), np.uint8)
    noise = np.random.default_rng(7).normal(0, 0.1, audio.RATE).astype(np.float32)
    frames = [(Ms(40 * n), black) for n in range(25)]
    spans = [span(0, 900), span(950, 960)]
    assert [one.sight for one in engine.speaking(iter(frames), noise, audio.RATE, spans)] == ["no_face"] * 2
    (seen,) = engine.speaking(iter([]), noise, audio.RATE, [span(0, 900)])
    assert (seen.sight, seen.face) == ("no_face", -1)
    assert engine.speaking(iter(frames), noise[:0], audio.RATE, []) == ()


def test_frames_are_not_kept(engine: Any) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, audio.RATE * 4).astype(np.float32)
    tracemalloc.start()
    engine.speaking(((Ms(40 * n), np.full((640, 360, 3), 90, np.uint8)) for n in range(100)), noise, audio.RATE,
                    [span(0, 4000)])  # fmt: skip
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 640 * 360 * 3

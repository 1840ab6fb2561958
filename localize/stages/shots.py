"""shots: where the picture cuts.

PySceneDetect's adaptive detector (BSD-3) scores small frames: a cut stands out from its neighbours, a pan
does not. A flash, a blink or any insert shorter than a shot may be is no cut: the same picture is on both
sides of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from localize.episode import Picture, Shot
from localize.stages import Desk, Stage
from localize.timing import Ms, Span, frame_start

Image: TypeAlias = NDArray[np.uint8]

SHORTEST = 300
"""Milliseconds; what changes faster is an effect inside a shot, not a shot."""

SHORT_SIDE = 90
"""Pixels of the smaller side of the frames compared: 8 times smaller than 720×1280 keeps every cut."""

ADAPTIVE = 3.0
"""A cut scores three times its neighbours (PySceneDetect's default)."""

CONTENT = 12.0
"""Least mean HSV change of a cut; PySceneDetect's 15 misses cuts between two dark or two alike sets."""

SAME = 0.4
"""Two pictures closer than this share of the jump between them are the same picture."""


@dataclass(frozen=True, slots=True)
class Job:
    """A source and its picture."""

    path: Path
    digest: str
    picture: Picture


def recipe(job: Job) -> Mapping[str, Any]:
    return {"source": job.digest, "picture": asdict(job.picture) | {"rate": str(job.picture.rate)}}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Shot, ...]]]:
    total = sum(job.picture.frames for job in jobs)
    done = 0
    for job in jobs:
        yield job, shots(job.picture, cuts(_small(job, desk, done, total), job.picture))
        done += job.picture.frames


def _small(job: Job, desk: Desk, done: int, total: int) -> Iterator[Image]:
    from localize.media.video import frames

    picture = job.picture
    factor = max(1.0, min(picture.width, picture.height) / SHORT_SIDE)
    size = (max(2, round(picture.width / factor)), max(2, round(picture.height / factor)))
    for number, _, image in frames(job.path, picture, scale=size):
        desk.progress(done + number, total)
        yield image


def cuts(images: Iterator[Image], picture: Picture) -> list[int]:
    """Frame numbers at which a new shot begins (never 0), from small BGR frames in order."""
    from scenedetect import FrameTimecode
    from scenedetect.detectors import AdaptiveDetector

    detector = AdaptiveDetector(
        adaptive_threshold=ADAPTIVE, min_content_val=CONTENT, min_scene_len=SHORTEST / 1000
    )
    around = round(SHORTEST / 1000 * picture.rate)
    recent: deque[tuple[int, Image]] = deque(maxlen=2 * around + detector.event_buffer_length + 2)
    waiting: list[int] = []
    found: list[int] = []
    for number, image in enumerate(images):
        recent.append((number, image[::2, ::2]))
        reported = detector.process_frame(FrameTimecode(number, float(picture.rate)), image)
        waiting += [code.frame_num for code in reported]
        while waiting and number >= waiting[0] + around:
            found += _unless_flash(waiting.pop(0), recent, around)
    for cut in waiting:
        found += _unless_flash(cut, recent, around)
    return found


def _unless_flash(cut: int, recent: deque[tuple[int, Image]], around: int) -> list[int]:
    """``[cut]``, or nothing when a picture from before the cut is back soon after it."""
    before = [image for number, image in recent if cut - around <= number < cut]
    after = [image for number, image in recent if cut <= number <= cut + around]
    jump = _distance(before[-1], after[0])
    nearest = min(_distance(one, other) for one in before for other in after)
    return [] if nearest < SAME * jump else [cut]


def _distance(one: Image, other: Image) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())


def shots(picture: Picture, starts: Sequence[int]) -> tuple[Shot, ...]:
    """The stretches between cuts, ``K0001`` first; none shorter than ``SHORTEST`` unless the episode is."""
    edges: list[Ms] = [Ms(0)]
    for start in (frame_start(number, picture.rate) for number in starts):
        if start - edges[-1] >= SHORTEST and picture.length - start >= SHORTEST:
            edges.append(start)
    ends = [*edges[1:], picture.length]
    return tuple(
        Shot(f"K{number:04}", Span(start, end))
        for number, (start, end) in enumerate(zip(edges, ends, strict=True), start=1)
    )


STAGE = Stage("shots", revision=1, answer=tuple[Shot, ...], recipe=recipe, work=work,
              title=lambda job: job.path.name, shared=True)  # fmt: skip

"""Gives one character's face in one shot the face of a consented picture.

The pipeline does not call this stage yet, and no engine of the role comes with the program: the plan says "no engine".
It runs with any engine registered under ``localize.backends.faceswap``, and never without a consent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localize import backends
from localize.episode import Asset, Patch
from localize.errors import InputError
from localize.stages import Choice, Desk, Stage
from localize.stages._faces import Permission, Track, patch

if TYPE_CHECKING:
    from localize.roles import FaceSwap, Image


@dataclass(frozen=True, slots=True)
class Job:
    """``source`` is the picture of the new face, whose person gave the ``permission``."""

    track: Track
    source: Asset
    permission: Permission
    engine: Choice


def recipe(job: Job) -> dict[str, Any]:
    return {
        **job.track.recipe(), "source": job.source.digest, "refused": job.permission.refusal("face_swap"),
        "engine": job.engine.recipe(),
    }  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Patch]]:
    """One patch per face.  Raises ``GateError`` naming the character, before any work, when no consent covers it."""
    for job in jobs:
        job.permission.need("face_swap")
    for job in jobs:
        engine: FaceSwap = backends.load("faceswap", job.engine.name, dict(job.engine.options))
        face = _face(job, desk)
        yield job, patch(job.track, lambda crops, first, e=engine, f=face: e.swap(crops, f), desk)  # type: ignore[misc]


def _face(job: Job, desk: Desk) -> Image:
    import cv2
    import numpy as np

    data = np.frombuffer(desk.path(job.source).read_bytes(), np.uint8)
    found = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if found is None:
        raise InputError("the picture of the new face cannot be read", job.permission.character, "give a PNG or JPEG")
    return np.asarray(found, np.uint8)


STAGE = Stage(
    "faceswap", revision=1, answer=Patch, recipe=recipe, work=work,
    title=lambda job: f"{job.track.shot} {job.permission.character}",
)  # fmt: skip

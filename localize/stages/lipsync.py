"""Makes the mouth of one character in one shot follow the dubbed voice.

The pipeline does not call this stage yet, and no engine of the role comes with the program: the plan says "no engine".
It runs with any engine registered under ``localize.backends.lipsync``, and never without a consent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localize import backends
from localize.episode import Asset, Patch
from localize.stages import Choice, Desk, Stage
from localize.stages._faces import STRETCH, Permission, Track, patch
from localize.timing import frame_start

if TYPE_CHECKING:
    from localize.roles import Image, LipSync


@dataclass(frozen=True, slots=True)
class Job:
    """``voice`` is the character's dubbed voice on the episode's time line: time 0 is the first picture."""

    track: Track
    voice: Asset
    permission: Permission
    engine: Choice


def recipe(job: Job) -> dict[str, Any]:
    return {
        **job.track.recipe(), "voice": job.voice.digest, "refused": job.permission.refusal("lip_edit"),
        "engine": job.engine.recipe(),
    }  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Patch]]:
    """One patch per face.  Raises ``GateError`` naming the character, before any work, when no consent covers it."""
    for job in jobs:
        job.permission.need("lip_edit")
    for job in jobs:
        engine: LipSync = backends.load("lipsync", job.engine.name, dict(job.engine.options))
        yield job, patch(job.track, _Mouth(job, engine, desk), desk)


@dataclass(frozen=True, slots=True)
class _Mouth:
    """Hands every stretch of crops to the engine with the sound that belongs to it."""

    job: Job
    engine: LipSync
    desk: Desk

    def __call__(self, crops: Sequence[Image], first: int) -> Iterator[Image]:
        from localize.media import audio

        path, rate = self.desk.path(self.job.voice), self.job.track.picture.rate
        samples, _, hertz = audio.shape(path)
        stop = min(first + STRETCH, self.job.track.first + self.job.track.count)
        start, end = (min(samples, audio.at(frame_start(number, rate), hertz)) for number in (first, stop))
        sound = audio.mono(audio.read(path, start, end)[0])
        return self.engine.animate(crops, sound, hertz, float(rate))


STAGE = Stage(
    "lipsync", revision=1, answer=Patch, recipe=recipe, work=work,
    title=lambda job: f"{job.track.shot} {job.permission.character}",
)  # fmt: skip

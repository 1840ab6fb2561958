"""What a recogniser hears in the episode's own sound: stretches with word times, its scores and its doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from localize import backends
from localize.roles import Asr, Heard
from localize.stages import Choice, Desk, Stage
from localize.timing import Ms

if TYPE_CHECKING:
    from localize.roles import Sound


@dataclass(frozen=True, slots=True)
class Job:
    """Sound track ``track`` (its index in the container) of the file at ``path`` (SHA-256 ``digest``)."""

    path: Path
    digest: str
    track: int
    length: Ms
    language: str
    engine: Choice


def recipe(job: Job) -> dict[str, Any]:
    return {"file": job.digest, "track": job.track, "length": job.length, "language": job.language,
            "engine": job.engine.recipe()}  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Heard, ...]]]:
    """Everything heard, in order; through a file on disk, so that a long episode is never held whole."""
    from localize.media import audio

    for job in jobs:
        engine: Asr = backends.load("asr", job.engine.name, dict(job.engine.options))
        wav = desk.scratch(".wav")
        audio.decode_to_wav(job.path, job.track, 1, wav, job.length)
        heard: list[Heard] = []
        tape = cast("Sound", audio.Tape(wav))  # read by slices only
        for one in engine.transcribe(tape, audio.RATE, job.language):
            desk.progress(min(one.span.end, job.length), job.length)
            heard.append(one)
        yield job, tuple(heard)
        wav.unlink(missing_ok=True)


STAGE = Stage("listen", revision=1, answer=tuple[Heard, ...], recipe=recipe, work=work, shared=True)

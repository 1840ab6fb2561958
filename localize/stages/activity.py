"""Where somebody speaks in the episode's own sound: the witness that times are held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localize.stages import Desk, Stage
from localize.timing import Ms, Span


@dataclass(frozen=True, slots=True)
class Job:
    """Sound track ``track`` (its index in the container) of the file at ``path`` (SHA-256 ``digest``)."""

    path: Path
    digest: str
    track: int
    length: Ms


def recipe(job: Job) -> dict[str, Any]:
    return {"file": job.digest, "track": job.track, "length": job.length}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Span, ...]]]:
    """The stretches with speech in ms, in order; through a file on disk, so that a long episode is never held whole."""
    from localize.media import audio
    from localize.media.speech_activity import speech_spans

    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        wav = desk.scratch(".wav")
        audio.decode_to_wav(job.path, job.track, 1, wav, job.length)
        yield job, speech_spans(audio.Tape(wav), audio.RATE)
        wav.unlink(missing_ok=True)


STAGE = Stage("activity", revision=1, answer=tuple[Span, ...], recipe=recipe, work=work, shared=True)

"""probe: what is in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localize.episode import Source
from localize.stages import Desk, Stage


@dataclass(frozen=True, slots=True)
class Job:
    """A media file and its SHA-256."""

    path: Path
    digest: str


def recipe(job: Job) -> Mapping[str, Any]:
    return {"source": job.digest}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Source]]:
    """Raises ``InputError`` for a file no episode can be made from."""
    from localize.media.probe import look

    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, look(job.path, job.digest)


STAGE = Stage("probe", revision=3, answer=Source, recipe=recipe, work=work,
              title=lambda job: job.path.name, shared=True)  # fmt: skip

"""Which part of an earlier cut of the episode each part of the new one is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localize.episode import Picture, Piece
from localize.stages import Desk, Stage


@dataclass(frozen=True, slots=True)
class Film:
    """One cut: its file (SHA-256 ``digest``), its picture, the stream index of its sound or None."""

    path: Path
    digest: str
    picture: Picture
    track: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """The cut that was worked on, and the one that was delivered after it."""

    old: Film
    new: Film


def recipe(job: Job) -> dict[str, Any]:
    return {
        name: (film.digest, film.track, film.picture.stream, str(film.picture.rate), film.picture.length)
        for name, film in (("old", job.old), ("new", job.new))
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Piece, ...]]]:
    from localize.media.fingerprint import fingerprint
    from localize.media.matching import pieces

    for job in jobs:
        prints = []
        for done, film in enumerate((job.old, job.new)):
            desk.progress(done, 3)
            prints.append(fingerprint(film.path, film.picture, film.track))
        desk.progress(2, 3)
        yield job, pieces(prints[0], prints[1])


STAGE = Stage("conform", revision=1, answer=tuple[Piece, ...], recipe=recipe, work=work, shared=True,
              title=lambda job: job.new.path.name)  # fmt: skip

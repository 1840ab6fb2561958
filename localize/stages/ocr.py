"""Reads burned-in text: the dialogue captions frame by frame, and every other text with its kind.

1. whole frames are read now and then: they show where the captions stand and what else is written;
2. every frame of the caption band is compared with the one before by its strokes: captions change where
strokes do; 3. each stretch is read once, from a picture in which everything but the caption is washed away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from localize import backends
from localize.episode import OnScreenText, Picture, Shot
from localize.stages import Choice, Desk, Stage


@dataclass(frozen=True, slots=True)
class Job:
    """The picture of the file at ``path`` (SHA-256 ``digest``), its shots and the engine that reads."""

    path: Path
    digest: str
    picture: Picture
    shots: tuple[Shot, ...]
    engine: Choice


def recipe(job: Job) -> dict[str, Any]:
    """The file, its picture, its cuts and the engine."""
    return {"file": job.digest, "picture": job.picture, "shots": job.shots, "engine": job.engine.recipe()}


def warm(engine: Choice) -> None:
    """Have the reader ready, which takes a second that other work can share.  What fails here is told where it is
    needed."""
    import numpy as np

    with suppress(Exception):
        backends.load("ocr", engine.name, dict(engine.options)).read(np.zeros((64, 64, 3), np.uint8))


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[OnScreenText, ...]]]:
    """Every text of every job, in order of appearance, numbered T0001, T0002 …"""
    from localize.media.captions import read_all

    for job in jobs:
        options: Mapping[str, str] = dict(job.engine.options)
        reader = backends.load("ocr", job.engine.name, options)
        found = read_all(job.path, job.picture, [s.span for s in job.shots], reader, desk.progress)
        yield job, _numbered(found)


def _numbered(found: Sequence[OnScreenText]) -> tuple[OnScreenText, ...]:
    ordered = sorted(found, key=lambda t: (t.span.start, t.box.y0, t.box.x0))
    return tuple(replace(text, id=f"T{number:04}") for number, text in enumerate(ordered, start=1))


STAGE = Stage("ocr", revision=9, answer=tuple[OnScreenText, ...], recipe=recipe, work=work, shared=True)

"""Where heads turn while a line is said: a few pictures of it, where nothing else tells whom it is said to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize import backends
from localize.episode import Line, Picture, Shot
from localize.roles import Gaze, Look
from localize.stages import Choice, Desk, Stage
from localize.timing import Ms, Span, frame_at

if TYPE_CHECKING:
    from localize.roles import Image

PICTURES = 6
"""Pictures looked at per line; they tell a talker's lips from a listener's (``backends/gaze/face_mesh.py``)."""
WITHIN = 1_200
"""ms from a line's start they are spread over: less is decoded, and people turn before they talk."""
WIDE = 480
"""px: larger pictures are looked at in this width.  The networks see no more of them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A shot by its name, and those of its lines that are looked at."""

    name: str
    span: Span
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """Lines (id, span) of one shot of the file at ``path``."""

    path: Path
    digest: str
    picture: Picture
    name: str
    span: Span
    lines: tuple[tuple[str, Span], ...]
    engine: Choice


Answer = tuple[tuple[str, tuple[Look, ...]], ...]


def worth(lines: Sequence[Line], shots: Sequence[Shot], wanted: Collection[str]) -> tuple[Looked, ...]:
    """The shots in which ``wanted`` lines are said, in order, with all that is spoken there.

    A line belongs to the shot its middle is in.
    """
    found = []
    for shot in shots:
        inside = [one for one in lines if one.kind == "speech" and (one.span.start + one.span.end) // 2 in shot.span]
        if any(line.id in wanted for line in inside):
            found.append(Looked(shot.id, shot.span, tuple(sorted(inside, key=lambda line: (line.span, line.id)))))
    return tuple(found)


def recipe(job: Job) -> dict[str, Any]:
    return {
        "source": job.digest, "picture": asdict(job.picture) | {"rate": str(job.picture.rate)},
        "span": (job.span.start, job.span.end), "engine": job.engine.recipe(),
        "lines": tuple((line, where.start, where.end) for line, where in job.lines),
    }  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Answer]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        engine: Gaze = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
        found = engine.looks(_frames(job), [where for _, where in job.lines])
        yield job, tuple((line, looks) for (line, _), looks in zip(job.lines, found, strict=True))


def moments(where: Span, shot: Span) -> tuple[Ms, ...]:
    """When a line is looked at, ms from the start of the episode: evenly, as far as it lies in the shot."""
    start, end = max(where.start, shot.start), min(where.end, shot.end, where.start + WITHIN)
    return tuple(Ms(start + (2 * n + 1) * max(0, end - start) // (2 * PICTURES)) for n in range(PICTURES))


def _frames(job: Job) -> Iterator[tuple[Ms, Image]]:
    from localize.media import video

    rate, size = job.picture.rate, job.picture
    numbers = {frame_at(at, rate) for _, where in job.lines for at in moments(where, job.span)}
    scale = (WIDE, round(size.height * WIDE / size.width / 2) * 2) if size.width > WIDE else None
    for _, at, image in video.frames(
        job.path, job.picture, min(numbers), max(numbers) + 1, scale=scale, only=frozenset(numbers)
    ):
        yield at, image


STAGE = Stage("gaze", revision=1, answer=Answer, recipe=recipe, work=work, shared=True,
              title=lambda job: " ".join((job.name, *(line for line, _ in job.lines))))  # fmt: skip

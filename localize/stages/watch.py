"""Whose mouth moves: for shots in which a line's voice is not clear, which of the faces in the picture says it.

A face has no name; that two lines of a shot come from one face, from two, or from nobody in the picture, is what helps
to tell their speakers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize import backends
from localize.episode import Asset, Line, OnScreenText, Picture, Shot
from localize.roles import ActiveSpeaker, Speaking
from localize.stages import Choice, Desk, Stage
from localize.timing import Ms, Span, frame_at, span

if TYPE_CHECKING:
    from localize.roles import Image

LONGEST = 60_000
"""ms watched at once: what is kept of sound and faces stays small in a shot of many minutes."""
AROUND = 600
"""ms watched before and after the lines: how mouths move when nobody speaks."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Part of a shot: its name, its times, and the lines said in it."""

    name: str
    span: Span
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A part of one shot of the file at ``path``; ``lines`` are (id, span) of those said in it."""

    path: Path
    digest: str
    picture: Picture
    name: str
    span: Span
    lines: tuple[tuple[str, Span], ...]
    dialogue: Asset
    engine: Choice


Answer = tuple[tuple[str, Speaking], ...]


def worth(
    lines: Sequence[Line], shots: Sequence[Shot], texts: Sequence[OnScreenText], doubted: Collection[str]
) -> tuple[Watched, ...]:
    """What is worth watching, in order: where a face can help to tell who says a ``doubted`` line.

    That is beside another line of the shot, or under a name plate, which does not name who speaks off screen.  A line
    belongs to the shot its middle is in.
    """
    plates = [text.span for text in texts if text.kind == "nameplate"]
    found = []
    for shot in shots:
        inside = sorted((line for line in lines if _middle(line) in shot.span), key=lambda line: (line.span, line.id))
        for number, part in enumerate(_parts(inside)):
            unsure = [line for line in part if line.id in doubted]
            plated = any(line.span.overlap(plate) > 0 for line in unsure for plate in plates)
            if unsure and (len(part) > 1 or plated):
                found.append(Watched(f"{shot.id}.{number}" if number else shot.id, _reach(part, shot), part))
    return tuple(found)


def _middle(line: Line) -> int:
    return (line.span.start + line.span.end) // 2


def _parts(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Lines in order, cut so that no part is longer than ``LONGEST`` unless a single line is."""
    parts: list[list[Line]] = []
    for line in lines:
        if parts and line.span.end - parts[-1][0].span.start <= LONGEST:
            parts[-1].append(line)
        else:
            parts.append([line])
    return [tuple(part) for part in parts]


def _reach(lines: Sequence[Line], shot: Shot) -> Span:
    """From the first line to the last and a little around, inside the shot: nothing else need be decoded."""
    start = max(shot.span.start, min(line.span.start for line in lines) - AROUND)
    return span(start, min(shot.span.end, max(line.span.end for line in lines) + AROUND, start + LONGEST + 2 * AROUND))


def recipe(job: Job) -> dict[str, Any]:
    return {
        "source": job.digest, "picture": asdict(job.picture) | {"rate": str(job.picture.rate)},
        "span": (job.span.start, job.span.end), "dialogue": job.dialogue.digest,
        "lines": tuple((line, where.start, where.end) for line, where in job.lines), "engine": job.engine.recipe(),
    }  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Answer]]:
    for done, job in enumerate(jobs):
        yield job, _watched(job, desk, done, len(jobs))


def _watched(job: Job, desk: Desk, done: int, total: int) -> Answer:
    from localize.media import audio

    engine: ActiveSpeaker = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
    path, start = desk.path(job.dialogue), job.span.start
    length, _, rate = audio.shape(path)
    first, last = (min(audio.at(at, rate), length) for at in (start, job.span.end))
    sound = audio.mono(audio.read(path, first, last)[0])
    spans = [span(max(0, where.start - start), max(1, where.end - start)) for _, where in job.lines]

    def frames() -> Iterator[tuple[Ms, Image]]:
        for at, image in _frames(job):
            desk.progress(done + (at - start) / job.span.length, total)
            yield Ms(at - start), image

    found = engine.speaking(frames(), sound, rate, spans)
    return tuple((line, one) for (line, _), one in zip(job.lines, found, strict=True))


def _frames(job: Job) -> Iterator[tuple[Ms, Image]]:
    from localize.media import video

    first, last = (frame_at(at, job.picture.rate) for at in (job.span.start, job.span.end))
    for _, at, image in video.frames(job.path, job.picture, first, last + 1):
        if at in job.span:
            yield at, image


STAGE = Stage("watch", revision=1, answer=Answer, recipe=recipe, work=work, shared=True,
              title=lambda job: job.name)  # fmt: skip

"""Who says each line: the dialogue stem's stretches against the cast's reference clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localize import backends
from localize.episode import Asset
from localize.roles import Attribution, Diarization
from localize.stages import Choice, Desk, Stage
from localize.timing import Span, span

Reference = tuple[str, tuple[Path, ...], tuple[str, ...]]
"""Character id, WAV paths of clean clips, their SHA-256."""


@dataclass(frozen=True, slots=True)
class Job:
    """``lines`` are ``(id, span)``; nothing that tells who speaks goes in but ``references``."""

    dialogue: Asset
    lines: tuple[tuple[str, Span], ...]
    references: tuple[Reference, ...]
    engine: Choice


def recipe(job: Job) -> dict[str, Any]:
    return {
        "dialogue": job.dialogue.digest,
        "lines": tuple((line, where.start, where.end) for line, where in job.lines),
        "references": tuple(sorted((who, digests) for who, _, digests in job.references)),
        "engine": job.engine.recipe(),
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[tuple[str, Attribution], ...]]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, _attributed(job, desk)


def _attributed(job: Job, desk: Desk) -> tuple[tuple[str, Attribution], ...]:
    """The lines' stretches cut out and laid end to end, so that a long episode is never held whole."""
    import numpy as np

    from localize.media import audio

    engine: Diarization = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
    path = desk.path(job.dialogue)
    total, _, rate = audio.shape(path)
    pieces, spans, at = [], [], 0
    for _, where in job.lines:
        start = min(audio.at(where.start, rate), max(total - 1, 0))
        piece = audio.mono(audio.read(path, start, min(audio.at(where.end, rate), total))[0])
        low = _low(piece, rate)
        pieces.append(low)
        spans.append(_span(at, max(len(low), 1)))
        at += len(low)
    sound = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    references = {who: [_low(*_clip(one)) for one in paths] for who, paths, _ in job.references}
    found = engine.attribute(sound, RATE, spans, references)
    return tuple((line, answer) for (line, _), answer in zip(job.lines, found, strict=True))


RATE = 16_000
"""Voices are compared at this rate."""


def _low(sound: Any, rate: int) -> Any:
    """At ``RATE``, padded to a whole millisecond."""
    import numpy as np

    from localize.media import audio

    low = audio.resample(sound, rate, RATE)
    return np.pad(low, (0, -len(low) % (RATE // 1000)))


def _span(first: int, count: int) -> Span:
    return span(first * 1000 // RATE, max((first + count) * 1000 // RATE, first * 1000 // RATE + 1))


def _clip(path: Path) -> tuple[Any, int]:
    from localize.media import audio

    sound, rate = audio.read(path)
    return audio.mono(sound), rate


STAGE = Stage(
    "diarize", revision=1, answer=tuple[tuple[str, Attribution], ...], recipe=recipe, work=work, shared=True
)

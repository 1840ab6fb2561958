"""Who says each line: the dialogue stem's stretches against the cast's reference clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
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
    """``lines`` are ``(id, span)``; nothing that tells who speaks goes in but ``references``.

    ``most`` bounds how many voices there can be; 0 when nobody knows.
    """

    dialogue: Asset
    lines: tuple[tuple[str, Span], ...]
    references: tuple[Reference, ...]
    engine: Choice
    most: int = 0


def recipe(job: Job) -> dict[str, Any]:
    return {
        "dialogue": job.dialogue.digest,
        "lines": tuple((line, where.start, where.end) for line, where in job.lines),
        "references": tuple(sorted((who, digests) for who, _, digests in job.references)),
        "most": job.most,
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
    own = unhung([where for _, where in job.lines])
    parts = alone_in(own)
    pieces, spans, whispered, at = [], [], [], 0
    for alone in parts:
        low = np.concatenate([_low(_read(path, where, rate, total), rate) for where in alone])
        whispered.append(toneless(low))
        pieces.append(np.zeros_like(low) if whispered[-1] else low)
        spans.append(_span(at, max(len(low), 1)))
        at += len(low)
    sound = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    references = {who: [_low(*_clip(one)) for one in paths] for who, paths, _ in job.references}
    found = engine.attribute(sound, RATE, spans, references, job.most)
    told = (replace(one, toneless=True) if hush else one for one, hush in zip(found, whispered, strict=True))
    doubtful = (_unsure(one) if small else one for one, small in zip(told, _too_little(own, parts), strict=True))
    return tuple((line, answer) for (line, _), answer in zip(job.lines, doubtful, strict=True))


def unhung(spans: Sequence[Span]) -> list[Span]:
    """The spans; where most of a file's cues stand on into the next one, each ends where the next begins, or earlier by
    as much as they are seen to stand on, half of it left.

    People interrupt each other now and then; cues that all overlap hang, and nobody speaks in what hangs over.
    """
    order = sorted(range(len(spans)), key=lambda at: spans[at])
    hanging = [(a, b) for a, b in pairwise(order) if spans[a].start < spans[b].start < spans[a].end < spans[b].end]
    found = list(spans)
    if len(hanging) >= _HANGING and 2 * len(hanging) > len(spans) - 1:
        over = sorted(spans[a].end - spans[b].start for a, b in hanging)
        late = over[round(0.9 * (len(over) - 1))]  # the pause before the next is in the others, too
        found = [span(one.start, one.end - min(late, one.length // 2)) for one in spans]
        for a, b in hanging:
            found[a] = span(spans[a].start, spans[b].start)
    return found


def toneless(sound: Any) -> bool:
    """Whether a stretch at ``RATE`` sounds and hardly any of it has a pitch, as in whispering.

    On 240 generated lines 54 % and more of the frames have one, 19 % and more a strong one, and 60 and 18 % on the
    sample; on eight whispered lines (noise through the filters of speech) at most 37 and 10 %.
    """
    import numpy as np

    from localize.media import pitch

    _, strength = pitch.track(sound, RATE)
    if len(strength) < _FRAMES:
        return False
    hop = round(pitch.HOP * RATE)
    power = np.add.reduceat(np.asarray(sound, np.float64) ** 2, np.arange(len(strength)) * hop)
    loud = power > max(power.max() * 10 ** (-_RANGE / 10), _SILENCE * hop)
    if loud.sum() < _FRAMES:
        return False
    return bool((strength[loud] > 0.55).mean() < _PITCHED and (strength[loud] > 0.75).mean() < _STRONG)


def _too_little(spans: Sequence[Span], parts: Sequence[Sequence[Span]]) -> Iterator[bool]:
    """Per line whether others speak in so much of it that its own voice cannot be surely known."""
    for own, alone, others in zip(spans, parts, _crossing(spans), strict=True):
        yield bool(others) and (list(alone) == [own] or sum(one.length for one in alone) < _ENOUGH)


def _unsure(one: Attribution) -> Attribution:
    return replace(one, clear=round(max(one.clear, 2 * one.margin), 3)) if one.rivals else one


def alone_in(spans: Sequence[Span]) -> list[list[Span]]:
    """Per line the parts of it in which nobody else has a line; the whole of it when too little is left."""
    found = []
    for own, others in zip(spans, _crossing(spans), strict=True):
        parts, start = [], int(own.start)
        for other in others:
            if other.start - _TAIL > start:
                parts.append(span(start, other.start - _TAIL))
            start = max(start, other.end + _TAIL)
        if start < own.end:
            parts.append(span(start, own.end))
        found.append(parts if sum(part.length for part in parts) >= _ENOUGH else [own])
    return found


def _crossing(spans: Sequence[Span]) -> list[list[Span]]:
    """Per line the others that are said at the same time, in order."""
    crossing: list[list[Span]] = [[] for _ in spans]
    running: list[int] = []
    for number in sorted(range(len(spans)), key=lambda at: spans[at]):
        running = [other for other in running if spans[other].end > spans[number].start]
        for other in running:
            crossing[other].append(spans[number])
            crossing[number].append(spans[other])
        running.append(number)
    return [sorted(others) for others in crossing]


RATE = 16_000
"""Voices are compared at this rate."""
_TAIL = 30  # ms around somebody else's line that are not this one's alone either
_ENOUGH = 400  # ms that are enough to know a voice by
_HANGING = 3  # overlaps from which on it is a habit of the file
_FRAMES = 40  # of 10 ms that must sound for whispering to be told
_RANGE = 25.0  # dB under the loudest frame
_SILENCE = 1e-8  # mean square below which nothing sounds
_PITCHED, _STRONG = 0.45, 0.14  # between whispered and spoken lines


def _read(path: Path, where: Span, rate: int, total: int) -> Any:
    from localize.media import audio

    start = min(audio.at(where.start, rate), max(total - 1, 0))
    return audio.mono(audio.read(path, start, min(audio.at(where.end, rate), total))[0])


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


STAGE = Stage("diarize", revision=3, answer=tuple[tuple[str, Attribution], ...], recipe=recipe, work=work, shared=True)

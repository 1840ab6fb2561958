"""Lines that two voices may share, where nothing but their text and the sound can tell: a caption without word times.

A line whose text ends a sentence inside is divided there, by its share of the text and a little before and after, and
each part is held against the voices of the episode.  Where both parts are surely two people's, a person is told;
nothing is divided, for where in the sound the one stops is known to a quarter of a second at best.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from localize import backends
from localize.episode import Asset, Line
from localize.roles import Attribution, Diarization
from localize.stages import Choice, Desk, Stage
from localize.stages._shared_caption import borders
from localize.timing import Ms, Span, span

if TYPE_CHECKING:
    from pathlib import Path

    from localize.roles import Sound

LEAST = 600
"""ms of a voice on either side that are enough to know it by."""
GUARD = 40
"""ms on either side of a cut that are nobody's."""
AROUND = (0.0, -0.1, 0.1)
"""Where besides the border itself a cut is tried, in shares of the line: people do not talk evenly."""
BORDERS = 2
"""Most borders of one line that are tried."""
ENOUGH = 4_000
"""ms of the surest lines of a voice that parts are held against; less than ``LITTLE`` are none."""
LITTLE = 1_000


@dataclass(frozen=True, slots=True)
class Job:
    """``lines`` are (id, span, shares of it after which another may begin), ``voices`` (name, spans of theirs)."""

    dialogue: Asset
    lines: tuple[tuple[str, Span, tuple[float, ...]], ...]
    voices: tuple[tuple[str, tuple[Span, ...]], ...]
    engine: Choice


@dataclass(frozen=True, slots=True)
class Shared:
    """A line that ``first`` begins and ``second`` ends; about ``at`` the voice changes."""

    line: str
    at: Ms
    first: str
    second: str


def job_of(lines: Sequence[Line], clear: Iterable[str], dialogue: Asset, engine: Choice) -> Job | None:
    """What is to be held against what: ``lines`` have speakers, those of ``clear`` are surely theirs.

    None where no line may be shared or fewer than two voices are known.
    """
    asked = {line.id: shares for line in lines if (shares := _shares(line))}
    sure, voices = set(clear), dict[str, list[Span]]()
    for line in sorted(lines, key=lambda one: (-one.span.length, one.id)):
        own = voices.setdefault(line.speaker, []) if line.id in sure and line.id not in asked else None
        if own is not None and sum(where.length for where in own) < ENOUGH:
            own.append(line.span)
    known = tuple((who, tuple(own)) for who, own in sorted(voices.items()) if sum(w.length for w in own) >= LITTLE)
    if not asked or len(known) < 2:
        return None
    return Job(dialogue, tuple((one.id, one.span, asked[one.id]) for one in lines if one.id in asked), known, engine)


def _shares(line: Line) -> tuple[float, ...]:
    if line.kind != "speech" or line.words or line.span.length < 2 * (LEAST + GUARD):
        return ()
    return tuple(round(at / len(line.text), 4) for at in borders(line.text)[:BORDERS])


def recipe(job: Job) -> dict[str, Any]:
    return {
        "dialogue": job.dialogue.digest, "engine": job.engine.recipe(),
        "lines": tuple((line, where.start, where.end, shares) for line, where, shares in job.lines),
        "voices": tuple((who, tuple((one.start, one.end) for one in own)) for who, own in job.voices),
    }  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Shared, ...]]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, _told(job, desk)


def cuts(where: Span, shares: Iterable[float]) -> tuple[Ms, ...]:
    """Where in a line a cut is tried, in order; each leaves ``LEAST`` on both sides."""
    first, last = where.start + LEAST + GUARD, where.end - LEAST - GUARD
    wished = (where.start + (share + more) * where.length for share in shares for more in AROUND)
    return tuple(sorted({Ms(round(min(max(at, first), last))) for at in wished})) if first <= last else ()


def _told(job: Job, desk: Desk) -> tuple[Shared, ...]:
    import numpy as np

    from localize.media import audio

    path, tries = desk.path(job.dialogue), [(line, w, at) for line, w, shares in job.lines for at in cuts(w, shares)]
    rate = audio.shape(path)[2]
    parts = [p for _, w, at in tries for p in (span(w.start, at - GUARD), span(at + GUARD, w.end))]
    pieces = [_read(path, part) for part in parts]
    ends = np.cumsum([0, *(len(piece) for piece in pieces)])
    spans = [span(round(a * 1000 / rate), round(b * 1000 / rate)) for a, b in pairwise(ends)]
    engine: Diarization = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
    names = {f"voice{n}": who for n, (who, _) in enumerate(job.voices)}  # an engine numbers strangers itself: ?1
    voices = {key: [_read(path, one) for one in own] for key, (_, own) in zip(names, job.voices, strict=True)}
    whole = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    heard = engine.attribute(whole, rate, spans, voices, len(voices))
    found: dict[str, tuple[float, Shared]] = {}
    for (line, _, at), first, second in zip(tries, heard[::2], heard[1::2], strict=True):
        sure = _sure(first, second, names)
        if sure > found.get(line, (0.0, None))[0]:
            found[line] = sure, Shared(line, at, names[first.speaker], names[second.speaker])
    return tuple(one for _, one in found.values())


def _sure(first: Attribution, second: Attribution, voices: Iterable[str]) -> float:
    """How far both margins lie above what is clear, at least 1; 0 where one is not or both are one voice's."""
    if first.speaker == second.speaker or not {first.speaker, second.speaker} <= set(voices):
        return 0.0
    leads = [one.margin / one.clear for one in (first, second) if one.clear > 0]
    return min(leads) if len(leads) == 2 and min(leads) >= 1 else 0.0


def _read(path: Path, where: Span) -> Sound:
    from localize.media import audio

    total, _, rate = audio.shape(path)
    start = min(audio.at(where.start, rate), max(total - 1, 0))
    return audio.mono(audio.read(path, start, min(audio.at(where.end, rate), total))[0])


STAGE = Stage("share", revision=1, answer=tuple[Shared, ...], recipe=recipe, work=work, shared=True,
              title=lambda job: " ".join(line for line, *_ in job.lines))  # fmt: skip

"""The source's sound taken apart: dialogue, and music with effects.

With a delivered M&E track the dialogue is what it leaves of the mix; without one an engine separates, section
by section so that long episodes stay small.  Either way both stems have exactly the episode's length, and
where they were made from the mix they sum to it, sample for sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localize import backends
from localize.episode import Asset, AudioTrack, Stems
from localize.roles import Separation
from localize.stages import Choice, Desk, Stage
from localize.timing import Ms, Span

_SECTION = 60_000  # ms an engine is given at a time
_CONTEXT = 4_000  # ms of neighbourhood it hears besides
_QUIET = 1_300  # ms without speech where two sections may meet


@dataclass(frozen=True, slots=True)
class Job:
    """``speech`` is where somebody talks (captions or a recogniser); ``me`` a delivered music-and-effects
    file.
    """

    path: Path
    digest: str
    track: AudioTrack
    length: Ms
    speech: tuple[Span, ...]
    engine: Choice
    me: Path | None = None
    me_digest: str = ""


def recipe(job: Job) -> dict[str, Any]:
    how = {"me": job.me_digest, "asked": "likeness"} if job.me else {"engine": job.engine.recipe()}
    speech = tuple((span.start, span.end) for span in job.speech)
    return {"source": job.digest, "track": job.track.index, "length": job.length, "speech": speech, **how}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Stems]]:
    from localize.media import audio

    for job in jobs:
        mix = desk.scratch(".wav")
        audio.decode_to_wav(job.path, job.track.index, max(1, min(2, job.track.channels)), mix, job.length)
        yield job, _delivered(job, mix, desk) if job.me else _separated(job, mix, desk)
        mix.unlink(missing_ok=True)


def _delivered(job: Job, mix: Path, desk: Desk) -> Stems:
    from localize.stages import _delivered_me

    assert job.me is not None
    me = desk.scratch(".wav")
    _delivered_me.decoded(job.me, mix, me, job.length)
    desk.progress(1, 2)
    found = _delivered_me.apart(mix, me, job.speech, str(job.me))
    me.unlink(missing_ok=True)
    stems = _kept(found.dialogue, desk), _kept(found.background, desk)
    return Stems(*stems, found.method, found.alike)


def _kept(sound: Any, desk: Desk) -> Asset:
    from localize.media import audio

    return desk.keep(audio.write(desk.scratch(".wav"), sound), "audio/wav")


def _separated(job: Job, mix: Path, desk: Desk) -> Stems:
    """Both stems written section by section; the dialogue is the exact rest of the mix."""
    from localize.media import audio

    engine: Separation = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
    total, channels, rate = audio.shape(mix)
    dialogue, background = desk.scratch(".wav"), desk.scratch(".wav")
    with audio.writing(dialogue, channels, rate) as voice, audio.writing(background, channels, rate) as below:
        for start, end in sections(job.speech, job.length):
            desk.progress(start, job.length)
            low = max(0, start - _CONTEXT)
            heard, _ = audio.read(mix, audio.at(low), audio.at(min(end + _CONTEXT, job.length)))
            heard = heard.reshape(len(heard), channels)
            near = [moved for span in job.speech if (moved := _within(span, low, audio.to_ms(len(heard))))]
            rest = engine.separate(heard, rate, near)[1]
            inner = slice(audio.at(start) - audio.at(low), min(audio.at(end), total) - audio.at(low))
            kept = audio.rounded(rest[inner])
            below(kept)
            voice(heard[inner] - kept)
    return Stems(
        desk.keep(dialogue, "audio/wav"),
        desk.keep(background, "audio/wav"),
        f"{job.engine.name} {job.engine.version}",
    )


def _within(span: Span, low: int, length: int) -> Span | None:
    start, end = max(0, span.start - low), min(length, span.end - low)
    return Span(Ms(start), Ms(end)) if start < end else None


def sections(speech: Sequence[Span], length: int) -> list[tuple[int, int]]:
    """``(start, end)`` ms that cover ``length``: about a minute each, meeting where nobody talks if there is
    such a place.
    """
    cuts = [0]
    while length - cuts[-1] > 1.5 * _SECTION:
        cuts.append(_quietest(speech, cuts[-1] + _SECTION // 2, cuts[-1] + _SECTION))
    return list(zip(cuts, [*cuts[1:], length], strict=True))


def _quietest(speech: Sequence[Span], low: int, high: int) -> int:
    """The middle of the last long pause between ``low`` and ``high``, else ``high``."""
    talked, best = low, high
    for start, end in [*((span.start, span.end) for span in sorted(speech)), (high + _QUIET, high + _QUIET)]:
        middle = (talked + start) // 2
        if start - talked >= _QUIET and low <= middle <= high:
            best = middle
        talked = max(talked, end)
    return best


STAGE = Stage("separate", revision=1, answer=Stems, recipe=recipe, work=work, shared=True)

"""One line of dialogue spoken by its cast voice, once per length the translation offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from localize import backends
from localize.episode import Asset
from localize.errors import InputError, LocalizeError, WorkError
from localize.roles import Speech, SpeechRequest, Tts
from localize.stages import Choice, Desk, Stage
from localize.stages._cloned import Cloned
from localize.timing import Ms, Span
from localize.version import NOTHING, Spent, Take, Variants
from localize.voice import Casting

Length = Literal["short", "normal", "long"]
LENGTHS: tuple[Length, ...] = ("short", "normal", "long")
PATIENCE = 5
"""Failures in a row after which an engine is taken for dead."""


@dataclass(frozen=True, slots=True)
class Job:
    """``actor`` is the dialogue stem; it is listened to only when the casting moves toward a consenting
    actor.  ``cloned`` is the clip an engine that clones takes the voice from, under the same consent.
    """

    line: str
    dub: Variants
    language: str
    casting: Casting
    emotion: str
    slot: Ms
    actor: Asset | None
    span: Span
    engine: Choice
    cloned: Cloned | None = None


def recipe(job: Job) -> dict[str, Any]:
    voice = job.casting.voice
    heard = (job.actor.digest, job.span.start, job.span.end) if job.actor and job.casting.toward else None
    clip = {"reference": job.cloned.recipe()} if job.cloned and job.casting.toward else {}
    return {
        **clip,
        "dub": asdict(job.dub),
        "language": job.language,
        "voice": (voice.id, voice.pitch, voice.settings),
        "emotion": job.emotion,
        "slot": job.slot,
        "actor": heard,
        "engine": job.engine.recipe(),
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Take, ...]]]:
    """Voice by voice, so that an engine that clones keeps one at a time.

    A line that cannot be spoken leaves the others alone: it is told when they are done.  Raises the first such error,
    and at once where the engine fails ``PATIENCE`` times in a row.
    """
    failed, row = list[tuple[Job, LocalizeError]](), 0
    for done, job in enumerate(sorted(jobs, key=_voice)):
        desk.progress(done, len(jobs))
        engine: Tts = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
        spoken = [(length, getattr(job.dub, length)) for length in LENGTHS]
        try:
            takes = tuple(_take(job, length, text, engine, desk) for length, text in spoken if text.strip())
        except (InputError, WorkError) as error:
            failed.append((job, error))
            row = row + 1 if isinstance(error, WorkError) else 0
            if row == PATIENCE:
                break
            continue
        row = 0
        yield job, takes
    if failed:
        raise _told(failed)


def _voice(job: Job) -> tuple[str, str, str]:
    return job.engine.name, job.casting.voice.id, job.cloned.sound.digest if job.cloned else ""


def _told(failed: Sequence[tuple[Job, LocalizeError]]) -> LocalizeError:
    """The first error, with the lines it and others are about."""
    job, first = failed[0]
    lines = ", ".join(dict.fromkeys(one.line for one, _ in failed))
    what = f"{job.casting.speaker}'s line {job.line} cannot be spoken: {first.what}"
    more = f" ({len(failed)} lines: {lines}; the others are kept)" if len(failed) > 1 else ""
    where = first.where if first.where.startswith(job.line) else f"{job.line} {job.casting.market}"
    return type(first)(f"{what}{more}", where, first.fix, first.facts)


def _take(job: Job, length: Length, text: str, engine: Tts, desk: Desk) -> Take:
    from localize.media import audio

    try:
        speech = engine.speak(_request(job, text, desk))
    except InputError as error:  # an engine is not told whose words they are
        where = error.where or f"{job.line} {job.casting.market}{'' if length == 'normal' else f', {length}'}"
        raise InputError(error.what, where, error.fix, error.facts) from error
    sound = audio.resample(speech.sound, speech.rate)
    kept = desk.keep(audio.write(desk.scratch(".wav"), sound), "audio/wav")
    spent = Spent(cost=speech.cost, characters=speech.characters)
    return Take(job.line, length, text, kept, audio.to_ms(len(sound)), job.casting.voice.id, _phones(speech), spent)


def _request(job: Job, text: str, desk: Desk) -> SpeechRequest:
    from localize.media import audio

    actor, rate = None, 0
    if job.actor is not None and job.casting.toward:
        path = desk.path(job.actor)
        samples, _, rate = audio.shape(path)
        start, stop = audio.at(job.span.start, rate), min(audio.at(job.span.end, rate), samples)
        actor = audio.mono(audio.read(path, start, stop)[0]) if start < stop else None
    return SpeechRequest(
        text,
        job.language,
        job.casting.voice,
        job.emotion,
        job.slot / 1000,
        actor,
        rate if actor is not None else 0,
        job.cloned.read(desk) if job.cloned and job.casting.toward else None,
    )


def _phones(speech: Speech) -> tuple[Any, ...]:
    return tuple(sorted(speech.phones, key=lambda phone: phone.start))


STAGE = Stage(
    "synthesize", revision=1, answer=tuple[Take, ...], recipe=recipe, work=work,
    title=lambda job: f"{job.line} {job.casting.market}",
    spent=lambda takes: sum((one.spent for one in takes), NOTHING),
)  # fmt: skip

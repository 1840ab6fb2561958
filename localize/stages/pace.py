"""How fast a voice nobody measured speaks: it says a few sentences once, and the answer is kept.

Shipped voices were measured before (``voices/paces.toml``); this is for every other one, a cloned voice or an engine of
your own, and for shipped ones whose engine or settings changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from localize import backends, pace
from localize.pace import Pace
from localize.roles import Reference, SpeechRequest, Tts
from localize.stages import Choice, Desk, Stage
from localize.stages._cloned import Cloned
from localize.voice import Voice


@dataclass(frozen=True, slots=True)
class Job:
    voice: Voice
    language: str
    engine: Choice
    cloned: Cloned | None = None


def recipe(job: Job) -> dict[str, Any]:
    clip = {"reference": job.cloned.recipe()} if job.cloned else {}
    return {
        **clip,
        "voice": (job.voice.id, pace.mark(job.voice)),
        "language": job.language,
        "sentences": pace.sentences(job.language),
        "from": pace.of_language(job.language),
        "engine": job.engine.recipe(),
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Pace]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        engine: Tts = backends.load(job.engine.role, job.engine.name, dict(job.engine.options))
        clip = job.cloned.read(desk) if job.cloned else None
        said = [(text, _ms(engine, job, text, clip)) for text in pace.sentences(job.language)]
        yield job, pace.fitted(job.language, said)


def _ms(engine: Tts, job: Job, text: str, clip: Reference | None) -> float:
    speech = engine.speak(SpeechRequest(text, job.language, job.voice, reference=clip))
    return 1000 * len(speech.sound) / speech.rate


STAGE = Stage(
    "pace", revision=1, answer=Pace, recipe=recipe, work=work, title=lambda job: f"{job.voice.id} {job.language}"
)

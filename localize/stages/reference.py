"""The clip a voice is cloned from, chosen from what a speaker says in the episode: clean, one voice, 6 to 12 seconds.

A line counts when nobody else speaks near it, when it is neither silent nor distorted, and by how far the voice stands
above the noise between its words and the music under it.  The best lines are joined until they are long enough; what
then turns out to be another voice goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from localize import backends
from localize.episode import Asset
from localize.media import audio, clip
from localize.media.audio import Sound
from localize.roles import Diarization
from localize.stages import Desk, Stage
from localize.timing import Span, span

ENOUGH, MOST = 6.0, 12.0
"""Seconds a clip should have, and may have: what cloning engines ask for."""
SHORTEST = 0.8
"""Seconds of a line that tells a voice."""
NEAR = 150
"""Milliseconds around somebody else's line in which a line is not taken."""
BLEED = 0.1
"""How much of the music is taken to be left in a dialogue stem (−20 dB), where the stems came from a separation."""
WORSE = 12.0
"""dB below the cleanest line from which a line is left out."""
FAINTEST = 6.0
"""dB of voice over noise below which nobody's voice can be taken."""
_PAUSE, _EDGE = 0.15, 8.0  # seconds of silence between lines; ms of fade at their edges


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the speaker in question."""

    id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """``others`` are the lines of everybody else."""

    speaker: str
    lines: tuple[Said, ...]
    others: tuple[Span, ...]
    dialogue: Asset
    background: Asset


@dataclass(frozen=True, slots=True)
class Chosen:
    """``sound`` is None where no clip could be made, and ``why`` says why; ``clean`` is dB of voice over noise."""

    sound: Asset | None
    text: str = ""
    lines: tuple[str, ...] = ()
    seconds: float = 0.0
    clean: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    said: Said
    sound: Sound
    clean: float


def recipe(job: Job) -> dict[str, Any]:
    return {
        "lines": [asdict(one) for one in job.lines], "others": [asdict(one) for one in job.others],
        "dialogue": job.dialogue.digest, "background": job.background.digest,
    }  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Chosen]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, _chosen(job, desk)


def _chosen(job: Job, desk: Desk) -> Chosen:
    pieces = sorted(_pieces(job, desk), key=lambda one: (-one.clean, one.said.span.start))
    if not pieces:
        return Chosen(None, why="no line is spoken alone, and clearly")
    if pieces[0].clean < FAINTEST:
        return Chosen(None, why=f"the clearest line stands {pieces[0].clean:.0f} dB over its noise")
    taken, seconds = list[_Piece](), 0.0
    for piece in pieces:
        if seconds >= ENOUGH or piece.clean < pieces[0].clean - WORSE:
            break
        taken.append(piece)
        seconds += len(piece.sound) / audio.RATE
    taken = _one_voice(sorted(taken, key=lambda one: one.said.span.start))
    sound = _joined(taken)
    what, _ = clip.flaw(sound, audio.RATE)
    if what:
        return Chosen(None, why=f"of the clean lines {what}", seconds=round(len(sound) / audio.RATE, 2))
    kept = desk.keep(audio.write(desk.scratch(".wav"), sound), "audio/wav")
    text, names = " ".join(one.said.text for one in taken), tuple(one.said.id for one in taken)
    clean = min(one.clean for one in taken)
    return Chosen(kept, text, names, round(len(sound) / audio.RATE, 2), round(clean, 1))


def _pieces(job: Job, desk: Desk) -> Iterator[_Piece]:
    dialogue, background = desk.path(job.dialogue), desk.path(job.background)
    for said in job.lines:
        near = any(one.start - NEAR < said.span.end and said.span.start < one.end + NEAR for one in job.others)
        if near or said.span.length < 1000 * SHORTEST:
            continue
        first, last = audio.at(said.span.start), audio.at(min(said.span.end, said.span.start + round(1000 * MOST)))
        sound, under = (audio.mono(audio.read(path, first, last)[0]) for path in (dialogue, background))
        sound = sound[audio.audible(sound)]
        what, _ = clip.flaw(sound, audio.RATE, shortest=SHORTEST)
        if not what:
            yield _Piece(said, sound, _clean(sound, under))


def _clean(sound: Sound, under: Sound) -> float:
    """dB of the voice over the quietest tenth of the line and what music may be left in it."""
    floor = float(np.percentile(audio.level(sound, step=20.0), 10))
    music = BLEED * float(np.sqrt(np.mean(np.square(under)))) if len(under) else 0.0
    return audio.decibels(audio.active_level(sound) / max(float(np.hypot(floor, music)), 1e-5))


def _one_voice(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces without those the diarization without weights takes for another voice than most of the sound."""
    if len(pieces) < 2:
        return list(pieces)
    engine: Diarization = backends.load("diarization", "classical", {})
    spans, at = list[Span](), 0
    for one in pieces:
        spans.append(span(at, at + len(one.sound) // 48))
        at += len(one.sound) // 48 + round(1000 * _PAUSE)
    low = audio.resample(_joined(pieces, whole=True), audio.RATE, 16_000)
    heard = [one.speaker for one in engine.attribute(low, 16_000, spans, {}, 0)]
    most = Counter[str]()
    for who, where in zip(heard, spans, strict=True):
        most[who] += where.length
    (best, _), *_ = most.most_common(1)
    return [one for one, who in zip(pieces, heard, strict=True) if who in (best, "?0")]


def _joined(pieces: Sequence[_Piece], whole: bool = False) -> Sound:
    """The lines one after the other, at most ``MOST`` seconds unless ``whole``."""
    pause = np.zeros(round(_PAUSE * audio.RATE), np.float32)
    parts = [part for one in pieces for part in (pause, audio.faded(one.sound, _EDGE, _EDGE))][1:]
    sound = np.concatenate(parts) if parts else pause
    return sound if whole else audio.faded(sound[: round(MOST * audio.RATE)], _EDGE, _EDGE)


STAGE = Stage(
    "reference", revision=1, answer=Chosen, recipe=recipe, work=work, title=lambda job: job.speaker, shared=True
)

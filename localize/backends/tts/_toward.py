"""How a line is to sound: as its emotion asks, or in the likeness of the actor's own line, within bounds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from localize.backends.tts._likeness import Portrait
from localize.backends.tts._timbre import SPEECH_LEVEL, Goal, Manner, Timbre
from localize.media import audio, spectrum
from localize.roles import SpeechRequest

PITCH = 9.0  # semitones the median may leave the stock voice's own; beyond lies a misheard line
ENERGY = 5.0  # dB around a plain take
_SHORTEST = 0.35  # seconds of the actor below which nothing is learned


def goal(request: SpeechRequest, timbre: Timbre, manner: Manner) -> Goal:
    """How the line is to sound: the emotion's manner, or the actor's own when it may be used."""
    base = request.voice.pitch * 2 ** (manner.pitch / 12)
    plain = Goal(base, manner.rate, manner.range, manner.gain, manner.breath)
    if request.actor is None or len(request.actor) < _SHORTEST * request.actor_rate:
        return plain
    actor, rate = audio.mono(request.actor), request.actor_rate
    portrait = _portrait(actor.astype(np.float32).tobytes(), rate)
    if portrait is None:
        return plain
    away = float(np.clip(12 * np.log2(portrait.median / request.voice.pitch), -PITCH, PITCH))
    loud = audio.decibels(audio.active_level(actor, rate) / SPEECH_LEVEL)
    return Goal(
        pitch=request.voice.pitch * 2 ** (away / 12),
        rate=manner.rate,
        range=1.0,
        gain=float(np.clip(loud, -ENERGY, ENERGY)),
        breath=manner.breath,
        actor=portrait,
        colour=spectrum.long_term(actor, rate),
    )


@lru_cache(maxsize=16)
def _portrait(samples: bytes, rate: int) -> Portrait | None:
    """Of float32 samples; kept, because a line is said in several lengths and languages."""
    return Portrait.of(np.frombuffer(samples, np.float32), rate)

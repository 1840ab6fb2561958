"""Moving a stock voice toward the actor's own line: pitch, melody, energy and colour, each within bounds."""

from __future__ import annotations

import numpy as np

from localize.backends.tts._timbre import SPEECH_LEVEL, Goal, Manner, Timbre
from localize.media import audio, pitch, spectrum
from localize.roles import SpeechRequest

PITCH = 5.0  # semitones the median may leave the stock voice's own
MELODY = (0.7, 1.5)  # factors of the melody range
ENERGY = 5.0  # dB around a plain take
_PLAIN_SPREAD = (
    5.0  # semitones between the 10th and 90th percentile of espeak at range 50, measured on eight variants
)
_SHORTEST = 0.35  # seconds of the actor below which nothing is learned


def goal(request: SpeechRequest, timbre: Timbre, manner: Manner) -> Goal:
    """How the line is to sound: the emotion's manner, or the actor's own when it may be used."""
    base = request.voice.pitch * 2 ** (manner.pitch / 12)
    plain = Goal(base, manner.rate, manner.range, manner.gain, manner.breath)
    if request.actor is None or len(request.actor) < _SHORTEST * request.actor_rate:
        return plain
    actor, rate = audio.mono(request.actor), request.actor_rate
    hertz = pitch.median(actor, rate)
    if not hertz:
        return plain
    away = float(np.clip(12 * np.log2(hertz / request.voice.pitch), -PITCH, PITCH))
    own = _PLAIN_SPREAD * timbre.range / 50
    melody = float(np.clip(pitch.spread(actor, rate) / own, *MELODY))
    loud = audio.decibels(audio.active_level(actor, rate) / SPEECH_LEVEL)
    return Goal(
        pitch=request.voice.pitch * 2 ** (away / 12),
        rate=manner.rate,
        range=melody,
        gain=float(np.clip(loud, -ENERGY, ENERGY)),
        breath=manner.breath,
        per_line=True,
        colour=spectrum.long_term(actor, rate),
    )

"""From a written line to a voice: espeak-ng acted by emotion, then shaped into one recognisable person.

The vocal tract is changed by speaking slower and lower and playing back faster (or the reverse), which moves
the formants and leaves pace and melody where they were.  A small wander of the playback speed takes the
machine's evenness out of the pitch.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .espeak import Samples, Speech, say
from .script import Voice

RATE = 48_000
LOUDNESS = 0.10  # root mean square of a plain line while the voice is sounding
_UNITS_PER_OCTAVE = 60.0  # espeak's pitch scale, measured: cmn+f2 says 117, 161, 230 Hz at 20, 50, 80


@dataclass(frozen=True, slots=True)
class Acting:
    """What a mood does to a voice; see ``acting.toml`` for the units."""

    rate: float
    pitch: float
    spread: float
    gain: float
    breath: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A dry line at 48 kHz, mono, and its phonemes as (start, end, IPA) in seconds from its first sample."""

    sound: Samples
    phonemes: tuple[tuple[float, float, str], ...]


@lru_cache(maxsize=1)
def moods() -> dict[str, Acting]:
    """The moods a script may name."""
    rows = tomllib.loads((Path(__file__).parent / "acting.toml").read_text(encoding="utf-8"))
    return {name: Acting(**row) for name, row in rows.items()}


def _smooth_noise(rng: np.random.Generator, count: int, hertz: float) -> Samples:
    """Noise of unit deviation that changes about ``hertz`` times a second."""
    knots = rng.standard_normal(max(4, int(count / RATE * hertz) + 4))
    return np.interp(np.arange(count), np.linspace(0, count, len(knots)), knots).astype(np.float32)


def _playback(speech: Speech, voice: Voice, rng: np.random.Generator) -> tuple[Samples, Samples]:
    """The speech at 48 kHz with shifted formants and a living pitch; per output sample, its source second."""
    from scipy.signal import resample_poly

    dense = resample_poly(speech.sound, 4, 1).astype(np.float32)
    dense_rate = speech.rate * 4
    count = int(len(speech.sound) / speech.rate / voice.tract * RATE)
    clock = np.arange(count) / RATE
    wander = 0.007 * _smooth_noise(rng, count, 3.0) + 0.004 * _smooth_noise(rng, count, 14.0)
    wander += voice.tremor * np.sin(2 * np.pi * 5.6 * clock + rng.uniform(0, 6.28))
    seconds = np.cumsum(voice.tract * (1.0 + wander)) / RATE
    sound = np.interp(seconds * dense_rate, np.arange(len(dense)), dense, right=0.0)
    return sound.astype(np.float32), seconds.astype(np.float32)


def shelf(sound: Samples, tilt: float, presence: float) -> Samples:
    """Tilt the spectrum above 2.5 kHz and lift it at 2.2 kHz (both dB); cut rumble below 70 Hz."""
    size = len(sound)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    decibels = tilt / (1 + (2500 / np.maximum(hertz, 1)) ** 2)
    decibels += presence * np.exp(-0.5 * (np.log2(np.maximum(hertz, 1) / 2200) / 0.6) ** 2)
    decibels -= 30 / (1 + (hertz / 70) ** 4)
    return np.fft.irfft(np.fft.rfft(sound) * 10 ** (decibels / 20), size).astype(np.float32)


def envelope(sound: Samples, milliseconds: float = 12.0) -> Samples:
    """The smoothed level of a sound."""
    width = max(1, int(RATE * milliseconds / 1000))
    squared = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    high = np.minimum(np.arange(len(sound)) + width // 2 + 1, len(sound))
    low = np.maximum(high - width, 0)
    return np.asarray(np.sqrt((squared[high] - squared[low]) / width), np.float32)


def _with_breath(sound: Samples, decibels: float, rng: np.random.Generator) -> Samples:
    """Add the hiss of air that follows the voice."""
    noise = rng.standard_normal(len(sound)).astype(np.float32)
    hiss: Samples = np.diff(noise, prepend=noise[:1])
    hiss = np.convolve(hiss, np.ones(3, np.float32) / 3, "same")
    return np.asarray(sound + hiss * envelope(sound, 40.0) * 10 ** ((decibels + 16) / 20), np.float32)


def _audible(sound: Samples) -> slice:
    """Where the voice begins and ends, at 2.5 percent of its loudest moment."""
    level = envelope(sound)
    heard = np.flatnonzero(level > 0.025 * level.max())
    return slice(max(int(heard[0]) - 240, 0), min(int(heard[-1]) + 480, len(sound)))


def _timed(speech: Speech, seconds: Samples, cut: slice) -> tuple[tuple[float, float, str], ...]:
    """Phonemes on the clock of the cut output sound."""
    starts = [time for time, _ in speech.phonemes]
    ends = [*starts[1:], len(speech.sound) / speech.rate]
    length = int(cut.stop - cut.start) / RATE

    def heard(second: float) -> float:
        return min(max((int(np.searchsorted(seconds, second)) - int(cut.start)) / RATE, 0.0), length)

    named = (
        (heard(a), heard(b), ipa) for (a, ipa), b in zip(speech.phonemes, ends, strict=True) if ipa.strip()
    )
    return tuple((a, b, ipa) for a, b, ipa in named if b > a)


def perform(text: str, voice: Voice, emotion: str, seed: int) -> Spoken:
    """Say ``text`` as this person in this mood.  The same arguments give the same samples."""
    mood = moods()[emotion]
    rng = np.random.default_rng(seed)
    pitch = voice.pitch + _UNITS_PER_OCTAVE * (mood.pitch / 12 - np.log2(voice.tract))
    speech = say(
        text,
        voice.base,
        words_per_minute=round(voice.rate * mood.rate / voice.tract),
        pitch=int(np.clip(round(pitch), 0, 99)),
        spread=int(np.clip(round(voice.spread * mood.spread), 0, 99)),
    )
    raw, seconds = _playback(speech, voice, rng)
    cut = _audible(raw)
    sound = shelf(_with_breath(raw[cut], voice.breath + mood.breath, rng), voice.tilt, voice.presence)
    level = envelope(sound, 30.0)
    loud = float(np.sqrt(np.mean(sound[level > 0.15 * level.max()] ** 2)))
    sound = np.tanh(sound * np.float32(LOUDNESS / loud * 10 ** (mood.gain / 20)) * 1.2) / np.float32(1.2)
    fade = np.minimum(1.0, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / 240)
    return Spoken((sound * fade).astype(np.float32), _timed(speech, seconds, cut))

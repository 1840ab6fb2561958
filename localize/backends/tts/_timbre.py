"""What makes an espeak variant a person: vocal tract, living pitch, breath, colour."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localize.backends.tts._espeak_library import Raw
from localize.backends.tts._likeness import Portrait, again
from localize.backends.tts._vocoder import RATE as INSIDE
from localize.errors import InputError
from localize.media import audio, spectrum
from localize.media.audio import RATE, Sound
from localize.voice import Voice

SPEECH_LEVEL = 0.1
"""Root mean square of a plain take while it sounds (−20 dBFS)."""
_DENSE = 4  # oversampling before the playback speed is varied by linear interpolation
_UNITS_PER_OCTAVE = 60.0  # of espeak's pitch scale
COLOUR = 10.0
"""How many dB a band of the long-term spectrum may be moved toward an actor's, once every frame was."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What an emotion does: factors for rate and melody range, semitones, dB of level, dB of breath."""

    rate: float = 1.0
    pitch: float = 0.0
    range: float = 1.0
    gain: float = 0.0
    breath: float = 0.0


@dataclass(frozen=True, slots=True)
class Goal:
    """How one line is to sound, around ``pitch`` Hz.

    ``actor`` is whose likeness the take is given; ``colour`` that line's long-term spectrum, in dB per band of
    ``spectrum.BANDS``.
    """

    pitch: float
    rate: float
    range: float
    gain: float
    breath: float
    actor: Portrait | None = None
    colour: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Timbre:
    """A stock voice's settings: espeak variant, melody range (0–99), words a minute, formant factor, dB
    values.
    """

    base: str
    range: float
    rate: float
    tract: float
    tilt: float
    warmth: float
    presence: float
    breath: float
    tremor: float

    @staticmethod
    def of(voice: Voice) -> Timbre:
        """Read a voice card; ``InputError`` when a setting is missing or not a number."""
        given = dict(voice.settings)
        try:
            numbers = {name: float(given[name]) for name in Timbre.__slots__ if name != "base"}
            return Timbre(base=given["base"], **numbers)
        except (KeyError, ValueError) as error:
            raise InputError(
                f"voice {voice.id} has no usable espeak setting {error}", fix="see voices/stock.toml"
            ) from None

    def knob_for(self, hertz: float, own: float) -> float:
        """Where espeak's pitch scale must stand for a median of ``hertz`` after the tract is applied."""
        return 50 + _UNITS_PER_OCTAVE * float(np.log2(hertz / self.tract / own))


def seed_of(*words: str) -> int:
    """A seed that depends on what is said, by whom, in which language, and on nothing else."""
    return int.from_bytes(hashlib.sha256("\n".join(words).encode()).digest()[:8], "big")


def dressed(raw: Raw, timbre: Timbre, aim: Goal, seed: int) -> tuple[Sound, tuple[tuple[float, str], ...]]:
    """The raw speech as this person: mono 48 kHz, cut tight, levelled; and its phonemes in seconds."""
    rng = np.random.default_rng(seed)
    played, seconds = _played(raw, timbre, rng)
    cut = audio.audible(played)
    bare = played[cut] if aim.actor is None else _likened(played[cut], aim.actor, aim.pitch, rng)
    sound = _coloured(_breathed(bare, timbre.breath + aim.breath, rng), timbre)
    if aim.colour is not None:
        sound = _approached(sound, aim.colour)
    loud = audio.active_level(sound) or 1.0
    sound = sound * np.float32(SPEECH_LEVEL / loud)
    sound = np.tanh(sound / np.float32(0.8)) * np.float32(0.8 * 10 ** (aim.gain / 20))
    starts = np.searchsorted(seconds, [at for at, _ in raw.phonemes]) - cut.start
    heard = [(float(np.clip(at, 0, len(sound))) / RATE, ipa)
             for at, (_, ipa) in zip(starts, raw.phonemes, strict=True) if ipa.strip()]  # fmt: skip
    return audio.faded(sound, 4, 8), tuple(heard)


def _played(raw: Raw, timbre: Timbre, rng: np.random.Generator) -> tuple[Sound, NDArray[np.float64]]:
    """Played back ``tract`` times as fast with a slightly wandering speed; also the source second per
    sample.
    """
    dense = audio.resample(raw.sound, raw.rate, raw.rate * _DENSE)
    count = int(len(raw.sound) / raw.rate / timbre.tract * RATE)
    clock = np.arange(count) / RATE
    wander = 0.006 * _slow_noise(rng, count, 2.5) + 0.0045 * _slow_noise(rng, count, 22.0)
    wander += timbre.tremor * np.sin(2 * np.pi * 5.3 * clock + rng.uniform(0, 2 * np.pi))
    seconds = np.cumsum(timbre.tract * (1 + wander)) / RATE
    sound = np.interp(seconds * raw.rate * _DENSE, np.arange(len(dense)), dense, right=0.0)
    return sound.astype(np.float32), seconds


def _likened(sound: Sound, actor: Portrait, pitch: float, rng: np.random.Generator) -> Sound:
    """In the actor's likeness, of the same length."""
    made = audio.resample(again(audio.resample(sound, RATE, INSIDE), actor, pitch, rng), INSIDE)
    return np.pad(made, (0, max(0, len(sound) - len(made))))[: len(sound)]


def _slow_noise(rng: np.random.Generator, count: int, hertz: float) -> NDArray[np.float64]:
    """Noise of unit deviation that changes about ``hertz`` times a second."""
    knots = rng.standard_normal(int(count / RATE * hertz) + 4)
    return np.interp(np.arange(count), np.linspace(0, max(count, 1), len(knots)), knots)


def _breathed(sound: Sound, decibels: float, rng: np.random.Generator) -> Sound:
    """With the hiss of air that follows the voice, ``decibels`` below it."""
    steps = audio.level(sound, RATE, 5.0)
    steps = np.convolve(steps, np.hanning(11) / np.hanning(11).sum(), "same")
    swell = np.interp(np.arange(len(sound)), (np.arange(len(steps)) + 0.5) * audio.at(5), steps)
    noise = rng.standard_normal(len(sound)).astype(np.float32)
    air = spectrum.shaped(noise, RATE, np.array([300.0, 1500, 3500, 7000, 12000]), np.array([-40.0, -8, 0, -4, -18]))
    air /= max(float(air.std()), 1e-9)
    return (sound + air * swell * 10 ** (decibels / 20)).astype(np.float32)


def _coloured(sound: Sound, timbre: Timbre) -> Sound:
    """Filtered: rumble out, warmth at 220 Hz, presence at 2.6 kHz, tilt above 2.2 kHz."""
    hertz = np.geomspace(30, 20_000, 120)
    octaves = np.log2(hertz)
    gain = timbre.warmth * np.exp(-0.5 * ((octaves - np.log2(220)) / 0.8) ** 2)
    gain += timbre.presence * np.exp(-0.5 * ((octaves - np.log2(2600)) / 0.6) ** 2)
    gain += timbre.tilt * np.clip((octaves - np.log2(2200)) / 2.0, 0, 1.6)
    gain -= 24 * np.clip((np.log2(80) - octaves) / 1.0, 0, 1)
    return spectrum.shaped(sound, RATE, hertz, gain)


def _approached(sound: Sound, colour: NDArray[np.float64]) -> Sound:
    """The long-term spectrum moved most of the way to ``colour``, at most ``COLOUR`` dB in any band."""
    away = np.convolve(np.pad(colour - spectrum.long_term(sound, RATE), 1, mode="edge"), (0.25, 0.5, 0.25), "valid")
    return spectrum.shaped(sound, RATE, spectrum.BANDS, np.clip(0.8 * away, -COLOUR, COLOUR))

"""Speech-like and song-like sound made from numbers alone: the same samples every time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

FORMANTS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Hz of the first three formants of /a i u e o/, an adult man (Peterson and Barney 1952)."""
BANDWIDTHS = (80, 100, 120)


def talk(seconds: float, rate: int = 16_000, pitch: float = 118.0, seed: int = 1) -> Sound:
    """Mono syllables, five a second, with a falling melody; fills ``seconds`` from end to end."""
    rng = np.random.default_rng(seed)
    syllable, pieces = round(0.2 * rate), []
    for number in range(round(seconds * rate) // syllable + 1):
        formants = FORMANTS[int(rng.integers(len(FORMANTS)))]
        pieces.append(_syllable(syllable, rate, pitch * (1.12 - 0.03 * (number % 8)), formants, rng))
    sound = np.concatenate(pieces)[: round(seconds * rate)]
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


def _syllable(
    count: int, rate: int, pitch: float, formants: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.float64]:
    hiss = np.diff(rng.standard_normal(count + 1)) * (np.arange(count) < 0.2 * count) * 0.05
    voiced = _resonant(np.full(count, pitch) * np.linspace(1.06, 0.94, count), rate, formants)
    swell = np.sin(np.pi * np.clip((np.arange(count) - 0.12 * count) / (0.88 * count), 0, 1)) ** 0.6
    return voiced * swell + hiss


def _resonant(hertz: NDArray[np.float64], rate: int, formants: tuple[int, ...]) -> NDArray[np.float64]:
    """Pulses at ``hertz`` per sample through a vowel's formants, loudest sample 1."""
    from scipy.signal import lfilter

    pulses = (np.diff(np.floor(np.cumsum(hertz) / rate), prepend=0.0) > 0).astype(float)
    voiced = lfilter([1.0], [1.0, -0.9], pulses)
    for centre, width in zip(formants, BANDWIDTHS, strict=True):
        radius = np.exp(-np.pi * width / rate)
        voiced = lfilter([1 - radius], [1.0, -2 * radius * np.cos(2 * np.pi * centre / rate), radius**2], voiced)
    return voiced / np.abs(voiced).max()


def song(seconds: float, rate: int = 16_000, base: float = 220.0, vibrato: float = 0.4, seed: int = 1) -> Sound:
    """Mono vowels on the notes of a major scale over ``base`` Hz, swaying by ``vibrato`` semitones."""
    rng = np.random.default_rng(seed)
    pieces: list[NDArray[np.float64]] = []
    while sum(map(len, pieces)) < seconds * rate:
        pieces.append(_note(rng, rate, base, vibrato))
    sound = np.concatenate(pieces)[: round(seconds * rate)]
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


def _note(rng: np.random.Generator, rate: int, base: float, vibrato: float) -> NDArray[np.float64]:
    seconds = (0.3, 0.45, 0.6)[int(rng.integers(3))]
    clock = np.arange(round(seconds * rate)) / rate
    sway = vibrato * np.sin(2 * np.pi * 5.5 * clock) * np.clip((clock - 0.1) / 0.15, 0, 1)
    hertz = base * 2 ** (((0, 2, 4, 5, 7, 9, 12)[int(rng.integers(7))] + sway) / 12)
    voiced = _resonant(hertz, rate, FORMANTS[int(rng.integers(len(FORMANTS)))])
    return voiced * np.clip(clock / 0.03, 0, 1) * np.clip((seconds - clock) / 0.04, 0, 1)

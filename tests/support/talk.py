"""Speech-like sound made from numbers alone: the same samples every time, on every machine."""

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
    from scipy.signal import lfilter

    hiss = np.diff(rng.standard_normal(count + 1)) * (np.arange(count) < 0.2 * count) * 0.05
    phase = np.cumsum(np.full(count, pitch) * np.linspace(1.06, 0.94, count)) / rate
    voiced = lfilter([1.0], [1.0, -0.9], (np.diff(np.floor(phase), prepend=0.0) > 0).astype(float))
    for hertz, width in zip(formants, BANDWIDTHS, strict=True):
        radius = np.exp(-np.pi * width / rate)
        voiced = lfilter([1 - radius], [1.0, -2 * radius * np.cos(2 * np.pi * hertz / rate), radius**2], voiced)
    swell = np.sin(np.pi * np.clip((np.arange(count) - 0.12 * count) / (0.88 * count), 0, 1)) ** 0.6
    return voiced / np.abs(voiced).max() * swell + hiss

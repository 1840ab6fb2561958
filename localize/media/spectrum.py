"""Short-time spectra: analysis and synthesis that give back what went in, long-term levels, and gentle filters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from localize.media.audio import RATE, Sound

Spectra = NDArray[np.complex64]
"""Shape ``(bins, frames)``."""


def window(size: int) -> NDArray[np.float32]:
    """The square root of a periodic Hann window: applied twice at a hop of ``size/4`` it sums to 2."""
    return np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)


def analyse(sound: Sound, size: int) -> Spectra:
    """Spectra of a mono sound every ``size/4`` samples; frame ``k`` is centred on sample ``k·size/4``."""
    from scipy.fft import rfft

    hop = size // 4
    frames = -(-len(sound) // hop) + 1
    padded = np.zeros((frames - 1) * hop + size, np.float32)
    padded[size // 2 : size // 2 + len(sound)] = sound
    pieces = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    return np.ascontiguousarray(rfft(pieces * window(size), axis=1).T.astype(np.complex64))


def synthesise(spectra: Spectra, size: int, length: int) -> Sound:
    """The inverse of ``analyse``: exact for untouched spectra."""
    from scipy.fft import irfft

    pieces = irfft(np.ascontiguousarray(spectra.T), size, axis=1) * window(size)
    weight = np.broadcast_to(window(size) ** 2, pieces.shape)
    sound = _added(pieces, size) / np.maximum(_added(weight, size), 0.1)
    return sound[size // 2 : size // 2 + length].astype(np.float32)


def _added(pieces: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Frames laid over each other at a hop of ``size/4``."""
    hop, frames = size // 4, len(pieces)
    result = np.zeros((frames + 3) * hop, np.float32)
    quarters = pieces.reshape(frames, 4, hop)
    for quarter in range(4):
        result[quarter * hop : (quarter + frames) * hop] += quarters[:, quarter].reshape(-1)
    return result


def frequencies(size: int, rate: int = RATE) -> NDArray[np.float64]:
    """The centre of every bin in Hz."""
    return np.asarray(np.fft.rfftfreq(size, 1 / rate), np.float64)


BANDS = np.geomspace(100, 10_000, 25)
"""Centres of the quarter-octave-odd bands long-term spectra are compared in, in Hz."""


def long_term(sound: Sound, rate: int) -> NDArray[np.float64]:
    """The long-term level of a mono sound in each of ``BANDS``, in dB, with its mean taken out."""
    size = 2048 if rate > 24_000 else 1024
    power = np.abs(analyse(sound, size)) ** 2
    loud = power.sum(axis=0)
    mean = power[:, loud > 0.01 * loud.max(initial=0.0)].mean(axis=1) if loud.any() else power.mean(axis=1)
    hertz = frequencies(size, rate)
    width = np.log2(BANDS[1] / BANDS[0])
    near = np.exp(-0.5 * (np.log2(np.maximum(hertz, 20)[None] / BANDS[:, None]) / (0.6 * width)) ** 2)
    bands = 10 * np.log10(near @ mean / near.sum(axis=1) + 1e-12)
    return np.asarray(bands - bands.mean())


def shaped(sound: Sound, rate: int, hertz: NDArray[np.float64], decibels: NDArray[np.float64]) -> Sound:
    """A mono sound through a zero-phase filter with the gain ``decibels`` at ``hertz`` (log-interpolated
    between).
    """
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(len(sound) + rate // 10, real=True)
    bins = np.fft.rfftfreq(size, 1 / rate)
    gain = np.interp(np.log(np.maximum(bins, 1.0)), np.log(hertz), decibels)
    curve = (10 ** (gain / 20)).astype(np.float32)
    return np.asarray(irfft(rfft(sound, size) * curve, size)[: len(sound)], np.float32)

"""The fundamental of a voice over time, by normalised autocorrelation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from localize.media.audio import Sound, mono, resample

_RATE = 12_000
HOP = 0.010
"""Seconds between two values of a pitch track."""
_SIZE = 480  # 40 ms: two periods of the lowest voice
_OCTAVE = 0.03  # how much a lag loses per octave, so that a voice is not heard an octave too low


def track(
    sound: Sound, rate: int, low: float = 65.0, high: float = 420.0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``(hertz, strength)`` every 10 ms; frame ``k`` is centred at ``k·HOP + 20 ms``.

    ``strength`` is the height of the autocorrelation peak, 0–1; about 0.5 and more is voiced.
    """
    flat = resample(mono(sound), rate, _RATE)
    hop = int(HOP * _RATE)
    if len(flat) < _SIZE:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(flat, _SIZE)[::hop]
    curves = _correlations(frames)
    first, last = int(_RATE / high), min(int(_RATE / low), int(_SIZE * 0.75))
    lags = np.arange(first, last)
    score = curves[:, first:last] - np.float32(_OCTAVE) * np.log2(lags / first).astype(np.float32)
    best = score.argmax(axis=1)
    rows = np.arange(len(frames))
    strength = np.clip(curves[rows, best + first], 0, 1)
    return _refined(curves, best + first), strength


def _correlations(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Autocorrelation of each frame over that of the window, 1 at lag 0; chunked so that memory stays
    small.
    """
    from scipy.fft import irfft, rfft

    taper = np.hanning(_SIZE).astype(np.float32)
    bare = irfft(np.abs(rfft(taper, 1024)) ** 2, 1024)[:_SIZE]
    rows = []
    for start in range(0, len(frames), 4000):
        part = frames[start : start + 4000]
        part = (part - part.mean(axis=1, keepdims=True)) * taper
        curve = irfft(np.abs(rfft(part, 1024, axis=1)) ** 2, 1024, axis=1)[:, :_SIZE] / np.maximum(bare, 1e-6)
        rows.append((curve / np.maximum(curve[:, :1], 1e-9)).astype(np.float32))
    return np.concatenate(rows)


def _refined(curves: NDArray[np.float32], lags: NDArray[np.int64]) -> NDArray[np.float32]:
    """Hertz of each peak, between samples by a parabola."""
    rows = np.arange(len(curves))
    before, top, after = curves[rows, lags - 1], curves[rows, lags], curves[rows, lags + 1]
    bend = before - 2 * top + after
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (before - after) / np.where(bend == 0, 1, bend), 0)
    return np.asarray(_RATE / (lags + np.clip(shift, -0.5, 0.5)), np.float32)


def voiced(sound: Sound, rate: int, strength: float = 0.6) -> NDArray[np.float32]:
    """The hertz of every clearly voiced, not too quiet frame."""
    hertz, strong = track(sound, rate)
    if not len(hertz):
        return hertz
    flat, hop = mono(sound), int(HOP * rate)
    size = int(_SIZE / _RATE * rate)
    starts = np.arange(len(hertz)) * hop
    power = np.concatenate([[0.0], np.cumsum(flat.astype(np.float64) ** 2)])
    energy = power[np.minimum(starts + size, len(flat))] - power[np.minimum(starts, len(flat))]
    return np.asarray(hertz[(strong > strength) & (energy > 0.03 * energy.max())])


def median(sound: Sound, rate: int) -> float:
    """The median fundamental in Hz; 0.0 when nothing is voiced."""
    hertz = voiced(sound, rate)
    return float(np.median(hertz)) if len(hertz) else 0.0


def spread(sound: Sound, rate: int) -> float:
    """How far the melody reaches: semitones between the 10th and the 90th percentile; 0.0 when nothing is
    voiced.
    """
    hertz = voiced(sound, rate)
    if not len(hertz):
        return 0.0
    low, high = np.percentile(hertz, (10, 90))
    return float(12 * np.log2(high / low))

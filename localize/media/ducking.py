"""Making room for a voice: the music steps back before it speaks and returns after, without pumping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STEP = 10
"""Milliseconds between two values of a ducking curve."""
_ATTACK, _RELEASE = 180, 450  # ms to step back before a line, to return after it
_BRIDGE = 700  # ms: in shorter pauses between lines the music stays back
_ROUND = 9  # steps over which corners are rounded


def curve(talk: Sequence[tuple[int, int, float]], length: int) -> NDArray[np.float32]:
    """A gain (0–1) per 10 ms of ``length`` ms: so many dB down while one of the ``(start, end, dB)`` ms sounds."""
    times = np.arange(-(-length // STEP)) * STEP + STEP / 2
    down = np.zeros(len(times))
    for start, end, depth in (*_joined(talk), *talk):
        near = np.minimum((times - start + _ATTACK) / _ATTACK, (end + _RELEASE - times) / _RELEASE)
        down = np.maximum(down, depth * np.clip(near, 0, 1))
    window = np.hanning(_ROUND + 2)[1:-1]
    padded = np.pad(down, _ROUND // 2, mode="edge")
    smooth = np.convolve(padded, window / window.sum(), "valid") if len(down) else down
    return np.asarray(10 ** (-smooth / 20), np.float32)


def _joined(talk: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Lines close to each other with their pauses, as far down as the one that needs least: more is each line's own."""
    joined: list[tuple[int, int, float]] = []
    for start, end, depth in sorted(talk):
        if joined and start - joined[-1][1] < _BRIDGE:
            first, last, least = joined[-1]
            joined[-1] = (first, max(end, last), min(depth, least))
        else:
            joined.append((start, end, depth))
    return joined

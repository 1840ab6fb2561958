"""What a film sounds and looks like, small enough to compare with another cut of it.

One row for every ``STEP`` ms: how loud each of ``BANDS`` bands is against its own last seconds (so that loudness,
equaliser and codec change nothing), and a thumbnail without its mean and contrast (so that grading changes little).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.episode import Picture
from localize.timing import Ms

STEP = 40
"""Milliseconds of a row: one frame at 25 per second."""
BANDS = 24
_RATE = 8000
_THUMB = (16, 28)
_EDGES = np.geomspace(90, 3800, BANDS + 1)
_MEMORY = 50
"""Rows (2 s) whose mean a band is measured against."""

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``sound`` (rows, bands) and ``picture`` (rows, pixels): rows of length 1, or 0 where nothing is there.

    ``wave`` is the mono sound at 8 kHz, for the last millisecond of an offset.
    """

    sound: Rows
    picture: Rows
    wave: NDArray[np.float32]

    @property
    def length(self) -> int:
        return len(self.picture)


WAVE_RATE = _RATE


def fingerprint(path: Path, picture: Picture, track: int | None) -> Fingerprint:
    """Of the film at ``path``; ``track`` is the stream index of its sound, None for a silent film."""
    rows = max(1, round(picture.length / STEP))
    wave = _wave(path, track) if track is not None else np.zeros(0, np.float32)
    return Fingerprint(_heard(wave, rows), _seen(path, picture, rows), wave)


def _wave(path: Path, track: int) -> NDArray[np.float32]:
    from localize.media import audio

    parts = [audio.resample(audio.mono(block), audio.RATE, _RATE) for block in audio.decode(path, track, 1)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _heard(wave: NDArray[np.float32], rows: int) -> Rows:
    size, hop = 1024, _RATE * STEP // 1000
    out = np.zeros((rows, BANDS), np.float32)
    if not len(wave):
        return out
    padded = np.concatenate([np.zeros(size // 2, np.float32), wave, np.zeros(size, np.float32)])
    bins = np.searchsorted(np.fft.rfftfreq(size, 1 / _RATE), _EDGES)
    window = np.hanning(size).astype(np.float32)
    for first in range(0, rows, 2000):  # a minute and a half at a time
        last = min(rows, first + 2000)
        starts = [n * hop for n in range(first, last) if n * hop + size <= len(padded)]
        if not starts:
            break
        blocks = np.stack([padded[s : s + size] for s in starts]) * window
        power = np.abs(np.fft.rfft(blocks, axis=1)) ** 2
        sums = np.add.reduceat(power, bins[:-1], axis=1)
        out[first : first + len(starts)] = np.log10(sums + 1e-7)
    level = out.max(axis=1, keepdims=True)
    out -= _running_mean(out)
    out[level[:, 0] < -3.0] = 0.0  # silence is no evidence
    return _unit(out)


def _running_mean(rows: Rows) -> Rows:
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(rows, 2 * _MEMORY + 1, axis=0, mode="nearest"), np.float32)


def _seen(path: Path, picture: Picture, rows: int) -> Rows:
    """The thumbnail on screen at the middle of every row."""
    from localize.media.video import frames

    out = np.zeros((rows, _THUMB[0] * _THUMB[1]), np.float32)
    row = 0
    for number, _, image in frames(path, picture, scale=_THUMB):
        until = (number + 1) / picture.rate * 1000
        while row < rows and (row + 0.5) * STEP < until:
            out[row] = image.mean(axis=2).ravel()
            row += 1
    out[row:] = out[row - 1] if row else 0.0
    out -= out.mean(axis=1, keepdims=True)
    out[np.abs(out).max(axis=1) < 4.0] = 0.0  # black, white and plain cards look like each other
    return _unit(out)


def _unit(rows: Rows) -> Rows:
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, norm, out=np.zeros_like(rows), where=norm > 1e-6), np.float32)


def ms(rows: float) -> Ms:
    """Rows → milliseconds."""
    return Ms(round(rows * STEP))

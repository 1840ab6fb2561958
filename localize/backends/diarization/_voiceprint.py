"""What a stretch of voice is reduced to: where its formants lie on average and how high it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from localize.media import audio, pitch
from localize.media.audio import Sound

RATE = 16_000
CEPSTRA = 16
"""Cepstral coefficients 1–16; the voiceprint's last value is the median pitch in octaves."""
_SIZE, _STEP, _BANDS = 512, 160, 32
_LOW, _HIGH = 80.0, 7000.0  # Hz
_VOICED = 0.55  # autocorrelation from which on a frame counts
_RANGE = 25.0  # dB under the loudest frame
_FEWEST = 5  # frames
_CHUNK = 60  # frames whose means show how much one voice wavers


@dataclass(frozen=True, slots=True)
class Print:
    """``mean`` has ``CEPSTRA + 1`` values; ``chunks`` the same for shorter pieces; ``frames`` how many were
    voiced.
    """

    mean: NDArray[np.float64]
    chunks: NDArray[np.float64]
    frames: int


def take(sound: Sound, rate: int) -> Print | None:
    """The voiceprint of a stretch; None when hardly anything in it is voiced."""
    flat = audio.resample(audio.mono(sound), rate, RATE)
    cepstra, octaves = _frames(flat)
    if len(octaves) < _FEWEST:
        return None
    starts = range(0, len(octaves) - _CHUNK + 1, _CHUNK)
    chunks = [_mean(cepstra[at : at + _CHUNK], octaves[at : at + _CHUNK]) for at in starts]
    return Print(_mean(cepstra, octaves), np.array(chunks).reshape(-1, CEPSTRA + 1), len(octaves))


def _mean(cepstra: NDArray[np.float32], octaves: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.append(cepstra.mean(axis=0, dtype=np.float64), np.median(octaves))


def _frames(flat: Sound) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cepstra and log2 pitch of every voiced frame."""
    from scipy.fft import dct, rfft

    hertz, strength = pitch.track(flat, RATE)
    if not len(hertz):
        return np.zeros((0, CEPSTRA), np.float32), np.zeros(0, np.float32)
    padded = np.pad(flat, (0, _SIZE + _STEP))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_STEP][: len(hertz)]
    power = np.abs(rfft(pieces * np.hanning(_SIZE).astype(np.float32), axis=1)) ** 2
    energy = 10 * np.log10(power.sum(axis=1) + 1e-9)
    kept = (strength > _VOICED) & (energy > energy.max() - _RANGE)
    cepstra = dct(np.log(power[kept] @ _filters().T + 1e-8), axis=1, norm="ortho")[:, 1 : CEPSTRA + 1]
    return np.asarray(cepstra, np.float32), np.log2(hertz[kept])


@lru_cache(maxsize=1)
def _filters() -> NDArray[np.float32]:
    """A mel filter bank, shape ``(bands, bins)``."""
    edges = 700 * (10 ** (np.linspace(_mel(_LOW), _mel(_HIGH), _BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(_SIZE, 1 / RATE)
    up = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return np.asarray(np.maximum(0, np.minimum(up, down)), np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))

"""Rooms made of decaying noise: a few early reflections, then a tail whose two sides differ."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .espeak import Samples
from .voices import RATE


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "rooms.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def impulse(room: str, seed: int) -> Samples:
    """The room's answer to a click, shape (samples, 2), energy 1 over both sides."""
    row = _tables()["room"][room]
    rng = np.random.default_rng(seed)
    count = int(row["decay"] * 1.15 * RATE)
    clock = np.arange(count)[:, None] / RATE
    tail = rng.standard_normal((count, 2)) * 10 ** (-3.0 * clock / row["decay"])
    tail[: int(row["gap"] * RATE / 1000)] = 0.0
    for _ in range(7):
        at = int(rng.uniform(1.0, 5.0) * row["gap"] * RATE / 1000)
        tail[at] += rng.uniform(4.0, 9.0, 2) * rng.choice([-1, 1])
    hertz = np.fft.rfftfreq(count, 1 / RATE)[:, None]
    dull = 1 / np.sqrt(1 + (hertz / row["bright"]) ** 4) * np.sqrt(1 - 1 / (1 + (hertz / 160) ** 2))
    tail = np.fft.irfft(np.fft.rfft(tail, axis=0) * dull, count, axis=0)
    return np.asarray(tail / np.sqrt((tail**2).sum() / 2), np.float32)


def wetness(kind: str) -> float:
    """Decibels of room beside the voice for a shot of this kind."""
    return float(_tables()["wet"][kind])


def tone(room: str) -> float:
    """The room's own noise in dBFS."""
    return float(_tables()["room"][room]["tone"])


def placed(dry: Samples, pan: float) -> Samples:
    """A mono sound in the stereo picture, equal power; ``pan`` from -1 (left) to 1 (right)."""
    angle = (pan + 1) * np.pi / 4
    return np.asarray(dry[:, None] * np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2), np.float32)


def tail(dry: Samples, room: str, wet: float, seed: int) -> Samples:
    """What the room gives back of a mono sound, ``wet`` dB under it: shape (samples + decay, 2)."""
    from scipy.signal import fftconvolve

    answer = impulse(room, seed)
    sides = [fftconvolve(dry, answer[:, side]) for side in (0, 1)]
    return (np.stack(sides, axis=1) * 10 ** (wet / 20)).astype(np.float32)


def reverberant(dry: Samples, room: str, wet: float, seed: int, pan: float = 0.0) -> Samples:
    """A mono sound heard in a room: shape (samples + decay, 2)."""
    heard = tail(dry, room, wet, seed)
    heard[: len(dry)] += placed(dry, pan)
    return heard

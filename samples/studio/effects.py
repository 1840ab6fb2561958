"""Sounds under the voices, each made from noise and a few sines.  All mono, 48 kHz, peak about 0.5."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .espeak import Samples
from .voices import RATE

Rng = np.random.Generator


def _clock(seconds: float) -> Samples:
    return (np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def _band(rng: Rng, seconds: float, low: float, high: float) -> Samples:
    """Noise between two frequencies, unit deviation."""
    count = int(seconds * RATE)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    keep = 1 / (1 + (low / np.maximum(hertz, 1)) ** 6) / (1 + (hertz / high) ** 6)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * keep, count)
    return np.asarray(noise / (noise.std() + 1e-9), np.float32)


def _at(parts: list[tuple[float, Samples]], seconds: float) -> Samples:
    out = np.zeros(int(seconds * RATE), np.float32)
    for second, part in parts:
        start = int(second * RATE)
        out[start : start + len(part)] += part[: max(0, len(out) - start)]
    return out


def _thump(rng: Rng, hertz: float, seconds: float) -> Samples:
    clock = _clock(seconds)
    body = np.sin(2 * np.pi * hertz * clock * (1 - 0.25 * clock / seconds)) * np.exp(-clock * 9 / seconds)
    return np.asarray(body + 0.12 * _band(rng, seconds, 200, 1800) * np.exp(-clock * 40), np.float32)


def door(rng: Rng) -> Samples:
    """A latch, a heavy leaf, a soft stop."""
    latch = _band(rng, 0.03, 1500, 6000) * np.exp(-_clock(0.03) * 180)
    leaf = _band(rng, 0.35, 90, 500) * np.hanning(int(0.35 * RATE)).astype(np.float32)
    return 0.4 * _at(
        [(0.0, 0.35 * latch), (0.06, 0.5 * latch), (0.08, 0.14 * leaf), (0.45, _thump(rng, 70, 0.3))], 0.8
    )


def steps(rng: Rng) -> Samples:
    """Leather soles on a hard floor, three of them."""
    walk = [
        (0.02 + 0.36 * n + rng.uniform(-0.02, 0.02), _thump(rng, rng.uniform(95, 120), 0.12))
        for n in range(3)
    ]
    return 0.35 * _at(walk, 1.2)


def buzz(rng: Rng) -> Samples:
    """A telephone shaking on a table."""
    clock = _clock(0.55)
    shake = np.sign(np.sin(2 * np.pi * 172 * clock)) * (0.7 + 0.3 * np.sin(2 * np.pi * 21 * clock))
    smooth = np.convolve(shake, np.ones(24) / 24, "same") * np.minimum(1, np.minimum(clock, clock[::-1]) * 60)
    return np.asarray(0.22 * smooth + 0.01 * _band(rng, 0.55, 900, 4000) * np.abs(shake), np.float32)


def glass(rng: Rng) -> Samples:
    """A cup set down hard on its saucer."""
    clock = _clock(0.9)
    ring = sum(
        rng.uniform(0.4, 1.0) * np.sin(2 * np.pi * hertz * clock) * np.exp(-clock * hertz / 420)
        for hertz in rng.uniform(1900, 7200, 9)
    )
    return (0.06 * np.asarray(ring) + 0.2 * _at([(0.0, _thump(rng, 160, 0.12))], 0.9)).astype(np.float32)


def whoosh(rng: Rng) -> Samples:
    """Air past the camera on a cut."""
    low, high = _band(rng, 0.5, 250, 900), _band(rng, 0.5, 900, 5200)
    sweep = np.linspace(0, 1, len(low)) ** 1.5
    return (0.14 * (low * (1 - sweep) + high * sweep) * np.hanning(len(low)) ** 1.4).astype(np.float32)


def paper(rng: Rng) -> Samples:
    """A sheet turned and laid down."""
    crackle = _band(rng, 0.6, 1800, 9000) * np.repeat(rng.uniform(0, 1, 60) ** 3, int(0.01 * RATE))
    return (0.2 * crackle * np.hanning(len(crackle))).astype(np.float32)


def slap_paper(rng: Rng) -> Samples:
    """An envelope thrown on a table."""
    crack = _band(rng, 0.12, 700, 7000) * np.exp(-_clock(0.12) * 45)
    return 0.5 * _at([(0.0, 0.5 * crack), (0.0, _thump(rng, 110, 0.18)), (0.08, 0.12 * crack)], 0.4)


def pen(rng: Rng) -> Samples:
    """A signature."""
    strokes = np.repeat(rng.uniform(0, 1, 20) * (rng.uniform(0, 1, 20) > 0.3), int(0.045 * RATE))
    soft = np.convolve(strokes, np.hanning(900) / 450, "same")
    return (0.09 * _band(rng, 0.9, 2400, 7500) * soft[: int(0.9 * RATE)]).astype(np.float32)


def city(rng: Rng) -> Samples:
    """A street at night, two seconds of it with a passing car."""
    hum, car = _band(rng, 2.2, 60, 400), _band(rng, 2.2, 200, 1600)
    window = np.hanning(len(hum)).astype(np.float32)
    return (0.1 * hum * np.sqrt(window) + 0.07 * car * window**3).astype(np.float32)


MADE: dict[str, Callable[[Rng], Samples]] = {
    f.__name__: f for f in (door, steps, buzz, glass, whoosh, paper, slap_paper, pen, city)
}


def make(name: str, seed: int) -> Samples:
    """The effect called ``name``; ``ValueError`` with the known names when there is none."""
    if name not in MADE:
        raise ValueError(f"no effect {name!r}; there are {', '.join(sorted(MADE))}")
    return MADE[name](np.random.default_rng(seed)).astype(np.float32)

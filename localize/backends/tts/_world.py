"""WORLD (pyworld, extra ``world``) in the place of the built-in vocoder: it measures and sounds the same frames."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise

import numpy as np

from localize.backends.tts._vocoder import BORDERS, HOP, RATE, SIZE, Floats, Frames, share
from localize.media.audio import Sound

_PERIOD = 1000 * HOP / RATE  # ms


@lru_cache(maxsize=1)
def installed() -> str:
    """The version that can be imported; empty when none can."""
    try:
        import pyworld  # noqa: F401  # it imports pkg_resources, so it may be installed and yet not load

        return version("pyworld")
    except (ImportError, PackageNotFoundError):
        return ""


def analyse(sound: Sound, hertz: Floats) -> Frames:
    """The frames of a mono sound at ``_vocoder.RATE`` whose fundamental is ``hertz``."""
    import pyworld

    flat, clock = np.ascontiguousarray(sound, np.float64), np.arange(len(hertz)) * _PERIOD / 1000
    power = pyworld.cheaptrick(flat, hertz, clock, RATE, fft_size=SIZE)
    noise = pyworld.d4c(flat, hertz, clock, RATE, fft_size=SIZE) ** 2
    edges = np.round(BORDERS / RATE * SIZE).astype(int)
    bands = np.stack([noise[:, first:last].mean(axis=1) for first, last in pairwise(edges)], axis=1)
    return Frames(hertz, np.log(power), np.clip(bands, 0.0, 1.0))


def synthesise(frames: Frames) -> Sound:
    """Mono sound at ``_vocoder.RATE``; WORLD starts its noise anew every time, so the same frames sound the same."""
    import pyworld

    noise = np.ascontiguousarray(np.sqrt(np.clip(share(frames), 1e-6, 1.0)))
    power = np.ascontiguousarray(np.exp(frames.envelope))
    return np.asarray(pyworld.synthesize(np.ascontiguousarray(frames.hertz), power, noise, RATE, _PERIOD), np.float32)

"""A small furnished room out of noise, so that a dry voice stands in the picture instead of in front of
it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from localize.media.audio import RATE, Sound

TAIL = 0.38
"""Seconds by which a sound in the room is longer."""
_DECAY = 0.30  # seconds to −60 dB at 1 kHz: a living room
_EARLY = (
    (0.0071, 0.55, 0.25),
    (0.0113, 0.30, 0.50),
    (0.0176, 0.40, 0.18),
    (0.0239, 0.15, 0.34),
    (0.0317, 0.22, 0.12),
)


@lru_cache(maxsize=1)
def response() -> Sound:
    """The stereo impulse response without the direct sound, of unit energy per channel: ``(samples, 2)``."""
    from scipy.signal import butter, sosfilt

    rng = np.random.default_rng(20_26)
    seconds = np.arange(int(TAIL * RATE)) / RATE
    tail = rng.standard_normal((len(seconds), 2)) * 10 ** (-3 * seconds / _DECAY)[:, None]
    tail *= np.clip((seconds - 0.012) / 0.02, 0, 1)[:, None]
    dull = sosfilt(butter(1, (250, 4200), "bandpass", fs=RATE, output="sos"), tail, axis=0)
    dull *= 0.8 / np.sqrt((dull**2).sum(axis=0))
    for delay, left, right in _EARLY:
        dull[int(delay * RATE)] += (left, right)
    fade = np.clip((TAIL - seconds) / 0.05, 0, 1)[:, None]
    return np.asarray(dull * fade / np.sqrt((dull**2).sum(axis=0)), np.float32)


def placed(sound: Sound, wet: float) -> Sound:
    """A mono sound in the centre with ``wet`` dB of room around it: ``(samples + tail, 2)``."""
    from scipy.signal import oaconvolve

    tail = len(response())
    dry = np.pad(sound, (0, tail - 1))
    around = oaconvolve(sound[:, None], response(), axes=0)
    return np.asarray(dry[:, None] + around * 10 ** (wet / 20), np.float32)

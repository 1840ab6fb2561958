"""A small furnished room out of noise, so that a dry voice stands in the picture instead of in front of
it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

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

_BAND_PASS = ((0.2091390662446226, 0.0, -0.2091390662446226), (1.0, -1.5671893169545297, 0.5817218675107548))
"""``butter(1, (250, 4200), "bandpass")`` at 48 kHz."""


@lru_cache(maxsize=1)
def response() -> Sound:
    """The stereo impulse response without the direct sound, of unit energy per channel: ``(samples, 2)``."""
    rng = np.random.default_rng(20_26)
    seconds = np.arange(int(TAIL * RATE)) / RATE
    tail = rng.standard_normal((len(seconds), 2)) * 10 ** (-3 * seconds / _DECAY)[:, None]
    tail *= np.clip((seconds - 0.012) / 0.02, 0, 1)[:, None]
    dull = _dulled(tail)
    dull *= 0.8 / np.sqrt((dull**2).sum(axis=0))
    for delay, left, right in _EARLY:
        dull[int(delay * RATE)] += (left, right)
    fade = np.clip((TAIL - seconds) / 0.05, 0, 1)[:, None]
    return np.asarray(dull * fade / np.sqrt((dull**2).sum(axis=0)), np.float32)


def _dulled(tail: NDArray[np.float64]) -> NDArray[np.float64]:
    """Walls swallow the top and the floor: through a Butterworth band-pass of first order, 250 Hz to 4.2 kHz."""
    from scipy.fft import irfft, rfft

    size = 2 * len(tail)
    back = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = np.polyval(_BAND_PASS[0][::-1], back) / np.polyval(_BAND_PASS[1][::-1], back)
    return np.asarray(irfft(rfft(tail, size, axis=0) * response[:, None], size, axis=0)[: len(tail)])


def placed(sound: Sound, wet: float) -> Sound:
    """A mono sound in the centre with ``wet`` dB of room around it: ``(samples + tail, 2)``."""
    from scipy.fft import irfft, next_fast_len, rfft

    dry = np.pad(sound, (0, len(response()) - 1))
    size = next_fast_len(len(dry), real=True)
    spectra = rfft(sound.astype(np.float32), size)[:, None] * rfft(response(), size, axis=0)
    around = irfft(spectra, size, axis=0)[: len(dry)]
    return np.asarray(dry[:, None] + around * 10 ** (wet / 20), np.float32)

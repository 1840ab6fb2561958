"""Loudness (ITU-R BS.1770-4), true peak (4× oversampling) and a look-ahead limiter, in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.media.audio import RATE, Sound, Tape
from localize.version import Loudness

# ITU-R BS.1770-4, tables 1 and 2: the two K-weighting filters at 48 kHz.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_STEP = RATE // 10  # blocks of 400 ms advance by 100 ms
_CHUNK = RATE * 20
SILENCE = -70.0
"""What ``integrated`` says of a sound with nothing above the absolute gate, in LUFS."""


def integrated(sound: Sound | Tape, curve: NDArray[np.float32] | None = None) -> float:
    """Integrated loudness of a 48 kHz sound in LUFS; ``SILENCE`` when nothing passes the gate.

    ``curve`` is a gain per millisecond the sound is heard through.
    """
    energy = np.concatenate(list(_energies(sound, curve)) or [np.zeros(0)])
    if not len(energy):
        return SILENCE
    blocks = np.convolve(energy, np.ones(4) / 4, "valid") if len(energy) >= 4 else energy.mean(keepdims=True)
    loud = blocks[_lufs(blocks) > _ABSOLUTE_GATE]
    if not len(loud):
        return SILENCE
    loud = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
    return float(_lufs(loud.mean()))


def _lufs(energy: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(energy, 1e-12)))


def chunks(sound: Sound | Tape, curve: NDArray[np.float32] | None = None) -> Iterator[Sound]:
    """``sound`` in pieces ``(samples, channels)`` of 20 s, through ``curve`` (a gain per millisecond)."""
    for start in range(0, len(sound), _CHUNK):
        part = sound[start : start + _CHUNK]
        part = part[:, None] if part.ndim == 1 else part
        yield part if curve is None else shaded(part, curve, _MS, start)


def _energies(sound: Sound | Tape, curve: NDArray[np.float32] | None) -> Iterator[NDArray[np.float64]]:
    """K-weighted energy, summed over channels, of every 100 ms."""
    from scipy.signal import lfilter

    states: list[NDArray[np.float64]] = []
    for chunk in chunks(sound, curve):
        part = chunk.astype(np.float64)
        states = states or [np.zeros((2, part.shape[1])) for _ in range(2)]
        for index, (b, a) in enumerate((_SHELF, _HIGH_PASS)):
            part, states[index] = lfilter(b, a, part, axis=0, zi=states[index])
        whole = len(part) // _STEP
        if whole:
            yield (part[: whole * _STEP] ** 2).reshape(whole, _STEP, -1).mean(axis=1).sum(axis=1)


def peaks(sound: Sound | Tape) -> Iterator[Sound]:
    """Per sample the highest of its four interpolated values over all channels, chunk by chunk."""
    from scipy.signal import firwin

    phases = (4 * firwin(64, 0.25, window=("kaiser", 6.0))).astype(np.float32).reshape(-1, 4).T
    reach = 16
    for start in range(0, len(sound), _CHUNK):
        low, stop = max(0, start - reach), min(len(sound), start + _CHUNK)
        part = sound[low : min(len(sound), stop + reach)]
        part = np.ascontiguousarray((part[:, None] if part.ndim == 1 else part).T)
        top = np.abs(part).max(axis=0)
        for channel in part:
            for taps in phases:
                np.maximum(top, np.abs(np.convolve(channel, taps, "same")), out=top)
        yield top[start - low : stop - low]


def true_peak(sound: Sound | Tape) -> float:
    """True peak in dBTP (−120 for silence)."""
    top = max((float(part.max(initial=0.0)) for part in peaks(sound)), default=0.0)
    return float(20 * np.log10(max(top, 1e-6)))


def measure(sound: Sound | Tape) -> Loudness:
    """Integrated loudness and true peak of a 48 kHz sound."""
    return Loudness(round(integrated(sound), 2), round(true_peak(sound), 2))


# ── holding peaks ───────────────────────────────────────────────────────────────────────────────────────────
_MS = RATE // 1000


def limited(sound: Sound, ceiling: float) -> Sound:
    """``sound`` with its true peaks held below ``ceiling`` dBTP."""
    curve = limiter(peaks_per_ms(sound), ceiling)
    return sound if curve.min(initial=1.0) >= 1.0 else shaded(sound, curve, _MS)


def peaks_per_ms(sound: Sound | Tape) -> NDArray[np.float32]:
    """The true peak of every millisecond."""
    flat = np.concatenate([_per_ms(part) for part in peaks(sound)] or [np.zeros(0, np.float32)])
    return np.asarray(flat, np.float32)


def _per_ms(part: Sound) -> NDArray[np.float32]:
    padded = np.pad(part, (0, -len(part) % _MS))
    return np.asarray(padded.reshape(-1, _MS).max(axis=1))


def limiter(tops: NDArray[np.float32], ceiling: float, look: int = 4, release: float = 90.0) -> NDArray[np.float32]:
    """A gain per millisecond that holds peaks of ``tops`` below ``ceiling`` dBTP.

    It starts to fall ``look`` ms before a peak and returns over ``release`` ms, so that nothing clicks or
    crackles.
    """
    need = np.minimum(1.0, np.float32(10 ** (ceiling / 20)) / np.maximum(tops, 1e-9))
    return np.ones_like(tops) if not (need < 1.0).any() else _ramped(need, look, release)


def shaded(sound: Sound, gain: NDArray[np.float32], step: int, first: int = 0) -> Sound:
    """``sound`` times a smooth curve given once per ``step`` samples, interpolated between.

    ``first`` is where on the curve the sound begins, in samples.
    """
    low, high = max(0, first // step - 1), (first + len(sound)) // step + 2
    knots = (np.arange(low, min(high, len(gain))) + 0.5) * step
    curve = np.interp(np.arange(first, first + len(sound)), knots, gain[low:high]).astype(np.float32)
    return sound * (curve if sound.ndim == 1 else curve[:, None])


def _ramped(need: NDArray[np.float32], look: int, release: float) -> NDArray[np.float32]:
    """A smooth curve never above ``need``."""
    from scipy.ndimage import minimum_filter1d

    width = 2 * look + 1
    held = minimum_filter1d(need, width + 2, mode="nearest")
    back = np.exp(-1.0 / release)
    value = 1.0
    for index, wanted in enumerate(held.tolist()):
        value = min(wanted, 1.0 - (1.0 - value) * back)
        held[index] = value
    window = np.hanning(width + 2)[1:-1]
    padded = np.pad(held, look, mode="edge")
    return np.minimum(np.convolve(padded, window / window.sum(), "valid"), 1.0).astype(np.float32)


def short_term(path: Path, step: int = 500) -> tuple[float, ...]:
    """Short-term loudness (3 s windows) of a 48 kHz WAV in LUFS, one value per ``step`` ms, ``SILENCE`` at least."""
    energy = np.concatenate(list(_energies(Tape(path), None)) or [np.zeros(0)])
    if not len(energy):
        return ()
    window = np.ones(min(30, len(energy)))
    share = np.convolve(energy, window, "same") / np.convolve(np.ones(len(energy)), window, "same")
    return tuple(round(max(SILENCE, float(value)), 1) for value in _lufs(share)[:: max(1, step // 100)])

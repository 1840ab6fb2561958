"""Loudness (ITU-R BS.1770-4), true peak (4× oversampling) and a look-ahead limiter, in chunks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from localize.media.audio import RATE, Sound, Tape
from localize.version import Loudness

# ITU-R BS.1770-4, tables 1 and 2: the two K-weighting filters at 48 kHz.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_MS = RATE // 1000
_TENTH = 100  # ms by which blocks of 400 ms advance
_MEMORY = 16_384  # samples after which the high-pass has forgotten everything, to 10⁻³⁵
_CHUNK = RATE * 20
SILENCE = -70.0
"""What ``integrated`` says of a sound with nothing above the absolute gate, in LUFS."""


def integrated(sound: Sound | Tape) -> float:
    """Integrated loudness of a 48 kHz sound in LUFS; ``SILENCE`` when nothing passes the gate."""
    return gated(energies(sound))


def gated(energy: NDArray[np.float64]) -> float:
    """Integrated loudness in LUFS from the ``energies`` of a sound; ``SILENCE`` when nothing passes the gate.

    Through a gain that changes per millisecond a sound has its energies times the gain squared.
    """
    energy = _tenths(energy)
    if not len(energy):
        return SILENCE
    blocks = np.convolve(energy, np.ones(4) / 4, "valid") if len(energy) >= 4 else energy.mean(keepdims=True)
    loud = blocks[_lufs(blocks) > _ABSOLUTE_GATE]
    if not len(loud):
        return SILENCE
    loud = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
    return float(_lufs(loud.mean()))


def _tenths(energy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energies per whole tenth of a second."""
    whole = len(energy) // _TENTH
    return np.asarray(energy[: whole * _TENTH].reshape(whole, _TENTH).mean(axis=1))


def _lufs(energy: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(energy, 1e-12)))


def chunks(sound: Sound | Tape, curve: NDArray[np.float32] | None = None) -> Iterator[Sound]:
    """``sound`` in pieces ``(samples, channels)`` of 20 s, through ``curve`` (a gain per millisecond)."""
    for start in range(0, len(sound), _CHUNK):
        part = sound[start : start + _CHUNK]
        part = part[:, None] if part.ndim == 1 else part
        yield part if curve is None else shaded(part, curve, _MS, start)


def energies(sound: Sound | Tape) -> NDArray[np.float64]:
    """K-weighted energy, summed over channels, of every millisecond of a 48 kHz sound."""
    found = [_squared(part) for part in _weighted(sound)]
    return np.concatenate(found) if found else np.zeros(0)


def _squared(part: Sound) -> NDArray[np.float64]:
    padded = np.pad(part, ((0, -len(part) % _MS), (0, 0)))
    return np.asarray((padded.reshape(-1, _MS, part.shape[1]) ** 2).mean(axis=1).sum(axis=1), np.float64)


def _weighted(sound: Sound | Tape) -> Iterator[Sound]:
    """Pieces of ``sound`` through the K-weighting filters: by multiplying spectra, each piece with what came before it
    as far as the filters remember.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(min(_CHUNK, max(1, len(sound))) + _MEMORY, real=True)
    response = _response(size)[:, None]
    past: Sound | None = None
    for part in chunks(sound):
        past = np.zeros((_MEMORY, part.shape[1]), np.float32) if past is None else past
        whole = np.concatenate([past, part.astype(np.float32, copy=False)])
        past = whole[-_MEMORY:]
        yield irfft(rfft(whole, size, axis=0) * response, size, axis=0)[_MEMORY : len(whole)]


def _response(size: int) -> NDArray[np.complex64]:
    """What the two K-weighting filters do to each bin of a spectrum of ``size`` samples."""
    back = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    shares = [np.polyval(b[::-1], back) / np.polyval(a[::-1], back) for b, a in (_SHELF, _HIGH_PASS)]
    return np.asarray(shares[0] * shares[1], np.complex64)


def peaks(sound: Sound | Tape) -> Iterator[Sound]:
    """Per sample the highest of its four interpolated values over all channels, chunk by chunk."""
    import cv2

    taps = _interpolation()
    reach = 16
    for start in range(0, len(sound), _CHUNK):
        low, stop = max(0, start - reach), min(len(sound), start + _CHUNK)
        part = sound[low : min(len(sound), stop + reach)]
        part = np.ascontiguousarray((part[:, None] if part.ndim == 1 else part).T, np.float32)
        top = np.abs(part).max(axis=0)
        for phase in taps:
            between = cv2.filter2D(part, cv2.CV_32F, phase[None], borderType=cv2.BORDER_CONSTANT)
            np.maximum(top, np.abs(between).max(axis=0), out=top)
        yield top[start - low : stop - low]


def _interpolation() -> Sound:
    """Four phases of 16 taps that interpolate between samples: a Kaiser-windowed sinc (β = 6)."""
    taps = np.sinc((np.arange(64) - 31.5) / 4) * np.kaiser(64, 6.0)
    return np.asarray((4 * taps / taps.sum()).reshape(-1, 4).T, np.float32)


def true_peak(sound: Sound | Tape) -> float:
    """True peak in dBTP (−120 for silence)."""
    top = max((float(part.max(initial=0.0)) for part in peaks(sound)), default=0.0)
    return float(20 * np.log10(max(top, 1e-6)))


def measure(sound: Sound | Tape) -> Loudness:
    """Integrated loudness and true peak of a 48 kHz sound."""
    return Loudness(round(integrated(sound), 2), round(true_peak(sound), 2))


# ── holding peaks ───────────────────────────────────────────────────────────────────────────────────────────
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


def short_term(weighted: NDArray[np.float64], step: int = 500) -> tuple[float, ...]:
    """Short-term loudness (3 s windows) in LUFS of a sound with these ``energies``, one value per ``step`` ms,
    ``SILENCE`` at least.
    """
    energy = _tenths(weighted)
    if not len(energy):
        return ()
    window = np.ones(min(30, len(energy)))
    share = np.convolve(energy, window, "same") / np.convolve(np.ones(len(energy)), window, "same")
    return tuple(round(max(SILENCE, float(value)), 1) for value in _lufs(share)[:: max(1, step // 100)])

"""A voice taken apart and put together again: fundamental, spectral envelope, share of noise.

The envelope follows Morise's CheapTrick (Speech Communication 67, 2015): a window of three periods, smoothing over two
thirds of the fundamental, and a lifter that takes the harmonics out.  Synthesis lays one minimum-phase pulse per period
and noise of the envelope's shape over each other, so that fundamental, envelope and breath can be changed apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from localize.media import audio, pitch
from localize.media.audio import Sound

RATE = 24_000
"""Samples a second inside: espeak speaks at 22 050, so nothing is lost."""
HOP = 120  # samples: 5 ms
SIZE = 1024
BINS = SIZE // 2 + 1
BORDERS = np.array([0.0, 1000, 2000, 4000, 6000, 12_000])
"""Hz between the bands the share of noise is measured in."""
_UNVOICED = 180.0  # Hz the window and the smoothing follow where nobody voices
_VOICED = 0.5  # height of the autocorrelation peak from which a frame is voiced
_HEARD = 0.002  # share of the loudest frame's energy below which nothing is voiced
_Q1 = -0.15  # the lifter's compensation, from the paper
_NORMAL = 0.9  # octaves a voice leaves its median, either way; beyond lies the tracker's error

_SPARSE = 3  # voiced frames that share one measurement of noise
_BLOCK = 1000  # frames worked on at once, so that a minute needs no more memory than five seconds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frames:
    """A voice every 5 ms: ``hertz`` ``(n,)``, 0 where unvoiced; ``envelope`` ``(n, BINS)``, natural logarithm of the
    power density; ``noise`` ``(n, bands)``, the share of the power between ``BORDERS`` that is not periodic, 0–1.
    """

    hertz: Floats
    envelope: Floats
    noise: Floats

    @property
    def voiced(self) -> NDArray[np.bool_]:
        return self.hertz > 0


def fundamental(sound: Sound, rate: int) -> Floats:
    """Hertz every 5 ms, 0 where unvoiced: octave errors taken out by a second look around the median."""
    frames = len(sound) * RATE // rate // HOP + 1
    first = pitch.median(sound, rate)
    if not first:
        return np.zeros(frames)
    low, high = max(60.0, first * 2**-_NORMAL), min(700.0, first * 2**_NORMAL)
    padded = np.pad(sound, round(0.020 * rate))  # the track's first frame is centred 20 ms into the sound
    hertz, strong = pitch.track(padded, rate, low, high)
    loud = audio.level(sound, rate, 1000 * pitch.HOP)[: len(hertz)]
    loud = np.pad(loud, (0, len(hertz) - len(loud)))
    heard = np.convolve(loud**2, np.full(3, 1 / 3), "same")
    good = (strong > _VOICED) & (heard > _HEARD * heard.max(initial=0.0)) & (hertz > low * 1.02)
    good = _without_specks(good & (hertz < high * 0.98))
    return _twice_as_dense(np.where(good, _steady(hertz.astype(np.float64)), 0.0), frames)


def _without_specks(good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Voicing shorter than 30 ms is none; gaps of 10 ms are."""
    from scipy.ndimage import binary_closing, binary_opening

    return np.asarray(binary_opening(binary_closing(good, np.ones(3)), np.ones(3)), bool)


def _steady(hertz: Floats) -> Floats:
    from scipy.ndimage import median_filter

    return np.asarray(median_filter(hertz, 5), np.float64)


def _twice_as_dense(hertz: Floats, frames: int) -> Floats:
    """From every 10 ms to every 5 ms, in octaves between voiced neighbours."""
    where = np.arange(frames) / 2
    known = np.flatnonzero(hertz > 0)
    if not len(known):
        return np.zeros(frames)
    full = np.exp(np.interp(where, known, np.log(hertz[known])))
    nearest = np.minimum(np.round(where + 1e-6).astype(int), len(hertz) - 1)
    return np.where(hertz[nearest] > 0, full, 0.0)


# ── apart ───────────────────────────────────────────────────────────────────────────────────────────────────
def analyse(sound: Sound, hertz: Floats) -> Frames:
    """The frames of a mono sound at ``RATE`` whose fundamental is ``hertz``."""
    pieces, followed = _pieces(sound, len(hertz)), np.where(hertz > 0, hertz, _UNVOICED)
    blocks = [slice(first, first + _BLOCK) for first in range(0, len(hertz), _BLOCK)]
    envelope = np.concatenate([_envelope(pieces[block], followed[block]) for block in blocks])
    return Frames(hertz, envelope, _noise(sound, hertz))


def _pieces(sound: Sound, frames: int) -> NDArray[np.float32]:
    padded = np.zeros((frames - 1) * HOP + SIZE, np.float32)
    count = min(len(sound), len(padded) - SIZE // 2)
    padded[SIZE // 2 : SIZE // 2 + count] = sound[:count]
    return np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP]


def _envelope(pieces: NDArray[np.float32], hertz: Floats) -> Floats:
    from scipy.fft import irfft, rfft

    half = (1.5 * RATE / hertz)[:, None].astype(np.float32)
    away = (np.arange(SIZE, dtype=np.float32) - SIZE // 2)[None] / np.minimum(half, SIZE / 2)
    window = np.where(np.abs(away) < 1, 0.5 + 0.5 * np.cos(np.pi * away), 0).astype(np.float32)
    power = np.abs(rfft(pieces * window, axis=1)) ** 2 / (window**2).sum(axis=1, keepdims=True)
    power = _filled(power, hertz)
    lags = (np.arange(BINS, dtype=np.float32) / RATE)[None]
    width = hertz[:, None].astype(np.float32)
    near = irfft(power, SIZE, axis=1)[:, :BINS] * np.sinc(width * lags * np.float32(2 / 3))
    smooth = np.maximum(_even(near), 1e-6 * power.mean(axis=1, keepdims=True) + 1e-14)
    lifter = np.sinc(width * lags) * (1 - 2 * _Q1 + 2 * _Q1 * np.cos(2 * np.pi * width * lags))
    return _even(irfft(np.log(smooth), SIZE, axis=1)[:, :BINS] * lifter).astype(np.float64)


def _filled(power: NDArray[np.float32], hertz: Floats) -> NDArray[np.float32]:
    """With what lies below the fundamental mirrored from above it, so that the envelope does not fall to nothing."""
    step = RATE / SIZE
    count = int(hertz.max() / step) + 1
    mirror = hertz[:, None] / step - np.arange(count)[None]
    left = np.clip(np.floor(mirror).astype(int), 0, BINS - 2)
    rows = np.arange(len(power))[:, None]
    there = power[rows, left] + (mirror - left) * (power[rows, left + 1] - power[rows, left])
    result = power.copy()
    result[:, :count] += np.where(mirror >= 0, there, 0)
    return result


def _even(lags: NDArray[np.float32]) -> NDArray[np.float32]:
    """The spectrum of an even sequence given by its first half."""
    from scipy.fft import rfft

    whole = np.concatenate([lags, lags[:, -2:0:-1]], axis=1)
    return np.asarray(rfft(whole, axis=1).real, np.float32)


def _noise(sound: Sound, hertz: Floats) -> Floats:
    """How little every band resembles itself one period later."""
    from scipy.fft import irfft, next_fast_len, rfft

    shares = np.ones((len(hertz), len(BORDERS) - 1))
    voiced = np.flatnonzero(hertz > 0)
    if not len(voiced):
        return shares
    rows = voiced[::_SPARSE]
    size = next_fast_len(len(sound) + SIZE, real=True)
    spectrum, bins = rfft(sound, size), np.fft.rfftfreq(size, 1 / RATE)
    period = RATE / hertz[rows]
    starts = rows * HOP - np.round(period).astype(int)
    for band, (low, high) in enumerate(pairwise(BORDERS)):
        part = irfft(spectrum * ((bins >= low) & (bins < high)), size).astype(np.float32)
        found = 1 - _likeness(part, starts, np.round(period).astype(int))
        shares[voiced, band] = np.repeat(found, _SPARSE)[: len(voiced)]
    return np.clip(shares, 0.0, 1.0)


def _likeness(part: NDArray[np.float32], starts: NDArray[np.int64], period: NDArray[np.int64]) -> Floats:
    """The correlation of one period with the next, at the best of three lags."""
    inside = np.arange(int(period.max()))[None]
    mask = inside < period[:, None]
    first = np.where(mask, part[(starts[:, None] + inside) % len(part)], 0)
    best = np.zeros(len(starts))
    for shift in (-1, 0, 1):
        later = np.where(mask, part[(starts[:, None] + inside + period[:, None] + shift) % len(part)], 0)
        norm = np.sqrt((first**2).sum(axis=1) * (later**2).sum(axis=1)) + 1e-12
        best = np.maximum(best, (first * later).sum(axis=1) / norm)
    return best


# ── together ────────────────────────────────────────────────────────────────────────────────────────────────
def synthesise(frames: Frames, source: Sound, was: Frames, rng: np.random.Generator) -> Sound:
    """Mono sound at ``RATE``, ``HOP`` samples a frame.

    ``source`` is the sound ``was`` was measured on: where neither voices, it is filtered rather than made anew, so that
    the bursts of plosives stay where they are.
    """
    part, envelope = share(frames).astype(np.float32), frames.envelope.astype(np.float32)
    quiet = np.log(np.maximum(part, np.float32(1e-6))) + envelope
    kept = ~frames.voiced & ~was.voiced
    quiet[kept] -= was.envelope[kept]
    sound = _hiss(quiet, kept, source, rng)
    sound += _pulses(frames, np.log(np.maximum(1 - part, np.float32(1e-6))) + envelope, len(sound))
    return sound[SIZE // 2 : SIZE // 2 + len(frames.hertz) * HOP].astype(np.float32)


def share(frames: Frames) -> Floats:
    """The share of noise per bin, between the middles of the bands."""
    middles = (BORDERS[:-1] + BORDERS[1:]) / 2
    bins = np.fft.rfftfreq(SIZE, 1 / RATE)
    right = np.clip(np.searchsorted(middles, bins), 1, len(middles) - 1)
    weight = np.clip((bins - middles[right - 1]) / (middles[right] - middles[right - 1]), 0, 1)
    between = frames.noise[:, right - 1] * (1 - weight) + frames.noise[:, right] * weight
    return np.where(frames.voiced[:, None], between, 1.0)


def _hiss(log_power: NDArray[np.float32], kept: NDArray[np.bool_], source: Sound, rng: np.random.Generator) -> Floats:
    """White noise, or the source where it is ``kept``, through the curve of every frame."""
    from scipy.fft import irfft, rfft

    width = 4 * HOP
    window = np.hanning(width + 1)[:-1] / 2  # adds up to one at a hop of a quarter
    length = (len(log_power) + 3) * HOP
    white, own = rng.standard_normal(length), np.zeros(length)
    count = min(len(source), length - width // 2)
    own[width // 2 : width // 2 + count] = source[:count]
    noise, speech = (np.lib.stride_tricks.sliding_window_view(one, width)[::HOP] for one in (white, own))
    pieces = (np.where(kept[:, None], speech, noise) * window).astype(np.float32)
    before = (SIZE - width) // 2  # a zero-phase filter rings both ways; what lies before stands at the circle's end
    sound = np.zeros(len(log_power) * HOP + 2 * SIZE)
    for first in range(0, len(log_power), _BLOCK):
        block = slice(first, first + _BLOCK)
        shaped = irfft(rfft(pieces[block], SIZE, axis=1) * np.exp(np.float32(0.5) * log_power[block]), SIZE, axis=1)
        for row, piece in enumerate(np.roll(shaped, before, axis=1), first):
            sound[row * HOP : row * HOP + SIZE] += piece
    return sound


def _pulses(frames: Frames, log_power: NDArray[np.float32], length: int) -> Floats:
    """One pulse per period, at fractions of a sample."""
    from scipy.fft import irfft

    moments, belong = _moments(frames.hertz)
    sound = np.zeros(length)
    for first in range(0, len(moments), _BLOCK):
        at, which = moments[first : first + _BLOCK], belong[first : first + _BLOCK]
        whole = np.floor(at).astype(int)
        spectra = _minimum_phase(np.float32(0.5) * log_power[which])
        turn = (-2 * np.pi * (at - whole)[:, None] * np.arange(BINS) / SIZE).astype(np.float32)
        spectra *= np.sqrt(RATE / frames.hertz[which]).astype(np.float32)[:, None] * np.exp(1j * turn)
        for start, pulse in zip(whole, irfft(spectra, SIZE, axis=1), strict=True):
            sound[SIZE // 2 + start : SIZE // 2 + start + SIZE] += pulse
    return sound


def _moments(hertz: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Where the pulses lie, in samples, and the frame each belongs to."""
    known = np.flatnonzero(hertz > 0)
    if not len(known):
        return np.zeros(0), np.zeros(0, np.int64)
    clock = np.arange(len(hertz) * HOP)
    speed = np.interp(clock / HOP, known, hertz[known]) / RATE
    turns = np.cumsum(speed)
    at = np.interp(np.arange(1, int(turns[-1]) + 1), turns, clock)
    which = np.minimum(np.round(at / HOP).astype(np.int64), len(hertz) - 1)
    live = hertz[which] > 0
    return at[live], which[live]


def _minimum_phase(log_amplitude: NDArray[np.float32]) -> NDArray[np.complex64]:
    from scipy.fft import irfft, rfft

    cepstrum = irfft(log_amplitude, SIZE, axis=1)
    cepstrum[:, 1 : SIZE // 2] *= 2
    cepstrum[:, SIZE // 2 + 1 :] = 0
    return np.asarray(np.exp(rfft(cepstrum, axis=1)), np.complex64)

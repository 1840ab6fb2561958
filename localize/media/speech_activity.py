"""Where somebody speaks, told without weights: a voice glides and pauses, notes and rooms stay.

In every frequency between 200 and 4500 Hz, what stays for half a second is background; what rises above it is called
moving.  Speech is where much of the sound moves for long enough.  Tones, chords, hum and steady noise do not; the
attack of a drum does, but briefly.  What this cannot tell from speech: singing, and crowds.

Measured against the lines of the sample and of generated episodes: see docs/measured.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from localize.media.audio import Sound, Tape, mono, resample
from localize.timing import Ms, Span

_RATE = 16_000
_SIZE = 1024  # 64 ms: tells a harmonic from its neighbour, and a syllable from the next
_HOP = 256  # 16 ms between two frames
_LOW, _HIGH = 200.0, 4500.0  # Hz: where speech is stronger than most music
_MEMORY = 29  # frames (464 ms) over which the background is watched
_STAYS = 40  # percentile of a frequency's power that counts as staying
_ABOVE = 3.0  # times the background (4.8 dB) from which power counts as moving: noise alone moves for 22 %
_CHUNK, _MARGIN = 64, 2  # seconds taken at once, and looked at on both sides; both whole frames at 16 kHz

_SMOOTH = 11  # frames (176 ms, about a syllable) the decision is taken over
_MOVES, _SURELY = 0.3, 0.5  # share of the power that moves: all through a stretch, and once in it
_BELOW = 30.0  # dB under the loudest speech nearby; a whisper is about 20 dB below a shout
_SILENCE = -20.0  # dB of moving power, about −70 dBFS
_NEARBY = 625  # frames (10 s) per block in which the loudest is looked for; three blocks on both sides count
_EDGE = 14.0  # dB under a stretch's own loud part where it begins and ends
_PAUSE = 18  # frames (288 ms): a shorter pause is inside a sentence
_LEAST = 8  # frames (128 ms): shorter is no word


def speech_spans(sound: Sound | Tape, rate: int) -> tuple[Span, ...]:
    """Stretches of mono ``sound`` (float32, ``rate`` Hz) in which somebody seems to speak, in order, never touching.

    Pauses below 288 ms are bridged.  ``sound`` is read in slices of about a minute, so that a mapped file is never
    held whole.  The same samples give the same spans.
    """
    parts = list(_powers(sound, rate))
    if not parts:
        return ()
    moving = np.concatenate([part[0] for part in parts])
    total = np.concatenate([part[1] for part in parts])
    length = len(sound) * 1000 // rate
    hop = 1000 * _HOP / _RATE
    spans = ((round(first * hop), min(round(last * hop), length)) for first, last in _stretches(moving, total))
    return tuple(Span(Ms(start), Ms(end)) for start, end in spans if end > start)


def share(spans: tuple[Span, ...], where: Span) -> float:
    """How much of ``where`` lies in ``spans``, 0–1; ``spans`` must not overlap each other."""
    return sum(span.overlap(where) for span in spans) / where.length


def _powers(sound: Sound | Tape, rate: int) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Moving and total power of every frame, a minute at a time; frame ``k`` is centred on ``k·16`` ms."""
    step = _CHUNK * _RATE // _HOP
    for start in range(0, len(sound), _CHUNK * rate):
        low = max(0, start - _MARGIN * rate)
        part = np.asarray(sound[low : start + (_CHUNK + _MARGIN) * rate], np.float32)
        moving, total = _measured(resample(mono(part), rate, _RATE))
        skip = (start - low) // rate * _RATE // _HOP
        yield moving[skip : skip + step], total[skip : skip + step]


def _measured(sound: Sound) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from scipy.fft import rfft
    from scipy.ndimage import percentile_filter, uniform_filter1d

    count = -(-len(sound) // _HOP) + 1
    padded = np.zeros((count - 1) * _HOP + _SIZE, np.float32)
    padded[_SIZE // 2 : _SIZE // 2 + len(sound)] = sound
    frames = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_HOP]
    hertz = np.fft.rfftfreq(_SIZE, 1 / _RATE)
    first, last = np.searchsorted(hertz, (_LOW, _HIGH))
    power = np.abs(rfft(frames * np.hanning(_SIZE).astype(np.float32), axis=1)[:, first:last]) ** 2
    stays = uniform_filter1d(percentile_filter(power, _STAYS, size=(_MEMORY, 1)), 3, axis=1)
    return np.maximum(power - _ABOVE * stays, 0).sum(axis=1), power.sum(axis=1)


def _stretches(moving: NDArray[np.float32], total: NDArray[np.float32]) -> list[list[int]]:
    """First and last (out) frame of every stretch of speech."""
    from scipy.ndimage import uniform_filter1d

    level = _decibels(uniform_filter1d(moving, _SMOOTH))
    part = uniform_filter1d(moving, _SMOOTH) / (uniform_filter1d(total, _SMOOTH) + np.float32(1e-9))
    sharp = _decibels(uniform_filter1d(moving, 3))
    heard = (part > _MOVES) & (level > _loudest(level) - _BELOW) & (level > _SILENCE)
    found: list[list[int]] = []
    for first, last in _runs(heard):
        if not (part[first:last] > _SURELY).any():
            continue
        loud = first + np.flatnonzero(sharp[first:last] > np.percentile(sharp[first:last], 90) - _EDGE)
        start, end = int(loud[0]), int(loud[-1]) + 1
        if found and start - found[-1][1] <= _PAUSE:
            found[-1][1] = end
        else:
            found.append([start, end])
    return [pair for pair in found if pair[1] - pair[0] >= _LEAST]


def _loudest(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """The 95th percentile of the level within about half a minute of every frame."""
    from scipy.ndimage import maximum_filter1d

    tops = [np.percentile(level[at : at + _NEARBY], 95) for at in range(0, len(level), _NEARBY)]
    return np.asarray(maximum_filter1d(np.array(tops, np.float32), 7)[np.arange(len(level)) // _NEARBY])


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(10 * np.log10(np.maximum(power, np.float32(1e-10))), np.float32)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))

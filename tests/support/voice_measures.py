"""How alike two voices are, and how well one is understood: measures that use none of the engine's own code paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from localize.media import audio, pitch, spectrum
from localize.media.audio import Sound
from localize.roles import Speech

_RATE, _SIZE, _HOP = 16_000, 400, 160  # 25 ms windows every 10 ms
_BANDS, _CEPSTRA = 26, 13

Table = NDArray[np.float64]


# ── pitch ───────────────────────────────────────────────────────────────────────────────────────────────────
def melody(sound: Sound, rate: int, points: int = 100) -> Table:
    """The contour in semitones over the audible part, at ``points`` places; unvoiced parts bridged, octave jumps
    out.  Empty when hardly anything is voiced.
    """
    heard = sound[audio.audible(sound, rate, -30.0, 0.0)]
    middle = pitch.median(heard, rate)
    if not middle:
        return np.zeros(0)
    hertz, strong = pitch.track(heard, rate, max(60.0, middle / 1.8), middle * 1.8)
    loud = audio.level(heard, rate, 10)[: len(hertz)]
    kept = np.flatnonzero((strong[: len(loud)] > 0.55) & (loud > 0.05 * loud.max()))
    if len(kept) < 10:
        return np.zeros(0)
    semitones = 12 * np.log2(hertz[kept])
    full = np.interp(np.linspace(0, len(hertz) - 1, points), kept, semitones)
    return np.asarray(np.convolve(np.pad(full, 2, mode="edge"), np.full(5, 0.2), "valid"))


def contour_likeness(one: Sound, other: Sound, rate: int) -> float:
    """Pearson's correlation of two lines' melodies, each stretched over the other."""
    a, b = melody(one, rate), melody(other, rate)
    return float(np.corrcoef(a, b)[0, 1]) if len(a) and len(b) else float("nan")


def energy_likeness(one: Sound, other: Sound, rate: int) -> float:
    """The same of their levels in dB, smoothed over a tenth of the line."""

    def curve(sound: Sound) -> Table:
        steps = audio.level(sound[audio.audible(sound, rate, -30.0, 0.0)], rate, 10) + 1e-5
        full = np.interp(np.linspace(0, len(steps) - 1, 100), np.arange(len(steps)), steps**2)
        return 10 * np.log10(np.convolve(np.pad(full, 5, mode="edge"), np.full(11, 1 / 11), "valid"))

    return float(np.corrcoef(curve(one), curve(other))[0, 1])


def semitones_off(one: Sound, other: Sound, rate: int) -> float:
    """How far the medians lie apart."""
    a, b = (pitch.median(sound, rate) for sound in (one, other))
    return abs(12 * float(np.log2(a / b))) if a and b else float("nan")


# ── colour ──────────────────────────────────────────────────────────────────────────────────────────────────
def colour_off(one: Sound, other: Sound, rate: int) -> float:
    """Root mean square of the difference of long-term spectra from 100 Hz to 7 kHz, in dB, levels taken out."""
    keep = spectrum.BANDS < 7000
    a, b = (spectrum.long_term(audio.mono(sound), rate)[keep] for sound in (one, other))
    away = a - b
    return float(np.std(away))


@lru_cache(maxsize=1)
def _mel() -> Table:
    def mel(hertz: Table) -> Table:
        return 1127 * np.log1p(hertz / 700)

    edges = np.interp(np.linspace(mel(np.array(80.0)), mel(np.array(7600.0)), _BANDS + 2),
                      mel(np.linspace(0, 8000, 4001)), np.linspace(0, 8000, 4001))  # fmt: skip
    bins = np.fft.rfftfreq(512, 1 / _RATE)
    up = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down))


def cepstra(sound: Sound, rate: int) -> Table:
    """Mel cepstra ``(frames, 13)`` every 10 ms; the first is the level."""
    from scipy.fft import dct

    flat = audio.resample(audio.mono(sound), rate, _RATE)
    flat = np.append(flat[:1], flat[1:] - np.float32(0.97) * flat[:-1])
    pieces = np.lib.stride_tricks.sliding_window_view(np.pad(flat, (0, _SIZE)), _SIZE)[::_HOP]
    power = np.abs(np.fft.rfft(pieces * np.hamming(_SIZE), 512, axis=1)) ** 2
    bands = np.log(power @ _mel().T + 1e-8)
    return np.asarray(dct(bands, norm="ortho", axis=1)[:, :_CEPSTRA], np.float64)


def spoken_cepstra(sound: Sound, rate: int) -> Table:
    """Those of the frames within 30 dB of the loudest, without the level."""
    found = cepstra(sound, rate)
    return found[found[:, 0] > found[:, 0].max() - 30 * np.sqrt(_BANDS) / 8.686, 1:]


def nearest_off(one: Sound, other: Sound, rate: int) -> float:
    """Mel-cepstral distance in dB of every frame to the nearest one of the other voice, the mean of both ways."""
    from scipy.spatial import cKDTree

    a, b = spoken_cepstra(one, rate), spoken_cepstra(other, rate)
    ways = (cKDTree(b).query(a)[0].mean(), cKDTree(a).query(b)[0].mean())
    return float(np.mean(ways)) * 10 / np.log(10) * np.sqrt(2) / np.sqrt(_BANDS) * np.sqrt(2)


# ── understanding ───────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Recogniser:
    """Linear discriminants of phones, learned from plain takes; it knows phones it heard often enough."""

    names: tuple[str, ...]
    weights: Table
    bias: Table

    @staticmethod
    def taught(takes: Iterable[Speech]) -> Recogniser:
        rows = [row for take in takes for row in _phones(take)]
        often = {name for name in {name for name, _ in rows} if sum(name == one for one, _ in rows) >= 12}
        rows = [row for row in rows if row[0] in often]
        names = tuple(sorted(often))
        features = np.array([row[1] for row in rows])
        truth = np.array([names.index(row[0]) for row in rows])
        means = np.array([features[truth == k].mean(axis=0) for k in range(len(names))])
        inside = features - means[truth]
        cover = inside.T @ inside / len(inside)
        cover += 0.1 * np.diag(np.diag(cover))
        weights = np.linalg.solve(cover, means.T).T
        return Recogniser(names, weights, -0.5 * (weights * means).sum(axis=1))

    def right(self, take: Speech) -> tuple[int, int]:
        """How many phones of a take are recognised, of how many."""
        rows = [row for row in _phones(take) if row[0] in self.names]
        if not rows:
            return 0, 0
        guesses = (np.array([row[1] for row in rows]) @ self.weights.T + self.bias).argmax(axis=1)
        return sum(self.names[guess] == name for guess, (name, _) in zip(guesses, rows, strict=True)), len(rows)


def _phones(take: Speech) -> list[tuple[str, Table]]:
    """Every phone with the cepstra of its thirds, freed of the take's own mean and spread."""
    found = cepstra(take.sound, take.rate)
    loud = found[:, 0] > found[:, 0].max() - 30 * np.sqrt(_BANDS) / 8.686
    found = ((found - found[loud].mean(axis=0)) / (found[loud].std(axis=0) + 1e-6))[:, 1:]  # without the level
    starts = [phone.start for phone in take.phones] + [round(len(take.sound) / take.rate * 1000)]
    rows = []
    for phone, end in zip(take.phones, starts[1:], strict=True):
        first, last = phone.start / 10, end / 10
        name = phone.ipa.strip("ˈˌ_ ː")
        if last - first < 2 or not name:
            continue
        edges = np.linspace(first, last, 4)
        thirds = [found[int(a) : max(int(a) + 1, int(b))] for a, b in pairwise(edges)]
        if all(len(third) for third in thirds):
            rows.append((name, np.concatenate([third.mean(axis=0) for third in thirds])))
    return rows


def warped_off(one: Sound, other: Sound, rate: int) -> float:
    """Distance of two takes of the same words along the best path, on cepstra freed of each one's mean and spread."""
    a, b = ((found - found.mean(axis=0)) / found.std(axis=0)
            for found in (spoken_cepstra(one, rate), spoken_cepstra(other, rate)))  # fmt: skip
    cost = np.sqrt(((a[:, None] - b[None]) ** 2).mean(axis=2))
    total = np.full((len(a) + 1, len(b) + 1), np.inf)
    steps = np.zeros((len(a) + 1, len(b) + 1))
    total[0, 0] = 0
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            choices = ((total[i - 1, j - 1], i - 1, j - 1), (total[i - 1, j], i - 1, j), (total[i, j - 1], i, j - 1))
            best, x, y = min(choices)
            total[i, j], steps[i, j] = best + cost[i - 1, j - 1], steps[x, y] + 1
    return float(total[-1, -1] / steps[-1, -1])


# ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────
def embedder() -> Callable[[Sound, int], Table] | None:
    """Resemblyzer's embedding of a mono sound, or None when the package is missing."""
    if find_spec("resemblyzer") is None:
        return None
    from localize import backends

    engine = backends.load("diarization", "resemblyzer")
    return lambda sound, rate: np.asarray(engine._point(sound, rate))


def joined(sounds: Sequence[Sound]) -> Sound:
    return np.concatenate([audio.mono(sound) for sound in sounds])

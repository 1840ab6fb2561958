"""Whether a voice sings: sung notes are held, spoken syllables glide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from localize.media import pitch
from localize.media.audio import Sound

_VOICED = 0.5  # strength of the autocorrelation peak
_HIGHEST = 800.0  # Hz: g''
_WIDTH = 1.2  # semitones a held note may sway: a singer's vibrato is about ±0.5
_LEAST = 25  # frames of 10 ms; a level Mandarin syllable lasts 150–200 ms
_NOTES = 3  # held notes that make a song; one is a cry
_APART = 1.0  # semitones between the lowest and the highest of them


def sung(sound: Sound, rate: int) -> float:
    """The share of the voiced time of mono ``sound`` (float32, ``rate`` Hz) spent on held notes, 0–1.

    0.0 unless three notes are held, not all at one pitch.  Made voices that sing score 0.64 and more, the sample's
    lines 0.0 with and without music; music alone may score 0.8, so ask only where words were heard.
    """
    hertz, strength = pitch.track(sound, rate, high=_HIGHEST)
    voiced = strength > _VOICED
    if not voiced.any():
        return 0.0
    semitones = 12 * np.log2(np.maximum(hertz, 1.0) / 55)
    notes = _held(semitones, voiced)
    heights = [float(np.median(semitones[first:last])) for first, last in notes]
    if len(notes) < _NOTES or max(heights) - min(heights) < _APART:
        return 0.0
    return sum(last - first for first, last in notes) / int(voiced.sum())


def _held(semitones: NDArray[np.floating], voiced: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last (out) frame of every stretch that stays within ``_WIDTH`` for long enough."""
    notes: list[tuple[int, int]] = []
    start, low, high = 0, np.inf, -np.inf
    for at, (height, on) in enumerate(zip([*semitones, 0.0], [*voiced, False], strict=True)):
        if on and max(high, height) - min(low, height) <= _WIDTH:
            low, high = min(low, height), max(high, height)
            continue
        if at - start >= _LEAST and high >= low:
            notes.append((start, at))
        start, low, high = (at, height, height) if on else (at + 1, np.inf, -np.inf)
    return notes

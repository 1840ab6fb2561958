"""Faster without higher, higher without smaller: tempo and pitch by Signalsmith Stretch (MIT), offline and
exact.
"""

from __future__ import annotations

import numpy as np

from localize.media import spectrum
from localize.media.audio import RATE, Sound

_SIZE = 2048


def tempo(sound: Sound, factor: float, rate: int = RATE) -> Sound:
    """A mono sound played ``factor`` times as fast at the same pitch; ``round(len / factor)`` samples come
    back.
    """
    if abs(factor - 1.0) < 1e-3 or not len(sound):
        return sound
    changed = _process(sound, rate, factor, 1.0)
    wanted = round(len(sound) / factor)
    return changed[:wanted] if len(changed) >= wanted else np.pad(changed, (0, wanted - len(changed)))


def higher(sound: Sound, semitones: float, rate: int = RATE) -> Sound:
    """A mono sound moved by ``semitones`` with its formants left where they are."""
    if abs(semitones) < 0.05 or not len(sound):
        return sound
    moved = _process(sound, rate, 1.0, 2 ** (semitones / 12))
    moved = np.pad(moved, (0, max(0, len(sound) - len(moved))))[: len(sound)]
    return _dressed(moved, sound, rate)


def _process(sound: Sound, rate: int, factor: float, transpose: float) -> Sound:
    """One pass; a lead-in of silence on both ends keeps attacks and tails whole."""
    from python_stretch.Signalsmith import Stretch

    engine = Stretch()
    engine.preset(1, float(rate))
    engine.setTimeFactor(float(factor))
    engine.setTransposeFactor(float(transpose))
    lead = rate // 10
    padded = np.pad(np.asarray(sound, np.float32), (lead, lead + rate // 20))
    result = np.asarray(engine.process(padded[None]), np.float32)[0]
    start = round(lead / factor)
    return np.asarray(result[start : start + round(len(sound) / factor)])


def _dressed(moved: Sound, model: Sound, rate: int) -> Sound:
    """``moved`` with the spectral envelope of ``model``, frame by frame; corrections stay within 18 dB."""
    spectra = spectrum.analyse(moved, _SIZE)
    wanted = spectrum.envelopes(np.abs(spectrum.analyse(model, _SIZE)), _SIZE, rate)
    given = spectrum.envelopes(np.abs(spectra), _SIZE, rate)
    gain = np.exp(np.clip(wanted - given, -2.0, 2.0))
    return spectrum.synthesise((spectra * gain).astype(np.complex64), _SIZE, len(moved))

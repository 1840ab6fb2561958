"""Faster without higher: tempo by Signalsmith Stretch (MIT), offline and exact."""

from __future__ import annotations

import numpy as np

from localize.media.audio import RATE, Sound


def tempo(sound: Sound, factor: float, rate: int = RATE) -> Sound:
    """A mono sound played ``factor`` times as fast at the same pitch; ``round(len / factor)`` samples come
    back.
    """
    if abs(factor - 1.0) < 1e-3 or not len(sound):
        return sound
    changed = _process(sound, rate, factor)
    wanted = round(len(sound) / factor)
    return changed[:wanted] if len(changed) >= wanted else np.pad(changed, (0, wanted - len(changed)))


def _process(sound: Sound, rate: int, factor: float) -> Sound:
    """One pass; a lead-in of silence on both ends keeps attacks and tails whole."""
    from python_stretch.Signalsmith import Stretch

    engine = Stretch()
    engine.preset(1, float(rate))
    engine.setTimeFactor(float(factor))
    lead = rate // 10
    padded = np.pad(np.asarray(sound, np.float32), (lead, lead + rate // 20))
    result = np.asarray(engine.process(padded[None]), np.float32)[0]
    start = round(lead / factor)
    return np.asarray(result[start : start + round(len(sound) / factor)])

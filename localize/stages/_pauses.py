"""Silences inside a take: found, shortened, and what that does to the times of its phonemes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from localize.media import audio
from localize.media.audio import Sound

_FLOOR = -36.0  # dB below the take's loud parts that count as silence
_KEPT = 110  # ms of every pause that stay: enough for a clause to end
_WORTH = 160  # ms a silence must last to be touched
_STEP = 10
_BLEND = 6.0  # ms of crossfade over a cut


@dataclass(frozen=True, slots=True)
class Pauses:
    """The stretches ``(start, end)`` in ms that may be cut out of a take."""

    cuts: tuple[tuple[int, int], ...]

    @staticmethod
    def of(path: Path) -> Pauses:
        """The inner silences of a WAV file."""
        sound, rate = audio.read(path)
        levels = audio.level(sound, rate, _STEP)
        loud = float(np.percentile(levels, 95)) if len(levels) else 0.0
        quiet = np.concatenate([[False], levels < loud * 10 ** (_FLOOR / 20), [False]])
        turns = np.flatnonzero(np.diff(quiet.astype(np.int8)))
        stretches = [
            (int(a) * _STEP, int(b) * _STEP) for a, b in turns.reshape(-1, 2) if a > 0 and b < len(levels)
        ]
        return Pauses(tuple((a + _KEPT // 2, b - _KEPT // 2) for a, b in stretches if b - a >= _WORTH))

    @property
    def saved(self) -> int:
        """Milliseconds gained by cutting them all."""
        return sum(b - a for a, b in self.cuts)

    def moved(self, at: int) -> int:
        """Where what was at ``at`` ms is after the cuts."""
        return at - sum(min(at, b) - a for a, b in self.cuts if at > a)

    def cut(self, sound: Sound, rate: int) -> Sound:
        """``sound`` (mono) without them; every joint is crossfaded inside the silence that stays."""
        result = sound
        for start, end in reversed(self.cuts):
            before, after = result[: audio.at(start, rate)], result[audio.at(end, rate) :]
            blend = min(audio.at(_BLEND, rate), len(before), len(after))
            ramp = np.linspace(0, 1, blend, dtype=np.float32)
            joint = (
                before[-blend:] * (1 - ramp)
                + result[audio.at(end, rate) - blend : audio.at(end, rate)] * ramp
            )
            result = np.concatenate([before[: len(before) - blend], joint, after])
        return result

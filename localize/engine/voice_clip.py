"""Whether a recording is good enough to take a voice from: long enough, one person, neither silent nor clipped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from localize import backends
from localize.errors import InputError
from localize.timing import span

if TYPE_CHECKING:
    from localize.roles import Diarization, Sound

_STEP = 1500  # ms of a stretch that is told by its voice
_SEVERAL = 2  # stretches of somebody else that are no slip


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that was found good: mono ``sound`` at ``rate``, its length in seconds, its median pitch in Hz."""

    sound: Sound
    rate: int
    seconds: float
    pitch: float


def checked(path: Path) -> Clip:
    """The clip at ``path``.  Raises ``InputError`` saying what is wrong with it and what to record instead."""
    from localize.media import audio, pitch
    from localize.media.clip import flaw

    sound, rate = audio.read(path)
    what, fix = flaw(sound, rate)
    if what:
        raise InputError(what, str(path), fix)
    flat = audio.mono(sound)
    seconds = len(flat) / rate
    _one_person(flat, rate, path)
    return Clip(flat, rate, seconds, round(float(pitch.median(flat, rate)), 1))


def _one_person(sound: Sound, rate: int, path: Path) -> None:
    from localize.media import audio

    low = audio.resample(sound, rate, 16_000)
    length = len(low) // 16
    spans = [span(at, min(at + _STEP, length)) for at in range(0, length - _STEP // 2, _STEP)]
    engine: Diarization = backends.load("diarization", "classical", {})
    heard = [one for one in engine.attribute(low, 16_000, spans, {}, 0) if one.speaker != "?0"]
    counts = Counter(one.speaker for one in heard).most_common()
    if len(counts) > 1 and counts[1][1] >= _SEVERAL:
        at = next(where for where, one in zip(spans, heard, strict=False) if one.speaker != heard[0].speaker)
        fix = "cut out the part in which only this person speaks"
        raise InputError(f"two people speak in the clip, the second from about {at.start / 1000:.1f} s", str(path), fix)

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

SHORTEST, LONGEST = 3.0, 60.0
"""Seconds of a clip.  Cloning engines ask for 3 s at the least and use 6 to 12; a minute is a recording, not a clip."""
QUIETEST = 0.003
"""Root mean square of the voice while it sounds (−50 dBFS): what is quieter drowns in the noise of its microphone."""
CLIPPED = 0.001
"""Share of samples at full scale above which a recording is distorted; sound speech has none."""
VOICED = 0.25
"""Least share of a clip that must be somebody's voice."""
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
    import numpy as np

    from localize.media import audio, pitch

    sound, rate = audio.read(path)
    flat = audio.mono(sound)
    seconds = len(flat) / rate
    if not SHORTEST <= seconds <= LONGEST:
        short = seconds < SHORTEST
        fix = f"give {SHORTEST:g} s or more, best 6 to 12" if short else f"cut out at most {LONGEST:g} s of it"
        raise InputError(f"the clip is {seconds:.1f} s {'short' if short else 'long'}", str(path), fix)
    if audio.active_level(flat, rate) < QUIETEST:
        raise InputError("the clip is silent, or nearly so", str(path), "record it louder")
    if (share := float((np.abs(sound) >= 0.999).mean())) > CLIPPED:
        fix = "record it again at a lower level"
        raise InputError(f"the clip is distorted: {share:.1%} of it is at full scale", str(path), fix)
    _, strength = pitch.track(flat, rate)
    if not len(strength) or float((strength > 0.5).mean()) < VOICED:
        raise InputError("there is hardly a voice in the clip", str(path), "give a clip of one person speaking")
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

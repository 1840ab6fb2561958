"""Whether a recording is good enough to take a voice from: long enough, loud enough, not distorted, a voice."""

from __future__ import annotations

import numpy as np

from localize.media import audio, pitch
from localize.media.audio import Sound

SHORTEST, LONGEST = 3.0, 60.0
"""Seconds of a clip.  Cloning engines ask for 3 s at the least and use 6 to 12; a minute is a recording, not a clip."""
QUIETEST = 0.003
"""Root mean square of the voice while it sounds (−50 dBFS): what is quieter drowns in the noise of its microphone."""
CLIPPED = 0.001
"""Share of samples at full scale above which a recording is distorted; sound speech has none."""
VOICED = 0.25
"""Least share of a clip that must be somebody's voice."""


def flaw(sound: Sound, rate: int, shortest: float = SHORTEST, longest: float = LONGEST) -> tuple[str, str]:
    """What is wrong with a clip, and what to record instead; two empty strings when nothing is.

    Two people in it are not looked for: that is a diarization engine's matter.
    """
    flat = audio.mono(sound)
    seconds = len(flat) / rate
    if seconds < shortest:
        return f"the clip is {seconds:.1f} s short", f"give {shortest:g} s or more, best 6 to 12"
    if seconds > longest:
        return f"the clip is {seconds:.1f} s long", f"cut out at most {longest:g} s of it"
    if not np.isfinite(flat).all() or audio.active_level(flat, rate) < QUIETEST:
        return "the clip is silent, or nearly so", "record it louder"
    if (share := float((np.abs(sound) >= 0.999).mean())) > CLIPPED:
        return f"the clip is distorted: {share:.1%} of it is at full scale", "record it again at a lower level"
    _, strength = pitch.track(flat, rate)
    if not len(strength) or float((strength > 0.5).mean()) < VOICED:
        return "there is hardly a voice in the clip", "give a clip of one person speaking"
    return "", ""

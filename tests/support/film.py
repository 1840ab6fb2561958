"""Small films with known pictures and sound, cut from seeds: what a test re-edits."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.media import audio
from localize.media.ffmpeg import binary

WIDTH, HEIGHT = 90, 160
RATE = audio.RATE


@dataclass(frozen=True, slots=True)
class Stretch:
    """``start`` … ``end`` seconds of the endless film ``seed``."""

    seed: int
    start: float
    end: float


def picture(seed: int, at: float) -> NDArray[np.uint8]:
    """BGR of the film ``seed`` at ``at`` seconds: a new scene every three seconds, drifting slowly."""
    scene = np.random.default_rng((seed, int(at // 3)))
    blobs = scene.uniform(0, 255, (8, 5, 3)).astype(np.float32)
    import cv2

    large = cv2.resize(blobs, (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_CUBIC)
    shift = round(9 * (at % 3))
    return np.ascontiguousarray(np.clip(large[shift : shift + HEIGHT, shift : shift + WIDTH], 0, 255), np.uint8)


def sound(seed: int, start: float, end: float) -> NDArray[np.float32]:
    """Mono: syllables of coloured noise, a new one every fifth of a second."""
    first, last = int(start * 5), int(np.ceil(end * 5))
    parts = []
    for syllable in range(first, last):
        own = np.random.default_rng((seed, 1, syllable))
        tones = own.uniform(150, 3400, 4)
        time = np.arange(RATE // 5) / RATE
        tone = sum(np.sin(2 * np.pi * f * time + own.uniform(0, 6)) for f in tones)
        parts.append(np.hanning(RATE // 5) * own.uniform(0.02, 0.12) * tone + own.normal(0, 0.003, RATE // 5))
    whole = np.concatenate(parts)
    begin = round(start * RATE) - first * (RATE // 5)
    return whole[begin : begin + round((end - start) * RATE)].astype(np.float32)


def film(
    path: Path, stretches: Sequence[Stretch], rate: Fraction = Fraction(25), gain: float = 1.0, blurred: bool = False
) -> Path:
    """The stretches one after another as an MP4."""
    wav = audio.write(
        path.with_suffix(".wav"), np.concatenate([gain * sound(s.seed, s.start, s.end) for s in stretches])
    )
    filters = ["-vf", "boxblur=3"] if blurred else []
    command = [str(binary()), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}",
               "-r", str(rate), "-i", "-", "-i", str(wav), *filters, "-c:v", "libx264", "-preset", "ultrafast",
               "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k", str(path)]  # fmt: skip
    edges = np.cumsum([0.0, *(s.end - s.start for s in stretches)])
    frames = []
    for number in range(round(edges[-1] * rate)):
        at = (number + 0.5) / float(rate)
        which = min(int(np.searchsorted(edges, at, side="right")) - 1, len(stretches) - 1)
        frames.append(picture(stretches[which].seed, stretches[which].start + number / float(rate) - edges[which]))
    subprocess.run(command, input=b"".join(f.tobytes() for f in frames), check=True)
    wav.unlink()
    return path

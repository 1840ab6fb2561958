"""Laying takes on a background: levels, room, ducking, and the spans that keep the original voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.media import audio, ducking, room
from localize.media.audio import Sound, Tape
from localize.timing import Span

STEP = ducking.STEP
_WET = -15.0  # dB of room around the dub
_FADE_IN, _FADE_OUT = 5.0, 10.0  # ms at the edges of every take
_EDGE = 20.0  # ms of fade where the original voice comes back
_DEPTH = (6.0, 10.0)  # dB of ducking: least under quiet music, most under loud
_DEEPEST = 18.0  # dB under a single line that would not be understood otherwise: more is a hole in the music
AUDIBLE = 5.0  # dB a line must stand above what is left of the music to be understood (the gate of ``audibility``)
_CLEAR = 60.0  # dB: over next to nothing
_ABOVE = 11.0  # dB a voice should stand above ducked music
_LIFT = 8.0  # dB the dub may be louder than the original voice to stand above
_PLAIN = 0.1  # level of a voice where the source has none to compare with
_FAINT = 0.02  # least level of the dub (−34 dBFS): from there the mix still reaches −14 LUFS within its 24 dB


@dataclass(frozen=True, slots=True)
class Balance:
    """The factor that brings the dub to its level, and how many dB the background steps back under it."""

    gain: np.float32
    depth: float


@dataclass(frozen=True, slots=True)
class Part:
    """One take on the dub: samples from ``first`` on, ``length`` of them dry and a room's tail more."""

    path: Path
    first: int
    length: int

    @staticmethod
    def of(path: Path, start: int) -> Part:
        """A WAV that begins at ``start`` ms."""
        samples, _, rate = audio.shape(path)
        return Part(path, audio.at(start), round(samples * audio.RATE / rate))

    @property
    def last(self) -> int:
        return self.first + self.length + len(room.response())

    def sound(self) -> Sound:
        """With faded edges, in the room, stereo."""
        sound, rate = audio.read(self.path)
        dry = audio.faded(audio.resample(audio.mono(sound), rate), _FADE_IN, _FADE_OUT)
        return room.placed(dry, _WET)


def laid(parts: Sequence[Part], start: int, stop: int) -> Sound:
    """Samples ``start``–``stop`` of the dub, stereo."""
    stem = np.zeros((stop - start, 2), np.float32)
    for part in parts:
        if part.first < stop and part.last > start:
            sound = part.sound()
            low, high = max(start, part.first), min(stop, part.first + len(sound))
            stem[low - start : high - start] += sound[low - part.first : high - part.first]
    return stem


def balance(dialogue: Tape, background: Tape, dub: Tape, spans: Sequence[tuple[int, int]]) -> Balance:
    """The dub as loud as the original voice, unless the music asks for more."""
    ours = audio.active(_levels(dub, spans))
    if ours <= 0:
        return Balance(np.float32(1.0), _DEPTH[0])
    wanted = max(audio.active(_levels(dialogue, spans)) or _PLAIN, _FAINT)
    under = _levels(background, spans)
    music = float(np.sqrt((under**2).mean())) if len(under) else 0.0
    needed = audio.decibels(music / wanted) + _ABOVE
    depth = float(np.clip(needed, *_DEPTH))
    lift = float(np.clip(needed - depth, 0.0, _LIFT))
    return Balance(np.float32(wanted / ours * 10 ** (lift / 20)), depth)


def above(background: Tape, dub: Tape, spans: Sequence[tuple[int, int]], here: Balance) -> list[float]:
    """How many dB each line stands above the background before that steps back."""
    return [_above(background, dub, span, here.gain) for span in spans]


def steps_back(standing: Sequence[float], here: Balance) -> list[float]:
    """How many dB the background goes down under each line: as under all, and more where that one would be lost."""
    return [float(np.clip(AUDIBLE + 1.0 - one, here.depth, _DEEPEST)) for one in standing]


def audible(standing: Sequence[float], depths: Sequence[float]) -> list[float]:
    """How many dB each line stands above the background as it is mixed, 60 at most."""
    return [round(min(one + depth, _CLEAR), 1) for one, depth in zip(standing, depths, strict=True)]


def _above(background: Tape, dub: Tape, span: tuple[int, int], gain: np.float32) -> float:
    voice = audio.active(_levels(dub, [span])) * float(gain)
    under = _levels(background, [span])
    bed = float(np.sqrt((under**2).mean())) if len(under) else 0.0
    return audio.decibels(voice) - audio.decibels(bed)


def _levels(tape: Tape, spans: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """The level of every 20 ms inside ``spans`` (ms)."""
    pieces = (tape[audio.at(start) : audio.at(end)] for start, end in spans)
    return np.concatenate([audio.level(piece, step=20.0) for piece in pieces] or [np.zeros(0, np.float32)])


def restore(whole: Sound, dialogue: Tape, spans: Sequence[Span], start: int) -> None:
    """Add the original voice over ``spans`` to ``whole``, which begins at sample ``start``, in place."""
    stop = start + len(whole)
    for span in spans:
        first, last = audio.at(span.start), min(audio.at(span.end), len(dialogue))
        low, high = max(first, start), min(last, stop)
        if low < high:
            voice = audio.faded(dialogue[first:last], _EDGE, _EDGE)
            whole[low - start : high - start] += audio.stereo(voice)[low - first : high - first]

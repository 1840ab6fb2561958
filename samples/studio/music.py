"""A short original cue: pad, plucked strings, bass, a melody, hits and a riser where the story asks for them.

Bass and melody sit in the centre, pad and plucked strings to the sides, so that removing the centre removes
only part of the music, as in a real episode.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .espeak import Samples
from .rooms import placed, tail
from .script import Music
from .voices import RATE

_C2 = 65.406  # Hz, concert pitch
Cue = tuple[int, str]  # milliseconds, name: hit, turn or cliffhanger


@lru_cache(maxsize=1)
def moods() -> dict[str, Any]:
    """The moods a script may ask for."""
    return tomllib.loads((Path(__file__).parent / "music.toml").read_text(encoding="utf-8"))


def _hertz(semitones: float) -> float:
    return float(_C2 * 2 ** (semitones / 12))


def _clock(seconds: float) -> Samples:
    return (np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def pluck(hertz: float, seconds: float, bright: float) -> Samples:
    """A struck string: higher partials fade sooner and lie a little sharp."""
    clock = _clock(seconds)
    partials = range(1, max(2, min(12, int(9000 / hertz))))
    tone = sum(
        np.sin(2 * np.pi * hertz * n * np.sqrt(1 + 4e-4 * n * n) * clock)
        / n**bright
        * np.exp(-clock * (1.6 + 0.9 * n))
        for n in partials
    )
    return np.asarray(tone * np.minimum(1, clock * 400), np.float32)


def pad(hertz: float, seconds: float, detune: float) -> Samples:
    """A slow string section: eight partials, a few cents off pitch, breathing in and out."""
    clock = _clock(seconds)
    swell = np.minimum(1, np.minimum(clock / 0.7, clock[::-1] / 0.6))
    tone = sum(np.sin(2 * np.pi * hertz * detune * n * clock + n * n) / n**1.7 for n in range(1, 9))
    return (np.asarray(tone) * swell * (1 + 0.12 * np.sin(2 * np.pi * 0.31 * clock))).astype(np.float32)


def lead(hertz: float, seconds: float) -> Samples:
    """A bowed voice with vibrato that starts late."""
    clock = _clock(seconds)
    sway = 0.006 * np.sin(2 * np.pi * 5.2 * clock) * np.minimum(1, clock / 0.5)
    phase = 2 * np.pi * hertz * np.cumsum(1 + sway) / RATE
    tone = np.sin(phase) + 0.45 * np.sin(2 * phase) + 0.22 * np.sin(3 * phase) + 0.1 * np.sin(5 * phase)
    return (tone * np.minimum(1, np.minimum(clock / 0.12, clock[::-1] / 0.2))).astype(np.float32)


def hit(rng: np.random.Generator) -> Samples:
    """A drum larger than any room, with a scrape of metal."""
    clock = _clock(1.8)
    drum = np.sin(2 * np.pi * (38 * clock + 2.2 * (1 - np.exp(-clock * 14)))) * np.exp(-clock * 2.6)
    metal = rng.standard_normal(len(clock)) * np.exp(-clock * 9)
    return np.asarray(0.9 * drum + 0.12 * np.diff(metal, prepend=0), np.float32)


def riser(rng: np.random.Generator, seconds: float) -> Samples:
    """Noise and a climbing tone that stop dead."""
    clock = _clock(seconds)
    grow = (clock / seconds) ** 2.4
    tone = np.sin(2 * np.pi * np.cumsum(110 * 2 ** (2.0 * clock / seconds)) / RATE)
    noise = np.diff(rng.standard_normal(len(clock)), prepend=0)
    return (grow * (0.35 * tone + 0.13 * noise)).astype(np.float32)


class _Sheet:
    """Two sides of sound that notes are written onto."""

    def __init__(self, count: int) -> None:
        self.sides = np.zeros((count, 2), np.float32)

    def write(self, second: float, sound: Samples, gain: float, pan: float = 0.0) -> None:
        start = max(0, int(second * RATE))
        if start >= len(self.sides):
            return
        part = placed(sound[: len(self.sides) - start], pan) * np.float32(gain)
        self.sides[start : start + len(part)] += part


def _bar(
    sheet: _Sheet,
    row: dict[str, Any],
    key: float,
    bar: int,
    second: float,
    beat: float,
    drive: bool,
    rng: np.random.Generator,
) -> None:
    """Write one bar of pad, arpeggio, bass, pulse and sometimes melody."""
    root, notes = row["chords"][bar % len(row["chords"])]
    level, base = row["level"], key + root
    for note in notes:
        for detune, pan in ((0.9985, -0.75), (1.0017, 0.75)):
            sheet.write(second, pad(_hertz(base + note + 12), 4.3 * beat, detune), 0.030 * level["pad"], pan)
    ladder = [*notes, notes[0] + 12, notes[1] + 12]
    for eighth, step in enumerate(row["arpeggio"]):
        at, pan = second + eighth * beat / 2 + rng.uniform(0, 0.012), 0.55 * (-1) ** eighth
        gain = 0.075 * level["pluck"] * rng.uniform(0.75, 1.0) * (0.8 if eighth % 2 else 1.0)
        sheet.write(at, pluck(_hertz(base + ladder[step] + 24), 1.6, 1.3), gain, pan)
    for half in (0, 2):
        sheet.write(second + half * beat, pluck(_hertz(base), 2.0 * beat, 2.0), 0.16 * level["bass"])
    pulse = level["pulse"] + (0.6 if drive else 0.0)
    for quarter in range(4 if pulse else 0):
        sheet.write(second + quarter * beat, pluck(_hertz(key - 12), 0.5, 2.2), 0.11 * pulse)


def _melody(
    sheet: _Sheet, row: dict[str, Any], key: float, second: float, beat: float, rng: np.random.Generator
) -> None:
    """A phrase of two bars: a few long notes that move by neighbours."""
    scale, degree, at = row["lead"], int(rng.integers(1, 4)), second
    for beats in rng.permutation([2.0, 1.0, 1.5, 0.5, 2.5]):
        degree = int(np.clip(degree + rng.integers(-1, 2), 0, len(scale) - 1))
        sheet.write(at, lead(_hertz(key + 24 + scale[degree]), beats * beat), 0.045 * row["level"]["lead"])
        at += float(beats) * beat


def _events(sheet: _Sheet, cues: Sequence[Cue], rng: np.random.Generator) -> None:
    for ms, name in cues:
        second = ms / 1000
        sheet.write(second, hit(rng), 0.30 if name != "cliffhanger" else 0.42)
        if name == "cliffhanger":
            length = min(3.2, second)
            sheet.write(second - length, riser(rng, length), 0.16)


def compose(length: int, music: Music, cues: Sequence[Cue], seed: int) -> Samples:
    """The cue for an episode of ``length`` milliseconds: shape (samples, 2), fading at both ends."""
    rng = np.random.default_rng([seed, 77])
    row, beat, count = moods()[music.mood], 60.0 / music.tempo, round(length * RATE / 1000)
    key = float(music.key if music.key < 6 else music.key - 12)
    turn = min((ms for ms, name in cues if name == "turn"), default=length) / 1000
    end = min((ms for ms, name in cues if name == "cliffhanger"), default=length) / 1000
    sheet = _Sheet(count)
    for bar in range(int(np.ceil(end / (4 * beat)))):
        second = bar * 4 * beat
        _bar(sheet, row, key, bar, second, beat, second >= turn, rng)
        if bar % 4 == 2:
            _melody(sheet, row, key, second, beat, rng)
    sheet.sides *= np.exp(-np.maximum(0, np.arange(count) / RATE - end) * 60)[
        :, None
    ]  # nobody plays on after it
    _events(sheet, cues, rng)
    dry = sheet.sides + tail(sheet.sides.mean(axis=1), "hall", -13.0, seed)[:count]
    fade = np.minimum(
        1.0, np.minimum(np.arange(count) / (0.25 * RATE), np.arange(count)[::-1] / (0.6 * RATE))
    )
    both = dry * fade[:, None]
    if music.mono:
        both = np.repeat(both.mean(axis=1, keepdims=True), 2, axis=1)
    return both.astype(np.float32)

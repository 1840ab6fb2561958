"""From a script to what is heard: lines placed in time, voices in rooms, effects, music, one mix.

Every stem is kept and the mix is their sum, so the ground truth of a separation is exact.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np

from . import effects, voices
from .espeak import Samples
from .music import Cue, compose
from .rooms import placed, reverberant, tone, wetness
from .script import Actor, Script, ScriptLine, ScriptShot, drawn_overlay, drawn_shot, font_file
from .story import CaptionStyle, Overlay, Phoneme, Shot, Spoken, Story
from .voices import RATE

TARGET = -16.0  # LUFS of the mix: what a phone-first drama is delivered at
CEILING = -1.5  # dBFS that no sample of the mix passes
MUSIC_BELOW = 9.0  # LU of the music under the dialogue
REFERENCE = -20.0  # LUFS the dialogue is brought to before the master gain


@dataclass(frozen=True, slots=True)
class Performance:
    """An episode's story and its sound: stems of shape (samples, 2) at 48 kHz whose sum is the mix."""

    story: Story
    script: Script
    stems: Mapping[str, Samples]

    @property
    def mix(self) -> Samples:
        """Everything together."""
        return cast(Samples, np.sum(list(self.stems.values()), axis=0))


@dataclass(frozen=True, slots=True)
class _Said:
    """One line in its place: milliseconds on the episode's clock."""

    line: ScriptLine
    shot: ScriptShot
    id: str
    start: int
    dry: voices.Spoken


def seed_of(script: Script, *what: object) -> int:
    """A seed that belongs to one thing in one episode and to nothing else."""
    return zlib.crc32(":".join(map(str, (script.seed, *what))).encode())


def on_frame(ms: float, rate: Fraction) -> int:
    """The first frame boundary at or after ``ms``, in whole milliseconds."""
    frames = int(np.ceil(ms * rate / 1000 - Fraction(1, 1000)))
    return round(frames * 1000 / rate)


def _length(sound: Samples) -> int:
    return round(len(sound) * 1000 / RATE)


def _schedule(script: Script) -> tuple[list[_Said], list[tuple[int, int]]]:
    """Say every line and give every line and shot its time."""
    said: list[_Said] = []
    shots: list[tuple[int, int]] = []
    clock = 0
    for shot in script.shots:
        cursor = clock + shot.lead
        for number, line in enumerate(shot.lines):
            cursor += line.pause if number else 0
            voice = script.actor(line.speaker).voice
            dry = voices.perform(line.text, voice, line.emotion, seed_of(script, "voice", len(said)))
            said.append(_Said(line, shot, f"L{len(said) + 1:04d}", cursor, dry))
            cursor += _length(dry.sound)
        end = on_frame(clock + shot.length if shot.length else cursor + shot.tail, script.rate)
        shots.append((clock, end))
        clock = end
    return said, shots


def _spoken(said: _Said) -> Spoken:
    line, start = said.line, said.start
    seen = line.kind == "speech" and not line.off and line.speaker in said.shot.characters
    phonemes = tuple(
        Phoneme(start + round(a * 1000), start + round(b * 1000), ipa) for a, b, ipa in said.dry.phonemes
    )
    end = start + _length(said.dry.sound)
    kind = cast(Any, line.kind)
    return Spoken(said.id, line.speaker, line.to, line.text, start, end, phonemes, line.emotion, seen, kind)


def _overlays(script: Script, shots: list[tuple[int, int]]) -> Iterable[Overlay]:
    if script.watermark:
        yield drawn_overlay(script.watermark, 0, shots[-1][1])
    for shot, (start, end) in zip(script.shots, shots, strict=True):
        for overlay in shot.overlays:
            yield drawn_overlay(overlay, start, end)


def _story(script: Script, said: list[_Said], shots: list[tuple[int, int]], width: int) -> Story:
    caps = script.captions
    size = round(caps.size * width / 720)
    outline = max(1, round(caps.outline * width / 720))
    align = cast(Any, caps.align)
    style = CaptionStyle(font_file(caps.font), size, caps.colour, outline, caps.baseline, align)
    drawn: tuple[Shot, ...] = tuple(
        drawn_shot(s, a, b) for s, (a, b) in zip(script.shots, shots, strict=True)
    )
    people = tuple(actor.character for actor in script.cast)
    lines = tuple(_spoken(line) for line in said)
    overlays = tuple(_overlays(script, shots))
    height = round(width * 16 / 9 / 2) * 2
    size_and_time = (width, height, script.rate, shots[-1][1])
    return Story(script.title, script.seed, *size_and_time, people, drawn, lines, overlays, style)


def _write(onto: Samples, ms: int, sound: Samples) -> None:
    start = round(ms * RATE / 1000)
    skip = max(0, -start)
    start += skip
    part = sound[skip : skip + max(0, len(onto) - start)]
    onto[start : start + len(part)] += part


def _in_room(said: _Said, actor: Actor, seed: int) -> Samples:
    """One line as the shot hears it: farther and wetter when unseen, close and dreamlike when thought."""
    shot, line = said.shot, said.line
    if line.kind != "speech":
        return reverberant(said.dry.sound * np.float32(0.85), "mind", -9.0, seed)
    if line.off:
        dull = voices.shelf(said.dry.sound, -5.0, 0.0) * np.float32(0.8)
        return reverberant(dull, shot.background, wetness(shot.kind) + 4.0, seed, actor.voice.pan * 1.5)
    gain = np.float32(0.9 if shot.kind == "wide" else 1.0)
    return reverberant(said.dry.sound * gain, shot.background, wetness(shot.kind), seed, actor.voice.pan)


def _inhale(said: _Said, actor: Actor, seed: int) -> Samples:
    """The breath before a line, a fifth of a second of air."""
    rng = np.random.default_rng(seed)
    count = RATE // 5
    air = np.diff(rng.standard_normal(count + 1)) * np.hanning(count) * 10 ** ((actor.voice.breath - 22) / 20)
    return reverberant(air.astype(np.float32), said.shot.background, -14.0, seed, actor.voice.pan)


def _dialogue(script: Script, said: list[_Said], count: int) -> dict[str, Samples]:
    stems = {actor.character.id: np.zeros((count, 2), np.float32) for actor in script.cast}
    for line in said:
        actor = script.actor(line.line.speaker)
        seed = seed_of(script, "room", line.shot.background)
        onto = stems[line.line.speaker]
        _write(onto, line.start, _in_room(line, actor, seed))
        if line.line.kind == "speech" and not line.line.off:
            _write(onto, line.start - 240, _inhale(line, actor, seed_of(script, "breath", line.id)))
    return {name: stem for name, stem in stems.items() if stem.any()}


def _effects(script: Script, shots: list[tuple[int, int]], count: int) -> Samples:
    onto = np.zeros((count, 2), np.float32)
    rng = np.random.default_rng(seed_of(script, "tone"))
    for number, (shot, (start, end)) in enumerate(zip(script.shots, shots, strict=True)):
        for effect in shot.effects:
            seed = seed_of(script, effect.name, number)
            sound = effects.make(effect.name, seed) * np.float32(10 ** (effect.gain / 20))
            pan = float(np.random.default_rng(seed).uniform(-0.3, 0.3))
            wet = wetness(shot.kind) + 3.0
            _write(onto, start + effect.at, reverberant(sound, shot.background, wet, seed, pan))
        air = np.cumsum(rng.standard_normal(round((end - start) * RATE / 1000)))
        air -= np.convolve(air, np.ones(2400) / 2400, "same")
        air *= 10 ** (tone(shot.background) / 20) / (air.std() + 1e-9) * np.hanning(len(air)) ** 0.1
        _write(onto, start, placed(air.astype(np.float32), 0.0))
    return onto


def _cues(script: Script, said: list[_Said], shots: list[tuple[int, int]]) -> list[Cue]:
    """When the score reacts; the cliffhanger lands on the last word of its shot."""
    cues: list[Cue] = []
    for shot, (start, end) in zip(script.shots, shots, strict=True):
        spoken = [line.start + _length(line.dry.sound) for line in said if line.shot is shot]
        if shot.cue:
            cues.append(
                (min(spoken[-1] + 260, end) if shot.cue == "cliffhanger" and spoken else start, shot.cue)
            )
    return cues


def loudness(sound: Samples) -> float:
    """Integrated loudness in LUFS (ITU-R BS.1770)."""
    import pyloudnorm

    return float(pyloudnorm.Meter(RATE).integrated_loudness(sound))


def _limiter(mix: Samples) -> Samples:
    """A gain curve, shape (samples, 1), that keeps the mix under ``CEILING`` without audible pumping."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    peak = np.abs(mix).max(axis=1)
    needed = np.minimum(1.0, 10 ** (CEILING / 20) / np.maximum(peak, 1e-9))
    held = minimum_filter1d(needed, 2 * RATE // 100)
    return np.asarray(uniform_filter1d(held, RATE // 100), np.float32)[:, None]


def _mastered(stems: dict[str, Samples]) -> dict[str, Samples]:
    """All stems under one gain, so that their sum meets the target loudness and the ceiling."""
    for _ in range(3):
        mix = cast(Samples, np.sum(list(stems.values()), axis=0))
        gain = np.float32(10 ** ((TARGET - loudness(mix)) / 20))
        curve = _limiter(mix * gain) * gain
        stems = {name: stem * curve for name, stem in stems.items()}
    return stems


def perform(script: Script, width: int = 720) -> Performance:
    """Say, place and mix a script for a picture ``width`` pixels wide (9:16)."""
    said, shots = _schedule(script)
    story = _story(script, said, shots, width)
    count = round(story.length * RATE / 1000)
    speech = _dialogue(script, said, count)
    level = 10 ** ((REFERENCE - loudness(cast(Samples, np.sum(list(speech.values()), axis=0)))) / 20)
    stems = {f"dialogue-{name}": stem * np.float32(level) for name, stem in speech.items()}
    score = compose(story.length, script.music, _cues(script, said, shots), script.seed)
    stems["music"] = score * np.float32(10 ** ((REFERENCE - MUSIC_BELOW - loudness(score)) / 20))
    stems["effects"] = _effects(script, shots, count)
    if script.music.mono:
        stems = {name: np.repeat(stem.mean(axis=1, keepdims=True), 2, axis=1) for name, stem in stems.items()}
    return Performance(story, script, _mastered(stems))

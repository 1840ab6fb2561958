"""How people move: mouths by phonemes, blinks, gaze, brows by mood, and the sway of heads, for every frame.

Everything is a function of the story and its seed, computed once for the whole episode as arrays of one value
per frame; the picture and the tests read the same numbers.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .story import Character, Spoken, Story

Track = NDArray[np.float64]
HZ = 200  # steps per second of the mouth before it is read at the frames' times
COARTICULATION = 0.110  # seconds over which neighbouring sounds share a mouth shape (visual.md section 3)


@dataclass(frozen=True, slots=True)
class Motion:
    """One character's movement, one value per frame; angles in degrees, the rest as the painters take it."""

    open: Track
    width: Track
    smile: Track
    lids: Track
    gaze_x: Track
    gaze_y: Track
    inner: Track
    outer: Track
    yaw: Track
    pitch: Track
    roll: Track


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def frame_count(story: Story) -> int:
    """How many frames an episode has: its length at its rate, rounded."""
    return max(1, round(story.length * story.rate / 1000))


def frame_times(story: Story) -> Track:
    """The time of every frame in milliseconds."""
    return np.asarray(np.arange(frame_count(story)) * float(1000 / story.rate), np.float64)


def mouth_of(line: Spoken) -> tuple[Track, Track]:
    """Openness and width of the mouth while a line is said, ``HZ`` steps a second from the line's start."""
    shapes, closed = _table("visemes.toml")["shapes"], _table("visemes.toml")["closed"]
    near = _table("visemes.toml")["near"]
    count = max(2, round((line.end - line.start) * HZ / 1000) + 1)
    opening, width = np.zeros(count), np.full(count, 0.48)
    meets: list[tuple[int, float]] = []
    for phoneme in line.phonemes:
        known = [c for c in phoneme.ipa if c in shapes]
        if not known:
            continue
        a, b = ((t - line.start) * HZ / 1000 for t in (phoneme.start, phoneme.end))
        for k, symbol in enumerate(known):
            first = int(a + (b - a) * k / len(known))
            last = max(first + 1, int(a + (b - a) * (k + 1) / len(known)))
            opening[max(0, first) : last], width[max(0, first) : last] = shapes[symbol]
            if symbol in closed or symbol in near:
                meets.append(((first + last) // 2, 1.0 if symbol in closed else 0.8))
    opening, width = _soften(opening, COARTICULATION), _soften(width, 0.165)
    steps = np.arange(count)
    for at, strength in meets:
        opening *= 1 - strength * np.exp(-(((steps - at) / (0.035 * HZ)) ** 2))
    return opening, width


def _soften(track: Track, seconds: float) -> Track:
    n = max(3, round(seconds * HZ))
    kernel = np.hanning(n + 2)[1:-1]
    padded = np.pad(track, n, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), "same")[n:-n]


def motions(story: Story) -> dict[str, Motion]:
    """The movement of everyone in the cast, by id."""
    return {who.id: _motion(story, who, number) for number, who in enumerate(story.cast)}


def _motion(story: Story, who: Character, number: int) -> Motion:
    rng = np.random.default_rng((story.seed, number, 77))
    times = frame_times(story)
    own = [line for line in story.lines if line.speaker == who.id]
    opening, width = np.zeros(len(times)), np.full(len(times), 0.48)
    for line in own:
        if line.kind != "speech" or not line.on_screen:
            continue
        o, w = mouth_of(line)
        at = line.start + np.arange(len(o)) * 1000 / HZ
        inside = (times >= line.start - 60) & (times <= line.end + 60)
        opening[inside] = np.interp(times[inside], at, o, 0, 0)
        width[inside] = np.interp(times[inside], at, w)
    mood = _moods(story, own, times)
    energy = mood["energy"]
    talk = np.convolve(opening, np.hanning(9) / 4, "same") if len(opening) > 9 else opening
    yaw = _sway(rng, times, 3.2) * energy
    pitch = _sway(rng, times, 1.7) * energy + mood["nod"] + 3.0 * energy * talk
    roll = _sway(rng, times, 1.6) * energy
    gaze_x, gaze_y = _gaze(rng, times)
    lids = mood["lids"] * (1 - _blinks(rng, times)) - 0.4 * np.clip(gaze_y, 0, 1)
    opening = np.clip(opening * (0.72 + 0.18 * energy), 0, 1)
    return Motion(
        opening,
        width,
        mood["smile"],
        lids,
        gaze_x - yaw * 0.003,
        gaze_y,
        mood["inner"] + 0.02 * talk,
        mood["outer"] + 0.02 * talk,
        yaw,
        pitch,
        roll,
    )


def _moods(story: Story, own: list[Spoken], times: Track) -> dict[str, Track]:
    """Mood values over time: a character keeps its last mood and takes the next 300 ms before the line."""
    table = _table("moods.toml")
    out = {}
    for name in ("inner", "outer", "lids", "smile", "energy", "nod"):
        value = np.full(len(times), float(table[own[0].emotion if own and own[0].emotion in table else "plain"][name]))
        for line in own:
            value[times >= line.start - 300] = table.get(line.emotion, table["plain"])[name]
        n = max(3, round(float(story.rate) * 0.4))
        kernel = np.hanning(n + 2)[1:-1]
        out[name] = np.convolve(np.pad(value, n, mode="edge"), kernel / kernel.sum(), "same")[n:-n]
    return out


def _sway(rng: np.random.Generator, times: Track, amount: float) -> Track:
    total = np.zeros(len(times))
    for period, share in ((7.3, 0.5), (3.1, 0.35), (1.4, 0.15)):
        seconds = period * rng.uniform(0.85, 1.2)
        total += share * np.sin(times / 1000 * 2 * np.pi / seconds + rng.uniform(0, 2 * np.pi))
    return total * amount


def _blinks(rng: np.random.Generator, times: Track) -> Track:
    """Closed fraction of the lids: a blink of 180 ms every 2 to 5 seconds."""
    shut, at = np.zeros(len(times)), rng.uniform(600, 2500)
    while at < times[-1]:
        shut = np.maximum(shut, np.clip(1.25 - np.abs(times - at) / 90, 0, 1))
        at += rng.uniform(2000, 5000)
    return shut


def _gaze(rng: np.random.Generator, times: Track) -> tuple[Track, Track]:
    """Small quick eye movements (saccades), in units."""
    x, y, at = np.zeros(len(times)), np.zeros(len(times)), 0.0
    while at < times[-1]:
        x[times >= at], y[times >= at] = rng.normal(0, 0.016), rng.normal(0, 0.008)
        at += rng.uniform(500, 1800)
    return x, y

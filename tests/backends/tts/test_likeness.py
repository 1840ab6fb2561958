"""A stock voice in the likeness of somebody's line; the somebody here is another voice that says other words."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pytest
import voice_measures as measure

from localize import backends
from localize.media import audio, pitch
from localize.media.audio import RATE, Sound
from localize.roles import Speech, SpeechRequest
from localize.voice import stock_voices

TEXT = "I never thought you would come back. Not after what you did to us!"


@lru_cache(maxsize=32)
def plain(voice: str, text: str = TEXT, language: str = "en-US", emotion: str = "") -> Speech:
    request = SpeechRequest(text, language, stock_voices()[voice], emotion)
    speech: Speech = backends.load("tts", "espeak").speak(request)
    return speech


def like(actor: Sound, voice: str = "stock-f1", text: str = TEXT, rate: int = RATE) -> Speech:
    request = SpeechRequest(text, "en-US", stock_voices()[voice], actor=actor, actor_rate=rate)
    speech: Speech = backends.load("tts", "espeak").speak(request)
    return speech


@pytest.fixture(scope="module")
def actor() -> Sound:
    """Her line fades from loud to soft, and its pitch falls by a fifth more than it would."""
    line = plain("stock-f3", "你以为我还会回来吗？", "zh-CN").sound
    speed = np.linspace(1.25, 0.8, len(line))
    played = np.interp(np.cumsum(speed) / speed.mean(), np.arange(len(line)), line)
    return (played * np.geomspace(1.5, 0.1, len(line))).astype(np.float32)


def fading(sound: Sound) -> float:
    """dB between the first and the last third."""
    third = len(sound) // 3
    return audio.decibels(audio.active_level(sound[:third]) / audio.active_level(sound[-third:]))


@pytest.fixture(scope="module")
def likened(actor: Sound) -> Speech:
    return like(actor)


def test_pitch_melody_and_energy_are_the_actors(actor: Sound, likened: Speech) -> None:
    bare = plain("stock-f1").sound
    assert measure.semitones_off(likened.sound, actor, RATE) < 1.0
    assert measure.contour_likeness(likened.sound, actor, RATE) > 0.75
    assert measure.contour_likeness(likened.sound, actor, RATE) > measure.contour_likeness(bare, actor, RATE) + 0.2
    assert fading(actor) > 5
    assert fading(likened.sound) > fading(bare) + 4


def test_the_colour_is_the_actors(actor: Sound, likened: Speech) -> None:
    bare = plain("stock-f1").sound
    assert measure.colour_off(likened.sound, actor, RATE) < 0.6 * measure.colour_off(bare, actor, RATE)
    assert measure.nearest_off(likened.sound, actor, RATE) < measure.nearest_off(bare, actor, RATE)


def test_the_words_keep_their_times(likened: Speech) -> None:
    bare = plain("stock-f1")
    assert [phone.ipa for phone in likened.phones] == [phone.ipa for phone in bare.phones]
    away = [abs(one.start - other.start) for one, other in zip(likened.phones, bare.phones, strict=True)]
    assert max(away) < 80
    assert len(likened.sound) == pytest.approx(len(bare.sound), rel=0.03)
    other = plain("stock-elder-f").sound
    own = measure.warped_off(likened.sound, bare.sound, RATE)
    assert own < 1.2 * measure.warped_off(other, bare.sound, RATE), (
        "no farther than another stock voice saying the same"
    )


def test_the_same_line_gives_the_same_samples(actor: Sound, likened: Speech) -> None:
    assert np.array_equal(like(actor).sound, likened.sound)


def test_there_are_no_clicks(likened: Speech) -> None:
    sound = likened.sound
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 1.0
    assert abs(float(sound[0])) < 0.01
    assert abs(float(sound[-1])) < 0.01
    assert np.abs(np.diff(sound)).max() < 0.5 * np.abs(sound).max()


@pytest.mark.parametrize("seconds", [0.0, 0.2, 2.0])
def test_nothing_is_learned_of_silence_or_next_to_nothing(actor: Sound, seconds: float) -> None:
    heard = actor[: audio.at(seconds * 1000)] if seconds < 1 else np.zeros(audio.at(seconds * 1000), np.float32)
    assert np.array_equal(like(heard).sound, plain("stock-f1").sound)


def test_noise_is_nobody() -> None:
    hiss = (0.1 * np.random.default_rng(5).standard_normal(RATE * 2)).astype(np.float32)
    assert measure.semitones_off(like(hiss).sound, plain("stock-f1").sound, RATE) < 1.0


def test_a_clipped_line_at_another_rate_and_a_whole_minute_are_fine(actor: Sound) -> None:
    clipped = np.clip(8 * audio.resample(actor, RATE, 16_000), -1, 1)
    assert measure.semitones_off(like(clipped, rate=16_000).sound, actor, RATE) < 1.5
    long = like(np.tile(actor, 12), text=" ".join([TEXT] * 12))
    assert len(long.sound) > 30 * RATE
    assert np.isfinite(long.sound).all()


def test_women_men_children_and_elders_do_not_sound_alike() -> None:
    kinds = ("stock-f1", "stock-m1", "stock-child", "stock-elder-f", "stock-elder-m")
    for a, b in itertools.combinations(kinds, 2):
        one, other = plain(a).sound, plain(b).sound
        semitones = 12 * abs(np.log2(pitch.median(one, RATE) / pitch.median(other, RATE)))
        assert semitones > 3.0 or measure.colour_off(one, other, RATE) > 6.0, (a, b)
        assert measure.colour_off(one, other, RATE) > 3.0, (a, b)

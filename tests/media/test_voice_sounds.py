"""Pitch, tempo, room and ducking."""

from __future__ import annotations

import numpy as np
import pytest

from localize.media import audio, ducking, pitch, room, spectrum, stretch


def vowel(hertz: float, seconds: float) -> audio.Sound:
    """A buzzing tone with two formants."""
    clock = np.arange(int(seconds * audio.RATE)) / audio.RATE
    orders = np.arange(1, int(5000 / hertz))[:, None]
    places = orders * hertz
    gain = np.exp(-(((places - 700) / 200) ** 2)) + 0.5 * np.exp(-(((places - 1800) / 300) ** 2)) + 0.02
    sound = (gain * np.sin(2 * np.pi * places * clock + orders)).sum(axis=0)
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


@pytest.mark.parametrize("hertz", [90.0, 150.0, 240.0, 330.0])
def test_the_median_pitch_is_heard(hertz: float) -> None:
    assert pitch.median(vowel(hertz, 1.0), audio.RATE) == pytest.approx(hertz, rel=0.01)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(1).standard_normal(48_000).astype(np.float32)
    assert pitch.median(noise, audio.RATE) == 0.0
    assert pitch.median(np.zeros(100, np.float32), audio.RATE) == 0.0


@pytest.mark.parametrize("factor", [0.9, 1.1, 1.2, 1.4])
def test_tempo_changes_the_length_exactly_and_not_the_pitch(factor: float) -> None:
    sound = vowel(150, 2.0)
    faster = stretch.tempo(sound, factor)
    assert len(faster) == round(len(sound) / factor)
    assert pitch.median(faster, audio.RATE) == pytest.approx(150, rel=0.01)


def test_tempo_keeps_attacks_in_place() -> None:
    sound = np.zeros(96_000, np.float32)
    sound[[12_000, 60_000]] = 1.0
    faster = stretch.tempo(sound, 1.2)
    for at in (12_000, 60_000):
        near = faster[int(at / 1.2) - 2_000 : int(at / 1.2) + 2_000]
        assert abs(int(np.argmax(np.abs(near))) - 2_000) < 100


def test_analysis_and_synthesis_give_back_what_went_in() -> None:
    sound = np.random.default_rng(0).standard_normal(30_011).astype(np.float32)
    assert np.allclose(spectrum.synthesise(spectrum.analyse(sound, 2048), 2048, len(sound)), sound, atol=1e-5)


def test_a_voice_in_the_room_stays_in_the_centre_and_rings_briefly() -> None:
    wide = room.placed(vowel(200, 0.5), -15.0)
    assert wide.shape[1] == 2
    energy = (wide**2).sum(axis=0)
    assert abs(10 * np.log10(energy[0] / energy[1])) < 0.5
    tail = (wide[24_500:] ** 2).sum() / (wide[:24_000] ** 2).sum()
    assert -40 < 10 * np.log10(tail) < -12


def test_ducking_is_deep_under_lines_open_elsewhere_and_never_jumps() -> None:
    curve = ducking.curve([(2000, 3000, 8.0), (3400, 4000, 8.0)], 8000)
    decibels = 20 * np.log10(curve)
    assert decibels[210:395].max() < -7.9  # the short pause is bridged
    assert abs(decibels[:170]).max() < 1e-3
    assert abs(decibels[460:]).max() < 1e-3
    assert abs(np.diff(decibels)).max() < 0.8
    assert decibels[199] < -7.0  # it has stepped back before the first word


def test_one_line_that_needs_more_room_takes_it_from_no_other() -> None:
    curve = ducking.curve([(2000, 3000, 8.0), (3600, 4200, 16.0), (4800, 5800, 8.0)], 8000)
    decibels = 20 * np.log10(curve)
    assert decibels[365:415].max() < -15.5
    assert decibels[210:290].min() > -8.1 and decibels[500:580].min() > -9.5
    assert decibels[210:580].max() < -7.9

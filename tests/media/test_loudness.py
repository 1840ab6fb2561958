from __future__ import annotations

import numpy as np
import pytest

from localize.media import audio, loudness


def noise(seconds: float, level: float) -> audio.Sound:
    rng = np.random.default_rng(3)
    return (level * rng.standard_normal((int(seconds * audio.RATE), 2))).astype(np.float32)


def test_loudness_agrees_with_pyloudnorm() -> None:
    import pyloudnorm

    sound = noise(25, 0.1) * np.repeat([0.1, 1.0, 0.5, 1.0, 0.02], 5 * audio.RATE)[:, None].astype(np.float32)
    assert loudness.integrated(sound) == pytest.approx(pyloudnorm.Meter(48_000).integrated_loudness(sound), abs=0.1)


@pytest.mark.parametrize("hertz", [20.0, 30.0, 45.0])
def test_rumble_counts_as_little_as_pyloudnorm_says(hertz: float) -> None:
    """A rumble of a lorry is much stronger than the voices over it, and hardly heard."""
    import pyloudnorm

    clock = np.arange(12 * audio.RATE) / audio.RATE
    rumble = (0.5 * np.sin(2 * np.pi * hertz * clock)).astype(np.float32)[:, None]
    for sound in (rumble.repeat(2, axis=1), noise(12, 0.01) + rumble):
        standard = pyloudnorm.Meter(48_000).integrated_loudness(sound)
        assert loudness.integrated(sound) == pytest.approx(standard, abs=0.1)


def test_a_full_scale_sine_reads_as_the_standard_says() -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(10 * audio.RATE) / audio.RATE).astype(np.float32)
    assert loudness.integrated(sine) == pytest.approx(-3.01, abs=0.05)  # ITU-R BS.1770: 0 dBFS at 997 Hz, one channel


def test_silence_has_no_loudness() -> None:
    assert loudness.integrated(np.zeros((48_000, 2), np.float32)) == loudness.SILENCE
    assert loudness.true_peak(np.zeros(100, np.float32)) == -120.0


def test_true_peak_sees_between_the_samples() -> None:
    clock = np.arange(48_000)
    sine = audio.faded((0.9 * np.sin(2 * np.pi * 11_000 / 48_000 * clock + 0.3)).astype(np.float32), 50, 50)
    assert loudness.true_peak(sine) == pytest.approx(20 * np.log10(0.9), abs=0.15)


def limited(sound: audio.Sound, ceiling: float) -> audio.Sound:
    """Through the limiter piece by piece, as a mix is written."""
    curve = loudness.limiter(loudness.peaks_per_ms(sound), ceiling)
    return np.concatenate(list(loudness.chunks(sound, curve)))


def test_the_limiter_holds_the_ceiling_and_leaves_quiet_parts_alone() -> None:
    sound = noise(3, 0.05)
    sound[60_000:60_200] *= 30
    held = limited(sound, -1.3)
    assert loudness.true_peak(held) <= -1.29
    assert np.array_equal(held[:40_000], sound[:40_000])
    assert np.allclose(held[100_000:], sound[100_000:], rtol=0.02)


def test_a_quiet_sound_passes_the_limiter_untouched() -> None:
    sound = noise(0.5, 0.01)
    assert np.array_equal(limited(sound, -1.0), sound)

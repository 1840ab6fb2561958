"""The loudness curve of a report."""

from pathlib import Path

import numpy as np
import pytest

from localize.media import audio, loudness


def test_a_steady_tone_is_a_level_line_and_silence_stays_silent(tmp_path: Path) -> None:
    tone = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(48_000 * 30) / 48_000)
    sound = np.concatenate([tone, np.zeros(48_000 * 10)]).astype(np.float32)
    path = audio.write(tmp_path / "a.wav", np.stack([sound, sound], axis=1))
    curve = loudness.short_term(loudness.energies(audio.Tape(path)))
    assert len(curve) == 80
    assert curve[10:50] == pytest.approx([-20.0] * 40, abs=0.2)
    assert curve[70] == loudness.SILENCE


def test_the_shortest_sounds_have_a_curve_too(tmp_path: Path) -> None:
    path = audio.write(tmp_path / "a.wav", np.full((4_800 * 3, 2), 0.1, np.float32))
    assert len(loudness.short_term(loudness.energies(audio.Tape(path)))) == 1
    assert loudness.short_term(loudness.energies(np.zeros((100, 2), np.float32))) == ()

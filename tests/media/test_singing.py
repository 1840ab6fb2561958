"""Songs are told from speech, also when music plays under the speech."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from talk import song, talk

from localize.media import audio
from localize.media.singing import sung

SAMPLE = Path(__file__).parents[2] / "samples" / "too_late_ep03.mp4"


@pytest.mark.parametrize("base", [150.0, 220.0, 250.0])
@pytest.mark.parametrize("vibrato", [0.0, 0.4, 0.6])
def test_held_notes_are_a_song(base: float, vibrato: float) -> None:
    assert sung(song(4, base=base, vibrato=vibrato), 16_000) > 0.6


def test_syllables_a_cry_and_silence_are_none() -> None:
    clock = np.arange(48_000) / 16_000
    cry = sum(np.sin(2 * np.pi * 300 * order * clock) / order for order in (1, 2, 3))
    assert sung(talk(4), 16_000) == 0.0
    assert sung((0.2 * cry).astype(np.float32), 16_000) == 0.0
    assert sung(np.zeros(16_000, np.float32), 16_000) == 0.0
    assert sung(np.zeros(10, np.float32), 16_000) == 0.0


def test_no_line_of_the_sample_is_a_song() -> None:
    truth = json.loads(SAMPLE.with_suffix(".truth.json").read_text("utf-8"))
    sound = audio.mono(np.concatenate(list(audio.decode(SAMPLE, audio.first_track(SAMPLE), 1))))
    for line in truth["lines"]:
        assert sung(sound[audio.at(line["start"]) : audio.at(line["end"])], audio.RATE) < 0.5

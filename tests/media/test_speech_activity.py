"""Speech is found, and what is not speech is not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from talk import talk

from localize.media import audio
from localize.media.speech_activity import share, speech_spans
from localize.timing import Span, span

RATE = 16_000
SAMPLE = Path(__file__).parents[2] / "samples" / "too_late_ep03.mp4"
CLOCK = np.arange(8 * RATE) / RATE


def quiet(seconds: float, rate: int = RATE) -> audio.Sound:
    return np.zeros(round(seconds * rate), np.float32)


def inside(spans: tuple[Span, ...], length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, bool)
    for one in spans:
        mask[one.start : one.end] = True
    return mask


@pytest.fixture(scope="module")
def episode() -> audio.Sound:
    return audio.mono(np.concatenate(list(audio.decode(SAMPLE, audio.first_track(SAMPLE), 1))))


def test_the_lines_of_the_sample_are_found_under_its_music(episode: audio.Sound) -> None:
    truth = json.loads(SAMPLE.with_suffix(".truth.json").read_text("utf-8"))
    lines = tuple(span(line["start"], line["end"]) for line in truth["lines"])
    found = speech_spans(episode, audio.RATE)
    said, heard = inside(lines, truth["length"]), inside(found, truth["length"])
    assert (said & heard).sum() / said.sum() > 0.95
    assert (said & heard).sum() / heard.sum() > 0.88
    assert all(share(found, line) > 0.7 for line in lines)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_two_speakers_with_a_pause_between_are_two_stretches(rate: int) -> None:
    sound = np.concatenate([quiet(1, rate), talk(3, rate), quiet(2, rate), talk(2, rate, pitch=210.0), quiet(1, rate)])
    found = speech_spans(sound, rate)
    assert len(found) == 2
    for one, (start, end) in zip(found, ((1000, 4000), (6000, 8000)), strict=True):
        assert abs(one.start - start) < 120 and abs(one.end - end) < 120


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0),
        np.zeros(8 * RATE),
        np.zeros(100),
        0.1 * np.random.default_rng(1).standard_normal(8 * RATE),
        0.3 * np.sin(2 * np.pi * 440 * CLOCK),
        sum(0.1 * np.sin(2 * np.pi * hertz * CLOCK) for hertz in (220, 277, 330, 440)),
        0.1 * np.sin(2 * np.pi * 100 * CLOCK) + 0.001 * np.random.default_rng(2).standard_normal(8 * RATE),
    ],
    ids=["nothing", "silence", "a click's length", "noise", "a tone", "a chord", "hum"],
)
def test_what_stays_is_not_speech(sound: NDArray[np.float64]) -> None:
    assert speech_spans(sound.astype(np.float32), RATE) == ()


def test_level_does_not_matter_and_pieces_do_not_show() -> None:
    sound = np.concatenate([quiet(1), talk(2), quiet(57), talk(8, seed=2), quiet(2)])
    found = speech_spans(sound, RATE)
    assert [round(one.start / 1000) for one in found] == [1, 60] and found[1].length > 7000, "64 s are one piece"
    assert speech_spans(sound * np.float32(0.02), RATE) == found


def test_a_mapped_file_is_read_by_slices(tmp_path: Path) -> None:
    sound = np.concatenate([quiet(1), talk(2), quiet(1)])
    path = audio.write(tmp_path / "talk.wav", sound, RATE)
    assert speech_spans(audio.Tape(path), RATE) == speech_spans(audio.rounded(sound), RATE)


def test_share() -> None:
    assert share((span(0, 100), span(200, 300)), span(50, 250)) == 0.5
    assert share((), span(0, 10)) == 0.0

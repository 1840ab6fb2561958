"""A made episode: the file plays as the story says, and the truth beside it is the story's."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from make import LARGEST, Made, make
from studio import generate

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    story = generate.short_story(2)
    return make(story, folder, stems=folder / "stems", width=360, preset="veryfast")


def test_the_file_has_the_story_s_size_rate_and_length(made: Made) -> None:
    story = made.performance.story
    with av.open(str(made.video)) as file:
        video, sound = file.streams.video[0], file.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (360, 640, story.rate)
        assert (sound.rate, sound.layout.name) == (48_000, "stereo")
        frames = sum(1 for _ in file.decode(video))
    assert frames == round(story.length * story.rate / 1000)


def test_the_index_comes_before_the_media(made: Made) -> None:
    head = made.video.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_the_truth_names_every_line_and_every_burned_text(made: Made) -> None:
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    story = made.performance.story
    assert [line["text"] for line in truth["lines"]] == [line.text for line in story.lines]
    assert [line["speaker"] for line in truth["lines"]] == [line.speaker for line in story.lines]
    assert truth["lines"][0]["phonemes"]
    assert truth["rate"] == str(story.rate)
    assert truth["burned"]


def test_stems_add_up_to_what_was_mixed(made: Made) -> None:
    assert made.stems is not None
    total = sum(soundfile.read(path)[0] for path in sorted(made.stems.glob("*.wav")))
    assert np.abs(total - made.performance.mix).max() < 1e-3


def test_the_clean_picture_differs_only_where_text_was(made: Made) -> None:
    assert made.stems is not None
    line = made.performance.story.lines[1]
    number = round((line.start + line.end) / 2 * made.performance.story.rate / 1000)
    frames = []
    for path in (made.video, made.stems / "clean.mp4"):
        with av.open(str(path)) as file:
            frames.append(
                next(f for n, f in enumerate(file.decode(video=0)) if n == number).to_ndarray(format="gray")
            )
    different = np.abs(frames[0].astype(int) - frames[1].astype(int)) > 60
    height = frames[0].shape[0]
    row = np.flatnonzero(different.any(axis=1)).astype(float)
    baseline = made.performance.story.captions.baseline * height
    assert np.abs(row - baseline).min() < 0.02 * height
    assert different.mean() < 0.06


def test_the_committed_sample_is_small_enough_and_says_what_its_script_says() -> None:
    video = SAMPLES / "too_late_ep03.mp4"
    assert video.stat().st_size <= LARGEST
    truth = json.loads((SAMPLES / "too_late_ep03.truth.json").read_text(encoding="utf-8"))
    assert len(truth["lines"]) == 18
    with av.open(str(video)) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height, str(stream.average_rate)) == (720, 1280, "25")
        seconds = file.duration / 1_000_000
    assert seconds * 1000 == pytest.approx(truth["length"], abs=45)

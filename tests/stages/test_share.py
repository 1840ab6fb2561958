"""Two voices under one caption: what is looked at, what is told, and that one voice is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from localize import backends
from localize.episode import Asset, Line, Word
from localize.stages import Choice, share
from localize.stages._shared_caption import borders
from localize.stages.share import GUARD, LEAST, cuts, job_of
from localize.timing import span

ENGINE = Choice.of(backends.card("diarization", "classical"))
STEM = Asset("d", "audio/wav", 0)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("你走。我不走！", (3,)),
        ("你走 我不走", (3,)),
        ("—你走—我不走", (4,)),
        ("你走，我不走。", ()),
        ("……走。", ()),
        ("", ()),
    ],
)
def test_another_voice_may_begin_where_a_sentence_ended(text: str, places: tuple[int, ...]) -> None:
    assert borders(text) == places


def test_a_cut_leaves_enough_on_both_sides() -> None:
    where = span(1000, 3000)
    assert cuts(where, (0.5,)) == (1800, 2000, 2200)
    assert all(where.start + LEAST + GUARD <= at <= where.end - LEAST - GUARD for at in cuts(where, (0.05, 0.9)))
    assert cuts(span(0, 1200), (0.5,)) == ()


def line(name: str, start: int, text: str, who: str, **more: Any) -> Line:
    return Line(name, span(start, start + 2000), text, who, **more)


def test_only_captions_that_may_be_shared_are_held_against_voices_that_are_known() -> None:
    lines = [line("L1", 0, "你走，好不好。", "a"), line("L2", 2000, "你走。我不走！", "a"), line("L3", 4000, "好", "b")]
    job = job_of(lines, ["L1", "L2", "L3"], STEM, ENGINE)
    assert job is not None and job.lines == (("L2", span(2000, 4000), (0.4286,)),)
    assert job.voices == (("a", (span(0, 2000),)), ("b", (span(4000, 6000),)))
    assert job_of(lines, ["L1", "L2"], STEM, ENGINE) is None, "one voice alone shares nothing"
    assert job_of([lines[0], lines[2]], ["L1", "L3"], STEM, ENGINE) is None
    heard = line("L2", 2000, "你走。我不走！", "a", words=(Word(span(2000, 2500), "你走"),))
    assert job_of([lines[0], heard, lines[2]], ["L1", "L3"], STEM, ENGINE) is None, "its words have times"


def voice(pitch: float, tract: float, seconds: float) -> np.ndarray:
    """A buzz of this pitch (Hz) through three formants, scaled by the vocal tract."""
    from scipy.signal import lfilter

    rate, rng = 16_000, np.random.default_rng(int(pitch))
    at = np.arange(round(seconds * rate)) / rate
    wobble = pitch * (1 + 0.02 * np.sin(2 * np.pi * 3 * at))
    sound = np.diff(np.floor(np.cumsum(wobble) / rate), prepend=0) + 0.002 * rng.standard_normal(len(at))
    for formant, width in ((600, 90), (1400, 120), (2600, 160)):
        r, angle = np.exp(-np.pi * width / rate), 2 * np.pi * formant * tract / rate
        sound = lfilter([1.0], [1, -2 * r * np.cos(angle), r * r], sound)
    return np.asarray(0.2 * sound / np.abs(sound).max(), np.float32)


def told(folder: Path, *stretches: np.ndarray) -> tuple[share.Shared, ...]:
    """L1 of the low voice, L2 of the high one, then L3 as given: each is two seconds, L3 as long as its stretches."""
    low, high = voice(110, 0.85, 2), voice(230, 1.2, 2)
    soundfile.write(folder / "stem.wav", np.concatenate([low, high, *stretches]), 16_000)
    third = span(4000, 4000 + sum(len(one) for one in stretches) // 16)
    job = share.Job(STEM, (("L3", third, (0.5,)),), (("a", (span(0, 2000),)), ("?1", (span(2000, 4000),))), ENGINE)

    class Desk:
        def path(self, asset: Asset) -> Path:
            return folder / "stem.wav"

        def progress(self, done: float, total: float) -> None: ...

    ((_, answer),) = share.STAGE.work([job], Desk())  # type: ignore[arg-type]
    return answer


def test_two_voices_are_told_with_their_order(tmp_path: Path) -> None:
    (found,) = told(tmp_path, voice(110, 0.85, 1.2), voice(230, 1.2, 1.2))
    assert (found.line, found.first, found.second) == ("L3", "a", "?1") and abs(found.at - 5200) <= 250
    (found,) = told(tmp_path, voice(230, 1.2, 1.2), voice(110, 0.85, 1.2))
    assert (found.first, found.second) == ("?1", "a")


def test_one_voice_is_left_alone(tmp_path: Path) -> None:
    assert told(tmp_path, voice(110, 0.85, 2.4)) == ()
    assert told(tmp_path, voice(230, 1.2, 2.4)) == ()
    assert told(tmp_path, np.zeros(38_400, np.float32)) == ()

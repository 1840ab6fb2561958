from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from localize.episode import Asset
from localize.media import audio
from localize.stages import Choice
from localize.stages.diarize import RATE, STAGE, Job, alone_in, toneless, unhung
from localize.timing import span


def test_a_voice_is_told_by_what_it_says_alone() -> None:
    spans = [span(0, 2000), span(1700, 3500), span(4000, 5000)]
    assert alone_in(spans) == [[span(0, 1670)], [span(2030, 3500)], [span(4000, 5000)]]


def test_an_interruption_in_the_middle_leaves_both_ends() -> None:
    assert alone_in([span(0, 3000), span(1000, 1800)]) == [[span(0, 970), span(1830, 3000)], [span(1000, 1800)]]


def test_a_line_that_is_never_alone_keeps_its_whole_time() -> None:
    assert alone_in([span(0, 1000), span(100, 2000)])[0] == [span(0, 1000)]
    assert alone_in([span(0, 1000), span(0, 1000)]) == [[span(0, 1000)]] * 2
    assert alone_in([]) == []


def test_cues_that_all_hang_over_the_next_end_where_it_begins() -> None:
    hanging = [span(at, at + 3_500) for at in (0, 2_500, 5_000, 7_500)]
    assert unhung(hanging) == [span(0, 2_500), span(2_500, 5_000), span(5_000, 7_500), span(7_500, 10_000)]
    once = [span(0, 2_000), span(1_700, 3_500), span(4_000, 5_000), span(6_000, 7_000), span(8_000, 9_000)]
    assert unhung(once) == once


def _voice(rng: np.random.Generator, tone: bool) -> NDArray[np.float32]:
    """Two seconds of a vowel: pulses, or noise, through the same two formants."""
    source = rng.standard_normal(2 * RATE)
    if tone:
        source = np.zeros(2 * RATE)
        source[:: RATE // 140] = 12.0
    for hertz in (600, 1_400):
        root = 0.97 * np.exp(2j * np.pi * hertz / RATE)
        source = lfilter([1.0], np.real(np.poly([root, root.conj()])), source)
    return np.asarray(0.05 * source / np.abs(source).std(), np.float32)


def test_whispering_has_no_voice_to_be_told_by() -> None:
    rng = np.random.default_rng(3)
    assert toneless(_voice(rng, tone=False))
    assert not toneless(_voice(rng, tone=True))
    assert not toneless(np.zeros(2 * RATE, np.float32))


class Desk:
    def __init__(self, stem: Path) -> None:
        self.stem = stem

    def path(self, asset: Asset) -> Path:
        return self.stem

    def progress(self, done: float, total: float) -> None: ...


def test_a_whispered_line_is_nobodys_and_a_line_never_heard_alone_is_unsure(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    sound = np.concatenate([_voice(rng, True), _voice(rng, False), _voice(rng, True)])
    stem = audio.write(tmp_path / "stem.wav", audio.resample(sound, RATE, audio.RATE))
    lines = (("L1", span(0, 2_000)), ("L2", span(2_000, 4_000)), ("L3", span(4_000, 6_000)), ("L4", span(4_100, 5_900)))
    job = Job(Asset("", "audio/wav", 0), lines, (), Choice("diarization", "classical", "6"))
    ((_, answers),) = STAGE.work([job], Desk(stem))  # type: ignore[arg-type]
    told = dict(answers)
    assert told["L2"].toneless and told["L2"].speaker == "?0"
    assert not told["L1"].toneless and told["L1"].speaker != "?0"
    assert not told["L4"].rivals or told["L4"].margin < told["L4"].clear

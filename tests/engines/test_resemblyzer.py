"""Resemblyzer with the weights of its wheel."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from localize import backends
from localize.media import audio
from localize.roles import SpeechRequest
from localize.timing import span
from localize.voice import stock_voices

pytest.importorskip("resemblyzer", reason="needs localize-drama[voices]")


@pytest.fixture(scope="module")
def engine() -> Any:
    return backends.load("diarization", "resemblyzer")


def said(text: str, who: str) -> audio.Sound:
    return backends.load("tts", "espeak").speak(SpeechRequest(text, "zh-CN", stock_voices()[who])).sound


def test_the_weights_of_the_wheel_are_part_of_every_receipt(engine: Any) -> None:
    card = backends.card("diarization", "resemblyzer")
    assert card.available({}).ready
    assert len(card.identity({})["weights"]) == 64


def test_two_voices_are_two_and_loudness_is_none(engine: Any) -> None:
    lines = [said("三年了，他一次都没有信过我。", who) for who in ("stock-f1", "stock-m2", "stock-f1", "stock-m2")]
    lines = [line * np.float32(gain) for line, gain in zip(lines, (1.0, 0.2, 0.1, 1.0), strict=True)]
    ends = np.cumsum([0, *(len(line) // 48 for line in lines)])
    sound = np.concatenate([line[: len(line) // 48 * 48] for line in lines])
    spans = [span(int(start), int(end)) for start, end in pairwise(ends)]
    found = engine.attribute(sound, audio.RATE, spans, {})
    assert [one.speaker for one in found] == ["?1", "?2", "?1", "?2"]
    assert engine.attribute(sound, audio.RATE, spans, {}) == found


def test_an_old_setuptools_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from localize.backends.diarization import resemblyzer

    found = {"resemblyzer": resemblyzer.find_spec("resemblyzer")}
    monkeypatch.setattr(resemblyzer, "find_spec", found.get)
    assert "setuptools<81" in resemblyzer.available({}).fix
    monkeypatch.setattr(resemblyzer, "_weights", lambda: None)
    assert "voices" in resemblyzer.available({}).fix
    monkeypatch.setattr(resemblyzer, "_weights", lambda: Path("nowhere"))
    assert "weights" in resemblyzer.available({}).why

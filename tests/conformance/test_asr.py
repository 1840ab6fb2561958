"""Every engine that recognises speech: servers are asked on this machine, Whispers are tiny and random."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
from talk import talk
from transcription_server import transcription_server

from localize import backends
from localize.media import audio
from localize.roles import Heard

RATE = 16_000


def quiet(seconds: float) -> audio.Sound:
    return np.zeros(round(seconds * RATE), np.float32)


SOUND = np.concatenate([quiet(1), talk(3), quiet(1.5), talk(2, pitch=210.0), quiet(1)])
"""8.5 s, somebody speaks at 1–4 s and 5.5–7.5 s."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with transcription_server() as server:
        yield server.url


def options(name: str, url: str) -> dict[str, str]:
    """What an engine needs to be ready in a test; empty where its packages are missing."""
    if name == "openai_speech":
        return {"url": url, "model": "stub"}
    if name == "faster_whisper" and find_spec("faster_whisper") and find_spec("torch"):
        return {"model": str(tiny_models.whisper())}
    if name == "whisperx" and find_spec("whisperx"):
        return {"model": str(tiny_models.whisper()), "align_model": str(tiny_models.aligner())}
    return {}


@pytest.fixture(scope="module", params=sorted(backends.known("asr")))
def engine(request: pytest.FixtureRequest, url: str) -> Any:
    given = options(request.param, url)
    state = backends.availability("asr", request.param, given)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("asr", request.param, given)


@pytest.fixture(scope="module")
def heard(engine: Any) -> list[Heard]:
    return list(engine.transcribe(SOUND, RATE, "zh-CN"))


def test_lines_lie_inside_the_sound_in_order_with_text(heard: list[Heard]) -> None:
    assert heard
    assert [one.span for one in heard] == sorted(one.span for one in heard)
    for one in heard:
        assert 0 <= one.span.start < one.span.end <= 8500
        assert one.text == one.text.strip() != ""
        assert one.confidence is None or 0 <= one.confidence <= 1


def test_words_lie_inside_the_sound_and_are_the_lines_own(heard: list[Heard]) -> None:
    for one in heard:
        assert "".join(word.text for word in one.words) in ("", one.text.replace(" ", ""))
        for word in one.words:
            assert 0 <= word.span.start < word.span.end <= 8500
            assert word.confidence is None or 0 <= word.confidence <= 1


def test_the_same_sound_gives_the_same_words(engine: Any, heard: list[Heard]) -> None:
    assert list(engine.transcribe(SOUND, RATE, "zh-CN")) == heard


def test_a_mapped_file_is_heard_like_its_samples(engine: Any, tmp_path: Path) -> None:
    tape = audio.Tape(audio.write(tmp_path / "a.wav", SOUND, RATE))
    assert list(engine.transcribe(tape, RATE, "zh-CN")) == list(engine.transcribe(audio.rounded(SOUND), RATE, "zh-CN"))


@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_any_rate_will_do(engine: Any, rate: int) -> None:
    found = list(engine.transcribe(audio.resample(SOUND, RATE, rate), rate, "zh-CN"))
    assert found and all(one.span.end <= 8500 for one in found)


def test_silence_is_silence(engine: Any) -> None:
    assert list(engine.transcribe(quiet(3), RATE, "zh-CN")) == []
    assert list(engine.transcribe(quiet(0), RATE, "zh-CN")) == []


@pytest.mark.parametrize("name", sorted(backends.known("asr")))
def test_a_card_tells_neither_address_nor_key_nor_path(name: str, url: str) -> None:
    given = options(name, url)
    card = backends.card("asr", name)
    if not card.available(given).ready:
        pytest.skip(f"{name}: not ready here")
    told = str(card.identity({**given, "key": "secret"}))
    assert "secret" not in told and "127.0.0.1" not in told and "/" not in told

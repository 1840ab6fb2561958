"""Every engine that speaks."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import tiny_coqui
from voice_server import VoiceServer

from localize import backends
from localize.errors import InputError
from localize.roles import SpeechRequest
from localize.voice import Voice, stock_voices

TEXTS = {
    "en-US": "I never loved you, and you know it!",
    "es-419": "Nunca te quise, ¡y lo sabes!",
    "id-ID": "Aku tidak pernah mencintaimu, dan kau tahu itu!",
}


@pytest.fixture(params=sorted(backends.known("tts")))
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Voice]]:
    with VoiceServer() as server:
        yield _loaded(request.param, server.url)


def _loaded(name: str, url: str) -> tuple[Any, Voice]:
    options = {"url": url, "model": "one", "pause": "0"} if name == "openai_speech" else _options(name)
    state = backends.availability("tts", name, options)
    if not state.ready:
        pytest.skip(f"{name}: {state.why}")
    return backends.load("tts", name, options), stock_voices()["stock-f1"]


def _options(name: str) -> dict[str, str]:
    """What an engine is tried with: random weights for coqui."""
    if name != "coqui" or find_spec("TTS") is None:
        return {}
    import torch

    torch.set_num_threads(1)
    return {"model": str(tiny_coqui.xtts()), "device": "cpu"}


@pytest.mark.parametrize("language", TEXTS)
def test_a_line_is_spoken_at_a_speaking_pace(engine: tuple[Any, Voice], language: str) -> None:
    try:
        speech = engine[0].speak(SpeechRequest(TEXTS[language], language, engine[1]))
    except InputError as error:  # no model speaks everything; it says so, and what does
        assert language == "id-ID" and "does not speak" in error.what and error.fix
        return
    seconds = len(speech.sound) / speech.rate
    assert speech.sound.dtype == np.float32
    assert speech.sound.ndim == 1
    assert 1.0 < seconds < 6.0
    assert 0.02 < np.abs(speech.sound).max() <= 1.0
    starts = [phone.start for phone in speech.phones]
    assert starts == sorted(starts)
    assert all(0 <= start <= seconds * 1000 for start in starts)


def test_the_same_request_gives_the_same_samples(engine: tuple[Any, Voice]) -> None:
    request = SpeechRequest(TEXTS["en-US"], "en-US", engine[1], emotion="angry")
    assert np.array_equal(engine[0].speak(request).sound, engine[0].speak(request).sound)


def test_nothing_to_say_is_an_input_error(engine: tuple[Any, Voice]) -> None:
    with pytest.raises(InputError):
        engine[0].speak(SpeechRequest("…  \u200b!", "en-US", engine[1]))


def test_a_card_says_all_there_is_to_say() -> None:
    for name, card in backends.known("tts").items():
        assert (card.role, card.name) == ("tts", name)
        assert card.version
        assert card.summary
        assert card.licence

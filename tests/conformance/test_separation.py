"""Every engine that takes a mix apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from localize import backends
from localize.media import audio, room
from localize.roles import SpeechRequest
from localize.timing import Span, span
from localize.voice import stock_voices

SPANS = (span(2500, 4500), span(6000, 8000))


def music(seconds: float) -> audio.Sound:
    """Chords in the centre and wide, changing every 1.3 s."""
    clock = np.arange(int(seconds * audio.RATE)) / audio.RATE
    sound = np.zeros((len(clock), 2))
    for number in range(int(seconds / 1.3) + 1):
        swell = np.clip((clock - 1.3 * number) * 20, 0, 1) * np.exp(
            -np.maximum(clock - 1.3 * number, 0) / 0.9
        )
        for order, half in enumerate((0, 4, 7, 12)):
            hertz = 220 * 2 ** ((half + (number * 5) % 7) / 12)
            note = swell * (
                np.sin(2 * np.pi * hertz * clock) + 0.3 * np.sin(4 * np.pi * hertz * clock + order)
            )
            sound += note[:, None] * np.array([(0.02, 0.02), (0.03, 0.01), (0.01, 0.03), (0.02, 0.02)][order])
    return sound.astype(np.float32)


@pytest.fixture(scope="module")
def truth() -> tuple[audio.Sound, audio.Sound]:
    """A reverberant Mandarin voice and music under it, ten seconds each, voice about 8 dB louder."""
    voice = np.zeros((10 * audio.RATE, 2), np.float32)
    texts = ("你以为我还会回来吗？你错了，我不会。", "三年了，他一次都没有信过我。")
    for text, where, name in zip(texts, SPANS, ("stock-f1", "stock-m1"), strict=True):
        request = SpeechRequest(text, "zh-CN", stock_voices()[name])
        said = backends.load("tts", "espeak").speak(request).sound[: audio.at(where.length)]
        wet = room.placed(said, -10.0)
        voice[audio.at(where.start) : audio.at(where.start) + len(wet)] += wet
    return voice, music(10)


@pytest.fixture(params=sorted(backends.known("separation")))
def engine(request: pytest.FixtureRequest) -> Any:
    state = backends.availability("separation", request.param)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("separation", request.param)


def inside(spans: tuple[Span, ...], samples: int) -> np.ndarray:
    mask = np.zeros(samples, bool)
    for where in spans:
        mask[audio.at(where.start) : audio.at(where.end)] = True
    return mask


def error(estimate: audio.Sound, truth: audio.Sound) -> float:
    """Scale-invariant signal-to-distortion ratio in dB."""
    flat, wanted = estimate.ravel().astype(float), truth.ravel().astype(float)
    scaled = (flat @ wanted) / (wanted @ wanted) * wanted
    return float(10 * np.log10((scaled @ scaled) / ((flat - scaled) @ (flat - scaled))))


@pytest.mark.parametrize("channels", [1, 2])
def test_the_voice_goes_and_the_music_stays(engine: Any, truth: tuple[Any, Any], channels: int) -> None:
    voice, background = (stem if channels == 2 else stem.mean(axis=1, keepdims=True) for stem in truth)
    mix = (voice + background).astype(np.float32)
    dialogue, rest = engine.separate(mix, audio.RATE, SPANS)
    talk = inside(SPANS, len(mix))
    assert dialogue.shape == rest.shape == mix.shape
    assert np.abs(dialogue + rest - mix).max() < 1e-5
    assert error(rest[talk], background[talk]) > error(mix[talk], background[talk]) + 7
    assert error(dialogue[talk], voice[talk]) > 7


def test_where_nobody_talks_the_rest_is_the_mix(engine: Any, truth: tuple[Any, Any]) -> None:
    mix = truth[0] + truth[1]
    _, rest = engine.separate(mix, audio.RATE, SPANS)
    assert np.array_equal(rest[: audio.at(2000)], mix[: audio.at(2000)])
    assert np.array_equal(rest[audio.at(9000) :], mix[audio.at(9000) :])


def test_the_background_has_no_holes_under_the_voice(engine: Any, truth: tuple[Any, Any]) -> None:
    mix = truth[0] + truth[1]
    _, rest = engine.separate(mix, audio.RATE, SPANS)
    talk = inside(SPANS, len(mix))
    ratio = audio.level(rest[talk], step=200) / audio.level(truth[1][talk], step=200)
    assert 20 * np.log10(np.percentile(ratio, 10)) > -6


def test_without_speech_everything_is_background(engine: Any) -> None:
    mix = music(1)
    dialogue, rest = engine.separate(mix, audio.RATE, ())
    assert not dialogue.any()
    assert np.array_equal(rest, mix)

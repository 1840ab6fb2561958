"""Every engine that places known text in time; the model hears tones, a character each."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import tiny_models

from localize import backends
from localize.media import audio
from localize.roles import Heard
from localize.timing import span

RATE = 16_000


def quiet(seconds: float) -> audio.Sound:
    return np.zeros(round(seconds * RATE), np.float32)


SOUND = np.concatenate([quiet(0.6), tiny_models.tones("来了走吧"), quiet(1.0), tiny_models.tones("走了"), quiet(0.6)])
LINES = (Heard(span(400, 2000), "来了，走吧！"), Heard(span(2500, 4000), "走了。"))
STARTS = (tiny_models.starts("来了走吧", 600), tiny_models.starts("走了", 2800))


def options(name: str) -> dict[str, str]:
    """What an engine needs to be ready in a test."""
    if name == "whisperx" and find_spec("whisperx"):
        return {"model": str(tiny_models.aligner())}
    return {}


@pytest.fixture(scope="module", params=sorted(backends.known("alignment")))
def engine(request: pytest.FixtureRequest) -> Any:
    given = options(request.param)
    state = backends.availability("alignment", request.param, given)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("alignment", request.param, given)


def test_words_stand_where_they_sound(engine: Any) -> None:
    placed = engine.align(SOUND, RATE, LINES, "zh-CN")
    assert len(placed) == len(LINES)
    for line, words, starts in zip(LINES, placed, STARTS, strict=True):
        assert "".join(word.text for word in words) == line.text
        for word, start in zip(words, starts, strict=True):
            assert abs(word.span.start - start) <= 40
            assert line.span.start <= word.span.start < word.span.end <= line.span.end
            assert word.confidence is None or 0 <= word.confidence <= 1


def test_one_line_alone_equals_the_same_line_in_a_batch(engine: Any) -> None:
    together = engine.align(SOUND, RATE, LINES, "zh-CN")
    assert tuple(engine.align(SOUND, RATE, [line], "zh-CN")[0] for line in LINES) == together


def test_what_cannot_be_placed_is_empty(engine: Any) -> None:
    nothing, hopeless = Heard(span(0, 1000), "……！"), Heard(span(0, 60), "来了走吧来了走吧")
    assert engine.align(SOUND, RATE, [nothing, hopeless], "zh-CN") == ((), ())
    assert engine.align(SOUND, RATE, [], "zh-CN") == ()

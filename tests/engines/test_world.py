"""WORLD in the place of the built-in vocoder."""

from __future__ import annotations

import numpy as np
import pytest
import voice_measures as measure

from localize import backends
from localize.media.audio import RATE
from localize.roles import SpeechRequest
from localize.voice import stock_voices

pytest.importorskip("pyworld", reason="needs localize-drama[world]", exc_type=ImportError)


def test_receipts_know_it_and_a_take_becomes_the_actor() -> None:
    card, engine = backends.card("tts", "espeak"), backends.load("tts", "espeak")
    assert card.identity({})["vocoder"].startswith("world ")
    voices = stock_voices()
    actor = engine.speak(SpeechRequest("你以为我还会回来吗？", "zh-CN", voices["stock-f3"], "shock")).sound
    request = SpeechRequest(
        "I never thought you would come back.", "en-US", voices["stock-f1"], actor=actor, actor_rate=RATE
    )
    bare = engine.speak(SpeechRequest(request.text, "en-US", voices["stock-f1"])).sound
    take = engine.speak(request).sound
    assert np.array_equal(take, engine.speak(request).sound)
    assert measure.semitones_off(take, actor, RATE) < 1.0
    assert measure.contour_likeness(take, actor, RATE) > 0.7
    assert measure.colour_off(take, actor, RATE) < 0.6 * measure.colour_off(bare, actor, RATE)

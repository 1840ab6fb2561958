from __future__ import annotations

from dataclasses import replace

import pytest

from localize import backends, pace
from localize.engine.codec import plain, restore
from localize.engine.local import LocalDesk
from localize.pace import Pace
from localize.stages import Choice
from localize.stages import pace as measuring
from localize.voice import stock_voices

TTS = Choice.of(backends.card("tts", "espeak"))
SLOW = replace(
    stock_voices()["stock-m1"],
    settings=tuple({**dict(stock_voices()["stock-m1"].settings), "rate": "130"}.items()),
)


@pytest.mark.parametrize("language", ["en-US", "pt-BR"])
def test_a_voice_nobody_knows_is_measured_by_speaking(desk: LocalDesk, language: str) -> None:
    job = measuring.Job(SLOW, language, TTS)
    ((_, found),) = measuring.work([job], desk)
    assert found.factor > pace.fitted(language, []).factor and 0 < found.error < 0.15
    assert restore(plain(found), Pace) == found


def test_a_language_without_sentences_keeps_the_usual_pace(desk: LocalDesk) -> None:
    ((_, found),) = measuring.work([measuring.Job(SLOW, "tr-TR", TTS)], desk)
    assert found == pace.of_language("tr-TR") and found.error == 0


def test_the_recipe_holds_voice_sentences_and_engine() -> None:
    job = measuring.Job(SLOW, "en-US", TTS)
    others = (
        replace(job, voice=stock_voices()["stock-m1"]), replace(job, language="es-419"),
        replace(job, engine=replace(TTS, version="0")),
    )  # fmt: skip
    assert all(measuring.recipe(one) != measuring.recipe(job) for one in others)

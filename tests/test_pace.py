from __future__ import annotations

from dataclasses import replace
from statistics import median

import pytest

from localize import backends, pace
from localize.market import markets, resolve
from localize.roles import SpeechRequest
from localize.voice import stock_voices

CARD = backends.card("tts", "espeak")
HEARD = {
    "en-US": (
        "I know exactly what you did.", "Don't you dare walk away from me again.",
        "Sir, your wife called. She says it can't wait.", "Who gave you the key?",
    ),
    "es-419": (
        "Sé muy bien lo que hiciste.", "Ni se te ocurra volver a darme la espalda.",
        "Señor, llamó su esposa. Dice que es urgente.", "¿Quién te dio la llave?",
    ),
    "id-ID": (
        "Aku tahu persis apa yang kamu lakukan.", "Jangan berani meninggalkanku lagi.",
        "Pak, istri Anda menelepon. Katanya penting sekali.", "Siapa yang memberimu kunci itu?",
    ),
}  # fmt: skip


def test_every_stock_voice_was_measured_as_it_is_now() -> None:
    for voice in stock_voices().values():
        for language in HEARD:
            assert pace.shipped("espeak", CARD.version, voice, language), "python tests/benchmarks/length.py --write"


@pytest.mark.parametrize("language", HEARD)
def test_estimates_hold_on_lines_nothing_was_fitted_to(language: str) -> None:
    engine, errors = backends.load("tts", "espeak"), []
    for text, voice in zip(HEARD[language], list(stock_voices().values())[::2], strict=False):
        own = pace.shipped("espeak", CARD.version, voice, language)
        speech = engine.speak(SpeechRequest(text, language, voice))
        assert own
        errors.append(abs(own.ms(text) / (1000 * len(speech.sound) / speech.rate) - 1))
    assert median(errors) <= 0.12
    assert 0 < pace.of_language(language).error <= 0.12


def test_another_version_setting_or_language_was_not_measured() -> None:
    voice = stock_voices()["stock-f1"]
    slower = replace(voice, settings=tuple({**dict(voice.settings), "rate": "140"}.items()))
    assert pace.shipped("espeak", "0", voice, "en-US") is None
    assert pace.shipped("other", CARD.version, voice, "en-US") is None
    assert pace.shipped("espeak", CARD.version, slower, "en-US") is None
    assert pace.shipped("espeak", CARD.version, voice, "tr-TR") is None
    bare = pace.shipped("espeak", CARD.version, voice, "id")  # what the Indonesian market calls its voices' language
    assert bare and bare.factor == getattr(pace.shipped("espeak", CARD.version, voice, "id-ID"), "factor", 0)


def test_the_engines_own_hurry_is_foreseen() -> None:
    own = pace.shipped("espeak", CARD.version, stock_voices()["stock-m1"], "en-US")
    assert own
    text = "You should have told me that before the wedding."
    free = own.ms(text)
    assert own.in_slot(text, free) == own.in_slot(text, 0) == free
    assert own.in_slot(text, round(free * 0.95)) == pytest.approx(free * 0.95, abs=2)
    assert own.in_slot(text, free // 2) == pytest.approx(free / own.hurry, abs=2)
    assert own.in_slot(text, free * 2) == pytest.approx(free / own.ease, abs=2)
    assert own.ms(text, "sad") > free > own.ms(text, "angry")


@pytest.mark.parametrize("code", list(markets()))
def test_a_budget_is_what_fits(code: str) -> None:
    own = pace.of_market(resolve(code))
    assert own.syllables(0) == 1
    counts = [own.syllables(ms) for ms in range(0, 6000, 500)]
    assert counts == sorted(counts) and counts[-1] > 10
    for text in pace.sentences(own.language):
        said = own.syllables(own.ms(text))
        assert abs(said - pace.weight(text, own.language).syllables) <= 0.35 * said + 3


def test_takes_set_the_pace() -> None:
    own = pace.of_language("es-419")
    said = [(text, own.ms(text) * 1.3) for text in pace.sentences("es-419")]
    odd = [*said[:-1], (said[-1][0], 9e9)]
    assert pace.fitted("es-419", said).factor == pytest.approx(1.3, abs=0.01)
    assert pace.fitted("es-419", odd).factor == pytest.approx(1.3, abs=0.01)
    assert pace.fitted("es-419", []) == replace(own, error=0.0)
    assert pace.fitted("xx-XX", [("Bakit ka umalis?", 1500.0)]).ms("Bakit ka umalis?") == pytest.approx(1500, abs=2)


def test_nothing_to_say_takes_no_time() -> None:
    assert pace.of_language("en-US").ms("……") == 0

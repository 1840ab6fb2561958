from __future__ import annotations

import pytest

from localize.spoken import figure, syllables_in, weight


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("You should have told me that before the wedding.", "en-US", 11),
        ("Every business needs something quiet.", "en-US", 10),
        ("She walked, wanted and waited.", "en-US", 8),
        ("¿Quién te crees que eres?", "es-419", 7),
        ("María y Raúl, guerra y paz.", "es-419", 10),
        ("Siguiente: la vergüenza.", "es-419", 7),
        ("Kenapa pulau itu ramai sekali?", "id-ID", 13),
        ("Saudara, maaf, itu suaminya.", "id-ID", 12),
        ("사랑해요", "ko-KR", 4),
        ("きょう、まって。", "ja-JP", 5),
        ("不是。", "zh-CN", 2),
    ],
)
def test_syllables(text: str, language: str, count: int) -> None:
    assert syllables_in(text, language) == pytest.approx(count, abs=1)


@pytest.mark.parametrize(
    ("written", "tongue", "count"),
    [("5", "en", 1), ("17", "en", 3), ("250", "en", 5), ("3.5", "en", 4), ("1,250", "en", 8), ("2.000", "es", 2),
     ("1000000", "es", 4), ("39,5", "es", 9), ("007", "en", 6), ("12", "fi", 4), ("1" * 30, "en", 30)],
)  # fmt: skip
def test_figures_are_read_out(written: str, tongue: str, count: int) -> None:
    assert figure(written, tongue) == count


def test_pauses_inside_count_and_the_ends_do_not() -> None:
    one = weight("¡No, espera! Te lo ruego...", "es-419")
    assert (one.commas, one.stops) == (1, 1)
    assert weight("It cost 1,250.50 yuan.", "en-US").commas == weight("It cost 1,250.50 yuan.", "en-US").stops == 0


@pytest.mark.parametrize("text", ["", "……", "😘", " ?! "])
def test_a_text_without_words_weighs_nothing(text: str) -> None:
    one = weight(text, "en-US")
    assert (one.syllables, one.letters, one.words) == (0, 0, 0)


@pytest.mark.parametrize("text", ["ตกลง ฉันจะไปกับคุณ", "Привет, как дела?", "مرحبا بك", "こんにちは世界", "x" * 5000])
def test_any_writing_weighs_something(text: str) -> None:
    assert weight(text, "xx").syllables >= 1

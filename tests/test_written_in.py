"""What language a text is surely not in: told of whole sentences, never of cries, names and lines in two minds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from localize.written_in import LEAST, REFUSABLE, is_function_word, leaning, other_language

ROOT = Path(__file__).parents[1]
PORTUGUESE = (
    "Você não pode fazer isso comigo!", "O senhor Gu já chegou.", "Por que você está aqui?", "Eu te amo muito.",
    "Meu filho não é desse tipo.", "Quanto é que custa tudo?", "A senhora quer um chá?", "Nunca mais volte aqui.",
    "Ela é a minha esposa.", "De quem é este filho?", "Vamos para casa agora.", "Não tenho nada a dizer.",
    "Sem você eu não sou nada.", "Ele disse que vem hoje.", "Como se atreve?", "Solta a minha mão!",
)  # fmt: skip
OTHERS = {
    "th-TH": ("คุณจะทำอะไรกับฉัน", "นายน้อยกลับมาแล้ว OK"),
    "ja-JP": ("若様がお戻りです。", "社長、会議室です"),
    "ko-KR": ("도련님이 돌아오셨어요.", "CEO가 왔어요"),
}


def lines(column: str) -> Iterator[str]:
    names = {"en": "en", "es-419": "es", "id-ID": "id"}
    with (ROOT / "glossaries/drama-phrasebook.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from (row[column] for row in csv.DictReader(file))
    with (ROOT / "tests/benchmarks/translation_lines.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from (row[names[column]] for row in csv.DictReader(file))


def long(column: str) -> list[str]:
    return [one.replace("{NUM}", "5") for one in lines(column) if len(one.split()) >= LEAST]


@pytest.mark.parametrize(("market", "column"), [("en-US", "en"), ("es-419", "es-419"), ("id-ID", "id-ID")])
def test_no_line_in_the_right_language_is_told(market: str, column: str) -> None:
    assert len(long(column)) > 3000
    assert [(text, told) for text in long(column) if (told := other_language(text, market))] == []


@pytest.mark.parametrize(
    ("market", "column", "least"),
    [
        ("es-419", "en", 0.90), ("id-ID", "en", 0.92), ("pt-BR", "en", 0.90), ("th-TH", "en", 0.92),
        ("en-US", "es-419", 0.85), ("id-ID", "es-419", 0.88), ("pt-BR", "es-419", 0.72), ("en-US", "id-ID", 0.64),
    ],
)  # fmt: skip
def test_most_lines_in_another_language_are_told(market: str, column: str, least: float) -> None:
    found = [bool(other_language(text, market)) for text in long(column)]
    assert sum(found) / len(found) >= least


def test_portuguese_and_other_scripts_are_themselves() -> None:
    assert [text for text in PORTUGUESE if other_language(text, "pt-BR")] == []
    assert all(other_language(text, "es-419") in ("", "Portuguese") for text in PORTUGUESE)
    for market, texts in OTHERS.items():
        assert [text for text in texts if other_language(text, market)] == []
        for other in {"en-US", "es-419", *OTHERS} - {market}:
            assert all(other_language(text, other) or "OK" in text for text in texts[:1])


def test_names_cries_terms_and_words_of_the_source_are_nobodys_language() -> None:
    for text in ("", "OK", "Lu Chen!", "Gu Beichen, Shen Wan, Lin Xia", "No, no, no!", "¡Ah!", "嗯", "123 456 789"):
        assert not any(other_language(text, market) for market in ("en-US", "es-419", "id-ID", "th-TH", "ja-JP"))
    assert other_language("You are the one.", "es-419") == "English"
    assert not other_language("You are the one.", "es-419", "他说：You are the one.")
    assert not other_language("“You Are The One”", "es-419", "", ["You Are The One"])


@pytest.mark.parametrize(
    ("market", "title"),
    [("id-ID", "CEO of the Year, Lu Chen"), ("en-US", "Le Roi de la Mer"), ("es-419", "Back to You")],
)
def test_a_title_in_its_own_language_is_not_refused(market: str, title: str) -> None:
    assert other_language(title, market, least=REFUSABLE) == ""


def test_whole_sentences_may_be_refused_and_other_scripts_always() -> None:
    said = "You are the one that I have been waiting for."
    assert other_language(said, "es-419", least=REFUSABLE) == "English"
    assert other_language("คุณจะทำอะไร", "es-419", least=REFUSABLE) == "Thai"
    assert other_language("You are the one.", "th-TH", least=REFUSABLE) == "English"


def test_function_words_are_known_in_any_case() -> None:
    assert is_function_word("Won") and not is_function_word("Wen")


@pytest.mark.parametrize("market", ["id-ID", "es-419", "pt-BR", "ja-JP", "ko-KR", "th-TH"])
@pytest.mark.parametrize("said", ["Oh my God!", "I love you.", "Happy birthday to you!", "Oh no, Papa!"])
def test_english_that_travels_tells_no_language(said: str, market: str) -> None:
    assert other_language(said, market) == ""
    assert not leaning(said, market).sure


def test_english_around_what_travels_is_english() -> None:
    assert other_language("Oh my God, what have you done to her?", "id-ID") == "English"

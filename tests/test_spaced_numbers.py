"""``number_words.csv`` was written by num2words 0.5.14, which shares nothing with the readers tested here."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from localize.checks._numerals import values
from localize.figures import money_changes, number_changes
from localize.spaced_numbers import Phrase, phrases, readings
from localize.wording import name_money, say_money

with (Path(__file__).parent / "number_words.csv").open(encoding="utf-8", newline="") as _file:
    WRITTEN = [
        (Fraction(row["value"]), market, words)
        for row in csv.DictReader(_file)
        for market, words in row.items()
        if market != "value"
    ]
SURE = [one for one in WRITTEN if one[1] in ("en-US", "es-419", "id-ID", "pt-BR")]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "half a million yuan", 500_000),
        ("en", "a quarter of a million", 250_000),
        ("en", "three quarters of a million", 750_000),
        ("en", "one and a half million", 1_500_000),
        ("en", "a million and a half", 1_500_000),
        ("en", "one point five billion", 1_500_000_000),
        ("en", "a hundred and twenty thousand", 120_000),
        ("en", "fifteen hundred", 1500),
        ("en", "30k", 30_000),
        ("en", "2.5m", 2_500_000),
        ("en", "fifty grand", 50_000),
        ("en", "Seventy-eight million", 78_000_000),
        ("es", "medio millón", 500_000),
        ("es", "un millón y medio", 1_500_000),
        ("es", "mil quinientos millones", 15 * 10**8),
        ("es", "dos y medio millones", 2_500_000),
        ("es", "5 mil millones", 5 * 10**9),
        ("es", "un billón", 10**12),
        ("es", "cuatrocientas mil", 400_000),
        ("es", "treinta y cinco", 35),
        ("es", "un cuarto de millón", 250_000),
        ("id", "setengah juta", 500_000),
        ("id", "satu setengah juta", 1_500_000),
        ("id", "tiga perempat juta", 750_000),
        ("id", "tujuh puluh delapan juta", 78_000_000),
        ("id", "lima koma dua juta", 5_200_000),
        ("id", "500rb", 500_000),
        ("id", "dua belas ribu", 12_000),
        ("id", "Rp5.000.000", 5_000_000),
        ("id", "sejuta", 1_000_000),
        ("pt", "dois milhões e trezentos mil", 2_300_000),
        ("pt", "meio milhão", 500_000),
        ("pt", "um milhão e meio", 1_500_000),
        ("pt", "vinte e um mil", 21_000),
        ("pt", "três quartos de milhão", 750_000),
    ],
)
def test_a_phrase_is_read_as_a_whole(language: str, text: str, value: int) -> None:
    (one,) = phrases(text, language)
    assert one.sure and one.values == {Fraction(value)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "two or three hundred"),
        ("en", "2-3 million"),
        ("en", "a few hundred million"),
        ("en", "hundreds of millions"),
        ("en", "umpteen million"),
        ("en", "multi-million"),
        ("en", "a couple of million"),
        ("en", "the thirtieth million"),
        ("en", "three hundred odd million"),
        ("en", "thirty-something million"),
        ("en", "1/2"),
        ("en", "3rd"),
        ("en", "A380"),
        ("en", "2½ million"),
        ("en", "a million and three cars"),
        ("en", "two to three thousand"),
        ("en", "million"),
        ("en", "hundred"),
        ("en", "twenty and five"),
        ("es", "dos o tres mil"),
        ("es", "treinta y tantos mil"),
        ("es", "mil y pico"),
        ("es", "cientos de miles"),
        ("es", "de dos a tres mil"),
        ("es", "un par de millones"),
        ("es", "varios millones"),
        ("es", "miles de millones"),
        ("id", "dua atau tiga ratus"),
        ("id", "ratusan juta"),
        ("id", "beberapa juta"),
        ("id", "juta"),
        ("pt", "um par de milhões"),
        ("pt", "dois ou três mil"),
        ("pt", "milhares de milhões"),
    ],
)
def test_what_is_no_exact_number_is_not_sure(language: str, text: str) -> None:
    assert not any(one.sure for one in phrases(text, language))


def test_a_list_may_be_one_number() -> None:
    (one,) = phrases("two million, three hundred thousand people", "en")
    assert not one.sure and Fraction(2_300_000) in one.values
    assert [one.values for one in phrases("one hundred, two hundred", "en")] == [{Fraction(100)}, {Fraction(200)}]


def test_little_words_and_places_are_no_part_of_a_number() -> None:
    text = "From a man to two million."
    assert list(phrases(text, "en")) == [Phrase(14, 25, frozenset({Fraction(2_000_000)}), True, True)]
    assert list(phrases("la primera vez, a quarter past", "es")) == []


def test_figures_in_each_reading() -> None:
    assert readings("1.500") == {Fraction(1500), Fraction(3, 2)}
    assert readings("1,234,567") == {Fraction(1_234_567)}
    assert readings("5 000 000") == {Fraction(5_000_000)}
    assert readings("12.3.45") == {Fraction(12), Fraction(3), Fraction(45)}


@pytest.mark.parametrize(("value", "market", "words"), SURE)
def test_numbers_of_another_writer_are_read(value: Fraction, market: str, words: str) -> None:
    (one,) = phrases(f"… {words}!", market)
    assert value in one.values and (one.sure or one.values > {value})


@pytest.mark.parametrize(("value", "market", "words"), WRITTEN)
def test_right_sums_never_change_and_wrong_ones_never_hide(value: Fraction, market: str, words: str) -> None:
    zh, said = f"给你{value}块。", name_money(words, value, "yuan", market)
    assert list(money_changes(zh, f"… {said}!", market)) == []
    assert value in values(said, market)
    wrong = f"给你{value * 10}块。"
    changes = list(money_changes(wrong, said, market))
    assert changes or value * 10 not in values(said, market)
    for change in changes:
        assert said.replace(change.before, change.after).casefold() == say_money(value * 10, "yuan", market).casefold()


@pytest.mark.parametrize(("value", "market", "words"), [one for one in WRITTEN if one[0] >= 10_000])
def test_right_numbers_are_never_changed(value: Fraction, market: str, words: str) -> None:
    assert list(number_changes(f"{value}人。", words, market)) == []

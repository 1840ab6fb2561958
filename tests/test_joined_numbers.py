from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localize.checks._numerals import values
from localize.joined_numbers import joined, numbers
from localize.market import markets
from localize.wording import say_money, say_number

CODES = tuple(markets())


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ja", "3億5000万円", 350_000_000), ("ja", "五百万元", 5_000_000), ("ja", "一万二千", 12_000),
        ("ja", "二〇二四年", 2024),
        ("ja-JP", "1兆2000億", 1_200_000_000_000), ("ja", "3.5億", 350_000_000), ("ja", "12,345", 12_345),
        ("ko", "3억 5000만", 350_000_000), ("ko", "오백만 위안", 5_000_000), ("ko", "만 위안", 10_000),
        ("ko", "스물다섯 살", 25), ("ko", "천만 원", 10_000_000), ("ko", "십억", 1_000_000_000),
        ("th", "ห้าล้านหยวน", 5_000_000), ("th", "5 หมื่น", 50_000), ("th", "สามแสน", 300_000), ("th", "ยี่สิบเอ็ด", 21),
        ("th", "หนึ่งพันล้าน", 1_000_000_000), ("th", "1 ล้านล้าน", 1_000_000_000_000), ("th", "350 ล้าน", 350_000_000),
    ],
)  # fmt: skip
def test_numbers_without_spaces_are_read(language: str, text: str, value: int) -> None:
    assert Fraction(value) in [one.value for one in numbers(text, language)]


def test_only_languages_without_spaces_between_figure_and_word_are_read_here() -> None:
    assert joined("ja-JP") and joined("th") and joined("ko-KR") and not joined("en-US") and not joined("pt-BR")
    assert list(numbers("万一のことがあれば", "ja")) == []


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 9999), st.integers(0, 8), st.sampled_from(CODES))
def test_what_is_said_is_read_again_in_every_market(lead: int, zeros: int, market: str) -> None:
    value = Fraction(lead * 10**zeros)
    assert value in values(say_number(value, market), market)
    assert value in values(f"… {say_money(value, '', market)}!", market)


@settings(max_examples=200, deadline=None)
@given(st.integers(10, 10**12), st.sampled_from(("ja-JP", "ko-KR")))
def test_japanese_and_korean_write_any_number_in_their_groups(number: int, market: str) -> None:
    assert Fraction(number) in values(say_number(Fraction(number), market), market)


@pytest.mark.parametrize(
    ("market", "said"),
    [
        ("en-US", "one billion"), ("es-419", "mil millones"), ("id-ID", "satu miliar"), ("pt-BR", "um bilhão"),
        ("th-TH", "1,000 ล้าน"), ("ja-JP", "10億"), ("ko-KR", "10억"),
    ],
)  # fmt: skip
def test_ten_to_the_ninth_is_a_trap_in_every_market(market: str, said: str) -> None:
    assert say_number(Fraction(10**9), market) == said
    twelve = say_number(Fraction(10**12), market)
    assert twelve != said and Fraction(10**12) in values(twelve, market)
    assert "bill" not in twelve if market == "pt-BR" else True

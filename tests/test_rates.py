from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.adaptation import tables
from localize.errors import InputError
from localize.figures import money_changes
from localize.market import markets
from localize.rates import KEEP, KINDS, Policy, policy, rounded, say_sum

CODES = tuple(markets())
DAY = "2019-08-22"


def of(kind: str, market: str) -> Policy:
    return policy(kind, market, DAY if kind == "convert" else "", {}, "series.toml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("market", "converted", "vague"),
    [
        ("en-US", "710,000 dollars", "millions"), ("es-419", "710 mil dólares", "millones"),
        ("id-ID", "sepuluh miliar rupiah", "jutaan"), ("pt-BR", "2,8 milhões de reais", "milhões"),
        ("th-TH", "22 ล้านบาท", "เงินหลายล้าน"), ("ja-JP", "7500万円", "何百万もの金"),
        ("ko-KR", "8억 5000만 원", "수백만의 돈"),
    ],
)  # fmt: skip
def test_five_million_yuan_under_every_policy(market: str, converted: str, vague: str) -> None:
    value = Fraction(5_000_000)
    assert say_sum(value, "", market, of("convert", market)) == converted
    assert say_sum(value, "", market, of("vague", market)) == vague
    assert say_sum(value, "", market) == say_sum(value, "yuan", market, KEEP) != converted


@pytest.mark.parametrize("market", CODES)
def test_only_yuan_are_converted_and_small_sums_stay_sums(market: str) -> None:
    assert say_sum(Fraction(100), "silver", market, of("convert", market)) == say_sum(Fraction(100), "silver", market)
    assert say_sum(Fraction(300), "", market, of("vague", market)) == say_sum(Fraction(300), "", market)


def test_conversion_needs_a_dated_rate() -> None:
    for day in ("", "2020-01-01"):
        with pytest.raises(InputError, match="no dated rate") as caught:
            policy("convert", "en-US", day, {}, "series.toml")
        assert DAY in caught.value.fix
    own = policy("convert", "en-US", "2027-01-01", {"USD": "0.15"}, "rates.toml")
    assert say_sum(Fraction(1_000_000), "", "en-US", own) == "150,000 dollars" and "2027-01-01" in own.told


@given(st.integers(1, 10**12))
def test_two_digits_are_left_and_the_value_is_near(number: int) -> None:
    near = rounded(Fraction(number))
    assert len(str(int(near)).rstrip("0")) <= 2 and abs(near - number) <= Fraction(number, 19)


@given(st.integers(2, 9999), st.integers(4, 8), st.sampled_from(CODES), st.sampled_from(KINDS))
def test_the_same_sum_is_said_the_same_everywhere(lead: int, zeros: int, market: str, kind: str) -> None:
    """Whatever the line, the spelling of the sum, and what an engine made of it."""
    value, how = lead * 10**zeros, of(kind, market)
    correct = say_sum(Fraction(value), "", market, how)
    for zh, text in (
        (f"给你{value}块", f"Ok, {say_sum(Fraction(value), '', market)}!"),
        (f"{value}元，够了吧？", f"… {say_sum(Fraction(value), '', market)} …"),
    ):
        for change in money_changes(zh, text, market, how):
            text = text.replace(change.before, change.after)
        assert correct.casefold() in text.casefold()
        assert list(money_changes(zh, text, market, how)) == []


def test_the_built_in_rates_say_where_they_are_from() -> None:
    for day, row in tables()["money"]["rates"].items():
        assert len(day) == 10 and set(row) == set(tables()["money"]["convert"].values())

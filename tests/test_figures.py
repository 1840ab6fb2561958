from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.figures import Change, money_changes, number_changes, unit_changes
from localize.wording import say_money

MARKETS = ("en-US", "es-419", "id-ID")


def applied(text: str, changes: list[Change]) -> str:
    for change in changes:
        text = text.replace(change.before, change.after)
    return text


def money(zh: str, text: str, market: str) -> str:
    return applied(text, list(money_changes(zh, text, market)))


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("给你三千万。", "en-US", "Here's 3 million dollars.", "Here's 30 million yuan."),
        ("给你三千万。", "en-US", "Here's 30 million.", "Here's 30 million yuan."),
        (
            "十亿的合同。",
            "es-419",
            "Un contrato de un billón de dólares.",
            "Un contrato de mil millones de yuanes.",
        ),
        ("十亿的合同。", "es-419", "Un contrato de 10 billones.", "Un contrato de mil millones de yuanes."),
        ("五百万，够了吧？", "id-ID", "Lima ratus juta rupiah? 5 juta rupiah cukup?", ""),
        ("五百万，够了吧？", "id-ID", "5 juta rupiah, cukup?", "lima juta yuan, cukup?"),
        ("一百万美元。", "en-US", "One million dollars.", "One million dollars."),
        ("五百万，够了吧？", "en-US", "Five million yuan. Enough?", "Five million yuan. Enough?"),
        ("五百块钱。", "en-US", "$500.", "500 yuan."),
        ("五百万人都看见了。", "en-US", "Five million people saw it.", "Five million people saw it."),
        ("三年了。", "en-US", "Three years.", "Three years."),
    ],
)
def test_sums(zh: str, market: str, text: str, right: str) -> None:
    assert money(zh, text, market) == (right or text)


@given(st.integers(2, 9999), st.integers(4, 8), st.sampled_from(MARKETS))
def test_our_own_wording_is_never_corrected(lead: int, zeros: int, market: str) -> None:
    value = lead * 10**zeros
    said = say_money(Fraction(value), "", market)
    assert list(money_changes(f"给你{value}块", f"Ok, {said}!", market)) == []


def test_plain_numbers() -> None:
    zh = "十万大军到了。"
    assert applied("1,000,000 men are here.", list(number_changes(zh, "1,000,000 men are here.", "en-US"))) \
        == "100,000 men are here."  # fmt: skip
    text = "100.000 men are here."
    assert applied(text, list(number_changes(zh, text, "en-US"))) == "100,000 men are here."
    text = "Ada 100.000 prajurit."
    assert list(number_changes(zh, text, "id-ID")) == []


@pytest.mark.parametrize(
    ("zh", "market", "system", "text", "right"),
    [
        ("还有三里路。", "en-US", "imperial", "Three li to go.", "1 mile to go."),
        ("还有十里路。", "id-ID", "metric", "Masih sepuluh li lagi.", "Masih 5 kilometer lagi."),
        ("重两百斤。", "es-419", "metric", "Pesa 200 jin.", "Pesa 100 kilogramos."),
        ("两个时辰。", "en-US", "imperial", "Two shichen.", "4 hours."),
        ("还有三里路。", "en-US", "imperial", "It isn't far.", "It isn't far."),
    ],
)
def test_units(zh: str, market: str, system: str, text: str, right: str) -> None:
    assert applied(text, list(unit_changes(zh, text, market, system))) == right

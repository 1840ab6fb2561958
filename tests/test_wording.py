from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.wording import amounts, say_money, say_number, table, value_of

FIGURES = "零一二三四五六七八九"
MARKETS = ("en-US", "es-419", "id-ID")


def chinese(number: int) -> str:
    """The usual Chinese wording of a whole number below 10¹², written independently of the reader."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            rest = number % size
            gap = "零" if rest and rest < size // 10 else ""
            return chinese(number // size) + unit + (gap + chinese(rest) if rest else "")
    for size, unit in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            rest = number % size
            gap = "零" if rest and rest < size // 10 else ""
            return FIGURES[number // size] + unit + (gap + chinese(rest) if rest else "")
    return FIGURES[number]


def read_back(text: str, market: str) -> Fraction:
    """What a reader of the market understands."""
    rows = table()["market"][market]
    for row in rows["sizes"]:
        if text == row["one"]:
            return Fraction(row["size"])
        tail = row["other"].removeprefix("{n}")
        if text.endswith(tail):
            return read_back(text.removesuffix(tail), market) * row["size"]
    if text in rows["words"]:
        return Fraction(rows["words"].index(text))
    group, point = (".", ",") if market == "id-ID" else (",", ".")
    return Fraction(text.replace(group, "").replace(point, "."))


@given(st.integers(1, 10**12 - 1))
def test_chinese_numerals_are_read(number: int) -> None:
    assert value_of(chinese(number)) == number


@given(st.integers(1, 9999), st.integers(0, 8), st.sampled_from(MARKETS))
def test_wording_keeps_the_value(lead: int, zeros: int, market: str) -> None:
    value = Fraction(lead * 10**zeros)
    assert read_back(say_number(value, market), market) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.5亿", 350_000_000),
        ("一万二", 12_000),
        ("三百五", 350),
        ("二〇二四", 2024),
        ("500万", 5_000_000),
        ("两千五百万", 25_000_000),
        ("十五", 15),
        ("一亿两千万", 120_000_000),
        ("1,000", 1000),
        ("伍佰万", 5_000_000),
    ],
)
def test_shorthand(text: str, value: int) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize("text", ["万一", "三五", "亿", "", "半"])
def test_no_number(text: str) -> None:
    assert value_of(text) is None


def test_sums_name_the_yuan() -> None:
    assert say_money(Fraction(5_000_000), "", "en-US") == "five million yuan"
    assert say_money(Fraction(5_000_000), "", "es-419") == "cinco millones de yuanes"
    assert say_money(Fraction(5_000_000), "", "id-ID") == "lima juta yuan"
    assert say_money(Fraction(10**9), "yuan", "es-419") == "mil millones de yuanes"
    assert say_money(Fraction(1), "yuan", "es-419") == "un yuan"
    assert say_money(Fraction(100), "silver", "en-US") == "100 taels of silver"


def test_a_market_without_tables_still_gets_its_digits_and_currency() -> None:
    assert re.fullmatch(r"5\.000\.000 \w.*", say_money(Fraction(5_000_000), "", "de-DE"))


def test_amounts_in_dialogue() -> None:
    found = [(a.value, a.currency) for a in amounts("给你五百万元，3天，再加一百两银子")]
    assert found == [(5_000_000, "yuan"), (3, ""), (100, "silver")]


def test_a_price_apiece_is_not_a_longer_number() -> None:
    assert [one.value for one in amounts("网上五百万一个，包邮。")] == [5_000_000]
    assert [one.value for one in amounts("一万二")] == [12_000]


@pytest.mark.parametrize(
    ("zh", "value", "below"),
    [
        ("五个亿", 500_000_000, None),
        ("半个亿", 50_000_000, None),
        ("九十九个亿", 9_900_000_000, None),
        ("三个多亿", 300_000_000, 400_000_000),
        ("十几个亿", 1_000_000_000, 2_000_000_000),
        ("十几亿", 1_000_000_000, 2_000_000_000),
        ("五百多万", 5_000_000, 6_000_000),
        ("一百来万", 1_000_000, 2_000_000),
        ("一千余万", 10_000_000, 20_000_000),
        ("几百万", 1_000_000, 10_000_000),
        ("过亿", 100_000_000, 1_000_000_000),
        ("百亿集团", 10_000_000_000, 100_000_000_000),
        ("三万多", 30_000, 40_000),
        ("1亿2千万", 120_000_000, None),
        ("3亿5000万", 350_000_000, None),
        ("50w", 500_000, None),
        ("三万六一个月", 36_000, None),
    ],
)
def test_numbers_as_people_say_them(zh: str, value: int, below: int | None) -> None:
    (found,) = (one for one in amounts(zh) if one.value >= 1000)
    assert (found.value, found.below) == (value, below)


@pytest.mark.parametrize("zh", ["两个亿万富翁", "三个万能钥匙", "百万富翁", "千万别来", "万一", "亿万富翁", "几个人"])
def test_numbers_inside_words_are_none(zh: str) -> None:
    assert [one for one in amounts(zh) if one.value > 10] == []


@pytest.mark.parametrize(
    "zh", ["不过万一他来呢", "马上万事大吉", "晚上万家灯火", "路过万科", "超万能", "早上万物生长", "不过亿万富翁"]
)
def test_idioms_behind_over_are_no_sums(zh: str) -> None:
    assert list(amounts(zh)) == []


@pytest.mark.parametrize(("zh", "value"), [("身家过亿", 10**8), ("月薪过万", 10**4), ("票房破百亿", 10**10)])
def test_sizes_behind_over_are_read(zh: str, value: int) -> None:
    assert [one.value for one in amounts(zh)] == [value]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("三百万一次", [3_000_000]), ("工资三十万一年", [300_000]), ("投资一点五亿", [150_000_000]),
        ("零点五亿", [50_000_000]), ("房租2万3", [23_000]), ("3万5千块", [35_000]), ("三万一", [31_000]),
        ("三万一的手机", [31_000]), ("两百一晚", [200]),
        ("十一个人", [11]), ("八百一十一天", [811]), ("三千一百一十一块", [3111]), ("一千零一夜", [1001]),
    ],
)  # fmt: skip
def test_where_a_number_ends(said: str, values: list[int]) -> None:
    assert [one.value for one in amounts(said)] == values


def test_between_ten_and_twenty_is_no_exact_number() -> None:
    (one,) = amounts("十几二十万的工资")
    assert one.fits(Fraction(150_000)) and one.fits(Fraction(200_000)) and not one.fits(Fraction(250_000))

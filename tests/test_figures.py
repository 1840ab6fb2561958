from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.figures import Change, money_changes, number_changes
from localize.rates import Policy
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
        ("五百万，够了吧？", "id-ID", "5 juta rupiah, cukup?", "5 juta yuan, cukup?"),
        ("一百万美元。", "en-US", "One million dollars.", "One million dollars."),
        ("五百万，够了吧？", "en-US", "Five million yuan. Enough?", "Five million yuan. Enough?"),
        ("五百块钱。", "en-US", "$500.", "500 yuan."),
        ("五百万人都看见了。", "en-US", "Five million people saw it.", "Five million people saw it."),
        ("三年了。", "en-US", "Three years.", "Three years."),
    ],
)
def test_sums(zh: str, market: str, text: str, right: str) -> None:
    assert money(zh, text, market) == (right or text)


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("三百万美元。", "es-419", "Tres millones de pesos.", "Tres millones de dólares."),
        ("三百万美元。", "es-419", "Tres millones de dólares.", ""),
        ("一百万美元。", "en-US", "$1,000,000.", ""),
        ("一百万美元。", "en-US", "A million bucks.", ""),
        ("一百万美元。", "th-TH", "หนึ่งล้านเหรียญ", ""),
        ("给你三百万。", "es-419", "3.000.000 de pesos.", "3.000.000 de yuanes."),
        ("给你一百万。", "es-419", "Un millón de gracias.", ""),
        ("给你一百万。", "es-419", "Un millón, de verdad.", "Un millón de yuanes, de verdad."),
        ("给你一百万。", "pt-BR", "Um milhão de beijos.", ""),
    ],
)
def test_a_sum_keeps_its_own_currency_and_its_little_word(zh: str, market: str, text: str, right: str) -> None:
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
    ("zh", "market", "text"),
    [
        ("他欠了三亿。", "en-US", "He owes three hundred million yuan."),
        ("七千八百万", "en-US", "Seventy-eight million yuan."),
        ("五十万块", "en-US", "Half a million yuan."),
        ("五十万块", "es-419", "Medio millón de yuanes."),
        ("一百五十万块", "id-ID", "Satu setengah juta yuan."),
        ("十二万块", "es-419", "Ciento veinte mil yuanes."),
        ("三亿", "id-ID", "Tiga ratus juta yuan."),
        ("三亿", "pt-BR", "Trezentos milhões de yuans."),
        ("三百万块", "en-US", "Two or three million yuan."),
        ("三百万块", "en-US", "A few million yuan."),
        ("三百万块", "ja-JP", "二、三百万元だ。"),
        ("三百万块", "ko-KR", "몇 백만 위안."),
        ("三百万块", "th-TH", "สองถึงห้าล้านหยวน"),
        ("粉丝从八千涨到了两百万。", "en-US", "Her followers went to two million."),
        ("给你三十万。", "en-US", "Three hundred thousand people."),
    ],
)
def test_sums_that_are_right_or_not_understood_are_left_alone(zh: str, market: str, text: str) -> None:
    assert list(money_changes(zh, text, market)) == []
    assert list(number_changes(zh, text, market)) == []


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("他欠了三亿。", "en-US", "He owes three hundred million.", "He owes three hundred million yuan."),
        ("他欠了三亿。", "es-419", "Debe trescientos millones.", "Debe trescientos millones de yuanes."),
        ("给你三千万。", "en-US", "Seventy-eight million dollars.", "30 million yuan."),
        ("给你三千万。", "pt-BR", "Dois milhões e trezentos mil reais.", "30 milhões de yuans."),
        ("给你三千万。", "es-419", "Treinta millones de dólares.", "Treinta millones de yuanes."),
        ("给你三千万。", "ko-KR", "삼백만 위안이야.", "3000만 위안이야."),
    ],
)
def test_a_sum_is_put_right_as_a_whole(zh: str, market: str, text: str, right: str) -> None:
    assert money(zh, text, market) == right


def test_a_vague_word_stands_for_the_whole_sum() -> None:
    (change,) = money_changes("他欠了三亿。", "He owes three hundred million yuan.", "en-US", Policy("vague"))
    assert (change.before, change.after) == ("three hundred million yuan", "a fortune")


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("五百万人", "es-419", "cinco mil personas", "cinco millones de personas"),
        ("五万人", "es-419", "cinco millones de personas", "50 mil personas"),
        ("两百三十万人", "en-US", "two hundred thirty thousand people", "2.3 million people"),
    ],
)
def test_a_number_of_things_is_put_right_with_its_little_word(zh: str, market: str, text: str, right: str) -> None:
    said = applied(text, list(number_changes(zh, text, market)))
    assert said == right


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("给我五个亿！", "en-US", "Give me five million!", "Give me 500 million yuan!"),
        ("十个亿的合同。", "es-419", "Un contrato de diez billones.", "Un contrato de mil millones de yuanes."),
        ("三千万。", "en-US", "Three million dollars.", "30 million yuan."),
        ("五百块，打13800138000。", "en-US", "Call 13800138000.", "Call 13800138000."),
        ("五百多万块。", "en-US", "Fifty million yuan and more.", "Fifty million yuan and more."),
        ("给他五百多万。", "en-US", "More than five million.", "More than five million yuan."),
    ],
)
def test_sums_as_people_say_them(zh: str, market: str, text: str, right: str) -> None:
    assert money(zh, text, market) == right


@pytest.mark.parametrize("policy", [Policy(), Policy("vague"), Policy("convert", "USD", "0.14114", "2019-08-22")])
@pytest.mark.parametrize(
    ("zh", "text"),
    [
        ("我打你电话13800138000，没人接。", "I called you at 13800138000 and nobody answered."),
        ("密码是888888。", "The password is 888888."),
        ("验证码339201。", "The code is 339,201."),
        ("率兵五万。", "Lead fifty thousand."),
        ("订单号20240315。", "Order number 20240315."),
        ("我有一万个理由。", "I have a million reasons."),
        ("三万多。", "Thirty-five thousand."),
    ],
)
def test_what_is_no_sum_keeps_its_words_under_every_policy(zh: str, text: str, policy: Policy) -> None:
    assert list(money_changes(zh, text, "en-US", policy)) == []
    assert list(number_changes(zh, text, "en-US")) == []


def test_the_same_sum_under_a_policy_however_it_is_written() -> None:
    policy = Policy("convert", "USD", "0.14114", "2019-08-22")
    said = "Give me five hundred million yuan!"
    both = {
        change.after for zh in ("给我五亿！", "给我五个亿！") for change in money_changes(zh, said, "en-US", policy)
    }
    assert both == {"71 million dollars"}


@pytest.mark.parametrize(
    ("zh", "text"),
    [
        ("三万多人", "35,000 people"),
        ("五百多万人", "5,500,000 people"),
        ("几十万一年", "300,000 a year"),
        ("工资3万1个月", "30,000 a month"),
        ("工资2万3一个月", "23,000 a month"),
        ("这酒5万1瓶", "50,000 a bottle"),
        ("100万3天还清", "One million within three days."),
        ("5万2个人分", "50,000 between two people"),
        ("两万一卖给你", "I'll sell it to you for 21,000 yuan."),
        ("两万一够吗", "Is 21,000 enough?"),
        ("三百万一定到账", "Three million will arrive."),
        ("晚上八点五万人到场", "At eight, 50,000 people come."),
        ("三百二十点五亿", "32.05 billion"),
        ("两点五个亿", "250 million"),
        ("3万零5百", "30,500"),
        ("百八十万", "A million or so"),
    ],
)
def test_right_numbers_stay_as_they_are(zh: str, text: str) -> None:
    assert list(number_changes(zh, text, "en-US")) == []


def test_a_loose_number_is_grouped_as_the_market_groups_it() -> None:
    text = "35.000 people"
    assert applied(text, list(number_changes("三万多人", text, "en-US"))) == "35,000 people"

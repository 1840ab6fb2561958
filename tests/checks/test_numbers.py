from __future__ import annotations

from fractions import Fraction

import pytest

from localize.checks import Seen, known
from localize.episode import Line, Picture
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Rendering, Variants

PICTURE = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")


def told(market: str, zh: str, text: str, subtitle: str = "") -> list[str]:
    line = Line("L0001", span(0, 3000), zh)
    said = Rendering("L0001", market, Variants(text), subtitle or text, "machine", "draft")
    seen = Seen(resolve(market), PICTURE, (line,), (said,))
    return [one.message for one in known()["numbers"].look(seen)]


@pytest.mark.parametrize(
    ("market", "zh", "text"),
    [
        ("en-US", "还有二十里。", "Six miles to go."),
        ("es-419", "还有二十里。", "Faltan diez kilómetros."),
        ("en-US", "一百二十斤。", "A hundred and thirty pounds."),
        ("id-ID", "一百二十斤。", "Enam puluh kilo."),
        ("es-419", "五十亩地。", "Tres hectáreas de tierra."),
        ("en-US", "五百多万。", "More than five million."),
        ("es-419", "一百来万。", "Cerca de un millón."),
        ("en-US", "一千余万。", "Over ten million."),
        ("en-US", "1亿2千万。", "A hundred and twenty million."),
        ("en-US", "50w。", "Five hundred thousand."),
        ("en-US", "九十九个亿。", "Nine point nine billion."),
        ("en-US", "密码八八六六。", "The code is eight eight six six."),
        ("en-US", "验证码是三三九二零一。", "The code is three three nine two zero one."),
        ("en-US", "打13800138000。", "Call 138-0013-8000."),
        ("en-US", "第一万次。", "The ten-thousandth time."),
        ("en-US", "有几百万人。", "Millions of people."),
        ("en-US", "八折。", "Twenty percent off."),
        ("es-419", "七五折。", "Un veinticinco por ciento de descuento."),
        ("id-ID", "五折。", "Diskon lima puluh persen."),
    ],
)
def test_right_numbers_are_not_told(market: str, zh: str, text: str) -> None:
    assert told(market, zh, text) == []


@pytest.mark.parametrize(
    ("market", "zh", "text"),
    [
        ("en-US", "给我五个亿！", "Give me five million!"),
        ("en-US", "三个多亿呢。", "Over thirty million."),
        ("en-US", "十几亿。", "More than ten billion."),
        ("en-US", "身家过亿。", "Worth over a billion."),
        ("es-419", "千亿集团。", "Un grupo de mil millones."),
        ("en-US", "三万六一个月。", "Three thousand six hundred a month."),
        ("en-US", "三刻钟。", "Three hours."),
        ("es-419", "五十亩地。", "Cincuenta hectáreas."),
        ("en-US", "八折。", "Eighty percent off."),
        ("pt-BR", "八折。", "80% de desconto."),
        ("id-ID", "八折。", "Diskon 80%."),
        ("en-US", "密码八八六六。", "The code is eight six eight six."),
    ],
)
def test_wrong_numbers_are_told_once_for_dub_and_subtitle(market: str, zh: str, text: str) -> None:
    assert len(told(market, zh, text)) == 1


def test_different_words_are_told_apart() -> None:
    assert len(told("en-US", "三百二十人。", "Two hundred people.", "200 people.")) == 2

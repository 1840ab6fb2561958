from __future__ import annotations

import pytest

from localize.hanzi import simplified


@pytest.mark.parametrize(
    ("traditional", "plain"),
    [
        ("你為什麼騙我？", "你为什么骗我？"),
        ("妳還愛我嗎？看著我的眼睛！", "你还爱我吗？看着我的眼睛！"),
        ("這是一本名著，著名的作家說的。", "这是一本名著，著名的作家说的。"),
        ("乾坤未定，先乾杯，頭髮別亂。", "乾坤未定，先干杯，头发别乱。"),
        ("陸總，五億兩千萬！", "陆总，五亿两千万！"),
        ("OK, 明天見😘", "OK, 明天见😘"),
    ],
)
def test_traditional_is_read_as_simplified(traditional: str, plain: str) -> None:
    assert simplified(traditional) == plain and len(plain) == len(traditional)
    assert simplified(plain) == plain


@pytest.mark.parametrize("text", ["", "No.", "著", "著名作家看着我", "……", "今天的月亮很圆。"])
def test_what_needs_nothing_stays_as_it_is(text: str) -> None:
    assert simplified(text) == text

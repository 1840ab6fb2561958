"""Chinese as it sounds."""

from __future__ import annotations

import pytest

from localize.stages._syllables import alike, read_out, similarity, syllables


@pytest.mark.parametrize(
    ("digits", "after", "said"),
    [
        ("500", "", "五百"), ("5000000", "", "五百万"), ("10", "", "十"), ("15", "", "十五"), ("105", "", "一百零五"),
        ("1005", "", "一千零五"), ("20000", "", "两万"), ("110000", "", "十一万"), ("100500", "", "十万零五百"),
        ("2024", "年", "二零二四"), ("007", "", "零零七"), ("13800138000", "", "一三八零零一三八零零零"),
        ("0", "", "零"), ("100000000", "", "一亿"), ("100000001", "", "一亿零一"), ("200010000", "", "两亿零一万"),
        ("123456789", "", "一亿二千三百四十五万六千七百八十九"),
    ],
)  # fmt: skip
def test_figures_are_read_out(digits: str, after: str, said: str) -> None:
    assert read_out(digits, after) == said


def test_syllables_know_their_characters() -> None:
    text = "给你500万，OK？走"
    found = syllables(text)
    assert [one.sound for one in found] == ["gei", "ni", "wu", "bai", "wan", "ok", "zou"]
    assert [text[one.start : one.end] for one in (found[0], found[5], found[6])] == ["给", "OK", "走"]
    assert syllables("……！") == ()


def test_every_character_is_one_syllable_even_without_pinyin() -> None:
    assert len(syllables("他㐅㐃走")) == 4


def test_near_sounds_are_more_alike_than_strange_ones() -> None:
    assert alike("shi", "shi") == 1.0
    assert alike("shi", "shi") > alike("zhang", "zan") > alike("ma", "ba") > alike("ma", "mi") > alike("ma", "zou")
    for one, other in (("liu", "niu"), ("ren", "leng"), ("feng", "hen"), ("ming", "min")):
        assert alike(one, other) == alike(other, one) > 0.8


def test_similarity_of_lines() -> None:
    def sounds(text: str) -> list[str]:
        return [one.sound for one in syllables(text)]

    assert similarity(sounds("签了它"), sounds("千了她")) == 1.0
    assert similarity(sounds("签了它"), sounds("签了")) == pytest.approx(2 / 3)
    assert similarity(sounds("签了它"), sounds("不好看")) < 0.2
    assert similarity([], sounds("签")) == 0.0

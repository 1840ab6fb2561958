"""Half a minute of recognised words becomes lines."""

from __future__ import annotations

from localize.backends.asr._lines import LONGEST, divided, mean
from localize.episode import Word
from localize.roles import Heard
from localize.timing import span


def spoken(text: str, *words: tuple[str, int, int], confidence: float = 0.9) -> Heard:
    heard = tuple(Word(word, span(start, end), confidence) for word, start, end in words)
    return Heard(span(heard[0].span.start, heard[-1].span.end), text, heard, confidence)


def test_sentences_and_pauses_part_lines() -> None:
    said = spoken(
        "你来了？我等了你三年 走吧。",
        ("你", 0, 200), ("来", 200, 400), ("了？", 400, 700), ("我", 800, 900), ("等了", 900, 1200), ("你", 1200, 1300),
        ("三年", 1300, 1700), ("走", 2300, 2500), ("吧。", 2500, 2800),
    )  # fmt: skip
    lines = list(divided(said))
    assert [line.text for line in lines] == ["你来了？", "我等了你三年", "走吧。"]
    assert [(line.span.start, line.span.end) for line in lines] == [(0, 700), (800, 1700), (2300, 2800)]
    assert tuple(word for line in lines for word in line.words) == said.words


def test_punctuation_between_words_stays_with_the_word_before() -> None:
    words = (("不", 0, 200), ("行", 200, 400), ("为", 450, 600), ("什", 600, 700), ("么", 700, 900))
    assert [line.text for line in divided(spoken("不行！为什么？", *words))] == ["不行！", "为什么？"]
    english = (("I", 0, 100), ("waited", 100, 500), ("3.5", 500, 900), ("years", 900, 1200), ("Go", 1300, 1500))
    assert [one.text for one in divided(spoken("I waited 3.5 years. Go", *english))] == ["I waited 3.5 years.", "Go"]


def test_a_long_stretch_is_cut_at_a_comma() -> None:
    words = [
        (sign, at * 300, at * 300 + 300) for at, sign in enumerate("一二三四五六七八九十百千万亿甲乙丙丁戊己庚辛壬癸")
    ]
    text = "一二三四五六七八九十百千，万亿甲乙丙丁戊己庚辛壬癸"
    lines = list(divided(spoken(text, *words)))
    assert [line.text for line in lines] == ["一二三四五六七八九十百千，", "万亿甲乙丙丁戊己庚辛壬癸"]
    assert all(line.span.length <= LONGEST for line in lines)


def test_without_word_times_nothing_is_cut() -> None:
    said = Heard(span(0, 9000), "你来了？我等了你三年。", confidence=0.4)
    assert list(divided(said)) == [said]


def test_a_line_is_as_sure_as_its_own_words() -> None:
    words = (Word("好。", span(0, 300), 0.4), Word("走吧。", span(400, 900), 0.9))
    lines = list(divided(Heard(span(0, 900), "好。走吧。", words, 0.65)))
    assert [line.confidence for line in lines] == [0.4, 0.9]
    assert mean(words) == 0.7 and mean(()) is None

"""Lines and texts in the picture that are Chinese still, whatever the market's writing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from localize.checks import Seen, look
from localize.episode import Box, Line, OnScreenText, Picture
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Rendering, Variants

LINE = Line("L0001", span(1000, 3000), "林晚小姐，你欠我三千万！", "S1")
SAID = Rendering("L0001", "en-US", Variants("Pay me!"), "Pay me!", "person", "reviewed")
PICTURE = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")
GOOD = Seen(resolve("en"), PICTURE, (LINE,), (SAID,), names=(("林晚", "Lin Wan"),))


def text(dub: str, market: str = "en-US") -> Seen:
    said = replace(SAID, dub=Variants(dub), subtitle=dub)
    return replace(GOOD, renderings=(said,), market=resolve(market))


def found(seen: Seen, check: str) -> list[tuple[str, str]]:
    return [(one.line, one.severity) for one in look(seen) if one.check == check]


@pytest.mark.parametrize(
    ("market", "said", "left"),
    [
        ("en-US", "Miss 林 Wan, you owe me 30 million!", True),
        ("ja-JP", "林晚小姐", False),
        ("ja-JP", "林晚小姐，你欠我三千万！", True),
        ("ja-JP", "林晚小姐、三千万の借金を！", False),
        ("ko-KR", "林晚小姐，你欠我三千万！", True),
        ("ko-KR", "임완 씨, 삼천만 갚아요!", False),
        ("ko-KR", "임완(林婉) 씨, 삼천만 갚아요!", False),
        ("th-TH", "คุณ林晚!", True),
    ],
)
def test_a_line_left_in_chinese_is_found(market: str, said: str, left: bool) -> None:
    assert found(text(said, market), "untranslated") == [("L0001", "block")] * left


def test_an_approved_name_in_chinese_characters_is_no_chinese() -> None:
    seen = replace(text("陈晚さん！", "ja-JP"), lines=(replace(LINE, text="陈晚！"),))
    assert found(seen, "untranslated") == [("L0001", "block")]
    assert found(replace(seen, names=(("陈晚", "陈晚"),)), "untranslated") == []


@pytest.mark.parametrize("market", ["en-US", "ja-JP", "ko-KR"])
def test_a_line_nobody_translated_closes_the_gate(market: str) -> None:
    seen = replace(GOOD, renderings=(replace(SAID, status="missing"),), market=resolve(market))
    assert found(seen, "untranslated") == [("L0001", "block")]


PLATE = OnScreenText("T0002", span(4000, 6000), Box(0, 0, 9, 9), "陆沉\n陆氏总裁", "nameplate", 0.9)
LEFT = Rendering("T0002", "en-US", Variants(""), "", "source", "missing")
CALLED = replace(LEFT, subtitle="Lu Chen", origin="person", status="reviewed")


def test_a_name_plate_that_stays_chinese_is_told_with_its_words_and_its_row() -> None:
    seen = replace(GOOD, texts=((PLATE, LEFT),))
    (one,) = (one for one in look(seen) if one.check == "untranslated_text")
    assert (one.line, one.severity) == ("T0002", "warn")
    assert "name plate" in one.message and "00:00:04,000" in one.message and "陆沉 / 陆氏总裁" in one.message
    assert "T0002 in lines.csv" in one.fix
    noted = replace(seen, notes=(("T0002", "ignore-untranslated_text"),))
    assert found(noted, "untranslated_text") == []


@pytest.mark.parametrize(
    ("text", "said", "language", "expected"),
    [
        (PLATE, CALLED, "en-US", 0),
        (PLATE, replace(CALLED, subtitle="Lu Chen, 总裁"), "en-US", 1),
        (PLATE, LEFT, "ja", 1),
        (replace(PLATE, text="会議室"), LEFT, "ja", 0),  # Japanese as it stands
        (PLATE, LEFT, "ko", 1),
        (PLATE, replace(CALLED, subtitle=""), "en-US", 0),  # somebody decided that it may go
        (replace(PLATE, text="8866", kind="screen"), LEFT, "en-US", 0),
        (replace(PLATE, kind="screen"), LEFT, "en-US", 1),
    ],
)
def test_chinese_in_the_picture_is_what_counts(
    text: OnScreenText, said: Rendering, language: str, expected: int
) -> None:
    seen = replace(
        GOOD, market=replace(resolve("en"), language=language), renderings=(), lines=(), texts=((text, said),)
    )
    assert found(seen, "untranslated_text") == [("T0002", "warn")] * expected

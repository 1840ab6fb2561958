"""Captions of Thai, Japanese and Korean: the fonts of the extra ``asia``, and rows without spaces."""

from __future__ import annotations

import importlib.util
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localize.errors import SetupError
from localize.formats import rows
from localize.formats._segments import inner
from localize.market import markets
from localize.media import fonts

TEXTS = {
    "th-TH": "คุณลู่ครับ “ห้าล้านหยวน” พอไหม? นี่ไม่ใช่เรื่องของคุณ!",
    "ja-JP": "陸社長、500万元で「息子の愛」を買えるとでも？",
    "ko-KR": "루 대표님, “오백만 위안”으로 사랑을 살 수 있다고요?",
    "pt-BR": "Você acha que cinco milhões de yuans compram o coração dele?",
}
PACKAGES = {"th-TH": "pymupdf_fonts", "ja-JP": "matplotlib_fontja", "ko-KR": "koreanize_matplotlib", "pt-BR": ""}


def limits(market: str) -> rows.Limits:
    one = markets()[market]
    chars = one.subtitles.row_chars
    return rows.Limits(chars, one.subtitles.rows, chars, lambda row: float(rows.length(row)), one.language)


@pytest.mark.parametrize("market", TEXTS)
def test_every_market_has_a_font_that_draws_it(market: str) -> None:
    if PACKAGES[market] and importlib.util.find_spec(PACKAGES[market]) is None:
        pytest.skip("the extra asia is not installed")
    found = fonts.for_script(markets()[market].script, markets()[market].font, (TEXTS[market],))
    face = found.face_for(TEXTS[market])
    assert fonts.width(face, TEXTS[market], 50) > 100 and face == found.faces[0]


@pytest.mark.parametrize("market", ["th-TH", "ja-JP", "ko-KR"])
def test_without_its_font_a_market_says_how_to_get_it(market: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "find", lambda name: None)
    with pytest.raises(SetupError) as caught:
        fonts.for_script(markets()[market].script, "", (TEXTS[market],))
    assert "pip install 'localize-drama[asia]'" in caught.value.fix


@pytest.mark.parametrize(
    ("market", "text", "expected"),
    [
        ("ja-JP", "五百万元で息子の愛を買えるとでも思っているの？",
         (("五百万元で息子の愛を", "買えるとでも思っているの？"),)),
        ("th-TH", "คุณคิดว่าเงินห้าล้านหยวนจะซื้อความรักของลูกชายฉันได้เหรอ",
         (("คุณคิดว่าเงินห้าล้านหยวนจะซื้อความรัก", "ของลูกชายฉันได้เหรอ"),)),
        ("ko-KR", "당장 나가, 다시는 보고 싶지 않아.", (("당장 나가,", "다시는 보고 싶지 않아."),)),
    ],
)  # fmt: skip
def test_rows_end_between_phrases(market: str, text: str, expected: rows.Cues) -> None:
    assert rows.split(text, limits(market)) == expected


def test_what_no_row_holds_is_taken_apart_where_the_script_allows_it() -> None:
    laid = rows.split("スーパーデラックスホールディングスグループ", limits("ja-JP"))
    assert all(rows.length(row) <= 13 for part in laid for row in part)
    assert all(row[0] not in "ッーャュョァィゥェォ、。" for part in laid for row in part)
    assert "".join(row for part in laid for row in part) == "スーパーデラックスホールディングスグループ"
    assert list(inner("เปลี่ยนน้ำ", "th")) == ["เป", "ลี่", "ย", "น", "น้ำ"]


PIECES = {
    "ja-JP": ["陸社長、", "お金を", "スーパー", "ちょっと", "愛している。", "「はい」", "CEO", "500万元"],
    "th-TH": ["คุณ", "น้ำ", "เปลี่ยน", "ความรัก", "ครับ ", "ห้าล้าน", "CEO", "ที่นี่"],
    "ko-KR": ["대표님, ", "사랑해요. ", "오백만 ", "위안을 ", "줄게 ", "CEO가 ", "“네” "],
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PIECES)), st.data())
def test_nothing_is_lost_and_no_mark_is_torn_off(market: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from(PIECES[market]), min_size=1, max_size=12)))
    own = limits(market)
    laid = rows.split(text, own)
    every = [row for part in laid for row in part]
    assert "".join(every).replace(" ", "") == rows.clean(text).replace(" ", "")
    for row in every:
        assert rows.length(row) <= own.chars
        assert row[0] not in "、。」ッー่้๊๋ิีึืุูัำะาๅ็์" and row[-1] not in "「เแโใไ"
    for last, following in pairwise(every):
        assert last and following


def test_half_width_counts_half_beside_wide_characters() -> None:
    assert rows.length("五百万") == 3 and rows.length("ABCD") == 4
    assert rows.length("가나 다") == 4 and rows.length("第10話です") == 5

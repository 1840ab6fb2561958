"""Chinese characters in a text: at home, or left over."""

import re
from pathlib import Path

import pytest

from localize import han
from localize.han import HAN, chinese_left, could_be_chinese, is_chinese, stays_chinese, writes_han


def test_who_writes_with_chinese_characters() -> None:
    assert [writes_han(code) for code in ("ja", "ja-JP", "zh-TW", "ko-KR")] == [True] * 4
    assert not any(writes_han(code) for code in ("en-US", "th-TH", "id-ID"))


@pytest.mark.parametrize(
    ("text", "source", "language", "left"),
    [
        ("若様がお戻りです。", "少爷回来了。", "ja-JP", False),
        ("先生！", "先生！", "ja-JP", False),  # both write it alike
        ("林晩晩！", "林晚晚！", "ja-JP", False),
        ("少爷がお戻りです。", "少爷回来了。", "ja-JP", True),  # 爷 is no Japanese character
        ("我不知道了不起、本当に。", "我不知道了不起。", "ja-JP", True),
        ("The 少爷 is back.", "少爷回来了。", "en-US", True),
        ("The young master is back.", "少爷回来了。", "en-US", False),
        ("少爷 오셨어요.", "少爷回来了。", "ko-KR", True),
        ("도련님 오셨어요.", "少爷回来了。", "ko-KR", False),
        ("少爺回來了。", "少爷回来了。", "zh-TW", False),
        ("知道了！", "知道了！", "ja-JP", True),  # every character is Japanese, the words are not
        ("知道了！", "我早就知道了！", "ja-JP", True),
        ("承知した！", "知道了！", "ja-JP", False),
        ("你、待って！", "你等等！", "ja-JP", True),
        ("不可能！", "不可能！", "ja-JP", False),
        ("任務完了！", "任务完了！", "ja-JP", False),
        ("他人の目的。", "他人的目的。", "ja-JP", False),
        ("這個女人！", "这个女人！", "ja-JP", False),  # one run of shared characters, traditional: nothing tells
        ("還你三千萬元錢！", "还你三千万元钱！", "ja-JP", True),  # copied in traditional characters
        ("我一直在等你", "我一直在等你。", "ja-JP", True),
        ("哪吒だ！", "是哪吒！", "ja-JP", False),
        ("我々だ！", "是我们！", "ja-JP", False),  # 々 is Japanese
        ("経(經)을 읽어라.", "念经。", "ko-KR", True),
        ("경(經)을 읽어라.", "念经。", "ko-KR", False),  # a gloss
        ("경(经)을 읽어라.", "念经。", "ko-KR", True),
        ("知道了", "知道了", "ko-KR", True),
    ],
)
def test_chinese_left_in_a_translation(text: str, source: str, language: str, left: bool) -> None:
    assert bool(chinese_left(text, source, language)) is left


@pytest.mark.parametrize(
    ("row", "language", "chinese"),
    [
        ("田中社長、会議室です", "ja-JP", False),
        ("承知！", "ja-JP", False),
        ("少爷，会议室到了", "ja-JP", True),
        ("少爷回来了", "en-US", True),
        ("Look: 林晚 is back", "en-US", False),
        ("少爷回来了", "ko-KR", True),
        ("도련님(少爷) 오셨어요", "ko-KR", False),
        ("少爺回來了", "zh-TW", False),
        ("12:30", "ja-JP", False),
    ],
)
def test_the_chinese_rows_of_a_script(row: str, language: str, chinese: bool) -> None:
    assert is_chinese(row, language) is chinese


def test_rows_both_languages_could_have() -> None:
    assert could_be_chinese("知道了！", "ja-JP") and not is_chinese("知道了！", "ja-JP")
    assert not could_be_chinese("承知した！", "ja-JP") and not could_be_chinese("知道了", "zh-TW")


@pytest.mark.parametrize("sign", ["㐀", "一", "鿿", "\uf900", "\ufa0e", "𠮷", "\U00030000"])
def test_every_chinese_character_is_one(sign: str) -> None:
    assert HAN.fullmatch(sign)


@pytest.mark.parametrize("sign", ["䷀", "ꀀ", "가", "\ue000", "か", "々", "A", "\ua980"])
def test_what_lies_between_their_blocks_is_none(sign: str) -> None:
    assert not HAN.search(sign)


def test_no_other_place_has_a_range_of_its_own() -> None:
    spelled = re.compile(r"(?i)\\u(?:3400|4e00|9fff|f900)|[㐀一-鿿]-[鿿龥龿\ufaff]")
    package = Path(han.__file__).parent
    found = [
        path.name for kind in ("*.py", "*.toml") for path in package.rglob(kind)
        if path != Path(han.__file__) and spelled.search(path.read_text("utf-8"))
    ]  # fmt: skip
    assert not found


@pytest.mark.parametrize(
    ("text", "language", "stays"),
    [("陆氏总裁", "ja-JP", True), ("会議室", "ja-JP", False), ("会議室", "ko-KR", True), ("会議室", "en-US", True),
     ("会議室", "zh-TW", False), ("8866", "en-US", False)],
)  # fmt: skip
def test_what_cannot_be_read_where_it_stays(text: str, language: str, stays: bool) -> None:
    assert stays_chinese(text, language) is stays

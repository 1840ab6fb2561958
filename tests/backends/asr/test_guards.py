"""What recognisers invent is told from what people say."""

from __future__ import annotations

import pytest

from localize.backends.asr._guards import Judge, annotation, boilerplate, hurried, loop, readable
from localize.episode import Word
from localize.roles import Heard
from localize.timing import span

HALF_A_MINUTE = span(0, 30_000)


@pytest.mark.parametrize(
    "text",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
        "字幕by索兰娅",
        "中文字幕志愿者 杨栋梁",
        "由 Amara.org 社群提供的字幕",
        "优优独播剧场——YoYo Television Series Exclusive",
        "谢谢观看！",
        "Thank you for watching.",
        "ご視聴ありがとうございました",
        "Subtitles by the Amara.org community",
    ],
)
def test_boilerplate_is_known(text: str) -> None:
    assert boilerplate(text)


@pytest.mark.parametrize(
    "text", ["谢谢你一直看着我。", "谢谢大家。", "Thank you.", "他给我打赏了五百万。", "你订阅了什么？", "再见。"]
)
def test_dialogue_is_no_boilerplate(text: str) -> None:
    assert not boilerplate(text)


def test_what_the_recogniser_was_primed_with_comes_back() -> None:
    assert boilerplate("以下是普通话的对话", "以下是普通话的对话。")
    assert not boilerplate("对话", "以下是普通话的对话。"), "two characters may be said"


@pytest.mark.parametrize(
    "text", ["我会上课吗" * 6, "我只想要你和我一起去" * 11, "好" * 14, "不要" * 9, "I don't know. " * 5, "谢谢" * 30]
)
def test_a_circle_is_seen(text: str) -> None:
    assert loop(text)


@pytest.mark.parametrize(
    "text",
    ["", "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈", "不要，不要，不要，不要！", "好好好好好。", "走走走走走！",
     "我不知道，我不知道，我真的不知道。", "为了个绿茶，三年夫妻你都不要？"],
)  # fmt: skip
def test_people_repeat_themselves(text: str) -> None:
    assert not loop(text)


def test_nobody_talks_that_fast() -> None:
    text = "你以为我还会回来吗你错了我不会"
    assert hurried(text, span(0, 800))
    assert not hurried(text, span(0, 2600)) and not hurried("是", span(0, 60))
    assert not hurried("I never loved you and you know it", span(0, 1500))


@pytest.mark.parametrize("text", ["（音乐）", "[Music]", "♪♪♪", "♪ 音乐 ♪", "...", "\ufffd\ufffd", "", "*掌声*"])
def test_some_texts_say_that_nobody_speaks(text: str) -> None:
    assert annotation(text)
    assert Judge().judged(Heard(HALF_A_MINUTE, text), speech=1.0) is None


@pytest.mark.parametrize("text", ["（他真的来了）", "音乐停了。", "[沈晚] 站住！"])
def test_brackets_alone_say_nothing(text: str) -> None:
    assert not annotation(text)


def test_doubt_is_marked_and_never_lowers_the_recognisers_own_confidence() -> None:
    said = Heard(span(0, 4000), "请不吝点赞 订阅 转发", confidence=0.81)
    kept = Judge().judged(said, speech=0.6)
    assert kept is not None and kept.doubts == ("boilerplate",) and kept.confidence == 0.81
    unsaid = Judge().judged(said, speech=0.0)
    assert unsaid is not None and unsaid.doubts == ("silence", "boilerplate"), "nothing vanishes untold"


def test_text_over_silence_and_over_a_little_speech_is_marked() -> None:
    said = Heard(span(0, 2000), "你怎么才来？")
    for share in (0.0, 0.1):
        kept = Judge().judged(said, speech=share)
        assert kept is not None and kept.doubts == ("silence",)
    assert Judge().judged(said, speech=0.9) == said


def test_songs_are_marked_and_lose_their_notes() -> None:
    written = Judge().judged(Heard(span(0, 3000), "♪ 月亮代表我的心 ♪"), speech=0.9)
    assert written is not None and (written.text, written.doubts) == ("月亮代表我的心", ("song",))
    sounding = Judge().judged(Heard(span(0, 3000), "月亮代表我的心"), speech=0.9, held=0.7)
    assert sounding is not None and sounding.doubts == ("song",)


def test_the_same_line_again_and_again_is_a_circle_from_the_third_on() -> None:
    judge = Judge()
    said = [Heard(span(at, at + 2000), "明天我再来看你。") for at in range(0, 10_000, 2000)]
    doubts = [one.doubts for line in said if (one := judge.judged(line, speech=0.8)) is not None]
    assert doubts == [(), (), ("loop",), ("loop",), ("loop",)]
    cry = Heard(span(0, 900), "妈！")
    assert [judge.judged(cry, 0.8) for _ in range(5)] == [cry] * 5


def test_broken_characters_go_from_the_text_and_its_words() -> None:
    assert readable("♪ 站\ufffd住！♫ ") == "站住！"
    words = (Word("站\ufffd", span(0, 300)), Word("\ufffd", span(300, 400)), Word("住！", span(400, 900)))
    kept = Judge().judged(Heard(span(0, 900), "站\ufffd\ufffd住！", words), speech=0.9)
    assert kept is not None and [word.text for word in kept.words] == ["站", "住！"] and kept.text == "站住！"

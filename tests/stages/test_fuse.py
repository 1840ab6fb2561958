"""Captions and recognised speech together: whose words, whose times, and what is said about both."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from localize.episode import Box, Line, OnScreenText, Word
from localize.evidence import confidence
from localize.roles import Attribution, Heard
from localize.stages import fuse
from localize.stages._shared_caption import Turn, clauses, told_apart
from localize.stages._votes import SYLLABLE
from localize.stages.fuse import Caption, Fused, Job
from localize.timing import Ms, Span, span

LENGTH = Ms(60_000)


def caption(start: int, end: int, text: str, score: float | None = 0.98) -> Caption:
    return Caption(Line("", span(start, end), text), score)


def heard(start: int, text: str, score: float = 0.9, step: int = 200) -> Heard:
    """A recognised stretch: one word a character, ``step`` ms each; a space is a pause of as long."""
    times = [(c, span(start + i * step, start + (i + 1) * step)) for i, c in enumerate(text)]
    words = tuple(Word(c, when, score) for c, when in times if c != " ")
    return Heard(Span(words[0].span.start, words[-1].span.end), text.replace(" ", ""), words)


def fused(
    captions: list[Caption], lines: list[Heard], speech: list[Span] | None = None, turns: tuple[Turn, ...] = ()
) -> Fused:
    return fuse.fuse(Job(tuple(captions), tuple(lines), None if speech is None else tuple(speech), LENGTH, turns))


def told(result: Fused) -> list[tuple[str, int, int]]:
    return [(line.text, line.span.start, line.span.end) for line in result.lines]


def test_the_picture_gives_the_text_and_the_sound_the_time() -> None:
    result = fused(
        [caption(900, 3300, "签了它，我就放你走。"), caption(3400, 5200, "别叫我陆太太。")],
        [heard(1100, "千了她我就放你奏"), heard(3700, "别叫我路太太")],
        [span(1080, 2710), span(3690, 4880)],
    )
    assert told(result) == [("签了它，我就放你走。", 1080, 2710), ("别叫我陆太太。", 3690, 4900)]
    first = result.lines[0]
    assert "".join(word.text for word in first.words) == "签了它我就放你走"
    assert first.words[0].span == span(1100, 1300) and first.words[0].confidence == 0.9
    one = result.evidence[0]
    assert one.witnesses == ("captions", "recogniser") and one.agreement == 1.0 and one.said == "千了她我就放你奏"
    assert one.confidence == pytest.approx((0.98 + 0.9) / 1.9, abs=1e-4) and one.speech == 1.0


def test_two_captions_of_one_utterance_stay_two_and_share_out_its_words() -> None:
    result = fused(
        [caption(1000, 2000, "你以为我真的"), caption(2040, 3000, "不敢动你？")], [heard(950, "你以为我真的不敢动你")]
    )
    assert told(result) == [("你以为我真的", 950, 2150), ("不敢动你？", 2150, 2950)]
    assert [len(line.words) for line in result.lines] == [6, 4]


def test_syllables_the_recogniser_lost_are_added_at_both_ends() -> None:
    result = fused([caption(500, 4000, "大小姐，老爷叫您回家。")], [heard(1400, "姐老爷叫您")])
    assert told(result) == [("大小姐，老爷叫您回家。", 1400 - 2 * SYLLABLE, 2400 + 2 * SYLLABLE)]
    assert result.evidence[0].agreement == pytest.approx(5 / 9, abs=1e-4)


def test_a_caption_nobody_recognised_keeps_its_time() -> None:
    result = fused(
        [caption(1000, 3300, "再给我一次机会。"), caption(9000, 9900, "晚了，陆沉。")], [], [span(1180, 2900)]
    )
    assert told(result) == [("再给我一次机会。", 1000, 3300), ("晚了，陆沉。", 9000, 9900)]
    assert [one.silent(0.2) for one in result.evidence] == [False, True]
    assert [one.confidence for one in result.evidence] == [None, None]


SAID = ("签了它我就放你走", "别叫我陆太太", "你到底想怎么样", "三年夫妻你都不要", "大小姐老爷叫您回家", "晚了陆沉")


@pytest.mark.parametrize(
    ("early", "late", "times"),
    [(200, 500, (17_700, 19_400)), (0, 20, (17_500, 19_900)), (0, 500, (17_500, 19_400))],
    ids=["captions set loosely", "exact captions", "late ends only"],
)
def test_captions_that_words_time_tell_how_the_others_were_set(early: int, late: int, times: tuple[int, int]) -> None:
    words = [heard(3000 * n, text) for n, text in enumerate(SAID, start=1) if n != 6]
    captions = [
        caption(one.span.start - early, one.span.end + late, SAID[n]) for n, one in enumerate(words)
    ]  # fmt: skip
    lone = caption(17_500, 19_900, "再给我一次机会")
    speech = [replace(one, words=()).span for one in words]
    result = fused([*captions, lone], words, [*speech, span(17_700, 19_400)])
    assert told(result)[-1] == ("再给我一次机会", *times)


def nonsense(start: int, text: str) -> Heard:
    return heard(start, text, score=0.01, step=310)


def test_nonsense_moves_no_caption_and_lowers_the_confidence() -> None:
    captions = [caption(1000, 2900, "签了它，我就放你走。"), caption(3400, 5200, "别叫我陆太太。")]
    result = fused(captions, [nonsense(1700, "就崔鱼丐否"), nonsense(3900, "梯太驴")], [span(1000, 5000)])
    assert told(result) == [("签了它，我就放你走。", 1000, 2900), ("别叫我陆太太。", 3400, 5200)]
    assert all(not line.words for line in result.lines)
    for one in result.evidence:
        assert not one.timed and one.said and one.confidence is not None and one.confidence < 0.75


def test_words_that_the_recogniser_hardly_believes_time_nothing() -> None:
    result = fused([caption(1000, 2000, "晚了，陆沉。")], [heard(1500, "晚了陆沉", 0.05)])
    assert told(result) == [("晚了，陆沉。", 1000, 2000)] and not result.evidence[0].timed


def test_one_long_stretch_without_words_moves_no_caption() -> None:
    captions = [caption(1000, 2600, "签了它，我就放你走。"), caption(9000, 10_200, "别叫我陆太太。")]
    result = fused(captions, [Heard(span(0, 11_000), "签了它我就放你走别叫我陆太太天冷快穿衣服")], [span(0, 11_000)])
    assert told(result) == [("签了它，我就放你走。", 1000, 2600), ("别叫我陆太太。", 9000, 10_200)]
    assert not result.evidence[0].timed and result.evidence[0].witnesses == ("captions", "recogniser")


def test_a_loop_inside_a_line_neither_times_nor_ends_it() -> None:
    line = heard(1000, "签了它我就放你走")
    loop = replace(heard(1500, "我就放你走" * 8, step=40), doubts=("loop", "pace"))
    shown = [caption(1000, 2800, "签了它，我就放你走。")]
    assert told(fused(shown, [line, loop])) == told(fused(shown, [line]))
    alone = fused(shown, [loop])
    assert told(alone) == [("签了它，我就放你走。", 1000, 2800)] and not alone.evidence[0].timed
    assert alone.evidence[0].witnesses == ("captions", "recogniser")


def test_an_end_far_from_the_last_word_heard_is_the_captions() -> None:
    result = fused([caption(1000, 3500, "大小姐，小少爷醒了，要找爸爸。")], [heard(1100, "大小姐小少爷醒")])
    assert told(result) == [("大小姐，小少爷醒了，要找爸爸。", 1100, 3500)]


def test_without_any_sound_captions_stay_as_they_are() -> None:
    result = fused([caption(1000, 3300, "再给我一次机会。", None)], [])
    assert told(result) == [("再给我一次机会。", 1000, 3300)]
    assert result.evidence[0].speech is None and not result.evidence[0].silent(0.2)


SPOKEN = [caption(1000, 3000, "签了它，我就放你走。"), caption(8000, 9500, "晚了，陆沉。")]


def test_what_is_heard_and_shown_nowhere_becomes_a_line() -> None:
    words = [heard(1000, "签了它我就放你走"), heard(5000, "你到底想怎么样"), heard(8100, "晚了陆沉")]
    result = fused(SPOKEN, words, [span(1000, 2600), span(4950, 6450), span(8100, 8900)])
    assert told(result)[1] == ("你到底想怎么样", 4950, 6450)
    one = result.evidence[1]
    assert one.witnesses == ("recogniser",) and one.heard == 0.9 and one.confidence is None
    assert result.lines[1].kind == "speech"


@pytest.mark.parametrize(
    ("extra", "speech"),
    [
        (heard(5000, "你到底想怎么样", 0.4), [span(1000, 9000)]),
        (heard(5000, "请不吝点赞订阅转发"), [span(1000, 2600), span(8100, 8900)]),
        (heard(5000, "嗯"), [span(1000, 9000)]),
        (heard(2700, "他啊"), [span(1000, 9000)]),
        (replace(heard(5000, "你到底想怎么样"), doubts=("song",)), [span(1000, 9000)]),
        (Heard(span(5000, 6400), "你到底想怎么样", confidence=0.4), [span(1000, 9000)]),
    ],
    ids=["not sure", "in silence", "one syllable", "a slip at a line's end", "sung", "a stretch that is not sure"],
)
def test_what_may_be_a_slip_of_the_recogniser_does_not(extra: Heard, speech: list[Span]) -> None:
    result = fused(SPOKEN, [heard(1000, "签了它我就放你走"), extra, heard(8100, "晚了陆沉")], speech)
    assert [line.text for line in result.lines] == ["签了它，我就放你走。", "晚了，陆沉。"]


def test_words_without_scores_have_their_stretchs_score() -> None:
    line = heard(5000, "你到底想怎么样")
    bare = replace(line, words=tuple(replace(word, confidence=None) for word in line.words), confidence=0.8)
    result = fused([], [bare], [span(1000, 9000)])
    assert result.evidence[0].heard == 0.8 and {word.confidence for word in result.lines[0].words} == {None}


def test_punctuation_of_the_recogniser_is_kept_in_lines_only_heard() -> None:
    line = heard(5000, "你到底想怎么样")
    result = fused([], [replace(line, text="你到底，想怎么样？")])
    assert [line.text for line in result.lines] == ["你到底，想怎么样？"]


def test_other_words_under_a_caption_are_a_disagreement_and_no_second_line() -> None:
    result = fused([caption(1000, 3000, "不许你这么说薇薇！")], [heard(1200, "天冷快穿衣服")], [span(1150, 2420)])
    assert told(result) == [("不许你这么说薇薇！", 1000, 3000)]
    one = result.evidence[0]
    assert one.said == "天冷快穿衣服" and one.agreement is not None and one.agreement < 0.3
    assert one.confidence is not None and one.confidence < 0.7


def test_an_invention_over_a_silent_caption_leaves_it_silent() -> None:
    result = fused([caption(4000, 6000, "（手机震动）")], [heard(4100, "请不吝点赞订阅")], [span(1000, 2000)])
    assert told(result) == [("（手机震动）", 4000, 6000)] and result.evidence[0].silent(0.2)


def test_a_doubtful_stretch_over_silence_is_no_witness() -> None:
    lone = replace(heard(1200, "谢谢观看"), doubts=("silence", "boilerplate"))
    shown = [caption(1000, 2500, "谢谢观看")]
    assert fused(shown, [lone], [span(5000, 6000)]).evidence[0].witnesses == ("captions",)
    assert fused(shown, [lone], [span(1000, 2500)]).evidence[0].witnesses == ("captions", "recogniser")


def test_the_same_words_twice_go_to_the_caption_of_their_time() -> None:
    result = fused([caption(1000, 1800, "走吧。"), caption(3000, 3800, "走吧。")], [heard(3100, "走吧")])
    assert [len(line.words) for line in result.lines] == [0, 2]


def test_numbers_and_letters_sound_as_they_are_said() -> None:
    result = fused([caption(1000, 3000, "给你500万，OK？")], [heard(1000, "给你五百万ok")])
    assert result.evidence[0].agreement is not None and result.evidence[0].agreement > 0.8


def test_speech_far_from_a_caption_is_not_its_speech() -> None:
    result = fused([caption(1000, 2000, "你到底想怎么样？")], [heard(9000, "你到底想怎么样")])
    assert [line.span.start for line in result.lines] == [1000, 9000]


def test_a_recogniser_without_word_times_still_votes() -> None:
    line = Heard(span(1200, 2800), "千了它我就放你走")
    result = fused([caption(1000, 3000, "签了它，我就放你走。")], [line], [span(1210, 2790)])
    assert told(result) == [("签了它，我就放你走。", 1000, 3000)]
    assert result.evidence[0].agreement == 1.0 and not result.evidence[0].timed
    assert result.evidence[0].heard is None and result.lines[0].words == ()


def test_one_caption_of_two_voices_is_divided_at_punctuation() -> None:
    turns = (Turn(span(0, 1900), "a"), Turn(span(1900, 4000), "b"))
    result = fused([caption(1000, 3000, "你敢？我有什么不敢！")], [heard(1000, "你敢  我有什么不敢")], None, turns)
    assert told(result) == [("你敢？", 1000, 1400), ("我有什么不敢！", 1800, 3000)]
    assert [word.text for word in result.lines[1].words] == list("我有什么不敢")


@pytest.mark.parametrize(
    "turns",
    [
        (),
        (Turn(span(0, 4000), "a"),),
        (Turn(span(0, 1600), "a"), Turn(span(1600, 1700), "b"), Turn(span(1700, 4000), "a")),
    ],
    ids=["nobody told apart", "one voice", "a slip"],
)
def test_one_voice_is_never_divided(turns: tuple[Turn, ...]) -> None:
    assert (
        len(fused([caption(1000, 3000, "你敢？我有什么不敢！")], [heard(1000, "你敢我有什么不敢")], None, turns).lines)
        == 1
    )


@pytest.mark.parametrize("words", [heard(1000, "你敢动我"), heard(2200, "我有什么不敢")], ids=["first", "second"])
def test_a_voice_the_recogniser_missed_still_divides_the_caption(words: Heard) -> None:
    turns = (Turn(span(900, 1950), "a"), Turn(span(2150, 3500), "b"))
    result = fused([caption(1000, 3400, "你敢动我？我有什么不敢！")], [words], [span(1000, 3400)], turns)
    assert [line.text for line in result.lines] == ["你敢动我？", "我有什么不敢！"]
    assert sorted(len(line.words) for line in result.lines) == [0, len(words.words)]


def test_a_turn_that_begins_inside_a_clause_is_a_slip() -> None:
    turns = (Turn(span(0, 1350), "a"), Turn(span(1350, 4000), "b"))
    result = fused([caption(1000, 2600, "顾明月是我的女人。")], [heard(1000, "顾明月是我的女人")], None, turns)
    assert [line.text for line in result.lines] == ["顾明月是我的女人。"]


def test_lines_never_reach_into_each_other_or_over_the_end() -> None:
    captions = [caption(1000 + 900 * n, 2500 + 900 * n, "你到底想怎么样？") for n in range(4)]
    captions.append(caption(59_000, 60_900, "晚了，陆沉。"))
    result = fused(captions, [heard(900 + 900 * n, "你到底想怎么样", step=180) for n in range(4)], [span(800, 5000)])
    spans = [line.span for line in result.lines]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert spans[-1].end == LENGTH


def test_the_order_of_what_comes_in_changes_nothing() -> None:
    captions = [caption(1000, 3000, "签了它，我就放你走。"), caption(3400, 5200, "别叫我陆太太。")]
    words = [heard(1100, "千了她我就放你走"), heard(3700, "别叫我路太太"), heard(7000, "你到底想怎么样")]
    speech = [span(1080, 2710), span(3690, 4880), span(7000, 8400)]
    assert fused(captions, words, speech) == fused(captions[::-1], words[::-1], speech[::-1])


def test_scores_come_from_the_texts_a_line_was_read_from() -> None:
    def text(start: int, end: int, text: str, score: float, kind: str = "subtitle") -> OnScreenText:
        return OnScreenText("", span(start, end), Box(0, 0, 9, 9), text, kind, score)  # type: ignore[arg-type]

    lines = [Line("", span(1000, 3000), "签了它我就放"), Line("", span(4000, 5000), "走")]
    texts = [
        text(1000, 3000, "签了", 0.9),
        text(1000, 2900, "它我就放", 0.6),
        text(1000, 3000, "周佩兰", 0.1, "nameplate"),
    ]
    assert [one.score for one in fuse.scored(lines, texts)] == [0.7, None]


def test_confidence_is_only_what_was_measured() -> None:
    assert confidence(0.9, None, None) is None and confidence(None, 0.9, 1.0) is None
    assert confidence(0.9, 0.0, 0.2) == confidence(0.9, 0.5, 0.2) < 0.7  # type: ignore[operator]
    assert confidence(0.9, None, 1.0) == 0.95
    assert confidence(0.9, 0.8, 1.0) > 0.9 > confidence(0.9, 0.8, 0.3)  # type: ignore[operator]


def test_another_voice_may_begin_after_a_sentence_a_space_or_a_pause() -> None:
    def spans(text: str, said: str) -> list[tuple[int, int]]:
        line = replace(caption(1000, 5000, text).line, words=heard(1000, said).words)
        return [(one.start, one.end) for one in clauses(line)]

    assert spans("你敢？我敢，不行！", "你敢我敢不行") == [(1000, 1400), (1400, 2200)]
    assert spans("你敢 我敢", "你敢我敢") == [(1000, 1400), (1400, 1800)]
    assert spans("你敢我敢", "你敢  我敢") == [(1000, 1400), (1800, 2200)]
    assert clauses(caption(1000, 2000, "你敢？我敢").line) == ()


@pytest.mark.parametrize(
    ("voices", "turns"),
    [
        ((("a", 3.0, 2.0), ("b", 2.0, 2.0)), ["a", "b"]),
        ((("a", 3.0, 2.0), ("a", 2.0, 2.0)), []),
        ((("a", 3.0, 2.0), ("b", 1.9, 2.0)), []),
        ((("a", 3.0, 0.0), ("b", 3.0, 0.0)), []),
    ],
    ids=["surely two", "surely one", "unsure", "an engine nobody measured"],
)
def test_only_sure_voices_divide(voices: tuple[tuple[str, float, float], ...], turns: list[str]) -> None:
    told = [(span(n, n + 1), Attribution(who, margin, (), clear)) for n, (who, margin, clear) in enumerate(voices)]
    assert [one.speaker for one in told_apart(told)] == turns


def test_a_line_always_shares_time_with_its_caption() -> None:
    result = fused([caption(1000, 1400, "好吗？")], [heard(2000, "好吗")])
    assert told(result) == [("好吗？", 1399, 2400)]


def test_a_caption_that_is_sung_is_a_song() -> None:
    sung = replace(heard(1000, "月亮代表我的心"), doubts=("song",))
    result = fused([caption(900, 2600, "月亮代表我的心"), caption(3000, 4000, "别走")], [sung, heard(3000, "别走")])
    assert [(line.text, line.kind) for line in result.lines] == [("月亮代表我的心", "song"), ("别走", "speech")]

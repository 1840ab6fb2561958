"""Who a subtitle file says is speaking: labels come off the words and are kept, a colon alone is none."""

from __future__ import annotations

from fractions import Fraction

import pytest

from localize.formats import subtitle_files
from localize.formats.subtitle_files import SubtitleFile
from localize.timing import clock

CAST = ("陆沉", "林夏", "Lu Chen", "Lin Xia")


def parsed(text: str, name: str, cast: tuple[str, ...] = CAST) -> SubtitleFile:
    return subtitle_files.parse(text, name, Fraction(25), cast)


def srt(*texts: str, cast: tuple[str, ...] = CAST) -> SubtitleFile:
    rows = (f"{n}\n{clock(n * 2000)} --> {clock(n * 2000 + 1500)}\n{text}\n" for n, text in enumerate(texts, start=1))
    return parsed("\n".join(rows), "a.srt", cast)


def said(file: SubtitleFile) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in file.subtitles]


LABELLED = ("陆沉：你走。", "林夏: 我不走！")


@pytest.mark.parametrize(
    ("row", "who", "text"),
    [
        ("陆沉：3点见。", "陆沉", "3点见。"),
        ("陸沉：你走。", "陸沉", "你走。"),
        ("陆沉(怒)：滚！", "陆沉", "滚！"),
        ("- 陆沉（冷笑）: 滚！", "陆沉", "滚！"),
        ("[陆沉] 滚！", "陆沉", "滚！"),
        ("（陆沉）滚！", "陆沉", "滚！"),
        ("【陆沉】：滚！", "陆沉", "滚！"),
        (">> Lu Chen: 滚！", "Lu Chen", "滚！"),
        ("陆沉：\n滚！", "陆沉", "滚！"),
        ("保安：站住！", "保安", "站住！"),
        ("王妈：来了。", "王妈", "来了。"),
        ("众人：好！", "", "好！"),
        ("男：谁？", "", "谁？"),
        ("时间：三点", "", "时间：三点"),
        ("记住：别回头", "", "记住：别回头"),
        ("他说：离婚", "", "他说：离婚"),
        ("陆沉说：离婚", "", "陆沉说：离婚"),
        ("12:30 开会", "", "12:30 开会"),
        ("看 http://a.cn", "", "看 http://a.cn"),
        ("密码是：八八八", "", "密码是：八八八"),
        ("听好了：明天来", "", "听好了：明天来"),
        ("证据：在这里", "", "证据：在这里"),
        ("陆沉、林夏：好", "陆沉、林夏", "好"),
        ("陆沉/林夏: 好", "陆沉、林夏", "好"),
        ("陆沉&林夏：好", "陆沉、林夏", "好"),
        ("陆沉和林夏：好", "陆沉、林夏", "好"),
        ("陆沉、众人：好", "陆沉、众人", "好"),
        ("【陆沉、林夏】好", "陆沉、林夏", "好"),
        ("陆沉、林夏（齐声）：好", "陆沉、林夏", "好"),
        ("男、女：好", "", "好"),
        ("陆沉，记住：别回头", "", "陆沉，记住：别回头"),
        ("保镖甲：站住！", "保镖甲", "站住！"),
    ],
)
def test_a_label_comes_off_and_other_colons_stay(row: str, who: str, text: str) -> None:
    assert said(srt(*LABELLED, row))[2:] == [(who, text)]


@pytest.mark.parametrize("row", ["时间：三点", "保安：站住！", "好：就这样", "注意：地滑"])
def test_in_a_file_without_labels_a_colon_is_a_colon(row: str) -> None:
    file = srt("你走。", row, "我不走！")
    assert said(file)[1] == ("", row)


@pytest.mark.parametrize("word", ["证据", "听好了", "方法", "高兴", "夜莺", "Evidence", "The Plan"])
def test_a_word_before_a_colon_is_a_label_only_where_something_says_that_it_is_a_person(word: str) -> None:
    file = srt(*LABELLED, *(f"{word}：第{n}句" for n in range(2)))
    assert said(file)[2:] == [("", f"{word}：第{n}句") for n in range(2)]
    assert word == "听好了" or f"kept as words: {word.casefold()} (lines 10, 14)" in file.notes[-1]


@pytest.mark.parametrize("name", ["顾言", "阿强", "老王", "欧阳娜娜", "王总", "Gu Yan"])
def test_what_looks_like_a_name_is_one_from_the_second_time_on(name: str) -> None:
    assert said(srt(*LABELLED, f"{name}：好", f"{name}：行"))[2:] == [(name, "好"), (name, "行")]


def test_first_names_in_latin_letters_count_where_a_file_labels_throughout_or_the_cast_has_them() -> None:
    rows = ("Marco: Go.", "Rosa: No.", "Marco: Go!", "Rosa: Never.", "Marco: Now.", "Rosa: Evidence: none.")
    assert [who for who, _ in said(srt(*rows, cast=()))] == ["Marco", "Rosa"] * 3
    assert said(srt("Lu: Go.", "No.", "Lin Xia: Go!", "Lu Chen: Hm."))[0] == ("Lu", "Go.")


def test_the_manner_in_a_label_is_told_with_its_line() -> None:
    file = srt(*LABELLED, "陆沉（拿起刀，冷笑）：去死")
    assert said(file)[2] == ("陆沉", "去死") and file.subtitles[2].emotion == "cold"
    assert "（拿起刀，冷笑） (00:00:06,000, line 10)" in file.notes[0]


def test_one_name_of_the_cast_is_enough_for_its_own_line() -> None:
    assert said(srt("你走。", "陆沉：我不走！", "好。"))[1] == ("陆沉", "我不走！")


def test_without_a_cast_a_file_that_labels_throughout_is_understood_and_told() -> None:
    file = srt("陆沉：你走。", "林夏：我不走！", "陆沉：滚！", "林夏：好。", cast=())
    assert [who for who, _ in said(file)] == ["陆沉", "林夏", "陆沉", "林夏"]
    told = "陆沉 (lines 2, 10), 林夏 (lines 6, 14)"
    assert file.notes == (f"names of speakers taken off the words, as evidence of who speaks: {told}",)
    once = srt("陆沉：你走。", "林夏：我不走！", "陆沉：滚！", "好。", cast=())
    assert [text for _, text in said(once)] == ["你走。", "林夏：我不走！", "滚！", "好。"]
    assert once.notes[1] == "words before a colon that may be names of speakers, kept as words: 林夏 (line 6)"
    (left,) = srt("保安：站住！", "你走。", "我不走！", "好。", cast=()).notes
    assert left == "words before a colon that may be names of speakers, kept as words: 保安 (line 2)"


@pytest.mark.parametrize(
    ("row", "kind"),
    [("陆沉OS：我不能输", "thought"), ("陆沉（内心）：我不能输", "thought"), ("陆沉 VO: 我不能输", "thought"),
     ("旁白：三年后", "narration"), ("内心：我不能输", "thought"), ("陆沉画外音：我不能输", "speech")],
)  # fmt: skip
def test_inner_voices_and_narration(row: str, kind: str) -> None:
    one = srt(*LABELLED, row).subtitles[2]
    assert one.kind == kind and one.text in ("我不能输", "三年后") and ("陆沉" in one.speaker) == row.startswith("陆沉")


def test_two_voices_of_one_subtitle_share_its_time() -> None:
    for text in ("陆沉：你走。\n林夏：我不走！", "- 陆沉：你走。\n- 林夏：我不走！", "陆沉：你走。林夏：我不走！"):
        one, other = srt(text, *LABELLED).subtitles[:2]
        assert [(part.speaker, part.text) for part in (one, other)] == [("陆沉", "你走。"), ("林夏", "我不走！")]
        assert (one.span.start, one.span.end, other.span.end) == (2000, other.span.start, 3500)
        assert one.span.end == 2600
    one, other = srt("- 陆沉：你走。\n- 我不走！", *LABELLED).subtitles[:2]
    assert (one.speaker, other.speaker, other.text) == ("陆沉", "", "我不走！")


def test_a_translation_below_is_no_second_voice() -> None:
    assert said(srt("陆沉：你走。\nLu Chen: Go.", *LABELLED))[0] == ("陆沉", "你走。\nGo.")


def test_webvtt_voices() -> None:
    file = parsed(
        "WEBVTT\n\n00:01.000 --> 00:03.000\n<v 陆沉>你走。</v>\n<v.loud 林夏>我不走！\n\n"
        "00:04.000 --> 00:05.000\n<v 保安>站住<b>！</b>\n\n00:06.000 --> 00:07.000\n好。\n", "a.vtt",
    )  # fmt: skip
    assert said(file) == [("陆沉", "你走。"), ("林夏", "我不走！"), ("保安", "站住！"), ("", "好。")]


ASS = "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Effect, Text\n"


def test_the_name_field_of_ass() -> None:
    rows = [
        ("陆沉", "你走。"),
        ("保安", "{\\k20}站{\\k20}住"),
        ("", "林夏：好"),
        ("NTP", "行"),
        ("陆沉;林夏", "一起走"),
        ("陆沉", "林夏：不"),
    ]
    events = [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.80,Default,{w},,{t}\n" for n, (w, t) in enumerate(rows)]
    assert said(parsed(ASS + "".join(events), "a.ass")) == [
        ("陆沉", "你走。"), ("保安", "站住"), ("林夏", "好"), ("", "行"), ("陆沉、林夏", "一起走"), ("林夏", "不"),
    ]  # fmt: skip
    group = [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.80,Default,某字幕组,,第{n}句\n" for n in range(6)]
    assert {who for who, _ in said(parsed(ASS + "".join(group), "a.ass"))} == {""}


TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"><head><metadata>'
    '<ttm:agent xml:id="a1" type="character"><ttm:name type="alias">陆沉</ttm:name></ttm:agent>'
    '<ttm:agent xml:id="a2"><ttm:name>保安</ttm:name></ttm:agent></metadata></head><body><div>{}</div></body></tt>'
)


def test_ttml_agents_and_roles() -> None:
    file = parsed(TTML.format(
        '<p begin="1s" end="2s" ttm:agent="a1">你<span>走</span>。</p>'
        '<p begin="3s" end="5s"><span ttm:agent="a1">走！</span><br/><span ttm:agent="a2">站住！</span></p>'
        '<p begin="6s" end="7s" ttm:role="sound">关门</p><p begin="8s" end="9s" ttm:role="thought">我不能输</p>'
        '<p begin="9s" end="10s" ttm:agent="a1 a2">一起走</p>'
    ), "a.ttml")  # fmt: skip
    assert said(file) == [
        ("陆沉", "你走。"), ("陆沉", "走！"), ("保安", "站住！"), ("", "我不能输"), ("", "一起走"),
    ]  # fmt: skip
    assert file.subtitles[3].kind == "thought" and "关门 (00:00:06,000, line 1)" in file.notes[0]


def test_microdvd_labels_and_sounds() -> None:
    file = parsed("{25}{50}陆沉：你走。|林夏：不走。\n{75}{100}[音乐]\n", "a.sub")
    assert said(file) == [("陆沉", "你走。"), ("林夏", "不走。")]

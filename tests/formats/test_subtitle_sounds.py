"""What in a subtitle file nobody says: sounds, manners and music go, words in brackets stay."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from localize.errors import InputError
from localize.formats import subtitle_files
from localize.formats.subtitle_files import SubtitleFile
from localize.timing import clock

CAST = ("陆沉", "林夏", "Lu Chen")


def read(*texts: str) -> SubtitleFile:
    rows = (f"{n}\n{clock(n * 2000)} --> {clock(n * 2000 + 1500)}\n{text}\n" for n, text in enumerate(texts, start=1))
    return subtitle_files.parse("\n".join(rows), "a.srt", Fraction(25), CAST)


def said(*texts: str) -> list[tuple[str, str, str]]:
    return [(one.text, one.kind, one.emotion) for one in read(*texts, "最后一句。").subtitles[:-1]]


@pytest.mark.parametrize(
    "text",
    [
        "[音乐]", "（冷笑）", "【门铃响】", "（关门声）", "（陆沉冷笑）", "[紧张刺激的音乐]", "（紧张的音乐渐强）",
        "（远处传来警笛声）", "［掌聲］", "(笑)", "（手机铃声响起）", "♪♪", "♪ 轻音乐 ♪", "[♪]", "♪（轻快的音乐）♪",
        "[door bell ringing]", "[footsteps approaching in the distance]", "[Lu Chen laughs softly]", "(suspira)",
        "[música suave de fondo]", "[menghela napas]",
        "[laughs]", "(sighs)", "[MUSIC PLAYING]", "*whispers*", "[door creaks]", "(risas)", "[tertawa]",
        "（冷笑）\n[音乐]", "（叹气。）",
    ],
)  # fmt: skip
def test_a_description_is_no_line_and_is_told_with_its_time(text: str) -> None:
    found = read("你走。", text)
    assert [one.text for one in found.subtitles] == ["你走。"]
    assert "nobody says them: " in found.notes[0] and "(00:00:04,000, line 6)" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "（我不能输）", "（她笑了）", "（有脚步声）", "（这是什么声音）", "（好笑）", "（开门）", "（你在笑什么）",
        "（等等）", "(Close the door.)", "[I can't lose]", "【三年后】", "【我不能输】", "5*3*2",
        "（电话那头：你好）", "（3 2 1）", "[VIP]", "（不是我的声音）",
        "[Beat it]", "[Go to the door]", "[Stop shouting]", "[Silence, traitor]", "(The music stopped)",
        "[Toca la puerta]", "[Ring the bell]", "[Tutup pintu]", "[Cry me a river]",
    ],
)  # fmt: skip
def test_words_in_brackets_stay(text: str) -> None:
    assert [one for one, *_ in said(text)] == [text]


def test_a_bracket_that_says_the_kind_of_its_line_is_not_told_as_words() -> None:
    assert read("（旁白）夫人不知道。", "【旁白】三年后。").notes == ()
    (told,) = read("他念（旁白）的时候。").notes
    assert "kept as words: （旁白）" in told


def test_a_bracket_nobody_can_tell_is_told() -> None:
    (told,) = read("【三年后】", "王妈（那谁）来了。").notes
    assert "kept as words: 【三年后】 (00:00:02,000, line 2); （那谁） (00:00:04,000, line 6)" in told
    assert read("（我不能输）").notes == ()
    (told,) = read("Knock knock [Beat it]", "(The music stopped)", "你走。").notes
    assert "kept as words: [Beat it] (00:00:02,000, line 2); (The music stopped) (00:00:04,000, line 6)" in told


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("（冷笑）你走。", ("你走。", "speech", "cold")),
        ("你走（哽咽）别回来", ("你走别回来", "speech", "sad")),
        ("（小声）\n你走。", ("你走。", "speech", "whisper")),
        ("我不走！[门铃响]", ("我不走！", "speech", "")),
        ("[laughs] OK!", ("OK!", "speech", "joy")),
    ],
)
def test_a_manner_colours_the_line_it_stands_in(text: str, left: tuple[str, str, str]) -> None:
    assert said(text) == [left]


def test_every_emotion_is_one_the_voices_know() -> None:
    root = Path(subtitle_files.__file__).parents[1]
    told = tomllib.loads((root / "formats" / "subtitle_sounds.toml").read_text("utf-8"))["emotions"]
    from localize.voices import __file__ as voices

    known = tomllib.loads((Path(voices).parent / "emotions.toml").read_text("utf-8"))
    assert set(told) <= set(known)


def test_a_song_and_talk_in_one_subtitle_are_two_lines() -> None:
    assert said("♪ 月亮 ♪\n你走。", "♪ 月亮\n代表我的心 ♪") == [
        ("月亮", "song", ""), ("你走。", "speech", ""), ("月亮\n代表我的心", "song", ""),
    ]  # fmt: skip


def test_a_file_of_nothing_but_sounds_says_so() -> None:
    with pytest.raises(InputError, match=r"nothing that is said: 2 descriptions .*\[音乐\] \(00:00:02,000, line 2\)"):
        read("[音乐]", "♪♪")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<script>alert(1)</script>你走。", "你走。"),
        ("<STYLE type='x'>p {color: red}</STYLE >你走。", "你走。"),
        ("你走。<script src=x>alert(1)", "你走。"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;你走。", "你走。"),
        ("<!-- 时间轴：某某 -- >你走。", None),
        ("<!-- 某某 \n 校对 -->你走。", "你走。"),
        ("<ruby>滚<rt class=a><i>gun</i></rt></ruby>！", "滚！"),
        ("<ruby>滚<rp>(</rp><rt>gun<rp>)</rp></ruby>！", "滚！"),
        ("我&lt;3&nbsp;你&#x21;", "我<3 你!"),
        ("{\\k20}你{\\kf30}走{\\an8}。", "你走。"),
        ("{\\p1}m 0 0 l 9 9{\\p0}你走。", "你走。"),
    ],
)
def test_code_and_markup_are_never_said(text: str, left: str | None) -> None:
    assert [one for one, *_ in said(text)] == ([left] if left else [])


def test_numbers_that_begin_anew_are_no_words() -> None:
    cues = [f"{n}\n00:00:0{at},000 --> 00:00:0{at},900\n{text}\n" for n, at, text in
            [(1, 1, "你走。"), (2, 2, "我不走！"), (1, 3, "滚！")]]  # fmt: skip
    found = subtitle_files.parse("".join(cues), "a.srt", Fraction(25))
    assert [one.text for one in found.subtitles] == ["你走。", "我不走！", "滚！"]

"""Subtitle files as people have them: every format, encoding, markup and accident."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pysubs2
import pytest

from localize.errors import InputError
from localize.formats import subtitle_files
from localize.formats.subtitle_files import SubtitleFile
from localize.timing import clock

SAID = ["签了它，我就放你走。", "他变了。", "大小姐，老爷叫您回家。", "再给我一次机会好吗？"]
TRADITIONAL = ["簽了它，我就放你走。", "他變了。", "大小姐，老爺叫您回家。", "再給我一次機會好嗎？"]


def read(folder: Path, name: str, content: str | bytes, rate: Fraction = Fraction(25)) -> SubtitleFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return subtitle_files.read(path, rate)


def cues(folder: Path, name: str, content: str | bytes, rate: Fraction = Fraction(25)) -> list[tuple[int, int, str]]:
    found = read(folder, name, content, rate).subtitles
    return [(one.span.start, one.span.end, one.text) for one in found]


def srt(texts: list[str], step: int = 2000) -> str:
    return "".join(
        f"{n}\n{clock(n * step)} --> {clock(n * step + 1500)}\n{text}\n\n" for n, text in enumerate(texts, start=1)
    )


# ── formats ─────────────────────────────────────────────────────────────────────────────────────────────────
SIMPLE = [(1000, 2500, "签了它，\n我就放你走。"), (3000, 4040, "他变了。")]
TTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
    'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="1000">\n'
    "<head><metadata>作者</metadata></head><body><div>\n"
)
SAME = {
    "srt": "1\n00:00:01,000 --> 00:00:02,500\n签了它，\n我就放你走。\n\n2\n00:00:03,000 --> 00:00:04,040\n他变了。\n",
    "vtt": "WEBVTT Kind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE nobody says this\nnor this\n\n"
    "a\n00:01.000 --> 00:02.500 line:0\n签了它，\n我就放你走。\n\nNOTE\n\n"
    "00:00:03.000 --> 00:00:04.040\n<v 陆沉>他变了。</v>\n",
    "ass": "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n"
    "Format: Start, End, Style, Text\nComment: 0:00:00.00,0:00:01.00,Default,nobody says this\n"
    "Dialogue: 0:00:03.00,0:00:04.04,Default,{\\an8\\i1}他变了。\n"
    "Dialogue: 0:00:01.00,0:00:02.50,Default,签了它，\\N我就放你走。\n",
    "ttml": TTML + '<p begin="1s" end="00:00:02.500">签了它，<br/>我就<span>放你</span>走。</p>\n'
    '<p begin="00:00:03:00" dur="1040t">\n  他变了。\n</p></div></body></tt>',
    "sub": "{1}{1}25.000\n{25}{62}{y:i}签了它，|我就放你走。\n{75}{101}他变了。\n",
    "mpl2": "[10][25]/签了它，|我就放你走。\n[30][40]他变了。\n",
    "subviewer": "[INFORMATION]\n[TITLE]x\n[END INFORMATION]\n[SUBTITLE]\n"
    "00:00:01.00,00:00:02.50\n签了它，[br]我就放你走。\n\n00:00:03.00,00:00:04.04\n他变了。\n",
}


@pytest.mark.parametrize("name", SAME)
def test_every_format_says_the_same(tmp_path: Path, name: str) -> None:
    found = cues(tmp_path, f"a.{name}", SAME[name])
    assert [text for *_, text in found] == [text for *_, text in SIMPLE]
    for (start, end, _), (start2, end2, _) in zip(found, SIMPLE, strict=True):
        assert abs(start - start2) <= 20 and abs(end - end2) <= 40  # MicroDVD and MPL2 count coarsely
    assert cues(tmp_path, "named_wrongly.txt", SAME[name]) == found
    assert cues(tmp_path, "named_wrongly.srt", SAME[name].replace("\n", "\r\n")) == found
    told = "names of speakers taken off the words, as evidence of who speaks: 陆沉 (line 16)"
    assert read(tmp_path, f"a.{name}", SAME[name]).notes == ((told,) if name == "vtt" else ())


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass"])
def test_what_another_library_writes_is_read(tmp_path: Path, kind: str) -> None:
    script = pysubs2.SSAFile()
    for number, text in enumerate(SAID):
        script.append(pysubs2.SSAEvent(start=number * 2000 + 40, end=number * 2000 + 1500, text=text))
    script.save(str(tmp_path / f"a.{kind}"))
    found = subtitle_files.read(tmp_path / f"a.{kind}", Fraction(25)).subtitles
    assert [(one.span.start, one.span.end, one.text) for one in found] == [
        (event.start, event.end, event.plaintext) for event in script
    ]


def test_microdvd_counts_by_its_header_else_by_the_picture(tmp_path: Path) -> None:
    body = "{240}{480}你走。\n{600}{}我不走！\n"
    assert cues(tmp_path, "a.sub", body, Fraction(24))[0][:2] == (10_000, 20_000)
    assert cues(tmp_path, "a.sub", "{1}{1}23.976\n" + body, Fraction(25))[0][:2] == (10_010, 20_020)
    start, end, text = cues(tmp_path, "a.sub", body, Fraction(24))[1]
    assert (start, text) == (25_000, "我不走！") and end > start
    with pytest.raises(InputError, match=r"line 1: 999 frames"):
        read(tmp_path, "a.sub", "{1}{1}999\n" + body)
    with pytest.raises(InputError, match=r"line 3: not a subtitle"):
        read(tmp_path, "a.sub", body + "and now\n")


def test_ttml_times_nest_and_count_frames_and_ticks(tmp_path: Path) -> None:
    head = '<tt xmlns="http://www.w3.org/2006/10/ttaf1" xmlns:p="http://www.w3.org/2006/10/ttaf1#parameter" {}>'
    found = cues(
        tmp_path, "a.xml",
        head.format('p:frameRate="30" p:frameRateMultiplier="1000 1001"')
        + '<body begin="10s"><div begin="1s"><p begin="00:00:01:15" end="3s">你走。</p>'
        '<p><span begin="4s" dur="300f">我不走！</span> <span begin="15s" end="16s"><ruby>滚</ruby></span></p></div>'
        '<div timeContainer="seq"><p dur="2s">一</p><p dur="1s">二</p></div></body></tt>',
    )  # fmt: skip
    assert found == [
        (10_000, 12_000, "一"), (12_000, 13_000, "二"), (12_500, 14_000, "你走。"), (15_000, 25_010, "我不走！"),
        (26_000, 27_000, "滚"),
    ]  # fmt: skip


# ── encodings ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
@pytest.mark.parametrize("texts", [SAID, SAID[:1], TRADITIONAL], ids=["simplified", "one cue", "traditional"])
def test_any_usual_encoding(tmp_path: Path, encoding: str, texts: list[str]) -> None:
    assert [text for *_, text in cues(tmp_path, "a.srt", srt(texts).encode(encoding))] == texts


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "cp950"])
@pytest.mark.parametrize("texts", [TRADITIONAL, TRADITIONAL[3:]], ids=["traditional", "one cue"])
def test_big5(tmp_path: Path, encoding: str, texts: list[str]) -> None:
    assert [text for *_, text in cues(tmp_path, "a.srt", srt(texts).encode(encoding))] == texts


WIDE = srt(SAID).encode("utf-16")
HALF = srt(["hello"]).encode("utf-16")[:-1].replace(b"h\0e", b"h\0\0e")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (WIDE[:100] + b"\x00\xdc" + WIDE[100:], r"line 6: a broken character .*UTF-16"),
        (HALF, r"line 3: holds a character cut in half"),
        (WIDE[:-1], r"line 16: a broken character .*UTF-16"),
        (srt(SAID).encode().replace("变".encode(), "变".encode()[:2]), r"line 7: a broken character .*UTF-8"),
        (srt(SAID).encode("gbk").replace("机".encode("gbk"), b"\xff"), r"line 15: a broken character .*GB18030"),
        (srt(SAID).encode().replace(b"\n2\n", b"\n\0\0\n"), r"line 5: holds zero bytes"),
        (bytes(range(128, 256)) * 20, "encoding cannot be told"),
        (b"\x00\x00\x01\xba" + bytes(99), "pictures of subtitles"),
    ],
)  # fmt: skip
def test_broken_bytes_are_refused_with_their_line(tmp_path: Path, data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, "a.srt", data)


# ── markup and accidents ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<b>你走。</b>", "你走。"),
        ('<font color="#fff" size=12>你走。</font>', "你走。"),
        ("{\\an8}{\\pos(1,2)}你走。", "你走。"),
        ("你&nbsp;走&amp;来&#33;", "你 走&来!"),
        ("&#99999999999;&lt;b&gt;", "&#99999999999;<b>"),
        ("我<3 你", "我<3 你"),
        ("你\u200b走\u202e。\ufeff", "你走。"),
        ("-你走。<br/>-我不走！", "-你走。\n-我不走！"),
        ("  你走。\n\n\n我不走！  ", "你走。\n我不走！"),
        ("<i>你走。", "你走。"),
        ("<c.red><00:00:01.500>你</c>走。", "你走。"),
        ("38", "38"),
        ('{"lines": [{"text": "走"}]}', '{"lines": [{"text": "走"}]}'),
        ("{好}{\\i1}你走{\\i0}{}{y:i}", "{好}你走"),
    ],
)
def test_markup_goes_and_words_stay(tmp_path: Path, written: str, text: str) -> None:
    text_file = f"1\n00:00:01,000 --> 00:00:02,000\n{written}\n\n2\n00:00:03,0 --> 00:00:04,0\n好\n"
    found = cues(tmp_path, "a.srt", text_file)
    assert found[0] == (1000, 2000, text) and len(found) == 2


@pytest.mark.parametrize(
    ("row", "span"),
    [
        ("00:00:01.000 --> 00:00:02.000", (1000, 2000)),
        ("0:0:1,5 --> 0:0:2,50", (1500, 2500)),
        ("00:01,000 --> 00:02,000", (1000, 2000)),
        ("00:00:01:000 --> 00:00:02:000", (1000, 2000)),
        ("00:00:01 --> 00:00:02", (1000, 2000)),
        ("00：00：01，000 --> 00：00：02，000", (1000, 2000)),
        ("00 : 00 : 01,000 --> 00 : 00 : 02,000", (1000, 2000)),
        ("00:00:01,000-->00:00:02,000  X1:40 X2:600 Y1:20 Y2:50", (1000, 2000)),
    ],
)
def test_times_as_people_type_them(tmp_path: Path, row: str, span: tuple[int, int]) -> None:
    assert cues(tmp_path, "a.srt", f"1\n{row}\n你走。\n") == [(*span, "你走。")]


@pytest.mark.parametrize(
    "row",
    [
        "100:00:00,000 --> 100:00:02,000", "-00:00:01,834 --> 00:00:03,687", "00:00:03,300 --> 00:00:01,200",
        "00:00:01,000 --> ", "00:00:01,000 -> 00:00:02,000", "00:00:01,000 → 00:00:02,000", "a 1 --> 2",
    ],
)  # fmt: skip
def test_odd_times_are_refused_with_their_line(tmp_path: Path, row: str) -> None:
    for name, head in (("a.srt", "1\n"), ("b.vtt", "WEBVTT\n\n\n")):
        before = f"{head}00:00:00,100 --> 00:00:00,900\n少爷！\n\n"
        with pytest.raises(InputError, match=rf"line {before.count(chr(10)) + 1}: "):
            read(tmp_path, name, f"{before}{row}\n夫人？\n")


@pytest.mark.parametrize(
    "said", ["3–5年", "12:30 – 13:00 开会", "比分 3 >> 2", "2 -> 3 等于", "38\n12:30 – 13:00 开会", "好\n\n3–5年"]
)
def test_figures_that_people_say_are_no_times(tmp_path: Path, said: str) -> None:
    for name, head in (("a.srt", "1\n"), ("b.vtt", "WEBVTT\n\n")):
        last = said if name == "a.srt" else said.replace("\n\n", "\n")
        text = f"{head}00:00:01,000 --> 00:00:02,000\n{last}\n\n2\n00:00:03,000 --> 00:00:04,000\n走\n"
        assert cues(tmp_path, name, text) == [(1000, 2000, said.replace("\n\n", "\n")), (3000, 4000, "走")]


def test_numbers_are_no_words_and_words_may_be_numbers(tmp_path: Path) -> None:
    one, two, three = ("00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000", "00:00:05,0 --> 00:00:06,0")
    texts = [text for *_, text in cues(tmp_path, "a.srt", f"1\n{one}\n你走。\n2\n{two}\n38\n\n3\n{three}\n110\n")]
    assert texts == ["你走。", "38", "110"]
    texts = [text for *_, text in cues(tmp_path, "a.srt", f"{one}\n38\n\n{two}\n40\n{three}\n好\n")]
    assert texts == ["38", "40", "好"]


def test_empty_and_short_cues_and_rows_before_the_first(tmp_path: Path) -> None:
    found = read(
        tmp_path, "a.srt",
        "我先说\n\n1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:03,000\n再给我一次机会好吗？\n\n"
        "3\n00:00:03,500 --> 00:00:03,500\n好\n\n4\n00:00:00,000 --> 00:00:00,000\n<i></i>\n",
    )  # fmt: skip
    assert [(one.span.start, one.span.end, one.line) for one in found.subtitles] == [(3000, 3500, 7), (3500, 4000, 11)]
    assert "line 1: text before the first times is left out: 我先说" in found.notes
    assert "2 subtitles had no length" in found.notes[1]


def test_overlaps_stay_and_doubles_go(tmp_path: Path) -> None:
    times, later = "00:00:01,000 --> 00:00:04,000", "00:00:02,000 --> 00:00:03,000"
    text = f"1\n{later}\n我不走！\n\n2\n{times}\n你走。\n\n3\n{times}\n你走。\n"
    assert cues(tmp_path, "a.srt", text) == [(1000, 4000, "你走。"), (2000, 3000, "我不走！")]


# ── ASS ─────────────────────────────────────────────────────────────────────────────────────────────────────
HEAD = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Effect, Text\n"


def ass(*rows: str) -> str:
    return HEAD + "".join(f"Dialogue: {row}\n" for row in rows)


def test_layers_and_frame_by_frame_copies_are_one_subtitle(tmp_path: Path) -> None:
    layers = [f"{n},0:00:01.00,0:00:02.00,Default,,,{{\\blur{n}}}你走。" for n in range(3)]
    frames = [f"0,0:00:03.{n:02},0:00:03.{n + 4:02},Default,,,{{\\alpha&H{n:02}&}}我不走！" for n in range(0, 40, 4)]
    said_twice = ["0,0:00:05.00,0:00:06.00,Default,,,滚！", "0,0:00:06.00,0:00:07.00,Default,,,滚！"]
    assert cues(tmp_path, "a.ass", ass(*layers, *frames, *said_twice)) == [
        (1000, 2000, "你走。"), (3000, 3400, "我不走！"), (5000, 6000, "滚！"), (6000, 7000, "滚！"),
    ]  # fmt: skip


def test_merged_layers_stand_in_time_order(tmp_path: Path) -> None:
    rows = ["0,0:00:01.00,0:00:02.00,Default,,,你走。", "0,0:00:01.00,0:00:03.00,Default,,,我不走！",
            "0,0:00:01.50,0:00:04.00,Default,,,你走。"]  # fmt: skip
    assert cues(tmp_path, "a.ass", ass(*rows)) == [(1000, 3000, "我不走！"), (1000, 4000, "你走。")]


def test_drawings_karaoke_effects_and_comments_say_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "a.ass", ass(
        "0,0:00:01.00,0:00:02.00,Default,,,{\\p1}m 0 0 l 100 100{\\p0}",
        "0,0:00:01.00,0:00:02.00,Default,,,{\\p1}m 0 0{\\p0}你走。{\\pos(1,2)\\p0}",
        "0,0:00:03.00,0:00:04.00,Default,,,{\\k20}我{\\k30}不{\\kf10}走！",
        "0,0:00:03.00,0:00:04.00,Default,,fx,我", "0,0:00:05.00,0:00:06.00,Default,,,你说,好不好?\\h好",
    ))  # fmt: skip
    assert [one.text for one in found.subtitles] == ["你走。", "我不走！", "你说,好不好? 好"]
    assert found.notes == ("1 copies made by effects left out",)


def test_remarks_in_braces_that_no_player_of_ass_shows_are_told(tmp_path: Path) -> None:
    rows = ["0,0:00:01.00,0:00:02.00,Default,,,{译注}你走。{\\i1}", "0,0:00:03.00,0:00:04.00,Default,,,{走}"]
    found = read(tmp_path, "a.ass", ass(*rows))
    assert [one.text for one in found.subtitles] == ["你走。"]
    told = [int(line) for line in re.findall(r"line (\d+)", found.notes[0])]
    assert "{译注}" in found.notes[0] and "{走}" in found.notes[0] and told[1] == told[0] + 1


def test_styles_tell_signs_songs_narration_and_thoughts(tmp_path: Path) -> None:
    said = [f"0,0:00:1{n}.00,0:00:1{n}.80,Default,,,第{n}句。" for n in range(6)]
    found = read(tmp_path, "a.ass", ass(
        *said, "0,0:00:01.00,0:00:02.00,Sign-Phone,,,来电", "0,0:00:01.00,0:00:02.00,屏幕字,,,合同",
        "0,0:00:03.00,0:00:04.00,OP_cn,,,月亮", "0,0:00:05.00,0:00:06.00,旁白,,,三年后",
        "0,0:00:07.00,0:00:08.00,Thoughts,,,他变了。", "0,0:00:01.00,0:00:02.00,Letter,,,{\\pos(1,2)\\frz10}亲启",
        "0,0:00:01.00,0:00:02.00,Default,,,{\\pos(1,2)}我不走！", "0,0:00:01.00,0:00:02.00,Stopwatch,,,快走！",
    ))  # fmt: skip
    kinds = {one.text: one.kind for one in found.subtitles if not one.text.startswith("第")}
    assert kinds == {
        "月亮": "song", "三年后": "narration", "他变了。": "thought", "我不走！": "speech", "快走！": "speech",
    }  # fmt: skip
    assert found.notes == ("3 signs and titles left out: they are in the picture, nobody says them",)


def test_a_main_style_with_a_sign_s_name_is_dialogue(tmp_path: Path) -> None:
    rows = [f"0,0:00:1{n}.00,0:00:1{n}.80,Title,,,{{\\pos(360,900)}}第{n}句。" for n in range(6)]
    assert len(cues(tmp_path, "a.ass", ass(*rows))) == 6


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Dialogue: 0,0:00:01.00,Default,你走。", "line 6: 4 fields for 7 columns"),
        ("Dialogue: 0,soon,0:00:02.00,Default,,,你走。", "line 6: not a time: 'soon'"),
        ("Dialogue: 0,0:00:03.00,0:00:02.00,Default,,,你走。", "line 6: a cue ends before it starts"),
        ("Format: Layer, Text", "line 6: the Format row lacks"),
        ("Dialogue: 0,0:00:01.00,0:00:02.00,Default,,," + "走" * 501, "line 6: one subtitle of 501 characters"),
    ],
)
def test_broken_ass_is_refused_with_its_line(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, "a.ass", HEAD + row + "\n")

"""Chinese is what is said; the language written beside it is nobody's words, and a person is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.engine.local import LocalDesk
from localize.episode import Box, Line, OnScreenText
from localize.stages import transcribe
from localize.stages._two_languages import apart
from localize.timing import Ms, span

CHINESE = ("签了它，我就放你走。", "我不走！", "他变了。")
ENGLISH = ("Sign it and you may go.", "I won't!", "He has changed.")


def lines(*texts: str) -> list[Line]:
    return [Line("", span(n * 2000, n * 2000 + 1500), text) for n, text in enumerate(texts)]


def kept(*texts: str, language: str = "zh-CN") -> tuple[list[str], list[str]]:
    found, findings = apart(lines(*texts), language)
    return [line.text for line in found], [one.message for one in findings]


@pytest.mark.parametrize("form", ["{0}\n{1}", "{1}\n{0}", "{0} {1}", "{1} {0}", "{0}/{1}", "{0}{1}", "{0}\n{1}\nYes."])
def test_a_translation_in_the_same_subtitle_is_left_out_and_told(form: str) -> None:
    found, [told] = kept(*(form.format(*two) for two in zip(CHINESE, ENGLISH, strict=True)))
    assert found == list(CHINESE)
    assert told.startswith("3 lines have another language beside the Chinese: left out, nobody says it")
    assert "00:00:02,000 “I won't!" in told


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("他叫\nTony Stark", "我不走", "走吧"), None),
        (("他读的是\nMBA", "我不走", "OK，走吧", "他说OK"), None),
        (("我在看 Game of Thrones", "我不走", "走吧", "打给 Tony Stark 先生"), None),
        (("我在看\nGame of Thrones", "我不走", "走吧"), None),
        (("我去\nKTV！", "我读\nMBA！", "走吧"), None),
        (("晚了。\nToo late.", "他读的是\nMBA", "我不走"), ["晚了。", "他读的是\nMBA", "我不走"]),
        (("Go away!", "No!", "我不走"), None),
        (("他说OK\nHe said OK", "好的\nOK", "走\nGo!"), ["他说OK", "好的", "走"]),
        (("走吧 Let's go!", "我不走 I won't.", "他说OK"), ["走吧", "我不走", "他说OK"]),
        (("走吧。\n가자, 어서.", "我不走。\n안 갈 거야.", "好。\n좋아."), ["走吧。", "我不走。", "好。"]),
    ],
)
def test_words_that_are_said_in_another_language_stay(texts: tuple[str, ...], found: list[str] | None) -> None:
    said, told = kept(*texts)
    assert said == (found or list(texts)) and bool(told) == (found is not None)


SAID = (
    "我们去KTV！",
    "我要做CEO！",
    "iPhone 手机",
    "他叫 Tom",
    "给我发 Email",
    "打给 Tony Stark",
    "他叫 Tony Stark。",
    "他说： I love you",
)


@pytest.mark.parametrize("form", ["{0}\n{1}", "{0} {1}", "{1} {0}"])
def test_a_word_that_is_said_stays_in_its_row_however_the_translations_stand(form: str) -> None:
    pairs = zip(CHINESE * 4, ENGLISH * 4, strict=True)
    found, [told] = kept(*SAID, *(form.format(*two) for two in pairs))
    assert found == [*SAID, *CHINESE * 4] and told.count("“") == 12


def test_in_rows_nothing_within_a_row_goes() -> None:
    rows = [f"{zh}\n{en}" for zh, en in zip(CHINESE, ENGLISH, strict=True)]
    assert kept(*rows, "我说 let me go")[0] == [*CHINESE, "我说 let me go"]


def test_of_other_series_nothing_is_taken() -> None:
    assert kept("晚了。\nToo late.", language="en-US") == (["晚了。\nToo late."], [])


def test_a_name_in_a_row_of_its_own_is_said(desk: LocalDesk) -> None:
    shown = tuple(
        OnScreenText("T", span(0, 1500), Box(100, y, 600, y + 40), text, "subtitle")
        for y, text in ((900, "他叫"), (950, "Tony Stark"))
    )
    ((_, answer),) = transcribe.work([transcribe.Job("captions", None, "d", -1, shown, "zh-CN", Ms(60_000))], desk)
    assert [line.text for line in answer.lines] == ["他叫Tony Stark"]


def test_a_subtitle_file_and_captions_go_the_same_way(tmp_path: Path, desk: LocalDesk) -> None:
    path = tmp_path / "a.srt"
    cues = (f"{n + 1}\n00:00:0{2 * n},000 --> 00:00:0{2 * n + 1},500\n{zh} {en}\n"
            for n, (zh, en) in enumerate(zip(CHINESE, ENGLISH, strict=True)))  # fmt: skip
    path.write_text("\n".join(cues), "utf-8")
    shown = tuple(
        OnScreenText("T", span(n * 2000, n * 2000 + 1500), Box(100, y, 600, y + 40), text, "subtitle")
        for n, two in enumerate(zip(CHINESE, ENGLISH, strict=True)) for y, text in zip((900, 950), two, strict=True)
    )  # fmt: skip
    for one in (
        transcribe.Job("sidecar", path, "d", -1, (), "zh-CN", Ms(60_000)),
        transcribe.Job("captions", None, "d", -1, shown, "zh-CN", Ms(60_000)),
    ):
        ((_, answer),) = transcribe.work([one], desk)
        assert [line.text for line in answer.lines] == list(CHINESE)
        [told] = [finding for finding in answer.findings if finding.check == "two_languages"]
        assert told.severity == "note" and "transcript.csv" in told.fix

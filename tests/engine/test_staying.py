"""What every version leaves in the picture."""

from __future__ import annotations

from localize.engine.staying import staying
from localize.episode import Box, OnScreenText
from localize.timing import span


def shown(text: str, kind: str) -> OnScreenText:
    return OnScreenText("T1", span(0, 1000), Box(0, 0, 9, 9), text, kind)  # type: ignore[arg-type]


def test_marks_and_notices_are_told_once_and_nothing_else() -> None:
    texts = [shown("橙子剧场", "watermark"), shown("橙子剧场", "watermark"), shown("备案号：0001", "legal")]
    (one,) = staying([*texts, shown("陆沉", "nameplate"), shown("走吧", "subtitle")], 60_000)
    assert (one.check, one.line, one.severity) == ("staying_text", "", "note")
    assert one.message.endswith("watermark “橙子剧场”, notice or record number “备案号：0001”")
    assert not list(staying(texts[:0], 60_000))


def test_what_stands_all_through_a_brief_clip_may_be_no_mark_and_is_warned_about() -> None:
    plate, notice = shown("陆沉\n集团总裁", "watermark"), shown("备案号：0001", "legal")
    warned, note = staying([plate, notice], 3_400)
    assert (warned.severity, note.severity) == ("warn", "note")
    assert "“陆沉 / 集团总裁” stands all through a clip of 3.4 s" in warned.message and "备案号" not in warned.message
    assert "stays in every version" in warned.message and "whole episode" in warned.fix
    assert [one.severity for one in staying([notice], 3_400)] == ["note"]

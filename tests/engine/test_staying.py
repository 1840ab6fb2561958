"""What every version leaves in the picture."""

from __future__ import annotations

from localize.engine.staying import staying
from localize.episode import Box, OnScreenText
from localize.timing import span


def shown(text: str, kind: str) -> OnScreenText:
    return OnScreenText("T1", span(0, 1000), Box(0, 0, 9, 9), text, kind)  # type: ignore[arg-type]


def test_marks_and_notices_are_told_once_and_nothing_else() -> None:
    texts = [shown("橙子剧场", "watermark"), shown("橙子剧场", "watermark"), shown("备案号：0001", "legal")]
    (one,) = staying([*texts, shown("陆沉", "nameplate"), shown("走吧", "subtitle")])
    assert (one.check, one.line, one.severity) == ("staying_text", "", "note")
    assert one.message.endswith("watermark “橙子剧场”, notice or record number “备案号：0001”")
    assert not list(staying(texts[:0]))

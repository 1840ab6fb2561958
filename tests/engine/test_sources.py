"""What was recognised and doubted is no line, until a person gives it words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from localize import edit_log
from localize.corrections import corrected
from localize.edits import Edit
from localize.engine import ledger
from localize.engine.order import Order, default_out
from localize.engine.sources import doubted_lines, spoken, untaken
from localize.episode import Line
from localize.evidence import Doubted
from localize.series import create_series
from localize.stages.transcribe import Transcript
from localize.timing import span

LINES = (Line("L0001", span(0, 900), "你好"), Line("L0002", span(2_000, 4_000), "谢谢观看"))
WHY = ("", "stands where nobody speaks")


def test_a_doubted_line_is_left_out_and_told() -> None:
    taken = untaken(LINES, WHY)
    assert [line.text for line in corrected(taken, ())] == ["你好"]
    assert doubted_lines(LINES, WHY, taken) == (Doubted("L0002", span(2_000, 4_000), "谢谢观看", WHY[1]),)
    assert untaken(LINES, ()) == LINES and doubted_lines(LINES, (), LINES) == ()


def test_a_person_makes_it_a_line() -> None:
    typed = Edit("ep01", "L0002", "", "text", "谢谢你来", "Mei", "2026-11-21T10:00:00+00:00", "")
    now = corrected(untaken(LINES, WHY), (typed,), dropped=True)
    assert [line.text for line in now] == ["你好", "谢谢你来"] and doubted_lines(LINES, WHY, now) == ()


def test_a_recogniser_that_is_doubted_throughout_serves_where_a_person_typed_lines(tmp_path: Path) -> None:
    episode = tmp_path / "ep01.mp4"
    bible, order = create_series(tmp_path / "SERIES", episode), Order(episode, (), default_out(episode))
    read = Transcript(LINES, (), (), ("music", "music"))
    assert not spoken(order, bible, read, False) and not spoken(order, bible, Transcript(()), False)
    assert spoken(order, bible, Transcript(LINES, (), (), WHY), False)
    ledger.mint(bible.root / "lines" / "ep01.json", LINES)
    typed = Edit("ep01", "L0002", "", "text", "谢谢你来", "Mei", "2026-11-21T10:00:00+00:00", "")
    edit_log.append(bible.root / "edits" / "ep01.jsonl", [typed])
    assert spoken(order, bible, read, False)
    edit_log.append(bible.root / "edits" / "ep01.jsonl", [replace(typed, value="")])
    assert not spoken(order, bible, read, False)

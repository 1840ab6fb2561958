"""What was recognised and doubted is no line, until a person gives it words."""

from __future__ import annotations

from localize.corrections import corrected
from localize.edits import Edit
from localize.engine.sources import doubted_lines, untaken
from localize.episode import Line
from localize.evidence import Doubted
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

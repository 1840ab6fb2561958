"""What a person types into the transcript table holds, in split, joined and restored rows too."""

from __future__ import annotations

from pathlib import Path

import pytest
from transcript_desk import SECOND, THIRD, Desk

from localize.engine.transcript import corrections, import_transcript
from localize.errors import InputError
from localize.timing import Ms, Span, span


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# ── times and people that were typed hold ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second", "times"),
    [
        ("1|1.8", "2|3", (span(1_000, 1_800), span(2_000, 3_000))),
        ("1|2.4", "2|3", (span(1_000, 2_400), span(2_000, 3_000))),
        ("0.8|3", "2|3", (span(800, 2_000), span(2_000, 3_000))),
        ("1|2", "2.1|3.1", (span(1_000, 2_000), span(2_100, 3_100))),
        ("4.2|4.8", "5|5.6", (span(4_200, 4_800), span(5_000, 5_600))),
    ],
)
def test_times_typed_into_a_split_hold(desk: Desk, first: str, second: str, times: tuple[Span, Span]) -> None:
    desk.rows(f"L0001|{first}|a||speech|你好", f"L0001+|{second}|a||speech|走", SECOND, THIRD)
    for _ in range(2):
        found = {line.id: line.span for line in desk.run()}
        assert (found["L0001"], found["L0004"]) == times


def test_an_end_a_spreadsheet_cut_short_is_the_old_one_in_both_halves(desk: Desk) -> None:
    desk.change(("00:00:03,000", "00:00:03,239"))
    desk.run()
    desk.rows("L0001|00:01.0|00:03.2|a||speech|你好", "L0001+|00:02.0|00:03.2|a||speech|走", SECOND, THIRD)
    assert [line.span for line in desk.run()[:2]] == [span(1_000, 2_000), span(2_000, 3_239)]


def test_a_second_half_keeps_the_people_left_in_its_row(desk: Desk) -> None:
    desk.rows("L0001|1|3|a|b|speech|你好走", SECOND, THIRD)
    desk.run()
    desk.rows("L0001|1|3|a|b|speech|你好", "L0001+|2|3|a|b|speech|走", SECOND, THIRD)
    desk.run()
    told = {(edit.line, edit.field): edit.value for edit in corrections(desk.order, desk.bible)}
    assert (told["L0004", "speaker"], told["L0004", "addressee"]) == ("a", "b")


def test_a_second_half_of_a_numbered_stranger_is_left_to_the_voices(desk: Desk) -> None:
    desk.written("L0001|1|3|?1|?2|speech|你好走", SECOND, THIRD)
    desk.rows("L0001|1|3|?1|?2|speech|你好", "L0001+|2|3|?1|?2|speech|走", SECOND, THIRD)
    desk.run()
    assert {edit.field for edit in corrections(desk.order, desk.bible)} == {"split"}


@pytest.mark.parametrize(
    ("times", "whole"),
    [("0.9|3", span(900, 4_000)), ("1|4.5", span(1_000, 4_500)), ("3.2|4", span(1_000, 4_000)),
     ("1|3.9", span(1_000, 3_900))],
)  # fmt: skip
def test_times_typed_into_a_join_hold_and_the_others_are_those_of_both(desk: Desk, times: str, whole: Span) -> None:
    desk.rows(f"L0001 L0002|{times}|a||speech|你好走", THIRD)
    for _ in range(2):
        assert desk.run()[0].span == whole


# ── joins, and undoing them ─────────────────────────────────────────────────────────────────────────────────
def test_lines_that_are_no_neighbours_are_not_joined(desk: Desk) -> None:
    desk.rows("L0001 L0003|1|7|a||speech|你好走那就留下", SECOND)
    before = desk.path.read_bytes()
    with pytest.raises(InputError, match="L0001 and L0003 are no neighbours: L0002 is between them") as caught:
        desk.run()
    assert caught.value.where == f"{desk.path}, line 2"
    assert desk.path.read_bytes() == before and corrections(desk.order, desk.bible) == ()


def test_lines_are_joined_over_one_that_is_dropped_or_said_meanwhile(desk: Desk) -> None:
    desk.rows("L0001 L0003|1|7|a||speech|你好走，留下", "L0002|3.2|4|b||speech|")
    assert [(line.id, line.text) for line in desk.run()] == [("L0001", "你好走，留下")]
    again = Desk(desk.path.parent / "again")
    again.rows("L0001|1|5|a||speech|你好走", SECOND, THIRD)
    again.run()
    again.rows("L0001 L0003|1|7|a||speech|你好走那就留下", SECOND)
    assert [line.id for line in again.run()] == ["L0001", "L0002"]


def test_the_old_table_put_back_undoes_a_join(desk: Desk) -> None:
    desk.cast("a", "b")
    old, before = desk.path.read_bytes(), desk.run()
    desk.rows("L0001 L0002|1|4|a||speech|你好走不走", THIRD)
    assert len(desk.run()) == 2
    desk.change(("你好走不走", "你好走，不走"))
    assert desk.run()[0].text == "你好走，不走"
    desk.path.write_bytes(old)
    for _ in range(2):
        assert desk.run() == before
    desk.rows("L0001 L0002|1|4|a||speech|你好走不走", THIRD)
    assert [(line.id, line.text) for line in desk.run()] == [("L0001", "你好走不走"), ("L0003", "那就留下")]


def test_the_old_table_put_back_undoes_splits_and_joins_alike(desk: Desk) -> None:
    desk.cast("a", "b")
    old, before = desk.path.read_bytes(), desk.run()
    desk.rows("L0001|1|1.8|a||speech|你好", "L0001+|2|3|b||speech|走", "L0002 L0003|3.2|7|b||speech|不走那就留下")
    assert len(desk.run()) == 3
    desk.path.write_bytes(old)
    for _ in range(2):
        assert desk.run() == before
    desk.rows("L0001|1|1.8|a||speech|你好", "L0001+|2|3|b||speech|走", SECOND, THIRD)
    desk.run()
    desk.rows("L0001|1|1.8|a||speech|你好", SECOND, THIRD)
    with pytest.raises(InputError, match="L0005 is missing"):
        desk.run()


def test_joins_are_undone_with_what_is_changed_besides(desk: Desk) -> None:
    desk.rows("L0001 L0002|1|4|a||speech|你好走不走", THIRD)
    desk.run()
    desk.rows("L0001 L0003|1|7|a||speech|你好走不走那就留下")
    assert len(desk.run()) == 1
    desk.rows("L0001|1|3|a||speech|你好", "L0001+|2|2.6|a||speech|走", "L0002|3.2|4.4|?3||thought|不走", THIRD)
    for _ in range(2):
        assert [(line.id, line.span, line.text, line.kind) for line in desk.run()] == [
            ("L0001", span(1_000, 2_000), "你好", "speech"), ("L0004", span(2_000, 2_600), "走", "speech"),
            ("L0002", span(3_200, 4_400), "不走", "thought"), ("L0003", span(6_000, 7_000), "那就留下", "speech"),
        ]  # fmt: skip


def test_a_line_that_cannot_come_back_is_named(desk: Desk) -> None:
    desk.rows("L0001 L0002|1|4|a||speech|你好走不走", THIRD)
    desk.run()
    desk.rows("L0001 L0003|1|7|a||speech|你好走不走那就留下")
    desk.run()
    desk.rows("L0001|1|7|a||speech|你好走那就留下", SECOND)
    with pytest.raises(InputError, match="L0002 was joined with L0001, which was joined or split again"):
        desk.run()


# ── an edit while a run is going ────────────────────────────────────────────────────────────────────────────
PENDING = (
    "L0001|1|3|a||speech|你好", "L0001+|2|3|b||speech|走", "L0002 L0003|3.2|4|b||speech|不走", "|8|9|a||speech|好",
)  # fmt: skip


@pytest.mark.parametrize("typed", [
    (), ((3, "|a||speech|", "|a||thought|"),), ((1, "|3|", "|2.9|"), (0, "1|3", "0.9|1.9")), ((2, "不走", "不走了"),),
])  # fmt: skip
def test_rows_changed_before_their_ids_were_written_are_the_same_lines(
    desk: Desk, typed: tuple[tuple[int, str, str], ...]
) -> None:
    desk.rows(*PENDING)
    import_transcript(desk.order, desk.bible, Ms(10_000))
    rows = list(PENDING)
    for at, old, new in typed:
        rows[at] = rows[at].replace(old, new)
    desk.rows(*rows, "|9.2|9.9|a||speech|嗯")
    import_transcript(desk.order, desk.bible, Ms(10_000))
    desk.rows(*rows, "|9.2|9.8|a||speech|嗯")
    found = {line.id: (line.span, line.text, line.kind) for line in desk.run()}
    changed = {at for at, *_ in typed}
    assert found == {
        "L0001": (span(900, 1_900) if 0 in changed else span(1_000, 2_000), "你好", "speech"),
        "L0004": (span(2_000, 2_900 if 1 in changed else 3_000), "走", "speech"),
        "L0002": (span(3_200, 7_000), "不走了" if 2 in changed else "不走那就留下", "speech"),
        "L0005": (span(8_000, 9_000), "好", "thought" if 3 in changed else "speech"),
        "L0006": (span(9_200, 9_800), "嗯", "speech"),
    }


def test_a_stranger_who_said_only_a_joined_line_comes_back_with_it(desk: Desk) -> None:
    desk.change((",b,", ",?1,"))
    assert desk.run()[1].speaker == "?L0002"
    old = desk.path.read_bytes()
    desk.rows("L0001 L0002|1|4|a||speech|你好走不走", THIRD)
    desk.run()
    desk.path.write_bytes(old)
    assert desk.run()[1].speaker == "?L0002"

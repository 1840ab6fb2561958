"""The editable transcript: what a person changes in it is logged once and laid over every later reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from transcript_desk import READ, Desk

from localize.engine.transcript import corrections, import_transcript, transcript_path, write_transcript
from localize.errors import InputError
from localize.timing import Ms, span


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_untouched_table_is_no_edit(desk: Desk) -> None:
    desk.run()
    assert corrections(desk.order, desk.bible) == ()


def test_cells_are_taken_over_and_stay(desk: Desk) -> None:
    desk.change(("不走", "我不走"), ("00:00:06,000", "0:00:05.5"), (",b,,speech,", ",a,b,thought,"))
    for _ in range(2):
        _, second, third = desk.run()
        assert (second.text, second.speaker, second.addressee, second.kind) == ("我不走", "a", "b", "thought")
        assert third.span == span(5_500, 7_000)
    assert {edit.by for edit in corrections(desk.order, desk.bible)} == {"Mei"}


def test_what_a_spreadsheet_respells_is_no_correction(desk: Desk) -> None:
    desk.change(("00:00:03,200", "00:03.2"), ("00:00:04,000", "0:00:04"), ("00:00:07,000", "########"))
    desk.run()
    assert corrections(desk.order, desk.bible) == ()


def test_a_line_is_split_with_a_fresh_id(desk: Desk) -> None:
    row = "L0001,00:00:01,000".replace(",000", "")
    assert row
    desk.change(("你好走", "你好"), ("L0002,", 'L0001+,"00:00:02,000","00:00:03,000",b,,speech,走\r\nL0002,'))
    for _ in range(2):
        lines = desk.run()
        assert [(one.id, one.text, one.speaker) for one in lines[:2]] == [("L0001", "你好", "a"), ("L0004", "走", "b")]
        assert lines[0].span == span(1_000, 2_000) and lines[1].span == span(2_000, 3_000)


def test_two_lines_are_joined_and_the_first_keeps_its_id(desk: Desk) -> None:
    text = desk.path.read_text("utf-8-sig").splitlines(keepends=True)
    joined = text[1].replace("L0001", "L0001 L0002")
    desk.path.write_text("".join([text[0], joined, text[3]]), "utf-8-sig")
    for _ in range(2):
        first, second = desk.run()
        assert (first.id, first.text, first.span) == ("L0001", "你好走不走", span(1_000, 4_000))
        assert second.id == "L0003"


def test_a_missed_line_is_added_and_a_false_one_dropped(desk: Desk) -> None:
    desk.change(("那就留下", ""))
    desk.path.write_text(desk.path.read_text("utf-8-sig") + ",8,9.2,b,a,speech,好\r\n", "utf-8-sig")
    for _ in range(2):
        lines = desk.run()
        assert [(one.id, one.text) for one in lines] == [("L0001", "你好走"), ("L0002", "不走"), ("L0004", "好")]
        assert lines[-1].span == span(8_000, 9_200) and lines[-1].addressee == "a"


def test_a_dropped_line_can_be_taken_back(desk: Desk) -> None:
    desk.change(("那就留下", ""))
    assert len(desk.run()) == 2
    desk.change(('00:00:07,000",a,,speech,', '00:00:07,000",a,,speech,留下'))
    assert desk.run()[-1].text == "留下"


def test_words_typed_again_after_a_split_or_a_drop_are_taken_again(desk: Desk) -> None:
    desk.change(("你好走", "你好好走"))
    desk.run()
    desk.change(("你好好走", "你好"), ("L0002,", 'L0001+,"00:00:02,000","00:00:03,000",a,,speech,走\r\nL0002,'))
    assert desk.run()[0].text == "你好"
    desk.change((",你好\n", ",你好好走\n"))
    assert desk.run()[0].text == "你好好走"
    for text in ("好", "不好"):
        desk.path.write_text(desk.path.read_text("utf-8-sig") + f"\n,8,9.2,b,a,speech,{text}\n", "utf-8-sig")
        assert desk.run()[-1].text == text
        desk.change((f",{text}\n", ",\n"))
        assert desk.run()[-1].text == "那就留下"


def test_a_rewrite_that_died_between_its_two_files_is_nobodys_correction(desk: Desk) -> None:
    base = next((desk.bible.root / "edits").glob("*.base.csv"))
    old, new = desk.path.read_bytes(), desk.path.read_bytes().replace("不走".encode(), "别走".encode())
    following = base.with_name(base.name + ".next")
    following.write_bytes(new)
    for table in (old, new):
        desk.path.write_bytes(table)
        assert import_transcript(desk.order, desk.bible) == ()
        following.write_bytes(new)
        base.write_bytes(old)
    desk.path.write_bytes(new.replace("你好走".encode(), "你好吗".encode()))
    assert [edit.value for edit in import_transcript(desk.order, desk.bible)] == ["你好吗"]


def test_a_table_that_was_moved_untouched_is_known(desk: Desk, tmp_path: Path) -> None:
    moved = replace(desk.order, out=tmp_path / "elsewhere")
    moved.out.mkdir()
    transcript_path(moved).write_bytes(desk.path.read_bytes())
    assert import_transcript(moved, desk.bible) == ()
    assert write_transcript(moved, desk.bible, READ)


def test_an_import_that_died_in_its_middle_is_completed(desk: Desk) -> None:
    base, log = next((desk.bible.root / "edits").glob("*.base.csv")), desk.bible.root / "edits" / "ep01.jsonl"
    before = base.read_bytes()
    desk.change(("你好走", "你好"), ("L0002,", 'L0001+,"00:00:02,000","00:00:03,000",b,,speech,走\r\nL0002,'))
    import_transcript(desk.order, desk.bible)
    whole = [(edit.line, edit.field, edit.value) for edit in corrections(desk.order, desk.bible)]
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    base.write_bytes(before)
    import_transcript(desk.order, desk.bible)
    assert [(edit.line, edit.field, edit.value) for edit in corrections(desk.order, desk.bible)] == whole


def test_an_import_that_died_at_its_end_is_made_once(desk: Desk) -> None:
    base = next((desk.bible.root / "edits").glob("*.base.csv"))
    before = base.read_bytes()
    desk.change(("你好走", "你好"), ("L0002,", 'L0001+,"00:00:02,000","00:00:03,000",b,,speech,走\r\nL0002,'))
    import_transcript(desk.order, desk.bible)
    logged = corrections(desk.order, desk.bible)
    base.write_bytes(before)
    assert import_transcript(desk.order, desk.bible) == ()
    assert corrections(desk.order, desk.bible) == logged


@pytest.mark.parametrize(
    ("swap", "said"),
    [
        (("L0002,", "L0001,"), "L0002 is missing; id L0001 stands twice"),
        (("L0002,", "L0042,"), "id 'L0042' is unknown"),
        (("L0002,", "L0002++,"), "says nothing"),
        (("00:00:06,000", "00:00:26,000"), "not the times"),
        (("00:00:04,000", "00:10:00,000"), "00:10:00,000 is after the end of the episode, which is 00:00:10,000 long"),
        (("b,,speech", "b,,shout"), "of the kind 'shout'"),
        (("不走", "??"), "question marks instead of Chinese"),
        (("不走", "#NAME?"), "a spreadsheet's error"),
        (("L0002,", 'L0001+,"00:00:05,000","00:00:06,000",b,,speech,走\r\nL0002,'), "not inside it"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_kept(desk: Desk, swap: tuple[str, str], said: str) -> None:
    desk.change(swap)
    before = desk.path.read_bytes()
    with pytest.raises(InputError, match=said):
        desk.run()
    assert desk.path.read_bytes() == before and corrections(desk.order, desk.bible) == ()
    assert "L0004" not in (desk.bible.root / "lines" / "ep01.json").read_text("utf-8")


def test_an_end_that_was_read_beyond_the_film_stops_nobody(desk: Desk) -> None:
    desk.change(("不走", "别走"))
    import_transcript(desk.order, desk.bible, Ms(6_500))
    assert [edit.value for edit in corrections(desk.order, desk.bible)] == ["别走"]


def test_a_stranger_by_number_gets_a_name_that_lasts(desk: Desk) -> None:
    desk.change((",b,", ",?1,"))
    assert {line.id: line.speaker for line in desk.run()}["L0002"] == "?L0002"
    desk.change((",?L0002,", ",?2,"))
    assert {line.id: line.speaker for line in desk.run()}["L0002"] == "?L0002_2"

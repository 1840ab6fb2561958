from dataclasses import replace

import pytest

from localize import edits
from localize.edits import Edit, Row
from localize.episode import Line
from localize.errors import InputError
from localize.timing import span
from localize.version import Offer, Rendering, Variants

LINE = Line("L0001", span(1000, 2500), "少爷！", "S1")
MACHINE = Rendering("L0001", "id-ID", Variants("Tuan Muda!", "Tuan!"), "Tuan Muda!", "memory", "reviewed")
ROW = edits.row_of(LINE, MACHINE, MACHINE)
TOLD = {"episode": "ep01", "market": "id-ID", "by": "sari", "at": "2026-11-21T09:00:00+00:00"}


def edit(field: str, value: str, seen: str = ROW.seen, line: str = "L0001") -> Edit:
    return Edit("ep01", line, "id-ID", field, value, "sari", "2026-11-21T09:00:00+00:00", seen)  # type: ignore[arg-type]


def test_a_changed_cell_is_one_edit_with_what_was_seen() -> None:
    assert edits.differences([ROW], [replace(ROW, dub="Tuan!")], **TOLD) == (edit("dub", "Tuan!"),)
    assert edits.differences([ROW], [ROW], **TOLD) == ()


def test_sorting_the_table_changes_nothing() -> None:
    other = replace(ROW, id="L0002")
    assert edits.differences([ROW, other], [other, ROW], **TOLD) == ()


def test_line_ends_and_decomposed_accents_are_no_edits() -> None:
    base = replace(ROW, note="a\nb", subtitle="¿Qué?")
    assert edits.differences([base], [replace(base, note="a\r\nb", subtitle="¿Qué?")], **TOLD) == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "L0001 is missing"),
        ([ROW, replace(ROW, id="L0009", number=7)], "line 7: id 'L0009' is unknown"),
        ([ROW, replace(ROW, number=3)], "stands twice"),
        ([replace(ROW, id="1", number=2)], "L0001 is missing; line 2: id '1' is unknown"),
        (
            [replace(ROW, start="00:00:01,500", number=2)],
            "line 2: L0001 start was '00:00:01,000', is now '00:00:01,500'",
        ),
        ([replace(ROW, source="少爷", number=2)], "source was"),
        ([replace(ROW, origin="person")], "origin was"),
        ([replace(ROW, status="done")], "status 'done' is none of"),
        ([replace(ROW, seen="abcabcabcabc", dub="x", number=2)], "line 2: L0001 was written before the last run"),
        ([replace(ROW, seen="", dub="x", number=2)], "line 2: L0001 seen was "),
        ([replace(ROW, source="???")], "question marks instead of Chinese"),
        ([replace(ROW, dub="#NAME?", number=2)], "line 2: L0001 dub is '#NAME?', a spreadsheet's sign"),
        ([replace(ROW, subtitle="########")], "subtitle is '########'"),
        ([replace(ROW, status="missing", number=2)], "line 2: L0001 has words, so its status cannot be missing"),
    ],
)
def test_a_table_that_cannot_be_taken_is_refused(rows: list[Row], said: str) -> None:
    with pytest.raises(InputError) as caught:
        edits.differences([ROW], rows, where="lines.csv", **TOLD)
    assert said in str(caught.value) and caught.value.fix


def test_times_that_a_spreadsheet_cut_short_are_no_edit() -> None:
    for shown in ("00:01.0", "00:01,0", "0:00:01", "12:00:01 AM", "1.1574E-05", "########"):
        assert edits.differences([ROW], [replace(ROW, start=shown, note="x")], **TOLD) == (edit("note", "x"),)


def test_what_a_person_saw_is_named_by_letters_that_no_spreadsheet_rounds() -> None:
    assert len(ROW.seen) == 12 and ROW.seen.isalpha()
    old = str.maketrans("ghijklmnop", "0123456789")
    assert edits.conflicts([edit("dub", "x", ROW.seen.translate(old))], "id-ID", {"L0001": ROW.seen}) == ()


def test_the_best_offer_stands_beside_the_line_and_is_no_edit() -> None:
    found = (
        Offer("No!", "machine", 0.0, "Chinese characters are left in it"),
        Offer("Impossible!", "memory", 100.0, "said to lu_chen then"),
        Offer("Not so!", "phrasebook", 80.0, "rude"),
    )
    open_line = replace(MACHINE, dub=Variants(""), subtitle="", status="missing", offers=found)
    row = edits.row_of(LINE, open_line, open_line)
    assert row.offer == "Impossible! (memory 100: said to lu_chen then)"
    assert edits.row_of(LINE, open_line, replace(MACHINE, offers=found[:1])).offer.startswith("No! (machine: ")
    assert edits.row_of(LINE, open_line, replace(MACHINE, subtitle="No!", offers=found[:1])).offer == ""
    assert edits.differences([row], [replace(row, offer="a remark")], **TOLD) == ()


def test_a_long_list_of_damage_is_counted() -> None:
    base = [replace(ROW, id=f"L{n:04}") for n in range(20)]
    with pytest.raises(InputError, match="and 12 more"):
        edits.differences(base, [], **TOLD)


def test_dub_and_subtitle_are_edited_apart() -> None:
    (spoken,) = edits.apply([MACHINE], [edit("dub", "Tuan!")])
    assert (spoken.dub.normal, spoken.dub.short, spoken.subtitle) == ("Tuan!", "", "Tuan Muda!")
    (read,) = edits.apply([MACHINE], [edit("subtitle", "Tuan!")])
    assert (read.dub, read.subtitle) == (MACHINE.dub, "Tuan!")


def test_a_persons_text_is_a_draft_until_they_say_otherwise() -> None:
    (draft,) = edits.apply([MACHINE], [edit("dub", "Tuan!")])
    assert (draft.origin, draft.status) == ("person", "draft")
    (signed,) = edits.apply([MACHINE], [edit("dub", "Tuan!"), edit("status", "locked")])
    assert (signed.origin, signed.status) == ("person", "locked")
    (machine,) = edits.apply([MACHINE], [edit("status", "locked")])
    assert (machine.origin, machine.status) == ("memory", "locked")


def test_the_latest_edit_of_each_field_wins() -> None:
    (one,) = edits.apply([MACHINE], [edit("dub", "a"), edit("dub", "b"), edit("long", "l"), edit("dub", "b")])
    assert one.dub == Variants("b")


def test_new_words_are_never_spoken_in_a_length_of_the_old_ones() -> None:
    both = replace(MACHINE, dub=Variants("Tuan Muda!", "Tuan!", "Tuan Muda, tunggu!"))
    (one,) = edits.apply([both], [edit("short", "Hei!"), edit("dub", "Kakak!")])
    assert one.dub == Variants("Kakak!")
    (kept,) = edits.apply([both], [edit("dub", "Kakak!"), edit("short", "Kak!")])
    assert kept.dub == Variants("Kakak!", "Kak!")


def test_a_line_may_be_read_and_not_voiced_or_the_reverse() -> None:
    (silent,) = edits.apply([MACHINE], [edit("dub", " ")])
    assert (silent.dub, silent.subtitle, silent.status) == (Variants(""), "Tuan Muda!", "draft")
    (unread,) = edits.apply([MACHINE], [edit("subtitle", "")])
    assert (unread.dub, unread.subtitle, unread.status) == (MACHINE.dub, "", "draft")


@pytest.mark.parametrize("status", ["reviewed", "locked"])
def test_a_line_is_dropped_by_emptying_both_texts_and_signing_it(status: str) -> None:
    emptied = [edit("dub", ""), edit("subtitle", "")]
    (unsigned,) = edits.apply([MACHINE], emptied)
    assert unsigned.status == "missing"
    (dropped,) = edits.apply([MACHINE], [*emptied, edit("status", status)])
    assert (dropped.dub, dropped.subtitle, dropped.status) == (Variants(""), "", status)


def test_one_text_fills_both_only_where_nothing_was_and_nobody_said_otherwise() -> None:
    empty = replace(MACHINE, dub=Variants(""), subtitle="", status="missing", origin="source")

    def texts(*told: Edit) -> tuple[str, str]:
        (one,) = edits.apply([empty], told)
        return one.dub.normal, one.subtitle

    assert texts(edit("dub", "Kak!")) == ("Kak!", "Kak!")
    assert texts(edit("subtitle", "Kak!")) == ("Kak!", "Kak!")
    assert texts(edit("dub", "Kak!"), edit("subtitle", "")) == ("Kak!", "")
    assert texts(edit("dub", "Kak!"), edit("dub", "")) == ("", "Kak!")
    assert texts(edit("dub", "Kak!"), edit("subtitle", "Kakak!")) == ("Kak!", "Kakak!")


def test_a_line_without_text_stays_missing_until_somebody_locks_it() -> None:
    empty = replace(MACHINE, dub=Variants(""), subtitle="", status="missing", origin="machine")
    (one,) = edits.apply([empty], [edit("status", "reviewed")])
    assert one.status == "missing"
    (dropped,) = edits.apply([empty], [edit("status", "locked")])
    assert dropped.status == "locked"


def test_edits_of_other_markets_and_lines_leave_a_rendering_alone() -> None:
    others = [replace(edit("dub", "x"), market="en-US"), edit("dub", "x", line="L0002"), edit("note", "ask")]
    assert edits.apply([MACHINE], others) == (MACHINE,)
    assert edits.notes(others, "id-ID") == {"L0001": "ask"}


def test_a_conflict_shows_until_the_line_is_looked_at_again() -> None:
    now = {"L0001": edits.seen_of("少爷！", replace(MACHINE, subtitle="Tuan!"))}
    old = edit("dub", "Tuan!")
    found = edits.conflicts([old], "id-ID", now)
    assert found == (old,)
    with pytest.raises(InputError, match="L0001 dub was edited by sari on 2026-11-21"):
        edits.refuse_conflicts(found, "lines.csv")
    settled = edits.conflicts([old, edit("status", "reviewed", now["L0001"])], "id-ID", now)
    edits.refuse_conflicts(settled)
    assert settled == ()


def test_an_edit_of_a_line_that_vanished_stops_nobody() -> None:
    assert edits.conflicts([edit("dub", "x", line="L0404")], "id-ID", {"L0001": ROW.seen}) == ()

"""A stranger a person named by number keeps their lines when numbers change hands."""

from __future__ import annotations

import pytest

from localize.corrections import sayable, told_parts
from localize.edits import Edit, Field
from localize.engine.strangers import lasting, meant, settled
from localize.errors import InputError
from localize.timing import Ms

BEFORE = {"L0001": "?1", "L0002": "?2", "L0003": "?1", "L0004": "a"}


def edit(line: str, field: Field, value: str) -> Edit:
    return Edit("ep01", line, "", field, value, "Mei", "2026-11-21T10:00:00+00:00", "mark")


def told(*edits: Edit, taken: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    return [(one.line, one.field, one.value) for one in settled(edits, BEFORE, taken)]


def test_a_number_becomes_a_name_with_all_its_lines() -> None:
    assert told(edit("L0002", "speaker", "?1")) == [
        ("L0002", "speaker", "?L0001"), ("L0001", "speaker", "?L0001"), ("L0003", "speaker", "?L0001"),
    ]  # fmt: skip


def test_a_line_given_away_in_the_same_table_is_not_theirs() -> None:
    found = told(edit("L0001", "speaker", "a"), edit("L0004", "addressee", "?1"))
    assert found == [("L0001", "speaker", "a"), ("L0004", "addressee", "?L0003"), ("L0003", "speaker", "?L0003")]


def test_a_number_nobody_has_is_somebody_new() -> None:
    assert told(edit("L0004", "speaker", "?7")) == [("L0004", "speaker", "?L0004")]
    assert told(edit("L0004", "speaker", "?7"), taken=("?L0004",)) == [("L0004", "speaker", "?L0004_2")]
    assert lasting(["L0004"], {"?L0004", "?L0004_2"}) == "?L0004_3"


def test_both_parts_of_a_split_line_stay_with_the_stranger() -> None:
    cut = edit("L0003", "split", told_parts("L0009", Ms(500), "一", "二"))
    found = told(cut, edit("L0009", "addressee", "a"), edit("L0004", "speaker", "?1"))
    assert {line for line, field, _ in found if field == "speaker"} == {"L0001", "L0003", "L0004", "L0009"}


def test_other_edits_stay_as_they_are() -> None:
    edits = (edit("L0001", "text", "?1"), edit("L0002", "speaker", "?L0002"))
    assert settled(edits, BEFORE, ()) == edits


def test_a_command_names_the_voice_it_was_printed_for_while_others_get_names() -> None:
    names = {who: sayable(who, BEFORE) for who in BEFORE.values()}
    assert names == {"?1": "?L0001", "?2": "?L0002", "a": "a"}
    later = {"L0001": "b", "L0002": "?1", "L0003": "b", "L0004": "a"}
    assert meant(names["?2"], later) == "?1"
    with pytest.raises(InputError, match="L0001 is said by b"):
        meant(names["?1"], later)


def test_whoever_is_called_after_a_line_is_meant_before_who_says_it() -> None:
    said = {"L0001": "?1", "L0002": "?L0001", "L0003": "?1"}
    assert (sayable("?1", said), meant("?L0003", said), meant("?L0001", said)) == ("?L0003", "?1", "?L0001")
    assert sayable("?1", {"L0001": "?1", "L0002": "?L0001"}) == "?1", "no line is left to call them after"
    assert (sayable("?0", {"L0001": "?0"}), meant("nobody", said)) == ("?0", "nobody")

"""Questions of translators and their answers, kept by the series."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.errors import InputError
from localize.queries import FILE, answer, ask, of_episode, read_queries


def test_a_question_waits_and_is_answered(tmp_path: Path) -> None:
    assert read_queries(tmp_path) == ()
    first, second = ask(tmp_path, "ep01", "es-419", [("L0001", "=Who  is\nmeant?"), ("L0002", "- Sí?")], "Ana")
    assert (first.id, first.question, first.asked_by, first.open) == ("Q1", "=Who is meant?", "Ana", True)
    assert "'=Who is meant?" in (tmp_path / FILE).read_text("utf-8"), "no spreadsheet runs it"
    assert read_queries(tmp_path) == (first, second)
    assert ask(tmp_path, "ep01", "es-419", [("L0001", "=Who is meant?"), ("L0001", " ")], "Ana") == ()
    [third] = ask(tmp_path, "ep01", "id-ID", [("L0001", "=Who is meant?")], "Budi")
    assert third.id == "Q3"
    done = answer(tmp_path, "Q1", "+ The butler, 顾伯.", "Bo")
    assert done.told() == "Q1 =Who is meant? (Ana) — + The butler, 顾伯. (Bo)" and not done.open
    assert third.told() == "Q3 =Who is meant? (Budi) — open"
    assert [one.open for one in read_queries(tmp_path)] == [False, True, True]
    assert of_episode(read_queries(tmp_path), "ep01", "es-419") == {"L0001": (done,), "L0002": (second,)}
    assert of_episode(read_queries(tmp_path), "ep02") == {}
    again = answer(tmp_path, "Q1", "The driver.", "Bo")
    assert read_queries(tmp_path)[0] == again and again.answer == "The driver."


def test_a_person_may_answer_in_the_table(tmp_path: Path) -> None:
    ask(tmp_path, "ep01", "es-419", [("L0001", "Who?")], "Ana")
    text = (tmp_path / FILE).read_text("utf-8-sig")
    (tmp_path / FILE).write_bytes(text.replace(",,,\n", ",Nobody,,\n").replace("\n", "\r\n").encode("utf-16"))
    [one] = read_queries(tmp_path)
    assert one.answer == "Nobody" and one.told().endswith("— Nobody")


@pytest.mark.parametrize("id", ["Q²", "Q٣", "Q" + "9" * 5000])
def test_an_id_of_ones_own_is_no_number(tmp_path: Path, id: str) -> None:
    ask(tmp_path, "ep01", "es-419", [("L0001", "Who?")], "Ana")
    text = (tmp_path / FILE).read_text("utf-8")
    (tmp_path / FILE).write_text(text + f"{id},ep01,L0002,es-419,Where?\n", "utf-8")
    [new] = ask(tmp_path, "ep01", "es-419", [("L0003", "When?")], "Ana")
    assert new.id == "Q2" and [one.id for one in read_queries(tmp_path)] == ["Q1", id, "Q2"]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    ask(tmp_path, "ep01", "es-419", [("L0001", "Who?")], "Ana")
    with pytest.raises(InputError, match="no question is called 'Q9'"):
        answer(tmp_path, "Q9", "x", "Bo")
    with pytest.raises(InputError, match="answer is empty"):
        answer(tmp_path, "Q1", " \n", "Bo")
    text = (tmp_path / FILE).read_text("utf-8")
    (tmp_path / FILE).write_text(text + text.splitlines()[1] + "\n", "utf-8")
    with pytest.raises(InputError, match="Q1 is already on line 2") as caught:
        read_queries(tmp_path)
    assert caught.value.where.endswith("line 3")

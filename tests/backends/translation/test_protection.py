"""Approved terms as marks: which words become one, what counts as carried through, what is put in again."""

from __future__ import annotations

import pytest

from localize.backends.translation._protection import FAMILIES, holds, protect, restored, shown

TERMS = (("陆沉", "Lu Chen"), ("陆", "Lu"), ("少爷", "young master"), ("少爷", "heir"))


def test_the_longest_term_wins_and_every_place_has_its_own_mark() -> None:
    made = protect("陆沉，陆家的少爷！少爷？", TERMS, FAMILIES[0])
    assert made.text == "XA，XB家的XD！XE？"
    assert [(slot.source, slot.target) for slot in made.slots] == [
        ("陆沉", "Lu Chen"), ("陆", "Lu"), ("少爷", "young master"), ("少爷", "young master"),
    ]  # fmt: skip


def test_two_terms_in_a_row_do_not_become_one_word() -> None:
    assert protect("陆沉少爷，来。", TERMS, FAMILIES[0]).text == "XA XB，来。"
    assert protect("WiFi陆沉", TERMS, FAMILIES[0]).text == "WiFi XA"


def test_a_mark_that_stands_in_the_line_is_not_used() -> None:
    assert protect("型号XA，陆沉。", TERMS, FAMILIES[0]).slots[0].mark == "XB"


def test_a_line_without_terms_stays_as_it_is() -> None:
    made = protect("走吧。", TERMS, FAMILIES[0])
    assert made.text == "走吧。" and not made.slots
    assert protect("走吧。", (), FAMILIES[0]).text == "走吧。"


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("XA is back.", True), ("xa's back", True), ("He is back.", False), ("XA and XA", False),
        ("XAB is back", False), ("XA knows XB", False),
    ],
)  # fmt: skip
def test_a_mark_must_stand_exactly_once(said: str, whole: bool) -> None:
    given = protect("陆沉回来了，少爷。", TERMS, FAMILIES[0])
    first = given.within("XA回来了，")
    assert [slot.mark for slot in first] == ["XA"]
    assert holds(said, first, given.slots) is whole


def test_forms_are_put_in_with_a_capital_where_a_sentence_begins() -> None:
    slots = protect("少爷！陆沉，少爷来了。", TERMS, FAMILIES[0]).slots
    assert restored("XA! Xb, the XD is here.", slots) == "Young master! Lu Chen, the young master is here."
    assert restored("¡XA! “XD…”", slots) == "¡Young master! “Young master…”"
    assert shown("XA is with XB", slots) == "[少爷 → young master] is with [陆沉 → Lu Chen]"


@pytest.mark.parametrize("family", FAMILIES)
def test_more_terms_than_nine_keep_whole_marks(family: tuple[str, ...]) -> None:
    signs = "甲乙丙丁戊己庚辛壬癸子丑"
    made = protect("，".join(signs), [(one, one) for one in signs], family)
    assert made.text == "，".join(family[:12]) and holds(made.text, made.slots)
    assert protect(signs, [(one, one) for one in signs], family).text == " ".join(family[:12])


def test_what_was_put_in_is_no_mark_of_another_term() -> None:
    slots = protect("型号，公司", (("型号", "Model XB"), ("公司", "Acme")), FAMILIES[0]).slots
    assert restored("XA by XB", slots) == "Model XB by Acme"


@pytest.mark.parametrize(
    ("form", "said"), [("iPhone", "iPhone"), ("eBay shop", "eBay shop"), ("the Lu family", "The Lu family"), ("ñ", "Ñ")]
)
def test_a_spelling_of_its_own_is_kept_where_a_sentence_begins(form: str, said: str) -> None:
    assert restored("XA!", protect("手机", (("手机", form),), FAMILIES[0]).slots) == f"{said}!"

"""Lines of a series with a pivot, and lines that are asked for again: what local models do with either."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hop_table import Table

from localize.backends.translation._nmt_lines import MANY, NOT_BY_PIVOT, PIVOT_UNREAD, Cascade
from localize.backends.translation._nmt_sentences import sentences
from localize.roles import Translation, TranslationRequest

LINE = TranslationRequest("L0", "少爷回来了。", "es-419", 2.0, terms=(("少爷", "joven señor"),))
BY_PIVOT = replace(
    LINE, pivot="The Young Master is back. Go.", pivot_market="en-US", pivot_terms=(("Young Master", "joven señor"),)
)
CHINESE = Table({"XA回来了。": [("Volvió XA.", -0.1)], "少爷回来了。": [("Volvió el amo.", -0.1)]})


def only(cascade: Cascade, request: TranslationRequest) -> Translation:
    [one] = cascade.translate([request])
    return one


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Stop! Mr. Lu is here. Go.", ("Stop!", "Mr. Lu is here.", "Go.")),
        ("Wait... what?", ("Wait... what?",)),
        ("He said “No.” Then he left.", ("He said “No.”", "Then he left.")),
        ("...", ("...",)),
    ],
)
def test_english_is_cut_into_its_sentences(text: str, pieces: tuple[str, ...]) -> None:
    assert sentences(text, english=True) == pieces


# ── the pivot ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_the_pivot_says_is_translated_with_its_terms_protected() -> None:
    onward = Table({"The XA is back.": [("Ha vuelto el XA.", -0.1)], "Go.": [("Vete.", -0.1)]})
    one = only(Cascade((CHINESE,), onward=onward), BY_PIVOT)
    assert one.dub.normal == one.subtitle == "Ha vuelto el joven señor. Vete."
    assert one.pivot == BY_PIVOT.pivot and not one.told and not one.doubt


def test_other_english_is_another_translation() -> None:
    onward = Table({"He came home.": [("Volvió a casa.", -0.1)], "He is back.": [("Está de vuelta.", -0.1)]})
    cascade = Cascade((CHINESE,), onward=onward)
    said = [replace(BY_PIVOT, pivot=text, terms=(), pivot_terms=()) for text in onward.known]
    assert [only(cascade, one).dub.normal for one in said] == ["Volvió a casa.", "Está de vuelta."]


def test_a_pivot_nothing_can_be_made_of_is_told_and_the_chinese_is_taken() -> None:
    for cascade, why in ((Cascade((CHINESE,), onward=Table({})), NOT_BY_PIVOT), (Cascade((CHINESE,)), PIVOT_UNREAD)):
        one = only(cascade, BY_PIVOT)
        assert one.dub.normal == "Volvió joven señor." and not one.pivot
        assert one.told == (why,)
    indonesian = only(Cascade((CHINESE,), onward=Table({})), replace(BY_PIVOT, pivot_market="id-ID"))
    assert indonesian.told == (PIVOT_UNREAD,), "these models know English between"
    assert not only(Cascade((CHINESE,), onward=Table({})), LINE).told, "a line the pivot says nothing of"


# ── asked for again ─────────────────────────────────────────────────────────────────────────────────────────────────
AGAIN = replace(LINE, remarks=("“Volvió el amo.” was wrong", "少爷 must be “joven señor”"))


def test_a_line_asked_for_again_is_looked_for_further_down_the_beam() -> None:
    usual = [(f"El amo {number} volvió.", -0.1) for number in range(6)]
    hop = Table({"少爷回来了。": [*usual, ("El joven señor volvió.", -0.9)]}, frozenset())
    cascade = Cascade((hop,))
    assert only(cascade, LINE).dub.normal == "El amo 0 volvió."
    assert only(cascade, AGAIN).dub.normal == "El joven señor volvió."
    assert len(usual) < MANY


def test_a_mark_that_survives_only_further_down_is_found() -> None:
    lost = [(f"El {number} volvió.", -0.1) for number in range(6)]
    hop = Table({"XA回来了。": [*lost, ("XA volvió.", -0.9)], "少爷回来了。": lost, "N1回来了。": lost})
    assert only(Cascade((hop,)), LINE).told
    found = only(Cascade((hop,)), AGAIN)
    assert found.dub.normal == "Joven señor volvió." and not found.told


def test_a_line_asked_for_again_goes_by_other_english_as_well() -> None:
    first = Table({"少爷回来了。": [("The boss is back.", -0.1), ("The young sir is back.", -0.2)]}, frozenset())
    second = Table(
        {
            "The boss is back.": [("Volvió el jefe.", -0.1)],
            "The young sir is back.": [("Volvió el joven señor.", -0.1)],
        }
    )
    cascade = Cascade((first, second))
    assert only(cascade, LINE).dub.normal == "Volvió el jefe."
    one = only(cascade, AGAIN)
    assert (one.dub.normal, one.pivot) == ("Volvió el joven señor.", "The young sir is back.")


def test_forbidden_words_are_kept_out_and_never_chosen() -> None:
    hop = Table({"快走。": [("Lárgate, maldito.", -0.1), ("Vete ya.", -0.6)]})
    line = replace(LINE, source="快走。", terms=(), forbidden=("maldito",))
    assert only(Cascade((hop,)), line).dub.normal == "Vete ya." and hop.kept_out == []
    assert only(Cascade((hop,)), replace(line, remarks=("“maldito” is forbidden",))).dub.normal == "Vete ya."
    assert set(hop.kept_out) == {"maldito"}

"""Lines through hops: sentences, the pivot, marks that are lost, lengths, and what is no translation at all."""

from __future__ import annotations

from hop_table import Table

from localize.backends.translation._nmt_lines import Cascade
from localize.backends.translation._nmt_sentences import sentences
from localize.roles import Translation, TranslationRequest
from localize.version import Variants


def said(cascade: Cascade, *lines: str, terms: tuple[tuple[str, str], ...] = ()) -> list[Translation]:
    asked = [TranslationRequest(f"L{n}", text, "es-419", 2.0, terms=terms) for n, text in enumerate(lines)]
    return sorted(cascade.translate(asked), key=lambda one: one.line)


def test_a_line_is_cut_into_sentences() -> None:
    assert sentences("站住！你去哪儿？！走……") == ("站住！", "你去哪儿？！", "走……")
    assert sentences("“站住！”他说") == ("“站住！”", "他说")
    assert sentences("……") == ("……",)


def test_sentences_are_put_together_again_and_signs_need_no_model() -> None:
    hop = Table({"站住！": [("Stop!", -0.1)], "走。": [("Go.", -0.1)]})
    one, two = said(Cascade((hop,)), "站住！走。", "……！")
    assert one.dub.normal == one.subtitle == "Stop! Go." and not one.doubt and not one.pivot
    assert two.dub.normal == "…!"
    assert hop.asked == ["站住！", "走。"]


def test_other_translations_become_lengths_only_when_they_are_as_likely_and_of_another_length() -> None:
    hop = Table({"我没有忘记。": [("I never forgot.", -0.3), ("I know.", -0.4), ("I have never ever forgotten.", -0.45),
                             ("A stump", -2.0)]})  # fmt: skip
    [one] = said(Cascade((hop,)), "我没有忘记。")
    assert one.dub == Variants("I never forgot.", "I know.", "I have never ever forgotten.")
    alike = Table({"走。": [("Let us go.", -0.3), ("Let us all.", -0.3)]})
    [two] = said(Cascade((alike,)), "走。")
    assert (two.dub.short, two.dub.long) == ("", "Let us all.")


def test_through_english_terms_stay_marks_and_the_english_is_told() -> None:
    first = Table({"XA回来了。": [("XA is back.", -0.1)]})
    second = Table({"XA is back.": [("Ha vuelto el XA.", -0.1), ("El señor volvió.", -0.1)]})
    [one] = said(Cascade((first, second)), "少爷回来了。", terms=(("少爷", "joven señor"),))
    assert one.dub.normal == "Ha vuelto el joven señor." and not one.dub.short
    assert one.pivot == "[少爷 → joven señor] is back." and not one.told and not one.doubt


def test_a_mark_lost_on_the_way_is_tried_with_another_and_then_told() -> None:
    terms = (("少爷", "Young Master"),)
    lost = {"XA回来了。": [("He is back.", -0.1)]}
    other = Cascade((Table({**lost, "N1回来了。": [("N1 is back.", -0.1)]}),))
    [one] = said(other, "少爷回来了。", terms=terms)
    assert one.dub.normal == "Young Master is back." and not one.told
    none = Cascade((Table({**lost, "N1回来了。": [("N2 is back.", -0.1)], "少爷回来了。": [("Sir is back.", -0.1)]}),))
    [two] = said(none, "少爷回来了。", terms=terms)
    assert two.dub.normal == "Sir is back." and "少爷: no mark came through" in two.told[0]
    blind = Cascade((Table({"少爷回来了。": [("Sir is back.", -0.1)]}, frozenset()),))
    [three] = said(blind, "少爷回来了。", terms=terms)
    assert three.dub.normal == "Sir is back." and three.told


def test_what_is_no_translation_comes_with_a_doubt() -> None:
    hop = Table({
        "很长。": [("long " + "word by word " * 30, -0.1)], "圈。": [("go on, go on, go on, go on, go on", -0.1)],
        "点。": [("...", -0.1)], "空。": [],
    })  # fmt: skip
    long, circle, dots, empty = said(Cascade((hop,)), "很长。", "圈。", "点。", "空。")
    assert "longer" in long.doubt and "circle" in circle.doubt and "no words" in dots.doubt
    assert empty.doubt and not empty.dub.normal


def test_every_line_comes_once_whatever_its_neighbours() -> None:
    hop = Table({"站住！": [("Stop!", -0.1)], "XA！": [("XA!", -0.1)]})
    lines = ["站住！", "少爷！"] * 20
    got = said(Cascade((hop,)), *lines, terms=(("少爷", "Sir"),))
    assert len(got) == 40 and {one.dub.normal for one in got} == {"Stop!", "Sir!"}
    assert list(Cascade((hop,)).translate([])) == []


def test_a_language_that_writes_with_chinese_characters_keeps_its_terms() -> None:
    hop = Table({"XA回来了。": [("XAがお戻りです。", -0.1)], "少爷回来了。": [("彼が戻った。", -0.1)]})
    terms = (("少爷", "若様"),)
    [one] = Cascade((hop,)).translate([TranslationRequest("L0", "少爷回来了。", "ja-JP", 2.0, terms=terms)])
    assert one.dub.normal == "若様がお戻りです。" and not one.told
    left = Table({"XA说了。": [("XAは说た。", -0.1)], "少爷说了。": [("彼は話した。", -0.1)]})
    [two] = Cascade((left,)).translate([TranslationRequest("L0", "少爷说了。", "ja-JP", 2.0, terms=terms)])
    assert two.dub.normal == "彼は話した。" and two.told


def test_words_a_model_seems_to_decline_with_are_kept_as_an_offer() -> None:
    why = "the model declined: I cannot translate this."
    refused = Table({"走。": [("I cannot translate this.", 0.0, "", why)]})
    [one] = said(Cascade((refused,)), "走。")
    assert (one.dub.normal, one.doubt) == ("I cannot translate this.", why)
    [two] = said(Cascade((refused, Table({}))), "走。")
    assert (two.dub.normal, two.doubt) == ("I cannot translate this.", why), "the second model is not asked"

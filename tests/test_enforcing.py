"""Terms that hold: what is found, what is counted, what is mended and what is left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.enforcing import GOAL, accuracy, mended
from localize.glossary import Glossary, Term, broken_terms
from localize.script import read_script
from localize.series import open_series

LU = Term("陆总", ("Mr. Lu",), "title")
CHEN = Term("陆沉", ("Lu Chen",), "name")
LIN = Term("林秘书", ("Secretary Lin",), "name")
OUYANG = Term("欧阳晨", ("Ouyang Chen",), "name")
SIR = Term("少爷", ("Young Master",), "title", language="en-US")
TROPE = Term("绿茶", ("two-faced schemer",), "trope")
TEA = Term("绿茶", ("green tea",), "forbidden")
ES = (
    Term("绿茶", ("mosquita muerta",), "trope", language="es-419"),
    Term("绿茶", ("té verde",), "forbidden", language="es-419"),
)


@pytest.mark.parametrize(
    ("source", "said", "terms", "now"),
    [
        ("陆总来了。", "陆总 is here.", [LU], "Mr. Lu is here."),
        ("陆总来了。", "Here comes陆总.", [LU], "Here comes Mr. Lu."),
        ("陆沉，走。", "Lú-Chén, go.", [CHEN], "Lu Chen, go."),
        ("我爱陆沉。", "I love Chen Lu.", [CHEN], "I love Lu Chen."),
        ("陆总！", "President!", [LU], "Mr. Lu!"),
        ("林秘书来了。", "Secretary Lim is here.", [LIN], "Secretary Lin is here."),
        ("林秘书来了。", "Secretary Kim is here.", [LIN], ""),
        ("林秘书和林。", "Secretary Lim is here.", [LIN, Term("林", ("Lim",), "name")], ""),
        ("陆沉来了。", "Lu Chan is here.", [CHEN], ""),
        ("欧阳晨来了。", "Ouyang Chan is here.", [OUYANG], "Ouyang Chen is here."),
        ("林秘书，林秘书！", "Secretary Lim, Secretary Lim!", [LIN], ""),
        ("他来了。", "Secretary Lim is here.", [LIN], ""),
        ("阿泽来了。", "Mr. Zed is here.", [Term("阿泽", ("Zeb",), "name")], ""),
        ("好的，陆总。", "Fine, President Lu.", [LU], "Fine, Mr. Lu."),
        ("好的，陆总。", "Fine, boss.", [LU], "Fine, Mr. Lu."),
        ("少爷，快走！", "Young sir, run!", [SIR], "Young Master, run!"),
        ("少爷，快走！", "Run, sir!", [SIR], ""),
        ("不，陆总！", "Boss, no!", [LU], ""),
        ("陆总，走。", "Stop, go.", [LU], ""),
        ("她是绿茶。", "She is a green tea.", [TROPE, TEA], "She is a two-faced schemer."),
        ("陆总不在。", "The president is out.", [LU], ""),
        ("好的，陆总，我去。", "Fine, I will go.", [LU], ""),
        ("她是绿茶。", "Es un té verde.", ES, ""),
        ("绿茶！", "¡Té verde!", ES, "¡Mosquita muerta!"),
    ],
)
def test_a_miss_is_mended_only_where_grammar_cannot_suffer(source: str, said: str, terms: list[Term], now: str) -> None:
    new, done = mended(source, said, terms)
    assert new == (now or said) and bool(done) == bool(now)
    assert (broken_terms(terms, new) == ()) is bool(now)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Chang", "Change your clothes."),
        ("Grace", "Grave news."),
        ("Grace", "He is dead. Grave news."),
        ("Lin Wen", "Lin Went away."),
        ("Lin Wen", "Lin won the prize."),
        ("Lin Wen", "Lin Won the prize."),
        ("Chen Nan", "Chen Na's here."),
        ("Lu Chen", "His twin Lu Chan came."),
        ("Shen Wan", "Shen Wen is leaving."),
        ("Su Man", "Su Mal carácter me asusta."),
        ("Andin", "Kata Andan begitu."),
        ("Gu Bei", "Di Gu Beo."),
        ("Maria", "Llamé a Mario ayer."),
        ("Maria", "La Marea subió."),
        ("David", "I called Davis about it."),
        ("Snowy", "In Showy clothes she came."),
        ("Angel", "The Anger Ball."),
        ("Mr. Wang", "Mr. Tang and Mr. Wong came."),
        ("Mr. Fang", "I met Mr. Fong."),
        ("Zhao Min", "Zhao Mia is my sister Zhao Mia."),
    ],
)
def test_a_word_that_is_like_a_name_is_no_name(name: str, said: str) -> None:
    assert mended("他来了。", said, [Term("他", (name,), "name", language="en-US")]) == (said, ())


def test_a_misspelled_name_keeps_its_owners_ending() -> None:
    assert mended("欧阳晨的。", "It is Ouyang Chan's.", [OUYANG])[0] == "It is Ouyang Chen's."


def test_a_brand_a_letter_off_is_left_to_a_person() -> None:
    assert mended("雅诗", "The Estes.", [Term("雅诗", ("Ester",), "brand")]) == ("The Estes.", ())


def test_what_keeps_its_terms_is_not_touched() -> None:
    assert mended("陆总来了。", "Mr. Lu is here.", [LU]) == ("Mr. Lu is here.", ())


def test_drafts_and_titles_hide_nothing_and_forbidden_words_are_always_found() -> None:
    title = Term("晚了，陆总", ("Too Late",), "title", use="title")
    draft = Term("陆总裁", ("Chairman",), "title", status="draft")
    glossary = Glossary.of([title, LU, draft, TROPE, TEA, Term("绿茶婊", ("viper",), "trope")])
    assert glossary.found_in("晚了，陆总。") == (LU,)
    assert glossary.found_in("陆总裁") == (LU,)
    assert [term.target for term in glossary.found_in("绿茶婊")] == ["viper", "green tea"]
    assert glossary.found_in("绿茶") == (TROPE, TEA)
    assert glossary.found_in("晚了，陆总", use="title") == (title,)


def test_accuracy_counts_every_hit_in_dub_and_subtitle() -> None:
    glossary = Glossary.of([LU, CHEN, TEA, Term("陆总", ("sir",), "title", scope="house")])
    found = accuracy(
        [
            ("L1", "陆总，陆沉呢？", [("dub", "Sir, where is Lu Chen?"), ("subtitle", "Where is Chen?")]),
            ("L2", "陆总！", [("dub", "Mr. Lu!"), ("subtitle", "")]),
            ("L3", "绿茶", [("dub", "green tea")]),
        ],
        glossary,
    )  # fmt: skip
    assert (found.asked, found.kept) == (5, 3) and found.share == 0.6
    assert [(one.line, one.field, one.source) for one in found.missed] == [
        ("L1", "subtitle", "陆总"), ("L1", "subtitle", "陆沉"),
    ]  # fmt: skip
    assert accuracy([], glossary).share == 1.0


@pytest.mark.parametrize("market", ["en-US", "es-419", "id-ID"])
def test_the_sample_keeps_its_terms(market: str) -> None:
    root = Path(__file__).parents[1] / "samples" / "SERIES"
    rows = read_script(root / "scripts" / f"too_late_ep03.{market}.csv")
    texts = [
        (str(at), row.source, (("dub", row.dub.normal), ("subtitle", row.subtitle))) for at, row in enumerate(rows)
    ]
    found = accuracy(texts, open_series(root).glossary(market))
    assert found.asked >= 20 and found.share >= GOAL, found.missed

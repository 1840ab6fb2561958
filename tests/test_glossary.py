from __future__ import annotations

from functools import partial

import pytest
from effort import calls
from hypothesis import given
from hypothesis import strategies as st

from localize.glossary import Glossary, Hit, Term, TranslationMemory, broken_terms, normal, occurs

LU = Term("陆太太", ("Mrs. Lu",), "title")
MADAM = Term("太太", ("Madam",), "title")
TEA = Term("绿茶", ("green tea",), "forbidden")
NEVER = Term("", ("damn",), "forbidden")


def test_the_longest_term_wins_and_hides_the_shorter() -> None:
    glossary = Glossary.of([MADAM, LU])
    assert glossary.found_in("别叫我陆太太。") == (LU,)
    assert glossary.found_in("太太，陆太太来了。") == (MADAM, LU)


def test_terms_must_be_kept_and_forbidden_words_avoided() -> None:
    assert broken_terms([LU], "Don't call me Mrs. Lu.") == ()
    assert "must be" in broken_terms([LU], "Don't call me that.")[0]
    assert "forbidden" in broken_terms([TEA], "You green tea!")[0]
    assert broken_terms(Glossary.of([NEVER]).found_in("滚"), "Damn you!") != ()
    assert broken_terms([Term("少爷", ("Tuan Muda",), "title", status="draft")], "x") == ()
    assert broken_terms([Term("少爷", ("Tuan Muda",), "title", use="tag")], "x") == ()
    assert broken_terms([Term("少爷", ("Tuan Muda", "Tuan"), "title")], "Ya, Tuan!") == ()


def test_a_term_is_found_in_the_shapes_of_its_language() -> None:
    term = Term("绿茶", ("mosquita muerta",), "trope", language="es-419")
    assert broken_terms([term], "¡Qué mosquitas muertas!") == ()
    assert broken_terms([Term("绿茶", ("mosquita muerta",), "trope")], "¡Qué mosquitas muertas!") != ()


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [("Shen", "The Shens own it.", True), ("Lu", "Luck!", False), ("señora", "Señora, pase.", True),
     ("Lu", "Lu’s wife", True), ("Mrs. Lu", "mrs. lu?", True), ("art", "heart", False),
     ("Young Master", "the Young\nMaster!", True)],
)  # fmt: skip
def test_whole_words(form: str, text: str, found: bool) -> None:
    assert occurs(form, text) is found


@given(st.text(st.sampled_from("滚你３3.5亿，！ A　a。,0"), max_size=12))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_width_case_and_punctuation_do_not_matter() -> None:
    assert normal("Ａ１，０００ 滚！") == normal("a1000滚") == "a1000滚" and normal("3.5亿。") == "3.5亿"


def test_memory_finds_the_same_and_the_close_wording() -> None:
    def entry(source: str, dub: str) -> Hit:
        return Hit(source, dub, dub, 100.0, "memory", "memory.csv")

    memory = TranslationMemory(
        [entry("签了它，我就放你走。", "old"), entry("签了它我就放你走", "new"), entry("滚！", "Out!")]
    )
    assert [(hit.dub, hit.score) for hit in memory.hits("签了它，我就放你走！")] == [
        ("new", 100.0),
        ("old", 100.0),
    ]
    assert memory.hits("签了它，我不放你走。")[0].score < 100
    assert memory.hits("今天天气真好啊") == () and memory.hits("！") == () and TranslationMemory().hits("滚") == ()


def test_a_longer_list_makes_a_line_no_more_work() -> None:
    """What Python does for a line depends on the terms in it, not on those that are not."""
    said, effort = "有词0004在这里，还有词0024。", []
    for count in (50, 5000):
        glossary = Glossary.of(Term(f"词{number:04}", (f"word {number}",), "idiom") for number in range(count))
        assert [term.source for term in glossary.found_in(said)] == ["词0004", "词0024"]
        effort.append(calls(partial(glossary.found_in, said)))
    assert effort[0] == effort[1]

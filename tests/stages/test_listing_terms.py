"""Terms that bind titles, synopses and tags."""

from __future__ import annotations

from pathlib import Path

from localize.glossary import Term
from localize.series import SeriesBible
from localize.stages._listing_terms import Bound, bound, broken, relabelled
from localize.stages._tags import Tag
from localize.version import Listing


def listing(**told: object) -> Listing:
    plain = {
        "market": "en-US",
        "title": "",
        "titles": (),
        "synopsis": "",
        "hook": "",
        "tags": (),
        "hashtags": (),
        "synopses": (),
        "tropes": (),
        "platforms": (),
    }
    return Listing(**(plain | told))  # type: ignore[arg-type]


def test_only_terms_of_the_listing_count() -> None:
    terms = (
        Term("陆总", ("Mr. Lu",), "title"), Term("沈晚", ("Shen Wan",), "name", use="dialogue"),
        Term("神医", ("Healer",), "trope", use="tag"), Term("旧饼", ("old cake",), "idiom"),
        Term("绿茶", ("green tea",), "forbidden", use="tag|title"), Term("晚", ("Wan",), "name", status="draft"),
    )  # fmt: skip
    bible = SeriesBible(Path(), "s", "晚了，陆总", synopsis="沈晚", terms={"en-US": terms})
    assert [one.source for one in bound(bible, "en-US").terms] == ["陆总", "神医", "绿茶"]
    assert bound(bible, "id-ID").recipe() == {} and bound(bible, "en-US").recipe()["source"] == ("晚了，陆总", "沈晚")


def test_titles_synopses_and_tags_are_held_against_them() -> None:
    terms = Bound("晚了，陆总", "沈晚回来了", (
        Term("陆总", ("Mr. Lu",), "title"), Term("沈晚", ("Shen Wan",), "name", use="synopsis"),
        Term("", ("green tea",), "forbidden", use="tag"),
    ))  # fmt: skip
    kept = listing(title="Too Late, Mr. Lu", synopsis="She hid.", hook="Shen Wan is back.", tags=("Rival",))
    assert not list(broken(terms, kept, "series.toml"))
    wrong = listing(title="Too Late", synopsis="She hid.", tags=("Green tea",))
    assert [one.message.split(":")[0] for one in broken(terms, wrong, "series.toml")] == [
        "the title breaks a term", "the synopsis breaks a term", "the tag breaks a term",
    ]  # fmt: skip


def test_a_trope_gets_its_agreed_label_and_a_persons_stays() -> None:
    terms = Bound(terms=(Term("神医", ("Miracle Healer",), "trope", use="tag"),))
    words = {"miracle_doctor": ("神医",), "divorce": ("离婚",)}
    concepts = {"doctor": {"tropes": ["miracle_doctor"]}, "many": {"tropes": ["miracle_doctor", "divorce"]}}
    tags = (
        Tag("doctor", "Divine doctor", "plot", "series"), Tag("doctor", "Doctor", "plot", "trope"),
        Tag("many", "Drama", "plot", "trope"),
    )  # fmt: skip
    assert [one.label for one in relabelled(tags, terms, words, concepts)] == [
        "Divine doctor", "Miracle Healer", "Drama",
    ]  # fmt: skip

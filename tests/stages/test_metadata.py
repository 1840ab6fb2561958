"""Listings: the series' own words, its tropes, and nothing made up."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from localize.market import Platform, markets, platforms, resolve
from localize.stages import metadata
from localize.stages._fields import WRITERS
from localize.stages._synopsis import cut, sentences, told
from localize.stages._tags import hashtags
from localize.stages.metadata import Described, Job, ListedLine, SeriesFacts, described, document

SERIES = tomllib.loads((Path(__file__).parents[2] / "samples/SERIES/series.toml").read_text("utf-8"))
CODES = ("en-US", "es-419", "id-ID")
DRAFTS = ("pt-BR", "th-TH", "ja-JP", "ko-KR")
"""Markets whose labels and titles nobody read in a catalogue yet."""
LINES = (ListedLine("L0001", "他是神医。", "…"), ListedLine("L0002", "夫人，神医到了。", "…"))
WORDS = (("miracle_doctor", ("神医",)), ("war_god", ("战神",)), ("divorce", ("离婚",)))


def facts(code: str) -> SeriesFacts:
    local = SERIES["market"][code]
    return SeriesFacts(
        SERIES["id"], SERIES["title"], SERIES["setting"], tuple(SERIES["tropes"]), SERIES["episodes"],
        local["title"], local["synopsis"], local["hook"], tuple(local["tags"]),
    )  # fmt: skip


def job(code: str, series: SeriesFacts | None = None, **other: object) -> Job:
    market = resolve(code)
    base = Job(series or facts(code), "too_late_ep03", 3, LINES, WORDS, market, tuple(platforms().values()))
    return replace(base, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_the_series_title_comes_first_and_enough_follow(code: str) -> None:
    answer = described(job(code))
    assert answer.listing.title == answer.listing.titles[0] == SERIES["market"][code]["title"]
    assert len(answer.listing.titles) >= 5
    assert len({title.casefold() for title in answer.listing.titles}) == len(answer.listing.titles)
    assert answer.title_origins[0] == "series" and set(answer.title_origins[1:]) == {"grammar"}
    assert answer.listing.status == "draft" and not answer.findings


def test_each_market_writes_titles_its_own_way() -> None:
    english, spanish, indonesian = (described(job(code)).listing.titles[1:] for code in CODES)
    assert "My CEO Ex-Husband Begs Too Late" in english and "Never Divorce a Secret Heiress" in english
    assert "El arrepentimiento de mi exesposo millonario" in spanish
    assert all(title.split(" ", 1)[1].replace("CEO", "") == title.split(" ", 1)[1].replace("CEO", "").lower()
               for title in spanish)  # fmt: skip
    assert sum("Sang " in title for title in indonesian) >= 3


@pytest.mark.parametrize("code", (*CODES, *DRAFTS))
def test_every_trope_alone_still_makes_whole_titles(code: str) -> None:
    engines = {frame["engine"] for frame in metadata.table("titles")["market"][code]["frames"]}
    for trope in engines:
        bare = SeriesFacts("s", "剧", tropes=(trope, "domineering_ceo", "divorce"))
        for title in described(job(code, bare)).listing.titles:
            assert "{" not in title and "  " not in title and len(title) <= 70


@pytest.mark.parametrize("code", CODES)
def test_synopses_keep_their_size_and_add_nothing(code: str) -> None:
    listing = described(job(code)).listing
    source = f"{listing.hook} {listing.synopsis}"
    for size, text in listing.synopses:
        assert 0 < len(text) <= size and text.startswith(listing.hook[:40]) and source.startswith(text.rstrip("…"))
    assert [size for size, _ in listing.synopses] == [60, 120, 190, 400, 4000]


def test_a_sentence_does_not_end_at_an_abbreviation() -> None:
    text = "He begs Mr. Lu for help. Nobody comes! “Too late.” She leaves"
    assert sentences(text, ["Mr."]) == (
        "He begs Mr. Lu for help.",
        "Nobody comes!",
        "“Too late.”",
        "She leaves",
    )
    assert sentences("她走了。他哭了！") == ("她走了。", "他哭了！")


@pytest.mark.parametrize("limit", range(1, 40))
def test_cuts_never_exceed_their_limit(limit: int) -> None:
    for text in (
        "The night she signs, the butler comes.",
        "Supercalifragilisticexpialidocious",
        "她签字那晚沈家的管家推开了门",
    ):
        assert len(cut(text, limit)) <= limit
        assert len(told("", text, limit)) <= limit


@pytest.mark.parametrize("code", CODES)
def test_six_tags_and_no_facet_twice_beyond_the_series_own(code: str) -> None:
    own = described(job(code)).tags
    assert len(own) == 6 and [tag.label for tag in own][:5] == SERIES["market"][code]["tags"]
    made = described(job(code, replace(facts(code), local_tags=()))).tags
    facets = [tag.facet for tag in made]
    assert len(made) == 6 and len(set(facets)) == 6 and all(tag.concept and tag.status == "draft" for tag in made)


@pytest.mark.parametrize("code", CODES)
def test_a_tag_without_a_concept_says_nothing_of_one(code: str) -> None:
    asked = job(code)
    assert all(tag.concept for tag in described(asked).tags), "every label of the sample series is known"
    strange = job(code, replace(facts(code), local_tags=("Zzz",)))
    first, *rest = document(described(strange), strange, 1, ("sub",), {})["tags"]
    assert first == {"label": "Zzz", "origin": "series", "status": "draft"} and all(one["concept"] for one in rest)


@pytest.mark.parametrize(
    ("code", "script"), [("th-TH", "THAI"), ("ja-JP", "CJK|HIRAGANA|KATAKANA"), ("ko-KR", "HANGUL")]
)
def test_a_listing_that_nobody_wrote_is_in_its_markets_own_script(code: str, script: str) -> None:
    bare = replace(facts("en-US"), local_title="", local_synopsis="", local_hook="", local_tags=())
    listing = described(job(code, bare)).listing
    for text in (*listing.titles, *listing.tags, *(tag.lstrip("#") for tag in listing.hashtags)):
        names = [unicodedata.name(char) for char in text if char.isalpha()]
        assert names and all(re.match(f"{script}|LATIN CAPITAL LETTER [CEO]$", name) for name in names), text
    assert len(listing.titles) >= 5 and len(listing.tags) == 6


def test_a_hashtag_keeps_thai_vowels_and_tones() -> None:
    assert hashtags(("รักหวานละมุน", "Mother-in-law’s")) == ("#รักหวานละมุน", "#MotherInLaws")


def test_tags_are_marketing_labels_not_translations() -> None:
    labels = {tag.concept: tag.label for tag in described(job("id-ID", replace(facts("id-ID"), local_tags=()))).tags}
    assert labels["hidden_identity"] == "Pembalikan Identitas" and labels["winning_her_back"] == "Mengejar Istri"


def test_tropes_carry_their_evidence() -> None:
    found = {one.trope: one for one in described(job("en-US")).tropes}
    assert found["divorce"].origin == "series" and found["divorce"].lines == ()
    assert found["miracle_doctor"].lines == ("L0001", "L0002") and found["miracle_doctor"].origin == "lines"
    assert "war_god" not in found


def test_words_with_two_meanings_and_writing_in_the_picture_are_evidence_of_what_the_series_names() -> None:
    said = (*LINES, ListedLine("L0003", "为了个绿茶，三年夫妻你都不要？", "…"))
    paper = (ListedLine("T0008", "离婚协议书", ""),)
    named = metadata.named_trope_words()
    found = {one.trope: one for one in described(job("en-US", lines=said, texts=paper, named=named)).tropes}
    assert found["green_tea"].lines == ("L0003",) and found["green_tea"].words == ("绿茶",)
    assert found["divorce"].lines == ("T0008",)
    bare = replace(facts("en-US"), tropes=("divorce",))
    assert "green_tea" not in {one.trope for one in described(job("en-US", bare, lines=said, named=named)).tropes}


def test_a_trope_only_heard_never_reaches_a_title() -> None:
    assert not any("Doctor" in title for title in described(job("en-US")).listing.titles)


@pytest.mark.parametrize("code", CODES)
def test_every_field_is_within_its_limit(code: str) -> None:
    long = replace(
        facts(code),
        local_title="Muy tarde " * 20,
        local_synopsis="Una frase larga. " * 400,
        local_hook="x " * 90,
    )
    for series in (facts(code), long):
        listing = described(job(code, series)).listing
        assert [name for name, _ in listing.platforms] == list(platforms())
        for name, fields in listing.platforms:
            limits = dict(platforms()[name].fields)
            assert fields
            for field, text in fields:
                assert 0 < len(text) <= limits[field], (name, field)
                assert not re.search("[<>]", text)
            shown = " ".join(text for _, text in fields)
            assert shown.count("#") <= platforms()[name].hashtags


def test_a_dub_says_that_its_voices_are_synthetic() -> None:
    fields = {name: dict(own) for name, own in described(job("id-ID")).listing.platforms}
    assert "sintetis" in fields["tiktok"]["caption"] and fields["app"]["title"].endswith("(Sulih Suara)")
    silent = {name: dict(own) for name, own in described(job("id-ID", dubbed=False)).listing.platforms}
    assert "sintetis" not in silent["tiktok"]["caption"] and "Sulih" not in silent["app"]["title"]


def test_hashtags_can_be_read_aloud() -> None:
    assert hashtags(["All-Too-Late", "Amor después de la boda", "CEO", "CEO"]) == (
        "#AllTooLate", "#AmorDespuésDeLaBoda", "#CEO",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stem", "title", "origin"),
    [
        ("my_film-e01", "my film-e01", "file name"),
        ("第3集", "Di3Ji", "pinyin"),
        ("", "Untitled", "file name"),
    ],
)
def test_without_a_series_the_listing_is_honest(stem: str, title: str, origin: str) -> None:
    answer = described(replace(job("en-US"), series=None, stem=stem, number=0))
    assert answer.listing.title == title and answer.title_origins == (origin,)
    assert answer.listing.synopsis == "" and {text for _, text in answer.listing.synopses} == {""}
    assert {finding.check for finding in answer.findings} >= {"listing-title", "listing-synopsis"}
    assert all(finding.fix for finding in answer.findings)


def test_a_chinese_title_is_never_left_unmarked() -> None:
    bare = described(job("en-US", SeriesFacts("s", "晚了，陆总")))
    assert bare.listing.title == "WanLe LuZong" and "pinyin" in bare.findings[0].message
    given = described(job("en-US", replace(facts("en-US"), local_title="晚了 Mr. Lu")))
    assert any(finding.check == "listing-chinese" for finding in given.findings)


def test_the_recipe_has_this_market_only_and_no_paths() -> None:
    text = json.dumps(metadata.recipe(job("en-US")), ensure_ascii=False)
    assert SERIES["market"]["en-US"]["title"] in text and SERIES["market"]["id-ID"]["title"] not in text


def test_the_answer_survives_the_store() -> None:
    answer = described(job("es-419"))
    adapter = TypeAdapter(Described)
    assert adapter.validate_python(adapter.dump_python(answer, mode="json")) == answer


class Quiet:
    def progress(self, done: float, total: float) -> None:
        """Nobody listens."""


def test_the_stage_answers_each_job() -> None:
    asked = [job(code) for code in CODES]
    answers: Iterator[tuple[Job, Described]] = metadata.STAGE.work(asked, Quiet())  # type: ignore[arg-type]
    assert [answer.listing.market for _, answer in answers] == list(CODES)


def test_metadata_json_tells_what_a_platform_needs() -> None:
    asked = job("es-419")
    facts_ = document(described(asked), asked, 2, ("dub",), {"episode": "ab" * 32})
    assert json.loads(json.dumps(facts_)) == facts_
    assert facts_["version"] == 2 and facts_["status"] == "draft" and facts_["language"] == "es"
    assert facts_["platforms"]["youtube"]["flags"] == {"status.containsSyntheticMedia": True}
    assert facts_["disclosure"]["digital_source_type"] == {"dub": "compositeWithTrainedAlgorithmicMedia"}
    assert not {"score", "ctr"} & set(re.findall(r'"(\w+)":', json.dumps(facts_)))
    silent = document(described(replace(asked, dubbed=False)), replace(asked, dubbed=False), 1, ("sub",), {})
    assert silent["disclosure"]["containsSyntheticMedia"] is False and silent["platforms"]["youtube"]["flags"] == {}


def test_the_data_files_agree_with_each_other() -> None:
    tags, titles = metadata.table("tags"), metadata.table("titles")["market"]
    for row in tags["tag"].values():
        assert row["facet"] in tags["facets"] and set(row["label"]) == {*CODES, *DRAFTS}
    for code in (*CODES, *DRAFTS):
        engines = {frame["engine"] for frame in titles[code]["frames"]}
        assert engines == {frame["engine"] for frame in titles["en-US"]["frames"]}
        assert code in metadata.table("labels")["text"] and code in tags["hashtags"]


@pytest.mark.parametrize("platform", platforms().values(), ids=lambda platform: str(platform.id))
def test_platforms_are_complete(platform: Platform) -> None:
    assert 0 <= platform.left < platform.right <= 1 and 0 <= platform.top < platform.bottom <= 1
    assert all(name in WRITERS and limit > 0 for name, limit in platform.fields)
    row = tomllib.loads((files("localize.markets") / "platforms.toml").read_text("utf-8"))[platform.id]
    assert row["source"] and row["date"]


def test_tropes_are_known_to_all_tables() -> None:
    words = dict(metadata.trope_words())
    tags = metadata.table("tags")
    assert words["divorce"] == ("离婚",)
    used = {trope for row in tags["tag"].values() for trope in row.get("tropes", ())}
    frames = {frame["engine"] for frame in metadata.table("titles")["market"]["en-US"]["frames"]}
    assert used | frames | set(tags["lanes"]["female"]) | set(tags["lanes"]["male"]) <= set(words)
    assert set(SERIES["tropes"]) <= set(words) and dict(metadata.named_trope_words()).keys() <= set(words)


def test_markets_name_platforms_that_exist() -> None:
    assert all(name in platforms() for market in markets().values() for name in market.platforms)

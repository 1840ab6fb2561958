"""Every rule, in every market, held against what it promises."""

from __future__ import annotations

import re
from itertools import product

import pytest

from localize import adaptation
from localize.adaptation import IN_DIALOGUE, LEVELS, Wording, parallels, reviews, rules_table, tables, topics, wordings
from localize.market import markets
from localize.measures import unit_rows
from localize.swaps import swapped
from localize.titles import bare_titles, surname_titles

CODES = tuple(markets())
TROPES = (
    "domineering_ceo", "live_in_son_in_law", "war_god", "dragon_king", "rebirth", "transmigration", "into_the_book",
    "luck_marriage", "substitute_bride", "love_after_marriage", "flash_marriage", "contract_marriage",
    "secret_marriage", "sweet_pet", "angst", "secret_identities", "wealthy_dynasty", "real_fake_heiress", "cute_baby",
    "pregnant_runaway", "grovel", "white_moonlight", "stand_in", "green_tea", "scumbag", "mistress", "miracle_doctor",
    "cultivation", "shifu", "face_slap", "counterattack", "mother_in_law", "red_envelope", "bride_price", "widowhood",
    "family_law", "kneel", "legit_concubine_born", "prince_consort", "system", "group_pet", "pampered_wife",
    "richest_man", "queen_returns",
)  # fmt: skip
"""Domain facts §4.2; forms of address (ceo_title, madam, young_master) and net slang have tables of their own."""


def by_id(market: str) -> dict[str, Wording]:
    return {one.id: one for one in wordings(market)}


def test_there_are_seven_markets_with_rules() -> None:
    assert set(CODES) == {"en-US", "es-419", "id-ID", "pt-BR", "th-TH", "ja-JP", "ko-KR"}
    assert {"trope", "idiom", "kinship", "custom", "sensitive", "profanity"} <= set(markets()["th-TH"].rules)


@pytest.mark.parametrize(("market", "trope"), list(product(CODES, TROPES)))
def test_every_trope_has_a_form_and_a_literal_wording_it_replaces(market: str, trope: str) -> None:
    rule = by_id(market)[f"trope.{trope}"]
    assert rule.say and rule.why and rule.zh and rule.use
    for before, after in rule.swaps:
        text = f"x {before} x" if market != "ja-JP" else f"ー{before}ー"
        got = swapped(text, before, after, market)
        assert before.casefold() not in got.casefold().replace(after.casefold(), "")
        assert after.casefold() in got.casefold()


@pytest.mark.parametrize("market", CODES)
def test_net_slang_is_no_literal_anywhere(market: str) -> None:
    known = by_id(market)
    for name in ("goat", "wage_slave", "rat_race", "overtime"):
        assert known[f"idiom.{name}"].swaps


@pytest.mark.parametrize("market", CODES)
def test_a_rule_that_was_applied_finds_nothing_more(market: str) -> None:
    for rule in wordings(market):
        for before, _ in rule.swaps:
            once = before
            for swap in rule.swaps:
                once = swapped(once, *swap, market)
            again = once
            for swap in rule.swaps:
                again = swapped(again, *swap, market)
            assert again == once, rule.id


@pytest.mark.parametrize("market", CODES)
def test_titles_and_address_say_something(market: str) -> None:
    for zh, title in bare_titles().items():
        assert title.form(market), zh
    for zh, title in surname_titles().items():
        assert title.form(market, title.gender or "female", "Lu"), zh
    for zh in ("总", "夫人", "少爷", "大小姐"):
        assert rules_table()["address"][zh][market]


@pytest.mark.parametrize("market", CODES)
def test_ceo_and_chairman_are_two_people(market: str) -> None:
    ceo, chairman = (bare_titles()[zh].form(market) for zh in ("总裁", "董事长"))
    assert ceo and chairman and ceo != chairman


@pytest.mark.parametrize(
    ("market", "rule", "never"),
    [
        ("es-419", "trope.bride_price", "dote"), ("id-ID", "trope.bride_price", "mahar"),
        ("pt-BR", "trope.bride_price", "dote"), ("id-ID", "trope.kneel", "sujud"), ("id-ID", "trope.war_god", "dewa"),
        ("id-ID", "trope.contract_marriage", "kontrak"), ("id-ID", "trope.secret_marriage", "siri"),
        ("ja-JP", "trope.rebirth", "転生"), ("ko-KR", "trope.rebirth", "환생"),
        ("en-US", "trope.grovel", "crematorium"),
        ("id-ID", "custom.prayer_beads", "tasbih"), ("es-419", "custom.prayer_beads", "rosario"),
        ("id-ID", "trope.prince_consort", "permaisuri"), ("en-US", "trope.prince_consort", "queen"),
        ("th-TH", "trope.kneel", "กราบ"),
    ],
)  # fmt: skip
def test_the_cautions_hold(market: str, rule: str, never: str) -> None:
    one = by_id(market)[rule]
    assert never not in one.say.casefold() and not any(never in after.casefold() for _, after in one.swaps)
    assert any(never.casefold() in before.casefold() for before, _ in one.swaps)


@pytest.mark.parametrize(
    ("rule", "zh"),
    [
        ("trope.green_tea", "喝杯绿茶吧。"), ("trope.grovel", "把他送火葬场。"), ("trope.mistress", "他比我小三岁。"),
        ("trope.pregnant_runaway", "足球带球跑得快。"), ("trope.stand_in", "他是替身演员。"),
        ("idiom.eat_melon", "吃瓜，哈密瓜。"),
        ("trope.transmigration", "穿越沙漠。"), ("trope.bride_price", "彩礼和嫁妆都有。"),
        ("custom.baijiu", "一瓶白葡萄酒和白酒。"),
    ],
)  # fmt: skip
def test_a_word_that_means_something_else_calls_for_no_rule(rule: str, zh: str) -> None:
    assert not by_id("en-US")[rule].applies(zh)


def test_a_nickname_is_a_dragon_in_a_fantasy() -> None:
    dragon = by_id("en-US")["trope.dragon_king"]
    assert dragon.applies("龙王来了！", "modern-china") and not dragon.applies("龙王来了！", "xianxia")


def test_no_rule_of_a_line_contradicts_the_picture() -> None:
    for row in rules_table()["rule"]:
        assert 0 < row["level"] <= IN_DIALOGUE and row["why"] and row["zh"], row["id"]
    said = " ".join(after for market in CODES for one in wordings(market) for _, after in one.swaps).casefold()
    for market in CODES:
        for trope, row in tables()["parallels"]["parallel"].items():
            assert row["level"] == 4 and row["picture"] and row["use"] == ["metadata"]
            for words in parallels(trope, market):
                assert words.casefold() not in said, words
    assert "werewolf alpha" in parallels("domineering_ceo", "en-US")
    assert parallels("domineering_ceo", "id-ID") == () == parallels("domineering_ceo", "th-TH")


def test_profanity_is_softened_only_where_the_market_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "profanity.curse" in by_id("en-US")
    allowed = {**tables()["profanity"]["allowed"], "en-US": "strong"}
    monkeypatch.setitem(tables()["profanity"], "allowed", allowed)
    wordings.cache_clear()
    try:
        assert "profanity.curse" not in by_id("en-US") and "profanity.curse" in by_id("es-419")
    finally:
        wordings.cache_clear()


@pytest.mark.parametrize("market", CODES)
def test_every_subject_is_a_draft_until_somebody_signs(market: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = reviews(market)
    assert len(found) >= 9 and not any(one.signed for one in found)
    assert adaptation.told(market) == "are drafts: no native reader has signed"
    signed = {"status": "reviewed", "reviewed_by": "Ana", "on": "2027-01-02"}
    monkeypatch.setitem(tables()["tropes"]["status"], market, signed)
    told = adaptation.told(market)
    assert told.startswith("on idioms") and "tropes" not in told
    monkeypatch.setitem(tables()["tropes"]["status"], market, {**signed, "reviewed_by": ""})
    assert adaptation.told(market) == "are drafts: no native reader has signed"


def test_sensitive_topics_have_an_action_and_a_reason() -> None:
    actions = {topic.action for market in CODES for topic in topics(market)}
    assert actions <= {"keep", "soften", "blur", "cut", "block"}
    by_market = {market: {topic.id for topic in topics(market)} for market in CODES}
    assert {"religion", "occult", "kneeling", "alcohol", "ethnic_slurs", "pork", "gambling"} <= by_market["id-ID"]
    assert "monarchy" in by_market["th-TH"] and all("ethnic_slurs" in found for found in by_market.values())


def test_levels_say_what_they_mean() -> None:
    assert set(LEVELS) == {0, 1, 2, 3, 4} and "none is made here" in LEVELS[3] and "none is made here" in LEVELS[4]


def test_tables_name_only_markets_and_no_key_twice() -> None:
    for row in rules_table()["rule"]:
        strange = {key for key in row if re.fullmatch(r"[a-z]{2}-\w+", key)} - set(CODES)
        assert not strange and set(row.get("say", CODES)) <= set(CODES)
    ids = [row["id"] for row in rules_table()["rule"]]
    assert len(ids) == len(set(ids))


def test_a_unit_slot_is_converted_whole_or_not_at_all() -> None:
    assert [name for name, _, _ in unit_rows("还有三里路。", "metric")] == ["里"]
    assert unit_rows("这里没有路。", "metric") == () == unit_rows("三里五里都行。", "metric")
    assert unit_rows("发烧三十九度", "imperial")[0][0] == "度" and unit_rows("转了九十度", "imperial") == ()

"""Levels, what people decided about a change, and what is redone when a rule changes."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from localize import joined_numbers
from localize.adaptation import IN_DIALOGUE, rules_table, wordings
from localize.engine.events import Event
from localize.engine.local import Runner
from localize.engine.store import Store
from localize.episode import Line
from localize.errors import InputError
from localize.market import markets, resolve
from localize.series import Character, SeriesBible
from localize.stages import adapt, translate
from localize.swaps import Renamed
from localize.timing import span
from localize.verdicts import Verdict
from localize.version import Rendering, Variants

BIBLE = SeriesBible(
    Path("SERIES"), "s", "剧", cast=(Character("lu", "陆沉", gender="male", names=(("en-US", "Lu Chen"),)),)
)
TEA = ("你这个绿茶！", "You green tea!")


def jobs(
    said: list[tuple[str, str]], market: str = "en-US", level: int = 1, verdicts: tuple[Verdict, ...] = (),
    bible: SeriesBible = BIBLE,
) -> tuple[adapt.Job, ...]:  # fmt: skip
    lines = [Line(f"L{n:04}", span(n * 1000, n * 1000 + 900), zh, "lu", "lu") for n, (zh, _) in enumerate(said, 1)]
    asked = [translate.Job(line, market, 0.9) for line in lines]
    words = [
        Rendering(line.id, market, Variants(text, text, text), text, "machine", "draft")
        for line, (_, text) in zip(lines, said, strict=True)
    ]
    own: dict[str, tuple[Verdict, ...]] = {}
    for one in verdicts:
        own[one.line] = (*own.get(one.line, ()), one)
    return adapt.jobs(asked, words, bible, resolve(market), level, own)


def one(said: tuple[str, str], market: str = "en-US", level: int = 1, **more: object) -> adapt.Adapted:
    (job,) = jobs([said], market, level, **more)  # type: ignore[arg-type]
    return adapt.adapted(job)


def verdict(word: str, after: str = "two-faced schemer", source: str = TEA[0]) -> Verdict:
    return Verdict("ep01", "en-US", "L0001", "trope.green_tea", source, "green tea", after, word)  # type: ignore[arg-type]


# ── levels ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_level_zero_is_literal_but_a_wrong_figure_is_put_right() -> None:
    assert one(TEA, level=0).rendering.subtitle == TEA[1]
    assert one(("陆总来了。", "President Lu is here."), level=0).adaptations == ()
    assert one(("给你五百万。", "50 million."), level=0).rendering.subtitle == "Five million yuan."
    assert one(("给你五百万。", "5 million."), level=0).adaptations == ()
    assert one(("十里路。", "Ten li."), level=0).adaptations == ()
    assert one(("十万大军。", "1,000,000 men."), level=0).rendering.subtitle == "100,000 men."


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_from_level_one_terms_say_what_is_meant(level: int) -> None:
    assert one(TEA, level=level).rendering.subtitle == "You two-faced schemer!"
    assert one(("给你五百万。", "5 million."), level=level).rendering.subtitle == "5 million yuan."


@pytest.mark.parametrize("market", markets())
@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_what_the_picture_contradicts_never_fires_in_a_line(market: str, level: int) -> None:
    for rule in wordings(market):
        for before, _ in rule.swaps[:1] if rule.picture else ():
            got = one((rule.zh[0], before), market, level)
            assert got.rendering.subtitle == before
            assert all(change.decision == "offered" for change in got.adaptations)
    (job,) = jobs([("霸道总裁和狼人", "x")], market, level)
    assert all(rule.level <= IN_DIALOGUE for rule in job.rules)


@pytest.mark.parametrize("market", markets())
def test_every_rule_of_every_market_acts_in_a_line(market: str) -> None:
    """Table-driven: each literal wording, said by a machine for its Chinese, comes out as the market says it."""
    for rule in wordings(market):
        if rule.picture:
            continue
        for before, after in rule.swaps:
            zh = next(word for word in rule.zh if rule.applies(word) and rule.surely(word))
            got = one((zh, before), market)
            if before.casefold() in rule.offer:
                assert {change.decision for change in got.adaptations} == {"offered"}, (rule.id, before)
                continue
            assert after.casefold() in got.rendering.subtitle.casefold(), (rule.id, before, got.rendering.subtitle)
            assert (rule.id, "applied") in {(change.rule, change.decision) for change in got.adaptations}


@pytest.mark.parametrize(
    ("market", "drink"),
    [("en-US", "green tea"), ("es-419", "té verde"), ("id-ID", "teh hijau"), ("pt-BR", "chá verde"),
     ("th-TH", "ชาเขียว"), ("ja-JP", "緑茶"), ("ko-KR", "녹차")],
)  # fmt: skip
def test_green_tea_as_a_drink_stays_tea(market: str, drink: str) -> None:
    for zh in ("来一杯绿茶。", "喝绿茶吧。", "泡壶绿茶。"):
        assert one((zh, drink), market).rendering.subtitle == drink
    assert one(("她就是绿茶。", drink), market).rendering.subtitle != drink


@pytest.mark.parametrize(
    ("market", "zh", "text", "right"),
    [
        ("en-US", "董事长来了。", "The CEO is here.", "The Chairman is here."),
        ("en-US", "董事长和总裁来了。", "The Chairman and the CEO.", "The Chairman and the CEO."),
        ("es-419", "总裁来了。", "El presidente llegó.", "El CEO llegó."),
        ("es-419", "董事长和总裁。", "El presidente y el CEO.", "El presidente y el CEO."),
        ("ja-JP", "董事长来了。", "董事長が来た。", "会長が来た。"),
        ("ko-KR", "总裁来了。", "대통령이 왔다.", "대표님이 왔다."),
        ("pt-BR", "总裁来了。", "O presidente chegou.", "O CEO chegou."),
        ("ja-JP", "总裁来了。", "CEO来た。", "社長来た。"),
        ("ko-KR", "总裁来了。", "CEO가 왔다.", "대표님이 왔다."),
        ("th-TH", "董事长和总裁来了。", "ซีอีโอกับซีอีโอมา", "ซีอีโอกับซีอีโอมา"),
        ("th-TH", "董事长和总裁来了。", "ซีอีโอกับท่านประธานกรรมการมา", "ซีอีโอกับท่านประธานกรรมการมา"),
        ("id-ID", "董事长和总裁来了。", "Presdir dan CEO datang.", "Presdir dan CEO datang."),
    ],
)
def test_ceo_and_chairman_are_not_mixed_up(market: str, zh: str, text: str, right: str) -> None:
    assert one((zh, text), market).rendering.subtitle == right


# ── what people decided ─────────────────────────────────────────────────────────────────────────────────────
def test_a_rejected_change_leaves_the_words_as_they_were() -> None:
    got = one(TEA, verdicts=(verdict("reject"),))
    assert got.rendering == replace(got.rendering, subtitle=TEA[1], dub=Variants(TEA[1], TEA[1], TEA[1]))
    assert {change.decision for change in got.adaptations} == {"rejected"}


def test_a_locked_change_outlives_its_rule() -> None:
    got = one(TEA, verdicts=(verdict("lock", "snake"),))
    assert got.rendering.subtitle == "You snake!" and {c.decision for c in got.adaptations} == {"locked"}
    gone = replace(verdict("lock", "snake"), rule="trope.no_longer_there")
    got = one(TEA, verdicts=(gone,))
    assert got.rendering.subtitle == "You snake!" and got.adaptations[0].rule == "trope.no_longer_there"


def test_an_accepted_offer_is_made() -> None:
    said = ("打脸了吧？", "A slap in the face, huh?")
    yes = Verdict("ep01", "en-US", "L0001", "trope.face_slap", said[0], "slap in the face", "humiliation", "accept")
    assert one(said).adaptations[0].decision == "offered"
    got = one(said, verdicts=(yes,))
    assert got.rendering.subtitle == "A humiliation, huh?" and got.adaptations[0].decision == "accepted"
    other = one(said, verdicts=(replace(yes, after="shame"),))
    assert (other.rendering.subtitle, other.adaptations[0].decision) == ("A shame, huh?", "accepted")
    assert other.adaptations[0].after == "shame"
    assert one(TEA, verdicts=(verdict("accept", "snake"),)).rendering.subtitle == "You snake!"


@pytest.mark.parametrize(
    ("origin", "status"), [("person", "draft"), ("person", "reviewed"), ("memory", "reviewed"), ("machine", "locked")]
)
def test_a_local_name_is_only_offered_where_a_person_wrote_or_reviewed_the_words(origin: str, status: str) -> None:
    bible = replace(BIBLE, renamed={"en-US": (Renamed("lu", "陆沉", "陆", "Lu Chen", "Luke Cole", "Lu", "Cole"),)})
    (job,) = jobs([("陆沉！", "Lu Chen!")], level=2, bible=bible)
    assert adapt.adapted(job).rendering.subtitle == "Luke Cole!"
    theirs = replace(job, rendering=replace(job.rendering, origin=origin, status=status))  # type: ignore[arg-type]
    got = adapt.adapted(theirs)
    assert got.rendering.subtitle == "Lu Chen!" and {one.decision for one in got.adaptations} == {"offered"}
    yes = Verdict("ep01", "en-US", "L0001", "name.lu", "陆沉！", "Lu Chen", "Luke Cole", "accept")
    assert adapt.adapted(replace(theirs, verdicts=(yes,))).rendering.subtitle == "Luke Cole!"


def test_a_verdict_about_other_chinese_rests() -> None:
    assert one(TEA, verdicts=(verdict("reject", source="别的话"),)).rendering.subtitle == "You two-faced schemer!"


# ── money ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_series_policy_on_money_reaches_the_lines_and_says_why() -> None:
    vague = replace(BIBLE, money={"*": "vague"})
    assert one(("给你五百万。", "Here's five million yuan."), bible=vague).rendering.subtitle == "Here's millions."
    convert = replace(BIBLE, money={"en-US": "convert"}, rates="2019-08-22")
    got = one(("给你五百万。", "Here's 5 million."), bible=convert)
    assert got.rendering.subtitle == "Here's 710,000 dollars." and "2019-08-22" in got.adaptations[0].why
    assert one(("给你五百万。", "Aquí, 5 millones."), "es-419", bible=convert).rendering.subtitle.endswith("yuanes.")
    with pytest.raises(InputError, match="no dated rate"):
        jobs([TEA], bible=replace(BIBLE, money={"*": "convert"}))


# ── what is redone ──────────────────────────────────────────────────────────────────────────────────────────
SAID = [TEA, ("走吧。", "Let's go."), ("五百万。", "Five million yuan."), ("十里路。", "3 miles."), ("再见。", "Bye.")]


def worked(store: Store, made: tuple[adapt.Job, ...]) -> list[str]:
    """Lines that were really worked on."""
    done: list[Event] = []
    tuple(Runner(store, done.append, threading.Event()).run(adapt.STAGE, made))
    return [event.title.split()[0] for event in done if event.kind == "done"]


def test_a_changed_rule_redoes_the_lines_it_touches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    assert len(worked(store, jobs(SAID))) == 5 and worked(store, jobs(SAID)) == []
    row = next(row for row in rules_table()["rule"] if row["id"] == "trope.green_tea")
    monkeypatch.setitem(row, "en-US", [["green tea", "snake in the grass"]])
    wordings.cache_clear()
    try:
        assert worked(store, jobs(SAID)) == ["L0001"]
    finally:
        monkeypatch.undo()
        wordings.cache_clear()
    monkeypatch.setitem(rules_table()["unit"]["里"], "imperial", {"unit": "length-mile", "factor": 0.31})
    adapt._tables_digest.cache_clear()
    try:
        assert worked(store, jobs(SAID)) == ["L0004"]
    finally:
        monkeypatch.undo()
        adapt._tables_digest.cache_clear()
    assert worked(store, jobs(SAID)) == []


def test_changed_number_words_redo_the_lines_with_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    (job,) = jobs([("五百万。", "五百万元。")], "ja-JP")
    before = adapt.recipe(job)
    monkeypatch.setitem(joined_numbers.rows("ja"), "counted", ["元"])
    adapt._tables_digest.cache_clear()
    try:
        assert adapt.recipe(job) != before
    finally:
        monkeypatch.undo()
        adapt._tables_digest.cache_clear()
    assert adapt.recipe(job) == before


def test_a_verdict_and_a_policy_redo_the_lines_they_are_about(tmp_path: Path) -> None:
    store = Store(tmp_path)
    worked(store, jobs(SAID))
    assert worked(store, jobs(SAID, verdicts=(verdict("reject"),))) == ["L0001"]
    assert worked(store, jobs(SAID, bible=replace(BIBLE, money={"*": "vague"}))) == ["L0003"]
    assert worked(store, jobs(SAID, level=2)) == ["L0003", "L0004"], "where figures depend on the level"


def test_the_same_question_has_the_same_answer() -> None:
    made = jobs(SAID)
    assert [adapt.adapted(job) for job in made] == [adapt.adapted(job) for job in made]

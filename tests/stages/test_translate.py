from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from localize.engine.codec import fingerprint, plain, restore
from localize.episode import Asset, Episode, Line, Picture, Source, Stems
from localize.market import resolve
from localize.renaming import renamed
from localize.repeats import Said, path_of, text_of
from localize.series import SeriesBible, open_series
from localize.stages import Choice, transcribe, translate
from localize.timing import Ms, span
from localize.version import Rendering, Variants

CAST = """
[[character]]
id = "shen"
name = "沈晚"
gender = "female"
names = { "en-US" = "Shen Wan", "es-419" = "Shen Wan", "id-ID" = "Shen Wan" }
[[character]]
id = "lu"
name = "陆沉"
gender = "male"
names = { "en-US" = "Lu Chen", "es-419" = "Lu Chen", "id-ID" = "Lu Chen" }
"""
SAID = (
    ("lu", "shen", "签了它，我就放你走。"),
    ("shen", "lu", "晚了，陆沉。"),
    ("lu", "shen", "别浪费大家的时间。"),
    ("shen", "lu", "今天的月亮很圆。"),
)


class Desk:
    """A desk for a stage that keeps no files."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def keep(self, path: Path, kind: str) -> Asset:
        raise AssertionError("translate keeps no files")

    def path(self, asset: Asset) -> Path:
        raise AssertionError("translate reads no files")

    def scratch(self, suffix: str = "") -> Path:
        raise AssertionError("translate needs no scratch")

    def progress(self, done: float, total: float) -> None:
        self.seen.append(done / total)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    (tmp_path / "cast.toml").write_text(CAST, "utf-8")
    (tmp_path / "addresses.csv").write_text("speaker,addressee,market,form,call\n*,*,es-419,tu,\n", "utf-8")
    memory = "source,speaker,addressee,setting,market,dub,subtitle,status,episode\n"
    row = "别浪费大家的时间。,lu,shen,modern-china,en-US,Don't waste our time.,,reviewed,ep01\n"
    (tmp_path / "memory.csv").write_text(memory + row, "utf-8")
    return tmp_path


def episode(*said: tuple[str, str, str]) -> Episode:
    lines = tuple(
        Line(f"L{n}", span(n * 2500, n * 2500 + 1800), text, who, whom) for n, (who, whom, text) in enumerate(said)
    )
    picture = Picture(720, 1280, Fraction(25), Ms(60_000), 1500, "h264")
    asset = Asset("0", "audio/wav", 1)
    return Episode("ep02", "s", 2, "zh-CN", Source("0", "mp4", picture, (), ()), Stems(asset, asset, "none"),
                   lines=lines, scenes=transcribe.scenes(lines))  # fmt: skip


def rendered(
    bible: SeriesBible,
    market: str = "en-US",
    said: tuple[tuple[str, str, str], ...] = SAID,
    engine: Choice | None = None,
) -> dict[str, Rendering]:
    asked = translate.jobs(episode(*said), bible, resolve(market), (), engine)
    answers = dict(enumerate(one for _, one in sorted(translate.work(asked, Desk()), key=lambda pair: pair[0].line.id)))
    assert all(restore(plain(one), Rendering) == one for one in answers.values())
    return {one.line: one for one in answers.values()}


def test_memory_phrasebook_and_missing(root: Path) -> None:
    got = rendered(open_series(root))
    assert [(one.origin, one.status) for one in got.values()] == [
        ("phrasebook", "draft"), ("phrasebook", "draft"), ("memory", "draft"), ("source", "missing"),
    ]  # fmt: skip
    assert got["L1"].dub.normal == "Too late, Lu Chen." and got["L1"].terms == ("陆沉→Lu Chen",)
    assert got["L2"].subtitle == "Don't waste our time."


@pytest.mark.parametrize(
    ("dub", "filled"),
    [("Señora, no pierda el tiempo.", True), ("No pierdas el tiempo.", True), ("Usted pierde el tiempo.", False)],
)
def test_words_of_another_form_of_address_are_only_offered(root: Path, dub: str, filled: bool) -> None:
    with (root / "memory.csv").open("a", encoding="utf-8") as file:
        file.write(f'今天的月亮很圆。,shen,lu,,es-419,"{dub}",,reviewed,ep01\n')
    one = rendered(open_series(root), "es-419")["L3"]
    assert (one.origin == "memory") == filled
    assert filled or "as to a stranger where the form is tu by now" in one.offers[0].why_not


def test_a_person_outranks_everything_and_keeps_all_variants(root: Path) -> None:
    table = "start,end,source,dub,subtitle,short,long,status\n"
    table += "00:00:00.100,00:00:01.900,签了它，我就放你走,Sign.,Sign it.,S,L,locked\n"
    (root / "scripts" / "ep02.en-US.csv").write_text(table, "utf-8")
    one = rendered(open_series(root))["L0"]
    assert (one.origin, one.status, one.dub.short, one.dub.long, one.subtitle) == (
        "person",
        "locked",
        "S",
        "L",
        "Sign it.",
    )


def test_another_speaker_or_setting_makes_it_an_offer(root: Path) -> None:
    other = rendered(open_series(root), said=(("shen", "lu", "别浪费大家的时间。"), ("lu", "shen", "好。")))["L0"]
    assert other.status == "missing" and "said by lu then" in other.offers[0].why_not
    (root / "series.toml").write_text('id = "s"\ntitle = "剧"\nsetting = "historical"\n', "utf-8")
    old = rendered(open_series(root), said=SAID[2:])["L0"]
    assert old.status == "missing" and "modern-china" in old.offers[0].why_not


def test_a_match_that_breaks_a_term_is_only_offered(root: Path) -> None:
    (root / "terms.csv").write_text("source,en-US,kind\n陆沉,Luke,name\n放你走,let you go,idiom\n", "utf-8")
    got = rendered(open_series(root))
    assert got["L0"].status == "missing" and "must be “let you go”" in got["L0"].offers[0].why_not
    assert got["L1"].dub.normal == "Too late, Luke."


def test_on_screen_texts_take_captions_only(root: Path) -> None:
    texts = (
        Line("T0001", span(0, 900), "三年后", kind="narration"),
        Line("T0002", span(0, 900), "滚！", kind="narration"),
    )
    asked = translate.jobs(episode(*SAID), open_series(root), resolve("es"), texts)[-2:]
    shown = [one for _, one in translate.work(asked, Desk())]
    assert [(one.subtitle, one.status) for one in shown] == [("Tres años después", "draft"), ("", "missing")]


def test_a_name_plate_begins_with_a_capital(root: Path) -> None:
    (root / "terms.csv").write_text("source,es-419,kind\n顾伯,don Gu,name\n", "utf-8")
    plate = Line("T0001", span(0, 900), "顾伯", kind="narration")
    asked = translate.jobs(episode(*SAID), open_series(root), resolve("es"), (plate,))[-1:]
    ((_, shown),) = translate.work(asked, Desk())
    assert (shown.subtitle, shown.origin) == ("Don Gu", "memory")


def test_an_engine_fills_what_is_left_and_is_checked(root: Path, engine: Choice) -> None:
    new = tuple(("lu", "shen", text) for text in ("月亮很圆。", "天上下雪了。", "河水很冷。", "山路很长。"))
    got = rendered(open_series(root), said=new, engine=engine)
    assert [(one.origin, one.status) for one in got.values()] == [
        ("machine", "draft"), ("source", "missing"), ("source", "missing"), ("source", "missing"),
    ]  # fmt: skip
    assert got["L0"].subtitle == "Words" and got["L0"].reference == "toy"
    assert "Chinese characters" in got["L2"].offers[0].why_not
    import toy_translation  # type: ignore[import-not-found]

    assert toy_translation.CALLS == [["L0", "L1", "L2", "L3"], ["L1", "L2", "L3"]]
    assert toy_translation.SEEN[-2].remarks == ("“还是中文” was wrong", "Chinese characters are left in it")
    assert [one.spent.tokens_in for one in got.values()] == [10, 0, 20, 20]
    assert got["L1"].doubt and got["L3"].doubt == "the engine gave no answer for it"


def test_a_machines_kanji_are_japanese_unless_they_are_the_chinese_line(root: Path, engine: Choice) -> None:
    import toy_translation

    toy_translation.SAYS.update(L0="若様がお戻りです。", L1="少爷回来了。")
    said = tuple(("lu", "shen", text) for text in ("少爷回来了。", "我说少爷回来了。"))
    got = rendered(open_series(root), "ja-JP", said=said, engine=engine)
    assert (got["L0"].subtitle, got["L0"].status) == ("若様がお戻りです。", "draft")
    assert got["L1"].status == "missing" and "Chinese characters" in got["L1"].doubt


def test_a_broken_term_is_pointed_out_once_then_offered(root: Path, engine: Choice) -> None:
    (root / "terms.csv").write_text("source,en-US,kind\n月亮,moon,idiom\n河水,river,idiom\n", "utf-8")
    import toy_translation

    toy_translation.SAYS.update(L0=lambda one: "The moon." if one.remarks else "The star.", L1="The lake.")
    new = (("lu", "shen", "月亮很圆。"), ("lu", "shen", "河水很冷。"))
    got = rendered(open_series(root), said=new, engine=engine)
    assert got["L0"].dub.normal == "The moon." and got["L0"].status == "draft" and not got["L0"].doubt
    assert (got["L1"].status, got["L1"].offers[0].text) == ("missing", "The lake.")
    assert got["L1"].doubt == got["L1"].offers[0].why_not == "河水 must be “river”"
    assert toy_translation.CALLS == [["L0", "L1"], ["L0", "L1"]]
    assert toy_translation.SEEN[-1].remarks == ("“The lake.” was wrong", "河水 must be “river”")
    assert toy_translation.SEEN[0].terms == (("月亮", "moon"),)


def test_a_term_still_broken_is_put_in_where_grammar_allows(root: Path, engine: Choice) -> None:
    (root / "terms.csv").write_text("source,en-US,kind\n陆总,Mr. Lu,title\n", "utf-8")
    import toy_translation

    toy_translation.SAYS.update(L0="Fine, President Lu.", L1="The president is out.")
    said = (("lu", "shen", "好的，陆总。"), ("lu", "shen", "陆总不在。"))
    got = rendered(open_series(root), said=said, engine=engine)
    assert (got["L0"].dub.normal, got["L0"].status) == ("Fine, Mr. Lu.", "draft")
    assert got["L0"].mended == ("dub: 陆总: “Fine, President Lu.” → “Fine, Mr. Lu.”",) and not got["L1"].mended
    assert (got["L1"].status, got["L1"].doubt) == ("missing", "陆总 must be “Mr. Lu”")
    assert toy_translation.CALLS == [["L0", "L1"], ["L0", "L1"]], "the engine is asked again first"


def test_a_name_the_cast_goes_by_elsewhere_becomes_the_local_one(root: Path, engine: Choice) -> None:
    import toy_translation

    (root / "terms.csv").write_text("source,en-US,kind\n陆沉,Lu Chen,name\n", "utf-8")
    toy_translation.SAYS.update(L0="Lu Chen is here.")
    plain_bible = open_series(root)
    cast = tuple(replace(one, local_names=(("en-US", "Ethan Lowell"),)) if one.name == "陆沉" else one
                 for one in plain_bible.cast)  # fmt: skip
    here = renamed(replace(plain_bible, cast=cast), "en-US", 2)
    (line,) = rendered(here, said=(("shen", "lu", "陆沉来了。"),), engine=engine).values()
    assert (line.dub.normal, line.status) == ("Ethan Lowell is here.", "draft")
    assert line.mended[0] == "dub: local names: “Lu Chen is here.” → “Ethan Lowell is here.”"


def test_a_variant_that_is_wrong_is_left_out_and_told(root: Path, engine: Choice) -> None:
    (root / "terms.csv").write_text("source,en-US,kind\n月亮,moon,idiom\n月亮,lunar,forbidden\n", "utf-8")
    import toy_translation

    toy_translation.SAYS.update(L0=Variants("The moon is round.", "Round.", "The 月亮 moon is round."))
    toy_translation.SAYS.update(L1=Variants("A moon.", "Moon.", "A lunar moon."))
    new = (("lu", "shen", "月亮很圆。"), ("lu", "shen", "月亮。"))
    got = rendered(open_series(root), said=new, engine=engine)
    assert got["L0"].dub == Variants("The moon is round.") and got["L0"].status == "draft"
    assert got["L1"].dub == Variants("A moon.", "Moon.", "A moon moon.")
    assert [told.split(":")[0] for told in got["L0"].mended] == ["short left out", "long left out"]
    assert toy_translation.CALLS == [["L0", "L1"]], "right words are not asked for again"


def test_an_empty_answer_is_asked_for_again_and_what_is_lost_then_is_mended(root: Path, engine: Choice) -> None:
    (root / "terms.csv").write_text("source,en-US,kind\n陆总,Mr. Lu,title\n", "utf-8")
    import toy_translation

    toy_translation.EMPTY.append("L0")
    toy_translation.SAYS.update(
        L0=lambda one: "Snow.", L1=lambda one: None if one.remarks else "Fine, boss.", L2=lambda one: ""
    )
    said = (("lu", "shen", "下雪了。"), ("lu", "shen", "好的，陆总。"), ("lu", "shen", "河水很冷。"))
    got = rendered(open_series(root), said=said, engine=engine)
    assert [one.dub.normal for one in got.values()] == ["Snow.", "Fine, Mr. Lu.", ""]
    assert toy_translation.CALLS == [["L0", "L1", "L2"]] * 2
    assert (got["L2"].doubt, got["L2"].spent.tokens_in) == ("the engine gave no answer for it", 20)


def test_what_an_engine_doubts_or_declines_is_never_filled_in(root: Path, engine: Choice) -> None:
    import toy_translation

    toy_translation.SAYS.update(L0="Nonsense", L1="")
    toy_translation.DOUBTS.update(L0="the answer repeats the instructions", L1="the model declined: no")
    new = (("lu", "shen", "月亮很圆。"), ("lu", "shen", "河水很冷。"))
    got = rendered(open_series(root), said=new, engine=engine)
    assert [one.status for one in got.values()] == ["missing", "missing"]
    assert [one.doubt for one in got.values()] == ["the answer repeats the instructions", "the model declined: no"]
    assert [one.text for one in got["L0"].offers] == ["Nonsense"] and not got["L1"].offers
    assert toy_translation.CALLS == [["L0", "L1"]], "what the engine gave up is not asked for again"


ADDRESSES = "speaker,addressee,market,form,call,from_episode\n"
USTED = "shen,lu,es-419,usted,señor Lu,\n"


@pytest.mark.parametrize(
    ("then", "now", "dub", "why"),
    [
        (("usted", ""), USTED, "¿Por qué viene?", ""),
        (("usted", "señor Lu"), USTED + "shen,lu,es-419,tu,,2\n", "¿Por qué viene?", "form usted, which is tu by now"),
        (("tu", ""), USTED, "¿Por qué vienes?", "said in the form tu, which is usted by now"),
        (("tú", ""), "shen,lu,es-419,tu,,\n", "¿Por qué vienes?", ""),
        (("-", ""), USTED, "¿Por qué vienes?", "said when no form of address was told; it is usted by now"),
        (("usted", "señor Lu"), "", "¿Por qué viene?", ""),
        (("usted", "señor Lu"), "shen,lu,es-419,usted,don Chen,\n", "Señor Lu, váyase.", "calls them señor Lu"),
        (("usted", "señor Lu"), "shen,lu,es-419,usted,don Chen,\n", "Váyase.", ""),
        (("", ""), USTED + "shen,lu,es-419,tu,,2\n", "¿Por qué viene?", ""),
    ],
)
def test_a_recap_in_another_form_of_address_is_offered_and_never_filled_in(
    root: Path, then: tuple[str, str], now: str, dub: str, why: str
) -> None:
    bible, market = open_series(root), resolve("es")
    told = Said(
        "ep01", 1, "L0001", span(0, 900), "shen", "lu", "", "你怎么来了？", Variants(dub), dub, "machine", "reviewed",
        form=then[0], call=then[1],
    )  # fmt: skip
    path = path_of(root, "ep01", market.code)
    path.parent.mkdir()
    path.write_text(text_of([told]), "utf-8")
    (root / "addresses.csv").write_text(ADDRESSES + USTED, "utf-8")
    before = translate.jobs(episode(("shen", "lu", "你怎么来了？")), open_series(root), market)[0]
    (root / "addresses.csv").write_text(ADDRESSES + now, "utf-8")
    (job,) = translate.jobs(episode(("shen", "lu", "你怎么来了？")), open_series(root), market)
    ((_, got),) = translate.work([job], Desk())
    assert bible.root == root
    if not why:
        assert (got.dub.normal, got.origin, got.reference) == (dub, "memory", "ep01 L0001")
        return
    assert got.status == "missing" and why in got.offers[0].why_not and got.offers[0].text == dub
    again = fingerprint(translate.recipe(job)) == fingerprint(translate.recipe(before))
    assert again == (now == USTED), "a changed address is work to be told of"


def test_an_answer_in_another_language_is_asked_for_again_and_never_delivered(root: Path, engine: Choice) -> None:
    import toy_translation

    english = "I have never seen you here before."
    toy_translation.SAYS.update(
        L0=lambda one: "La luna está llena." if one.remarks else english, L1=english, L2="Lu Chen!"
    )
    said = (("lu", "shen", "月亮很圆。"), ("lu", "shen", "河水很冷。"), ("lu", "shen", "下雪了。"))
    got = rendered(open_series(root), "es-419", said, engine)
    assert [one.dub.normal for one in got.values()] == ["La luna está llena.", "", "Lu Chen!"]
    assert got["L1"].status == "missing" and got["L1"].offers[0].text == english
    assert got["L1"].doubt == "it is in English, not in the language of es-419"
    assert toy_translation.SEEN[-1].remarks[1:] == (got["L1"].doubt,)


def test_an_engine_is_told_the_scene_the_people_and_the_rules(root: Path, engine: Choice) -> None:
    import toy_translation

    (root / "cast.toml").write_text(CAST.replace('"male"', '"male"\nage = "adult"\nrole = "the heir"'), "utf-8")
    told = (*SAID[:3], ("shen", "lu", "他身边那个绿茶，又来了。"))
    rendered(open_series(root), "es-419", told, engine)
    one = toy_translation.SEEN[0]
    assert [(line.line, line.speaker) for line in one.context] == [
        ("L0", "Lu Chen"), ("L1", "Shen Wan"), ("L2", "Lu Chen"), ("L3", "Shen Wan"),
    ]  # fmt: skip
    assert {person.name: (person.gender, person.age, person.role) for person in one.people} == {
        "Shen Wan": ("female", "unknown", ""), "Lu Chen": ("male", "adult", "the heir"),
    }  # fmt: skip
    assert one.scene and (one.form, one.seconds, one.syllables) == ("tu", 1.8, 11)
    last = next(one for one in toy_translation.SEEN if one.line == "L3")
    assert last.before == tuple(text for _, _, text in told[:3]) and last.after == ()
    assert last.notes[0][0] == "绿茶" and "mosquita muerta" in last.notes[0][1]
    assert any("vosotros" in rule for rule in last.guidance)


def test_an_engine_is_told_whose_what_people_are_and_only_what_holds_now(root: Path, engine: Choice) -> None:
    import toy_translation

    head = "person,of,relation,from_episode\n"
    (root / "relations.csv").write_text(head + "shen,lu,wife,\nlu,shen,husband,\nshen,lu,ex-wife,99\n", "utf-8")
    bible, market = open_series(root), resolve("en")
    rendered(bible, "en-US", SAID, engine)
    assert toy_translation.SEEN[-1].relations == (("Shen Wan", "wife of Lu Chen"), ("Lu Chen", "husband of Shen Wan"))
    before = translate.jobs(episode(*SAID), bible, market, (), engine)
    (root / "relations.csv").write_text(head + "shen,lu,fiancee,\nlu,shen,husband,\n", "utf-8")
    after = translate.jobs(episode(*SAID), open_series(root), market, (), engine)
    asked = [
        fingerprint(translate.recipe(a)) != fingerprint(translate.recipe(b)) for a, b in zip(before, after, strict=True)
    ]
    assert asked == ["people" in translate.recipe(job) for job in before], "only lines an engine is asked for"


def test_recipes_hold_only_what_counts(root: Path, engine: Choice) -> None:
    bible, market = open_series(root), resolve("en")
    before = translate.jobs(episode(*SAID), bible, market, (), engine)
    changed = (("lu", "shen", "签了吧，好吗？"), *SAID[1:])
    after = translate.jobs(episode(*changed), bible, market, (), engine)
    same = [
        fingerprint(translate.recipe(a)) == fingerprint(translate.recipe(b)) for a, b in zip(before, after, strict=True)
    ]
    assert same == [False, True, True, False]  # only the last line asks the engine, which sees its neighbours
    moved = replace(before[1], line=replace(before[1].line, span=span(9000, 9900)))
    assert fingerprint(translate.recipe(moved)) == fingerprint(translate.recipe(before[1]))


def test_an_answer_in_another_form_of_address_is_asked_for_once_more_and_kept_as_a_draft(
    root: Path, engine: Choice
) -> None:
    import toy_translation

    far = "Váyase, no quiero verlo."
    toy_translation.SAYS.update(
        L0=lambda one: "Vete, no quiero verte." if one.remarks else far, L1=far,
        L2=lambda one: "还是中文" if one.remarks else far,
    )  # fmt: skip
    said = (("lu", "shen", "月亮很圆。"), ("lu", "shen", "河水很冷。"), ("lu", "shen", "下雪了。"))
    got = rendered(open_series(root), "es-419", said, engine)
    assert [one.dub.normal for one in got.values()] == ["Vete, no quiero verte.", far, far]
    assert [one.status for one in got.values()] == ["draft"] * 3
    assert "as to a stranger (“Váyase”) where the form is tu" in toy_translation.SEEN[-1].remarks[1]

"""Level 2: local names, everywhere the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.episode import Line
from localize.glossary import Term
from localize.market import resolve
from localize.renaming import put, renamed
from localize.series import Address, Character, SeriesBible, SeriesListing
from localize.stages import adapt, translate
from localize.stages.metadata import series_facts
from localize.timing import span
from localize.version import Rendering, Status, Variants

LOCAL = {
    "en-US": "Ethan Lowell", "es-419": "Santiago Luján", "id-ID": "Emir Lukman", "pt-BR": "Otávio Luz",
    "th-TH": "ภูมิ ลาภา", "ja-JP": "神谷 蓮", "ko-KR": "강도윤",
}  # fmt: skip
TITLED = {
    "en-US": "Mr. Lowell", "es-419": "señor Luján", "id-ID": "Pak Emir", "pt-BR": "senhor Luz",
    "th-TH": "ท่านประธานภูมิ", "ja-JP": "神谷社長", "ko-KR": "강 대표님",
}  # fmt: skip
BIBLE = SeriesBible(
    Path("SERIES"), "s", "剧",
    cast=(
        Character("lu", "陆沉", ("陆总",), "male", names=tuple((code, "Lu Chen") for code in LOCAL),
                  local_names=tuple(LOCAL.items())),
        Character("shen", "沈晚", gender="female", names=(("es-419", "Shen Wan"),)),
    ),
    terms={"es-419": (
        Term("陆沉", ("Lu Chen",), "name"), Term("陆总", ("señor Lu",), "title"), Term("陆氏", ("Grupo Lu",), "name"),
    )},
    addresses=(Address("shen", "lu", "es-419", "usted", "señor Lu"),),
    listings=(SeriesListing("es-419", "El regreso de Lu Chen", "Lu Chen vuelve.", "¿Quién es Lu Chen?"),),
)  # fmt: skip


def adapted(market: str, zh: str, text: str, level: int, status: Status = "draft") -> adapt.Adapted:
    here = renamed(BIBLE, market, level)
    asked = translate.Job(Line("L0001", span(0, 2000), zh, "shen", "lu"), market, 2.0)
    rendering = Rendering("L0001", market, Variants(text), text, "machine", status)
    (job,) = adapt.jobs([asked], [rendering], here, resolve(market), level)
    return adapt.adapted(job)


def test_below_level_two_nobody_is_renamed() -> None:
    assert renamed(BIBLE, "es-419", 1) is BIBLE and renamed(BIBLE, "es-419", 0) is BIBLE
    assert adapted("es-419", "陆沉来了。", "Llegó Lu Chen.", 1).rendering.subtitle == "Llegó Lu Chen."


@pytest.mark.parametrize("level", [2, 3, 4])
@pytest.mark.parametrize("market", LOCAL)
def test_the_local_name_stands_in_every_line(market: str, level: int) -> None:
    got = adapted(market, "陆沉来了。", "Lu Chen!", level)
    assert got.rendering.subtitle == f"{LOCAL[market]}!" == got.rendering.dub.normal
    assert {(one.rule, one.level, one.decision) for one in got.adaptations} == {("name.lu", 2, "applied")}


@pytest.mark.parametrize("market", LOCAL)
def test_titles_go_with_the_local_name(market: str) -> None:
    from localize.stages._rules import titles

    assert titles(renamed(BIBLE, market, 2), market)["陆总"][1] == TITLED[market]


def test_terms_addresses_plates_and_listing_say_the_same() -> None:
    here = renamed(BIBLE, "es-419", 2)
    terms = {term.source: term.target for term in here.terms["es-419"]}
    assert terms == {"陆沉": "Santiago Luján", "陆总": "señor Luján", "陆氏": "Grupo Luján"}
    assert here.addresses[0].call == "señor Luján"
    assert [term.target for term in here.glossary("es-419").found_in("陆沉")] == ["Santiago Luján"]
    facts = series_facts(here, "es-419")
    assert facts.local_title == "El regreso de Santiago Luján" and "Lu" not in facts.local_synopsis.split()
    assert facts.local_hook == "¿Quién es Santiago Luján?"
    assert here.character("shen") == BIBLE.character("shen"), "who has no local name keeps the own"
    assert here.terms.get("en-US") == BIBLE.terms.get("en-US")


@pytest.mark.parametrize("status", ["locked", "reviewed"])
def test_a_signed_line_is_only_offered_the_name(status: Status) -> None:
    got = adapted("es-419", "陆沉来了。", "Llegó Lu Chen.", 2, status)
    assert got.rendering.subtitle == "Llegó Lu Chen." and got.adaptations[0].decision == "offered"


def test_a_family_name_is_renamed_only_where_the_line_means_it() -> None:
    assert adapted("es-419", "陆总好。", "Hola, señor Lu.", 2).rendering.subtitle == "Hola, señor Luján."
    assert adapted("es-419", "那条路。", "Lu.", 2).rendering.subtitle == "Lu."
    found = renamed(BIBLE, "es-419", 2).renamed["es-419"]
    assert put("Lu Chen y Lucía", found, "es-419") == "Santiago Luján y Lucía"

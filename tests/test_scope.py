"""Where a term holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.glossary import Glossary, Term
from localize.scope import Scope, in_scope, scope_of
from localize.series import open_series
from localize.term_checks import checked
from localize.termbase import termbase_of

HEAD = "source,en-US,es-419,kind,use,scope,status\n"


@pytest.mark.parametrize(
    ("text", "episodes", "markets"),
    [
        ("", (), ()), ("series", (), ()), ("7", ((7, 7),), ()), ("ep07", ((7, 7),), ()), ("7-12", ((7, 12),), ()),
        ("7–12", ((7, 12),), ()), ("12-", ((12, 0),), ()), ("-6", ((1, 6),), ()),
        ("1-3, 9; ID-id", ((1, 3), (9, 9)), ("id-ID",)), ("series es-419", (), ("es-419",)),
    ],
)  # fmt: skip
def test_scopes_are_episodes_and_markets(
    text: str, episodes: tuple[tuple[int, int], ...], markets: tuple[str, ...]
) -> None:
    assert scope_of(text) == Scope(episodes, markets)


@pytest.mark.parametrize("text", ["season two", "12-7", "0", "-", "7-12 or so", "xx-XX"])
def test_other_words_are_no_scope(text: str) -> None:
    assert scope_of(text) is None


def test_a_term_holds_in_its_episodes_and_outranks_the_series_there() -> None:
    wide, late = (
        Term("陆总", ("Mr. Lu",), "title", scope="series"),
        Term("陆总", ("Chairman Lu",), "title", scope="12-"),
    )
    other = Term("沈总", ("Ms. Shen",), "title", scope="es-419")
    draft = Term("陆总", ("Boss",), "title", scope="1-99", status="draft")

    def held(number: int, market: str = "en-US") -> list[str]:
        return [one.target for one in in_scope((wide, late, other, draft), number, market) if one.binds()]

    assert held(11) == ["Mr. Lu"] and held(12) == held(40) == ["Chairman Lu"]
    assert held(0) == ["Mr. Lu"], "nobody knows which episode it is"
    assert held(1, "es-419") == ["Mr. Lu", "Ms. Shen"]


def test_several_uses_stand_in_one_cell(tmp_path: Path) -> None:
    term = Term("绿茶", ("Scheming rival",), "trope", use="tag|title")
    assert term.binds("tag") and term.binds("title") and not term.binds() and not term.binds("synopsis")
    assert Glossary.of([term]).found_in("绿茶", "title") == (term,)
    assert not termbase_of(HEAD + "绿茶,Rival,,trope,tag|title,,\n", tmp_path).problems
    [wrong] = termbase_of(HEAD + "绿茶,Rival,,trope,tag|tilte,,\n", tmp_path).problems
    assert "'tilte'" in wrong.what and "title" in wrong.fix


def test_rows_that_never_meet_are_no_conflict(tmp_path: Path) -> None:
    rows = (
        "陆总,Mr. Lu,señor Lu,title,,series,\n陆总,Chairman Lu,,title,,12-,\n绿茶,Rival,,trope,tag|title,12-,\n"
        "绿茶,schemer,,trope,dialogue,,\n"
        "沈总,Ms. Shen,,title,,1-6,\n沈总,President Shen,,title,,6-9,\n沈总,Shen,,title,,season two,\n"
        "顾总,Mr. Gu,,title,,es-419,\n"
    )
    told = [(one.line, one.check) for one in checked(termbase_of(HEAD + rows, tmp_path)) if one.weight != "note"]
    assert [one for one in told if one[1] != "no target"] == [
        (7, "conflict"), (8, "scope"), (9, "scope"),
    ]  # fmt: skip


def test_a_series_knows_its_terms_by_episode(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    rows = "陆总,Mr. Lu,,title,,,\n陆总,Chairman Lu,,title,,12-,\n好,fine,,forbidden,,-3,\n"
    (tmp_path / "terms.csv").write_text(HEAD + rows, "utf-8")
    bible = open_series(tmp_path)
    assert [one.target for one in bible.within(3).terms["en-US"]] == ["Mr. Lu", "fine"]
    assert [one.target for one in bible.within(12).glossary("en-US").found_in("陆总，好！")] == ["Chairman Lu"]

"""Doubts about a term list, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.series import Character
from localize.term_checks import checked
from localize.termbase import termbase_of

HEAD = "source,en-US,es-419,kind,use,scope,status,note\n"
CAST = (Character("lu_chen", "陆沉", ("陆总",), names=(("en-US", "Lu Chen"), ("es-419", "Lu Chen"))),)


def found(rows: str, texts: dict[str, tuple[str, ...]] | None = None) -> list[tuple[int, str, str]]:
    problems = checked(termbase_of(HEAD + rows, Path("terms.csv")), CAST, texts)
    assert all(one.what for one in problems)
    return [(one.line, one.weight, one.check) for one in problems]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("少爷,Young Master,señorito,title,,,,\n", []),
        ("少爷,Young Master,señorito,title,,,,\n少爷,Sir,señor,title,dialogue,,,\n",
         [(3, "warning", "conflict"), (3, "warning", "conflict")]),
        ("绿茶,schemer,mosca,trope,dialogue,,,\n绿茶,Schemer,Mosca,trope,tag,,,\n", []),
        ("少爷,Young Master,,title,,,,\n", [(2, "warning", "no target")]),
        ("绿茶,schemer|green tea,mosca,trope,,,,\n绿茶,green tea,té verde,forbidden,,,,\n",
         [(3, "warning", "forbidden")]),
        ("绿茶,schemer,mosca,trope,,,,\n,schemers,,forbidden,,,,\n", []),
        ("绿茶,old schemers,mosca,trope,,,,\n,schemer,,forbidden,,,,\n", [(3, "warning", "forbidden")]),
        ("太太,Madam,señora,title,,,,\n陆太太,Mrs. Lu,señora Lu,title,,,,\n", [(3, "note", "overlap")]),
        ("总裁,president,presidente,title,,,,\n裁员,layoff,despido,idiom,,,,\n", [(3, "warning", "overlap")]),
        ("白薇,Bai Wei,Bai Wei,name,,,,\n陆,Lu,Lu,name,,,,\n陆氏,Lu Group,Grupo Lu,name,,,,\n",
         [(2, "note", "unknown name")]),
        ("陆沉,Lu Chenn,lu chen,name,,,,\n", [(2, "warning", "name")]),
        ("少爷,Young\u200bMaster,señorito,title,,,,\n", [(2, "warning", "characters")]),
    ],
)  # fmt: skip
def test_doubts_are_told_with_their_line(rows: str, told: list[tuple[int, str, str]]) -> None:
    assert found(rows) == told


def test_terms_nobody_says_are_noted_where_lines_are_known() -> None:
    rows = "少爷,Young Master,señorito,title,,,,\n夫人,Madam,señora,title,,,,\n"
    assert found(rows, {"ep01": ("少爷！",), "ep02": ()}) == [(3, "note", "unused")]
    assert found(rows, {}) == []


def test_rows_that_cannot_be_read_come_with_the_doubts() -> None:
    rows = "少爷,A,,titel,,,,\n少爷,A,B,title,,,,\n少爷,C,B,title,,,,\n"
    assert [one for one in found(rows) if one[1] == "error"] == [(2, "error", "value"), (4, "error", "conflict")]

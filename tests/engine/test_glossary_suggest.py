"""Names and terms found by counting: suggested to a person, never entered."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from localize.engine.glossary_suggest import accept, suggest, write_suggestions
from localize.series import SeriesBible, open_series
from localize.termbase import read_termbase

TEXTS = {
    "ep01": (
        "白薇来了。",
        "你把白薇怎么样了？",
        "天机阁的人到了。",
        "陆总，我知道了。",
        "我知道你在这里。",
        "快去找白薇！",
    ),
    "ep02": (
        "我要进天机阁！",
        "是天机阁主。",
        "顾总好。",
        "见过顾总。",
        "知道吗？",
        "离婚协议在哪？",
        "谁动了天机阁？",
    ),
    "ep03": ("陆总在吗？", "请陆总。", "我们离婚协议签了。", "离婚协议！", "这是离婚协议。"),
}


@pytest.fixture
def bible(tmp_path: Path) -> SeriesBible:
    (tmp_path / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    (tmp_path / "cast.toml").write_text('[[character]]\nid = "lu"\nname = "陆沉"\naliases = ["陆总"]\n', "utf-8")
    (tmp_path / "terms.csv").write_text("source,en-US,kind\n离婚协议,divorce papers,idiom\n", "utf-8")
    return open_series(tmp_path)


def test_names_titles_and_terms_that_come_back_are_suggested(bible: SeriesBible) -> None:
    found = {one.source: (one.kind, one.count) for one in suggest(TEXTS, bible)}
    assert found["白薇"] == ("name", 3) and found["顾总"] == ("title", 2) and found["天机阁"] == ("idiom", 4)
    assert not {"陆总", "陆沉", "离婚协议", "知道", "我知", "天机", "机阁"} & set(found)
    assert suggest({}, bible) == ()


def test_they_wait_for_a_person_in_a_file_of_their_own(bible: SeriesBible) -> None:
    terms = (bible.root / "terms.csv").read_bytes()
    path = write_suggestions(bible, suggest(TEXTS, bible))
    assert (bible.root / "terms.csv").read_bytes() == terms and open_series(bible.root).terms == bible.terms
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows][:2] == ["白薇", "顾总"] and rows[0]["example"] == "白薇来了。"
    path.write_text(path.read_text("utf-8").replace("白薇来了。,", "白薇来了。,no"), "utf-8")
    again = suggest(TEXTS, bible)
    assert "白薇" not in {one.source for one in again}, "who said no is not asked again"
    for _ in range(2):
        write_suggestions(bible, suggest(TEXTS, bible))
        assert "白薇" not in {one.source for one in suggest(TEXTS, bible)}, "nor later"


def test_a_persons_yes_makes_a_term(bible: SeriesBible) -> None:
    path = write_suggestions(bible, suggest(TEXTS, bible))
    assert accept(bible, "Ana") == ()
    path.write_text(path.read_text("utf-8").replace("白薇来了。,", "白薇来了。,Yes"), "utf-8")
    assert accept(bible, "Ana") == ("白薇",)
    entries = read_termbase(bible.root / "terms.csv").entries
    assert [(one["source"], one["kind"], one["en-US"]) for one in entries] == [
        ("离婚协议", "idiom", "divorce papers"), ("白薇", "name", ""),
    ]  # fmt: skip
    assert "Ana" in (bible.root / "terms.history.csv").read_text("utf-8")
    assert "白薇" not in {one.source for one in suggest(TEXTS, bible)}
    write_suggestions(bible, suggest(TEXTS, bible))
    assert accept(bible, "Ana") == (), "once"

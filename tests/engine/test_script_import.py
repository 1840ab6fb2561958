"""Other people's scripts over the lines of an episode: sure ones taken, doubtful ones asked, signed ones left alone."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import foreign_scripts as foreign
import pytest
from foreign_scripts import Talk

from localize import edit_log
from localize.engine import script_import, table
from localize.engine.order import Order
from localize.engine.script_import import Imported
from localize.episode import Line
from localize.errors import InputError
from localize.formats import lines_csv
from localize.formats.lines_csv import Row
from localize.formats.target_script import Passage
from localize.market import resolve
from localize.series import SeriesBible, open_series
from localize.timing import clock
from localize.version import Rendering, Status, Variants

MARKET = resolve("es")


@pytest.fixture
def place(tmp_path: Path) -> tuple[Order, SeriesBible, list[Talk]]:
    """An episode of forty lines nobody translated yet, all but two: L0003 is signed, L0004 a person's draft."""
    root = tmp_path / "SERIES"
    root.mkdir()
    (root / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    said = foreign.talks("es-419", 40, 3)
    order = Order(tmp_path / "late_ep07.mp4", (MARKET,), tmp_path / "late_ep07.localize", series=root, by="Ana")
    lines = [Line(one.id, one.span, one.zh) for one in said]
    empty = {one.id: Rendering(one.id, "es-419", Variants(""), "", "source", "missing") for one in said}
    shown = {
        **empty,
        "L0003": _told("L0003", "Ya basta, dije.", "reviewed"),
        "L0004": _told("L0004", "Palabras de Bo.", "draft"),
    }
    table.write_table(order, open_series(root), MARKET, lines, empty, shown, {})
    return order, open_series(root), said


def _told(line: str, text: str, status: Status) -> Rendering:
    return Rendering(line, "es-419", Variants(text), text, "person", status)


def rows(order: Order) -> dict[str, Row]:
    return {row.id: row for row in lines_csv.read(table.table_path(order, MARKET))}


def taken(place: tuple[Order, SeriesBible, list[Talk]], text: str, **more: bool) -> Imported:
    order, bible, _ = place
    file = order.out.parent / "final.srt"
    file.write_text(text, "utf-8")
    return script_import.take(order, bible, MARKET, file, **more)


def test_sure_lines_are_a_persons_words_the_others_are_asked(place: tuple[Order, SeriesBible, list[Talk]]) -> None:
    order, bible, said = place
    made = foreign.segmented(said, 5, shift=3_600_000, lost=0.1, more=0.1)
    found = taken(place, foreign.srt([one.passage for one in made]))
    assert re.fullmatch(r"its clock is (3599|3600)\.\d s late", found.notes[0])
    by_line = {one.line: one for one in found.lines}
    assert by_line["L0003"].verdict == "kept" and by_line["L0004"].verdict == "asked"
    assert "a person wrote other words" in by_line["L0004"].why
    truth = {one.id: one.said for one in said}
    sure = [one for one in found.lines if one.verdict == "taken"]
    assert len(sure) > 24 and all(one.margin >= script_import.SURE for one in sure)
    now = rows(order)
    assert [one.line for one in sure if now[one.line].dub != truth[one.line]] == []
    assert now["L0003"].dub == "Ya basta, dije." and now["L0004"].dub == "Palabras de Bo."
    assert {now[one.line].status for one in sure} == {"draft"}
    assert {now[one.line].origin for one in sure} == {"person"}
    assert {row.origin for row in now.values() if not row.dub} == {"source"}
    assert table.import_all(order, bible) == ()
    log = edit_log.read(table.log_path(order, bible))
    assert {(one.by, one.market) for one in log} == {("Ana (final.srt)", "es-419")}
    assert {one.line for one in log} == {one.line for one in sure}
    asked = [one.line for one in found.lines if one.verdict == "asked"]
    assert [row["line"] for row in questions(found) if row["line"]] == asked
    assert any(one.proposed in foreign.EXTRA["es"] for one in found.unused)


def questions(found: Imported) -> list[dict[str, str]]:
    assert found.questions is not None
    return list(csv.DictReader(io.StringIO(found.questions.read_text("utf-8-sig"), newline="")))


def answer(found: Imported, answers: dict[str, str]) -> Path:
    told = questions(found)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(told[0]))
    writer.writeheader()
    writer.writerows(row | {"answer": answers.get(row["line"] or row["proposed"], "")} for row in told)
    assert found.questions is not None
    found.questions.write_text(out.getvalue(), "utf-8")
    return found.questions


def test_a_translator_answers_the_questions(place: tuple[Order, SeriesBible, list[Talk]]) -> None:
    order, bible, said = place
    made = foreign.segmented(said, 5, lost=0.1, more=0.1)
    text = foreign.srt([one.passage for one in made])
    found = taken(place, text)
    first, second, *_ = (row for row in questions(found) if row["line"] not in ("", "L0004"))
    loose = next(row for row in questions(found) if not row["line"])
    empty = next(one.line for one in found.lines if one.verdict == "lost")
    file = answer(found, {first["line"]: "yes", second["line"]: "No.", "L0004": "no", loose["proposed"]: empty})
    again = taken(place, text)
    assert {row["line"]: row["answer"] for row in questions(again)}[second["line"]] == "No.", (
        "answers outlive an import"
    )
    words, left, edits = script_import.answered(order, bible, MARKET, file)
    assert words == {first["line"]: first["proposed"], second["line"]: "No.", empty: loose["proposed"]} and not left
    assert (
        len(edits) >= 3 and rows(order)[second["line"]].dub == "No." and rows(order)["L0004"].dub == "Palabras de Bo."
    )
    words, left, edits = script_import.answered(order, bible, MARKET, file)
    assert edits == (), "the same answers again change nothing"


def test_the_same_script_again_changes_nothing_and_a_look_never_does(
    place: tuple[Order, SeriesBible, list[Talk]],
) -> None:
    order, bible, said = place
    text = foreign.srt([one.passage for one in foreign.segmented(said, 5)])
    before = table.table_path(order, MARKET).read_bytes()
    seen = taken(place, text, look=True)
    assert seen.edits == () and seen.questions is None and table.table_path(order, MARKET).read_bytes() == before
    assert not table.log_path(order, bible).exists()
    taken(place, text)
    again = taken(place, text)
    assert again.edits == () and {one.verdict for one in again.lines} <= {"same", "asked", "kept", "lost"}


def test_edits_waiting_in_the_table_come_first(place: tuple[Order, SeriesBible, list[Talk]]) -> None:
    order, _, said = place
    path = table.table_path(order, MARKET)
    waiting = [replace(row, dub="Mío.", status="locked") if row.id == "L0010" else row for row in rows(order).values()]
    lines_csv.write(path, waiting)
    found = taken(place, foreign.srt([one.passage for one in foreign.segmented(said, 5, cut=0, joined=0)]))
    assert {one.line: one.verdict for one in found.lines}["L0010"] == "kept" and rows(order)["L0010"].dub == "Mío."


def test_another_episodes_script_is_taken_nowhere(place: tuple[Order, SeriesBible, list[Talk]]) -> None:
    for seed in range(40, 46):
        other = foreign.segmented(foreign.talks("es-419", 40, seed), seed)
        found = taken(place, foreign.srt([one.passage for one in other]), look=True)
        assert sum(one.verdict == "taken" for one in found.lines) <= 1, seed


def test_one_passage_for_two_lines_is_parted_by_sentences_or_asked(
    place: tuple[Order, SeriesBible, list[Talk]],
) -> None:
    _, _, said = place
    made = foreign.segmented(said, 8, cut=0, joined=0.5)
    found = taken(place, foreign.srt([one.passage for one in made]), look=True)
    truth = {one.id: one.said for one in said}
    halves = {line for one in made if len(one.lines) == 2 for line in one.lines}
    sure = [one for one in found.lines if one.verdict == "taken"]
    assert halves & {one.line for one in sure} and not [one for one in sure if one.proposed != truth[one.line]]
    doubtful = [one for one in found.lines if one.verdict == "asked" and "cut where it fits best" in one.why]
    assert all(one.line in halves for one in doubtful)


def test_without_a_table_it_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHola.\n", "utf-8")
    order = Order(tmp_path / "e.mp4", (MARKET,), tmp_path / "e.localize", by="Ana")
    bible = SeriesBible(tmp_path, "e", "e")
    with pytest.raises(InputError, match="no line table of e for es-419"):
        script_import.take(order, bible, MARKET, tmp_path / "a.srt")


def test_japanese_words_are_text_of_their_market(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    market = resolve("ja")
    order = Order(tmp_path / "late_ep07.mp4", (market,), tmp_path / "late_ep07.localize", series=tmp_path, by="Ana")
    said = foreign.talks("es-419", 3, 3)
    chinese = ("少爷回来了。", "社长在会议室！", "先生！")
    lines = [Line(one.id, one.span, text) for one, text in zip(said, chinese, strict=True)]
    empty = {one.id: Rendering(one.id, "ja-JP", Variants(""), "", "source", "missing") for one in said}
    table.write_table(order, open_series(tmp_path), market, lines, empty, empty, {})
    file = tmp_path / "final.srt"
    words = ("若様がお戻りです。", "社長なら会议室です！", "先生！")
    file.write_text(foreign.srt([Passage(1, text, one.span) for text, one in zip(words, said, strict=True)]), "utf-8")
    found = script_import.take(order, open_series(tmp_path), market, file, look=True)
    assert [one.proposed for one in found.lines] == list(words)
    assert ["no text of this market" in one.why for one in found.lines] == [False, True, False]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{} [gritando]", "what stands in brackets"),
        ("{} (en voz baja)", "what stands in brackets"),
        ("Hoy [pausa] {}", "what stands in brackets"),
        ("LU: {}", "before the colon"),
    ],
)
def test_words_with_a_label_or_in_brackets_are_asked_about(
    place: tuple[Order, SeriesBible, list[Talk]], words: str, why: str
) -> None:
    _, _, said = place
    made = [one.passage for one in foreign.segmented(said, 5)]
    made[9] = replace(made[9], text=words.format(made[9].text))
    table = [("start", "end", "text")]
    table += [(clock(one.span.start), clock(one.span.end), one.text) for one in made if one.span]
    order, bible, _ = place
    file = order.out.parent / "final.xlsx"
    file.write_bytes(foreign.xlsx(table))
    found = script_import.take(order, bible, MARKET, file)
    marked = [one for one in found.lines if one.proposed == made[9].text]
    assert [one.verdict for one in marked] == ["asked"] and why in marked[0].why
    assert sum(one.verdict == "taken" for one in found.lines) > 20

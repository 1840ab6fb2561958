"""What people wrote or signed, wherever it is told, outlives somebody else's script, answers and kits."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import foreign_scripts as foreign
import pytest
from foreign_scripts import Talk

from localize import edit_log
from localize.engine import glossary_kit, script_import, table
from localize.engine.order import Order
from localize.engine.script_import import Imported
from localize.episode import Line
from localize.errors import InputError
from localize.formats import lines_csv, sheet
from localize.formats.lines_csv import Row
from localize.market import resolve
from localize.queries import read_queries
from localize.series import SeriesBible, open_series
from localize.version import Rendering, Variants

MARKET = resolve("es")
Place = tuple[Order, SeriesBible, list[Talk]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An episode of forty lines, all of them an engine's drafts."""
    root = tmp_path / "SERIES"
    root.mkdir()
    (root / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    said = foreign.talks("es-419", 40, 3)
    order = Order(tmp_path / "late_ep07.mp4", (MARKET,), tmp_path / "late_ep07.localize", series=root, by="Ana")
    lines = [Line(one.id, one.span, one.zh) for one in said]
    drafts = {one.id: Rendering(one.id, "es-419", Variants("Así."), "Así.", "machine", "draft") for one in said}
    table.write_table(order, open_series(root), MARKET, lines, drafts, drafts, {})
    return order, open_series(root), said


def rows(order: Order) -> dict[str, Row]:
    return {row.id: row for row in lines_csv.read(table.table_path(order, MARKET))}


def typed(order: Order, line: str, **cells: str) -> None:
    """A person's edit in the table: its columns of origin still tell what the last run wrote."""
    new = [replace(row, **cells) if row.id == line else row for row in rows(order).values()]  # type: ignore[arg-type]
    lines_csv.write(table.table_path(order, MARKET), new)


def script(said: list[Talk], shift: int = 0, words: Callable[[str], str] = str) -> str:
    made = [one.passage for one in foreign.segmented(said, 5, shift=shift, cut=0, joined=0)]
    return foreign.srt([replace(one, text=words(one.text)) for one in made])


def taken(place: Place, text: str, **more: bool) -> Imported:
    order, bible, _ = place
    file = order.out.parent / "final.srt"
    file.write_text(text, "utf-8")
    return script_import.take(order, bible, MARKET, file, **more)


def verdicts(found: Imported) -> dict[str, str]:
    return {one.line: one.verdict for one in found.lines}


@pytest.mark.parametrize("look", [True, False])
def test_words_typed_since_the_last_run_are_asked(place: Place, look: bool) -> None:
    order, _, said = place
    typed(order, "L0010", dub="Mis palabras.", subtitle="Mis palabras.")
    typed(order, "L0011", subtitle="Solo el subtítulo.")
    typed(order, "L0012", status="reviewed")
    found = taken(place, script(said), look=look)
    told = verdicts(found)
    assert [told[line] for line in ("L0010", "L0011", "L0012")] == ["asked", "asked", "kept"]
    assert sum(one == "taken" for one in told.values()) > 24, "the engine's drafts are replaced"
    assert rows(order)["L0010"].dub == "Mis palabras." and rows(order)["L0011"].subtitle == "Solo el subtítulo."


def test_a_second_script_asks_where_it_differs_from_the_first(place: Place) -> None:
    order, _, said = place
    first = verdicts(taken(place, script(said)))
    before = rows(order)
    again = verdicts(taken(place, script(said, words=lambda text: f"Bueno, {text}")))
    assert {again[line] for line, told in first.items() if told == "taken"} <= {"asked", "lost"}
    assert rows(order) == before


def test_a_line_signed_once_is_asked_though_it_was_reopened(place: Place) -> None:
    order, bible, said = place
    typed(order, "L0010", status="reviewed")
    table.import_all(order, bible)
    reopened = [replace(row, status="draft") if row.id == "L0010" else row for row in rows(order).values()]
    for path in (table.table_path(order, MARKET), *(bible.root / "edits").glob("*.base.csv")):
        lines_csv.write(path, reopened)  # as a run shows a signed line whose pivot changed
    assert verdicts(taken(place, script(said)))["L0010"] == "asked" and rows(order)["L0010"].dub == "Así."


def test_a_line_emptied_and_signed_stays_empty(place: Place) -> None:
    order, _, said = place
    typed(order, "L0010", dub="", subtitle="", status="reviewed")
    assert verdicts(taken(place, script(said)))["L0010"] == "kept" and rows(order)["L0010"].dub == ""


def test_a_table_that_changed_while_it_was_weighed_is_left_alone(place: Place) -> None:
    order, bible, _ = place
    before = table.opened(order, MARKET)
    typed(order, "L0010", dub="Mientras tanto.")
    new = [replace(row, dub="Del guion.") if row.id == "L0011" else row for row in before.rows]
    with pytest.raises(InputError, match="changed since it was read; nothing was written"):
        table.revise(order, bible, MARKET, before, new)
    assert rows(order)["L0010"].dub == "Mientras tanto." and rows(order)["L0011"].dub == "Así."
    again = table.opened(order, MARKET)
    new = [replace(row, status="missing") if row.id == "L0011" else row for row in again.rows]
    with pytest.raises(InputError, match="has words, so its status cannot be missing"):
        table.revise(order, bible, MARKET, again, new)
    assert table.opened(order, MARKET) == again and not edit_log.read(table.log_path(order, bible))
    (edit,) = table.import_all(order, bible)
    assert (edit.line, edit.value) == ("L0010", "Mientras tanto.")


def test_a_kit_with_cells_that_are_no_edits_leaves_the_table(place: Place, tmp_path: Path) -> None:
    order, bible, _ = place
    file = tmp_path / "kit.xlsx"
    glossary_kit.export(order, bible, MARKET, file)
    path = table.table_path(order, MARKET)
    before = path.read_bytes()
    columns, cells = _sheet(file)
    cells["L0010"] |= {"dub": "#NAME?", "query": "¿Quién es?"}
    file.write_bytes(sheet.encode(columns, tuple(cells.values()), ("dub", "query")))
    with pytest.raises(InputError, match="a spreadsheet's sign and no text"):
        glossary_kit.take(order, bible, MARKET, file)
    assert path.read_bytes() == before and not read_queries(bible.root)
    cells["L0010"] |= {"dub": "¿Quién llama?"}
    file.write_bytes(sheet.encode(columns, tuple(cells.values()), ("dub", "query")))
    assert len(glossary_kit.take(order, bible, MARKET, file).edits) == 1 and len(read_queries(bible.root)) == 1


def _sheet(file: Path) -> tuple[tuple[str, ...], dict[str, dict[str, str]]]:
    cells = {row["id"]: dict(row) for _, row in sheet.decode(file.read_bytes(), str(file))}
    return glossary_kit.COLUMNS, cells


# ── questions and their answers ─────────────────────────────────────────────────────────────────────────────
def questions(found: Imported) -> list[dict[str, str]]:
    assert found.questions is not None
    return list(csv.DictReader(io.StringIO(found.questions.read_text("utf-8-sig"), newline="")))


def answer(file: Path, told: list[dict[str, str]], answers: dict[str, str]) -> Path:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(told[0]))
    writer.writeheader()
    writer.writerows(row | {"answer": answers.get(row["line"] or row["proposed"], row["answer"])} for row in told)
    file.write_text(out.getvalue(), "utf-8")
    return file


@pytest.fixture
def asked(place: Place) -> Imported:
    """Three lines a person wrote, and the script's other words for them as questions."""
    order, _, said = place
    for line in ("L0010", "L0011", "L0012"):
        typed(order, line, dub=f"Mío {line}.", subtitle=f"Mío {line}.")
    found = taken(place, script(said))
    assert {"L0010", "L0011", "L0012"} <= {row["line"] for row in questions(found)}
    return found


def test_words_written_after_the_question_outlive_its_answer(place: Place, asked: Imported) -> None:
    order, bible, said = place
    typed(order, "L0010", dub="Más tarde.", subtitle="Más tarde.")
    typed(order, "L0011", subtitle="Más corto.")
    assert asked.questions is not None
    file = answer(asked.questions, questions(asked), dict.fromkeys(("L0010", "L0011", "L0012"), "yes"))
    words, left, _ = script_import.answered(order, bible, MARKET, file)
    assert list(words) == ["L0012"] and [one.split()[0] for one in left] == ["L0010", "L0011"]
    now = rows(order)
    assert now["L0010"].dub == "Más tarde." and now["L0011"].subtitle == "Más corto."
    assert now["L0012"].dub == next(one.said for one in said if one.id == "L0012")
    again = script_import.answered(order, bible, MARKET, file)
    assert again == (words, left, ()), "the same answers again change nothing"


def test_a_passage_is_not_put_over_a_persons_line(place: Place, asked: Imported) -> None:
    order, bible, _ = place
    told = [*questions(asked), dict.fromkeys(questions(asked)[0], "") | {"proposed": "Sobra.", "answer": "L0010"}]
    assert asked.questions is not None
    words, left, _ = script_import.answered(order, bible, MARKET, answer(asked.questions, told, {}))
    assert not words and left[0].startswith("L0010") and rows(order)["L0010"].dub == "Mío L0010."


def test_answers_stay_when_their_questions_do_not_come_again(place: Place, asked: Imported) -> None:
    order, bible, said = place
    file = asked.questions
    assert file is not None
    answer(file, questions(asked), {"L0010": "yes", "L0011": "Mi respuesta.", "L0012": "no"})
    other = taken(place, script(said, words=lambda text: f"Bueno, {text}"))
    stayed = {row["line"]: row["answer"] for row in questions(other) if row["answer"]}
    assert stayed == {"L0010": "yes", "L0011": "Mi respuesta.", "L0012": "no"}
    words, *_ = script_import.answered(order, bible, MARKET, file)
    assert set(words) == {"L0010", "L0011"} and rows(order)["L0011"].dub == "Mi respuesta."
    last = taken(place, script(said, words=lambda text: f"Pues, {text}"))
    assert {row["line"] for row in questions(last) if row["answer"]} == {"L0012"}, "what is done goes"


def test_a_damaged_table_of_questions_is_told_before_anything_is_written(place: Place, asked: Imported) -> None:
    order, bible, said = place
    typed(order, "L0020", dub="Espera.", subtitle="Espera.")
    assert asked.questions is not None
    asked.questions.write_text("line,proposed,answer,mine\nL0010,a,b,c\n", "utf-8")
    before = (table.table_path(order, MARKET).read_bytes(), edit_log.read(table.log_path(order, bible)))
    with pytest.raises(InputError, match="mine"):
        taken(place, script(said, words=lambda text: f"Bueno, {text}"))
    assert (table.table_path(order, MARKET).read_bytes(), edit_log.read(table.log_path(order, bible))) == before

"""The line table of an order: where it lies, what it shows, and that nobody's words are lost."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import walk

from localize import edits
from localize.engine import table
from localize.engine.order import Order
from localize.episode import Line
from localize.errors import InputError
from localize.market import resolve
from localize.series import SeriesBible, create_series
from localize.timing import Ms, Span
from localize.version import Rendering, Variants

LINES = (Line("L0002", Span(Ms(2000), Ms(3000)), "再见。"), Line("L0001", Span(Ms(0), Ms(900)), "你好。"))


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(tmp_path / "ep01.mp4", (resolve("en"),), tmp_path / "out", by="Ana")


@pytest.fixture
def bible(order: Order) -> SeriesBible:
    return create_series(order.episode.parent / "SERIES", order.episode)


def rendering(line: str, text: str) -> Rendering:
    return Rendering(line, "en-US", Variants(text), text, "machine", "draft")


def write(order: Order, bible: SeriesBible, **texts: str) -> bool:
    made = {line.id: rendering(line.id, texts.get(line.id, "Hello.")) for line in LINES}
    return table.write_table(order, bible, order.markets[0], LINES, made, made, {"L0001": "softly"})


def test_a_table_is_written_in_time_order_and_read_back_as_no_edit(order: Order, bible: SeriesBible) -> None:
    assert write(order, bible)
    path = table.table_path(order, order.markets[0])
    assert path == order.out / "en-US" / "lines.csv"
    assert [(row["id"], row["note"]) for row in walk.rows(path)] == [("L0001", "softly"), ("L0002", "")]
    assert table.import_all(order, bible) == ()
    before = path.read_bytes()
    assert write(order, bible) and path.read_bytes() == before


def test_changes_become_signed_edits_once(order: Order, bible: SeriesBible) -> None:
    write(order, bible)
    walk.edit(table.table_path(order, order.markets[0]), "L0001", dub="Hi.", status="reviewed")
    found = table.import_all(order, bible)
    assert [(one.line, one.field, one.value, one.by) for one in found] == [
        ("L0001", "dub", "Hi.", "Ana"), ("L0001", "status", "reviewed", "Ana"),
    ]  # fmt: skip
    assert table.import_all(order, bible) == ()
    assert table.edits_of(order, bible, order.markets[0]) == found
    assert table.edits_of(order, bible, resolve("id")) == ()


def test_a_workbook_beside_the_table_is_told(
    order: Order, bible: SeriesBible, caplog: pytest.LogCaptureFixture
) -> None:
    write(order, bible)
    path = table.table_path(order, order.markets[0])
    for name, age in (("lines.xlsx", 60), ("lines (1).csv", 60), ("lines.ods", -60), ("other.xlsx", 60)):
        other = path.with_name(name)
        other.write_bytes(b"PK")
        os.utime(other, (path.stat().st_mtime + age,) * 2)
    table.import_all(order, bible)
    told = [one.getMessage() for one in caplog.records]
    assert len(told) == 2 and "lines (1).csv is not read" in told[0] and "lines.xlsx is not read" in told[1]


def test_a_damaged_log_is_refused_before_any_market(order: Order, bible: SeriesBible) -> None:
    write(order, bible)
    log = table.log_path(order, bible)
    log.write_text('{"episode": "ep01"}\n<<<<<<< HEAD\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"ep01\.jsonl, line 1: this line of the edit log"):
        table.import_all(order, bible)


def test_a_table_changed_during_the_run_is_left_for_the_next(order: Order, bible: SeriesBible) -> None:
    write(order, bible)
    path = table.table_path(order, order.markets[0])
    walk.edit(path, "L0002", subtitle="So long.")
    assert not write(order, bible, L0001="Good day.")
    assert walk.cells(path, "L0002")["subtitle"] == "So long."
    [edit] = table.import_all(order, bible)
    assert (edit.field, edit.value) == ("subtitle", "So long.")


def test_two_output_folders_show_the_same_edits_and_revert_none(order: Order, bible: SeriesBible) -> None:
    first, second = order, replace(order, out=order.out.with_name("other"))
    market = order.markets[0]
    made = {line.id: rendering(line.id, "Hello.") for line in LINES}

    def run(one: Order) -> int:
        logged = len(table.import_all(one, bible))
        shown = {one.line: one for one in edits.apply(made.values(), table.edits_of(one, bible, market))}
        assert table.write_table(one, bible, market, LINES, made, shown, {})
        return logged

    assert run(first) == run(second) == 0
    walk.edit(table.table_path(second, market), "L0001", dub="Hi.")
    assert run(second) == 1
    assert run(first) == 0 and run(second) == 0
    assert [walk.cells(table.table_path(one, market), "L0001")["dub"] for one in (first, second)] == ["Hi.", "Hi."]


def test_another_output_folder_starts_from_the_machine_and_keeps_the_log(order: Order, bible: SeriesBible) -> None:
    write(order, bible)
    path = table.table_path(order, order.markets[0])
    walk.edit(path, "L0001", dub="Hi.")
    table.import_all(order, bible)
    path.unlink()
    assert table.import_all(order, bible) == ()
    assert write(order, bible) and len(table.edits_of(order, bible, order.markets[0])) == 1


def test_many_runs_at_once_never_meet_half_a_table(order: Order, bible: SeriesBible) -> None:
    start, wrong = threading.Barrier(4), list[BaseException]()

    def run(number: int) -> None:
        start.wait()
        try:
            for turn in range(6):
                table.import_all(order, bible)
                write(order, bible, L0001=f"Hello {number} {turn}.")
        except InputError as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and table.edits_of(order, bible, order.markets[0]) == ()
    assert not list(bible.root.rglob("*.next"))


def test_a_table_that_cannot_be_written(order: Order, bible: SeriesBible) -> None:
    order.out.write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match="--out DIR"):
        write(order, bible)


def test_a_signed_line_with_new_words_is_told(order: Order, bible: SeriesBible) -> None:
    market = order.markets[0]
    signed = {line.id: replace(rendering(line.id, "Hello."), status="reviewed") for line in LINES}
    table.write_table(order, bible, market, LINES, signed, signed, {})
    path = table.table_path(order, market)
    walk.edit(path, "L0001", dub="Hi.")
    walk.edit(path, "L0002", dub="Bye.", status="locked")
    fresh = table.import_all(order, bible)
    assert table.reopened(order, bible, fresh, market) == ("L0001",)
    assert table.reopened(order, bible, (), market) == ()

"""The table of cultural changes: written, decided about by a person, taken in, followed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from localize import verdicts
from localize.engine import adaptations
from localize.engine.order import Order
from localize.episode import Line
from localize.errors import InputError
from localize.market import resolve
from localize.series import SeriesBible
from localize.timing import span
from localize.version import Adaptation, Rendering, Variants

US = resolve("en")
LINES = (Line("L0001", span(0, 900), "你这个绿茶！", "a"), Line("L0002", span(1000, 1900), "五百万。", "a"))
CHANGES = (
    Adaptation("L0002", "money", 1, "dub", "$5", "=five yuan", "why"),
    Adaptation("L0001", "trope.green_tea", 1, "dub", "green tea", "two-faced schemer", "why"),
    Adaptation("L0001", "trope.green_tea", 1, "subtitle", "green tea", "two-faced schemer", "why"),
)


@pytest.fixture
def place(tmp_path: Path) -> tuple[Order, SeriesBible]:
    (tmp_path / "SERIES").mkdir()
    order = Order(tmp_path / "ep01.mp4", (US,), tmp_path / "out", by="Ana")
    return order, SeriesBible(tmp_path / "SERIES", "s", "剧")


def table(order: Order) -> list[dict[str, str]]:
    text = adaptations.table_path(order, US).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def decide(order: Order, **words: str) -> None:
    """Write verdicts by line into the table, as a spreadsheet would."""
    path, rows = adaptations.table_path(order, US), table(order)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({**row, "verdict": words.get(row["line"], row["verdict"])} for row in rows)


def test_one_row_per_change_in_time_order_safe_in_a_spreadsheet(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    adaptations.write(order, bible, US, LINES, CHANGES)
    rows = table(order)
    assert [(row["line"], row["field"], row["decision"]) for row in rows] == [
        ("L0001", "dub and subtitle", "applied"), ("L0002", "dub", "applied"),
    ]  # fmt: skip
    assert rows[1]["after"] == "'=five yuan" and rows[0]["id"].isalpha()
    data = adaptations.table_path(order, US).read_bytes()
    adaptations.write(order, bible, US, LINES, CHANGES)
    assert adaptations.table_path(order, US).read_bytes() == data


def test_no_table_appears_where_nothing_was_adapted(place: tuple[Order, SeriesBible]) -> None:
    adaptations.write(*place, US, LINES, ())
    assert not adaptations.table_path(place[0], US).exists()


def test_a_verdict_is_taken_once_and_survives(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    adaptations.write(order, bible, US, LINES, CHANGES)
    decide(order, L0001="Rejected", L0002="lock")
    assert adaptations.standing(order, bible, US) == {}
    looked = adaptations.standing(order, bible, US, looking=True)
    assert {line: [one.verdict for one in found] for line, found in looked.items()} == {
        "L0001": ["reject"], "L0002": ["lock"],
    }  # fmt: skip
    taken = adaptations.import_all(order, bible)
    assert [(one.verdict, one.by, one.after) for one in taken] == [
        ("reject", "Ana", "two-faced schemer"), ("lock", "Ana", "=five yuan"),
    ]  # fmt: skip
    assert adaptations.import_all(order, bible) == ()
    assert verdicts.read(bible.root) == taken
    adaptations.table_path(order, US).unlink()
    assert len(adaptations.standing(order, bible, US)) == 2, "the series remembers without the table"


def test_words_corrected_after_an_accept_are_taken_once(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    adaptations.write(order, bible, US, LINES, CHANGES)
    decide(order, L0001="accept")
    adaptations.import_all(order, bible)
    path = adaptations.table_path(order, US)
    path.write_text(path.read_text("utf-8-sig").replace("two-faced schemer", "snake"), "utf-8")
    assert [(one.verdict, one.after) for one in adaptations.import_all(order, bible)] == [("accept", "snake")]
    assert adaptations.import_all(order, bible) == ()


def test_an_emptied_cell_withdraws_and_an_older_table_does_not(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    adaptations.write(order, bible, US, LINES, CHANGES)
    before = adaptations.table_path(order, US).read_bytes()
    decide(order, L0001="reject")
    adaptations.import_all(order, bible)
    adaptations.table_path(order, US).write_bytes(before)  # a copy from before
    assert adaptations.import_all(order, bible) == () and "L0001" in adaptations.standing(order, bible, US)
    adaptations.write(order, bible, US, LINES, CHANGES)
    assert table(order)[0]["verdict"] == "reject"
    decide(order, L0001="")
    assert [one.verdict for one in adaptations.import_all(order, bible)] == [""]
    assert adaptations.standing(order, bible, US) == {}


def test_a_word_nobody_can_read_is_refused_with_its_line(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    adaptations.write(order, bible, US, LINES, CHANGES)
    decide(order, L0002="maybe")
    with pytest.raises(InputError, match="verdict cannot be 'maybe'") as caught:
        adaptations.import_all(order, bible)
    assert "line 3" in caught.value.where and not (bible.root / verdicts.FILE).exists()


def test_what_a_person_wrote_over_a_change_is_told(place: tuple[Order, SeriesBible]) -> None:
    machine = {"L0001": Rendering("L0001", "en-US", Variants("You two-faced schemer!"), "You two-faced schemer!",
                                  "machine", "draft")}  # fmt: skip
    own = Rendering("L0001", "en-US", Variants("You snake!"), "You two-faced schemer!", "person", "draft")
    found = adaptations.overruled(CHANGES[1:], machine, {"L0001": own})
    assert [one.decision for one in found] == ["overruled", "applied"]


def test_the_same_change_has_another_id_in_another_market(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    ids = []
    for market in (US, resolve("id")):
        adaptations.write(order, bible, market, LINES, CHANGES)
        text = adaptations.table_path(order, market).read_text("utf-8-sig")
        ids.append({row["id"] for row in csv.DictReader(io.StringIO(text))})
    assert ids[0] and not ids[0] & ids[1]

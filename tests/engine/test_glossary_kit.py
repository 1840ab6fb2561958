"""The translator's kit of an episode, out and back: edits by id, nothing lost, nothing overwritten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from localize import edit_log
from localize.engine import glossary_kit, table
from localize.engine.order import Order
from localize.episode import Line
from localize.errors import InputError
from localize.formats import lines_csv, sheet, xliff
from localize.market import resolve
from localize.queries import answer
from localize.series import SeriesBible, open_series
from localize.timing import Ms, Span
from localize.version import Rendering, Variants

MARKET = resolve("es")
SAID = (("L0001", "lu", "陆总来了。"), ("L0002", "wan", "绿茶！"), ("L0003", "lu", "走吧。"), ("T0001", "", "三年后"))


@pytest.fixture
def place(tmp_path: Path) -> tuple[Order, SeriesBible]:
    root = tmp_path / "SERIES"
    root.mkdir()
    (root / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    (root / "cast.toml").write_text(
        '[[character]]\nid = "lu"\nname = "陆沉"\nnames = { "es-419" = "Lu Chen" }\n'
        '[[character]]\nid = "wan"\nname = "晚"\n',
        "utf-8",
    )
    (root / "terms.csv").write_text("source,es-419,kind\n陆总,señor Lu,title\n绿茶,té verde,forbidden\n", "utf-8")
    (root / "addresses.csv").write_text("speaker,addressee,market,form,call\nlu,wan,es-419,tu,Wan\n", "utf-8")
    (root / "relations.csv").write_text("person,of,relation\nlu,wan,husband\nwan,lu,wife\n", "utf-8")
    order = Order(tmp_path / "late_ep07.mp4", (MARKET,), tmp_path / "late_ep07.localize", series=root, by="Ana")
    lines = [
        Line(name, Span(Ms(at * 3000), Ms(at * 3000 + 2000)), text, who) for at, (name, who, text) in enumerate(SAID)
    ]
    drafts = (
        Rendering(one.id, "es-419", Variants(f"-Dub {one.id}"), f"Sub {one.id}", "memory", "draft") for one in lines
    )
    said = {one.line: one for one in drafts}
    table.write_table(order, open_series(root), MARKET, lines, said, said, {"L0002": "ask Bo"})
    (order.out / "transcript.csv").write_text(
        "id,start,end,speaker,addressee,kind,text\nL0001,00:00:00.000,00:00:02.000,lu,wan,speech,陆总来了。\n",
        "utf-8",
    )
    return order, open_series(root)


def rows(order: Order) -> dict[str, lines_csv.Row]:
    return {row.id: row for row in lines_csv.read(table.table_path(order, MARKET))}


def revised(file: Path, changes: dict[tuple[str, str], str]) -> None:
    """What a translator does: other words for (line, column), rows in another order."""
    if file.suffix == ".xlsx":
        found = [cells for _, cells in sheet.decode(file.read_bytes(), "x")][::-1]
        for cells in found:
            cells.update({column: text for (line, column), text in changes.items() if line == cells["id"]})
        file.write_bytes(sheet.encode(glossary_kit.COLUMNS, found))
        return
    handed = xliff.read(file.read_bytes(), "x")
    ends = {"dub": "dub", "subtitle": "sub"}
    wanted = {f"{line}.{ends[column]}": text for (line, column), text in changes.items() if column in ends}
    units = tuple(replace(unit, target=wanted.get(unit.id, unit.target)) for unit in handed.units[::-1])
    file.write_text(xliff.text(replace(handed, units=units)), "utf-8", newline="")


@pytest.mark.parametrize("suffix", [".xliff", ".xlsx"])
def test_a_kit_goes_out_and_comes_back(place: tuple[Order, SeriesBible], suffix: str) -> None:
    order, bible = place
    file = order.out / f"kit{suffix}"
    assert glossary_kit.export(order, bible, MARKET, file) == 4
    before = table.table_path(order, MARKET).read_bytes()
    assert glossary_kit.take(order, bible, MARKET, file).edits == ()
    assert table.table_path(order, MARKET).read_bytes() == before
    revised(
        file, {("L0001", "dub"): "—¡Llegó el señor Lu!", ("L0003", "dub"): "Vamos.", ("L0003", "subtitle"): "Vamos"}
    )
    back = glossary_kit.take(order, bible, MARKET, file)
    assert [(one.line, one.field, one.value, one.by) for one in back.edits] == [
        ("L0001", "dub", "—¡Llegó el señor Lu!", "Ana"),
        ("L0003", "dub", "Vamos.", "Ana"), ("L0003", "subtitle", "Vamos", "Ana"),
    ]  # fmt: skip
    assert back.one_sided == (("L0001", "subtitle"),), "who changes one text is told to look at the other"
    assert edit_log.read(table.log_path(order, bible)) == back.edits
    assert rows(order)["L0001"].dub == "—¡Llegó el señor Lu!" and rows(order)["L0002"].note == "ask Bo"
    assert glossary_kit.take(order, bible, MARKET, file).edits == ()


def test_a_kit_tells_what_a_translator_needs(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    glossary_kit.export(order, bible, MARKET, order.out / "kit.xlsx")
    first, second, _, shown = (cells for _, cells in sheet.decode((order.out / "kit.xlsx").read_bytes(), "x"))
    assert (first["speaker"], first["addressee"], first["register"]) == ("陆沉 (Lu Chen)", "晚 (wan)", "tu · Wan")
    assert first["relation"] == "陆沉 (Lu Chen): husband of 晚 (wan); 晚 (wan): wife of 陆沉 (Lu Chen)"
    assert (first["seconds"], first["previous"], first["next"]) == ("2.0", "", "绿茶！")
    assert int(first["syllables"]) > 5 and int(first["characters"]) > 20
    assert (
        first["terms"] == "陆总 → señor Lu" and second["terms"] == "绿茶 not → té verde" and second["note"] == "ask Bo"
    )
    assert (shown["id"], shown["syllables"], shown["previous"]) == ("T0001", "", "")
    glossary_kit.export(order, bible, MARKET, order.out / "kit.xliff")
    units = xliff.read((order.out / "kit.xliff").read_bytes(), "x").units
    assert [unit.id for unit in units][:3] == ["L0001.dub", "L0001.sub", "L0002.dub"] and units[-1].id == "T0001.sub"
    assert units[1].most and not units[0].most and units[0].fact("addressee") == "晚 (wan)"


def questioned(file: Path, line: str, words: str) -> None:
    """What a translator does who does not know: a remark in a translation tool, a cell in a spreadsheet."""
    if file.suffix == ".xlsx":
        found = [cells for _, cells in sheet.decode(file.read_bytes(), "x")]
        for cells in found:
            cells["query"] = words if cells["id"] == line else cells["query"]
        file.write_bytes(sheet.encode(glossary_kit.COLUMNS, found))
        return
    handed = xliff.read(file.read_bytes(), "x")
    units = tuple(
        replace(unit, comments=(words,)) if unit.id.startswith(line) else unit for unit in handed.units
    )  # fmt: skip
    file.write_text(xliff.text(replace(handed, units=units)), "utf-8", newline="")


@pytest.mark.parametrize("line", ["L0001", "L0002", "T0001"])
@pytest.mark.parametrize("suffix", [".xliff", ".xlsx"])
def test_a_question_comes_back_is_kept_and_its_answer_goes_out(
    place: tuple[Order, SeriesBible], suffix: str, line: str
) -> None:
    order, bible = place
    file, before = order.out / f"kit{suffix}", rows(order)
    glossary_kit.export(order, bible, MARKET, file)
    questioned(file, line, "=Who is meant?")
    back = glossary_kit.take(order, bible, MARKET, file)
    assert [(one.line, one.question, one.asked_by, one.market) for one in back.asked] == [
        (line, "=Who is meant?", "Ana", "es-419")
    ]
    assert not back.edits and not back.weighed.changes and rows(order) == before, "no word is changed by asking"
    assert glossary_kit.take(order, bible, MARKET, file).asked == (), "the same kit asks once"
    glossary_kit.export(order, bible, MARKET, file)
    assert "Q1 =Who is meant? (Ana) — open" in told_of(file, line)
    answer(bible.root, "Q1", "The butler.", "Bo")
    glossary_kit.export(order, bible, MARKET, file)
    assert "Q1 =Who is meant? (Ana) — The butler. (Bo)" in told_of(file, line)
    back = glossary_kit.take(order, bible, MARKET, file)
    assert not back.asked and not back.edits, "what was answered is not asked again"


def told_of(file: Path, line: str) -> str:
    if file.suffix == ".xlsx":
        return next(cells["queries"] for _, cells in sheet.decode(file.read_bytes(), "x") if cells["id"] == line)
    units = xliff.read(file.read_bytes(), "x").units
    return next(unit.fact("queries") for unit in units if unit.id.startswith(line))


def test_a_tools_own_notes_are_questions_and_ours_stays_ours(place: tuple[Order, SeriesBible]) -> None:
    from translate.storage import xliff as theirs

    order, bible = place
    file = order.out / "kit.xliff"
    glossary_kit.export(order, bible, MARKET, file)
    store = theirs.xlifffile.parsestring(file.read_bytes())
    for unit in store.units:
        if unit.getid().endswith(("L0002.sub", "L0003.dub")):
            unit.addnote("Tea or woman?", origin="translator")
    file.write_bytes(bytes(store))
    back = glossary_kit.take(order, bible, MARKET, file)
    assert [(one.line, one.question) for one in back.asked] == [("L0002", "Tea or woman?"), ("L0003", "Tea or woman?")]
    assert not back.edits and rows(order)["L0002"].note == "ask Bo"


@pytest.mark.parametrize("suffix", [".xliff", ".xlsx"])
def test_what_changed_on_both_sides_is_a_conflict(place: tuple[Order, SeriesBible], suffix: str) -> None:
    order, bible = place
    file, path = order.out / f"kit{suffix}", table.table_path(order, MARKET)
    glossary_kit.export(order, bible, MARKET, file)
    revised(file, {("L0001", "dub"): "Kit"})
    lines_csv.write(path, [replace(row, dub="House") if row.id != "T0001" else row for row in rows(order).values()])
    with pytest.raises(InputError, match="L0001 dub: 'House' here, 'Kit' in the file"):
        glossary_kit.take(order, bible, MARKET, file)
    assert rows(order)["L0001"].dub == "House"
    revised(file, {("L0001", "dub"): "House"})
    assert glossary_kit.take(order, bible, MARKET, file).edits == () and rows(order)["L0003"].dub == "House"


def test_what_is_not_this_kit_is_refused(place: tuple[Order, SeriesBible]) -> None:
    order, bible = place
    file = order.out / "kit.xliff"
    glossary_kit.export(order, bible, MARKET, file)
    with pytest.raises(InputError, match="is a kit for es-419"):
        glossary_kit.take(order, bible, resolve("id"), _table_for(order, "id"))
    text = file.read_text("utf-8")
    file.write_text(text.replace("L0003.dub", "L0099.dub"), "utf-8")
    with pytest.raises(InputError, match="ids that are not known: L0099"):
        glossary_kit.take(order, bible, MARKET, file)
    file.write_text(text.replace("x-seen", "x-gone"), "utf-8")
    with pytest.raises(InputError, match="seen is gone"):
        glossary_kit.take(order, bible, MARKET, file)
    glossary_kit.export(order, bible, MARKET, order.out / "kit.xlsx")
    revised(order.out / "kit.xlsx", {("L0001", "status"): "fine"})
    with pytest.raises(InputError, match="L0001 has the status 'fine'"):
        glossary_kit.take(order, bible, MARKET, order.out / "kit.xlsx")
    with pytest.raises(InputError, match="run it first"):
        glossary_kit.export(order, bible, resolve("en"), file)


def _table_for(order: Order, code: str) -> Path:
    """A line table of another market, so that only the kit is wrong."""
    other = table.table_path(order, resolve(code))
    other.parent.mkdir()
    other.write_bytes(table.table_path(order, MARKET).read_bytes())
    return order.out / "kit.xliff"


def test_a_kit_as_xliff_2_goes_through_another_program(place: tuple[Order, SeriesBible]) -> None:
    from translate.storage import xliff2 as theirs

    order, bible = place
    file = order.out / "kit.xlf"
    assert glossary_kit.export(order, bible, MARKET, file, "2.1") == 4
    assert glossary_kit.take(order, bible, MARKET, file).edits == ()
    store = theirs.Xliff2File.parsestring(file.read_bytes())
    for unit in store.units:
        if "L0003.sub" in unit.getid():
            unit.target = "—¡Vámonos!"
        if "L0001.dub" in unit.getid():
            unit.addnote("Who comes?", origin="translator")
    file.write_bytes(bytes(store))
    back = glossary_kit.take(order, bible, MARKET, file)
    assert [(one.line, one.field, one.value) for one in back.edits if one.field != "status"] == [
        ("L0003", "subtitle", "—¡Vámonos!"),
    ]  # fmt: skip
    assert [(one.line, one.question) for one in back.asked] == [("L0001", "Who comes?")]
    assert back.one_sided == (("L0003", "dub"),) and rows(order)["L0002"].note == "ask Bo"
    with pytest.raises(InputError, match=r"XLIFF 3 cannot be written"):
        glossary_kit.export(order, bible, MARKET, file, "3")

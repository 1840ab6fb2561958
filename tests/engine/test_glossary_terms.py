"""Terms and memory handed out and taken back, in every format."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from localize.engine.glossary_terms import export, take
from localize.errors import InputError
from localize.formats import sheet, tbx, tmx
from localize.queries import read_queries
from localize.series import open_series
from localize.spreadsheet import neutral
from localize.termbase import read_termbase

TERMS = '''# ours
source,en-US,es-419,kind,use,scope,status,note
陆总,"Mr. Lu|Boss, Lu",señor Lu,title,dialogue,series,approved,"the ""boss"""
绿茶,green tea,té verde,forbidden,dialogue,,,
是,'- Yes.,—Sí.,idiom,,,draft,
'''
MEMORY = "source,speaker,market,dub,subtitle,status\n滚！,lu,en-US,'-Out!,Get out!,reviewed\n滚！,lu,es-419,¡Fuera!,,\n"
TERM_FILES = (".tbx", ".xliff", ".xlsx", ".csv")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "SERIES"
    folder.mkdir()
    (folder / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    (folder / "terms.csv").write_text(TERMS, "utf-8")
    (folder / "memory.csv").write_text(MEMORY, "utf-8")
    return folder


def changed(file: Path, old: str, new: str) -> None:
    """What a person does to a file in another program."""
    if file.suffix == ".xlsx":
        rows = [row for _, row in sheet.decode(file.read_bytes(), "x")]
        new_rows = [{name: text.replace(old, new) for name, text in row.items()} for row in rows]
        file.write_bytes(sheet.encode(tuple(rows[0]), new_rows))
        return
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8", newline="")


def history(root: Path, table: str = "terms") -> list[dict[str, str]]:
    with (root / f"{table}.history.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("suffix", [*TERM_FILES, ".tmx"])
def test_what_comes_back_untouched_changes_no_byte(root: Path, suffix: str) -> None:
    before = {path.name: path.read_bytes() for path in root.iterdir()}
    export(root, root.parent / f"out{suffix}", "late", "zh-CN")
    taken = take(root, root.parent / f"out{suffix}", "Ana")
    assert not taken.weighed.changes and not taken.weighed.unknown and not taken.added
    assert {path.name: path.read_bytes() for path in root.iterdir() if path.name != ".lock"} == before


@pytest.mark.parametrize("suffix", TERM_FILES)
def test_a_persons_change_reaches_its_row_and_the_history(root: Path, suffix: str) -> None:
    file = root.parent / f"out{suffix}"
    export(root, file, "late", "zh-CN")
    changed(file, "señor Lu", "=don Lu")
    taken = take(root, file, "Ana")
    assert [(one.column, one.before, one.after) for one in taken.weighed.changes] == [("es-419", "señor Lu", "=don Lu")]
    assert (root / "terms.csv").read_text("utf-8") == TERMS.replace(",señor Lu", ",'=don Lu")
    assert open_series(root).terms["es-419"][0].target == "=don Lu"
    [told] = history(root)
    assert (told["by"], told["from"], told["before"], told["after"]) == ("Ana", file.name, "señor Lu", "'=don Lu")


@pytest.mark.parametrize("suffix", [".xliff", ".xlsx", ".csv"])
def test_a_cell_changed_on_both_sides_is_a_conflict(root: Path, suffix: str) -> None:
    file, table = root.parent / f"out{suffix}", root / "terms.csv"
    export(root, file, "late", "zh-CN")
    changed(file, "señor Lu", "don Lu")
    table.write_text(TERMS.replace("señor Lu", "jefe Lu").replace("green tea", "tea"), "utf-8")
    with pytest.raises(InputError, match="es-419: 'jefe Lu' here, 'don Lu' in the file"):
        take(root, file, "Ana")
    table.write_text(TERMS.replace("green tea", "tea"), "utf-8")
    assert [one.after for one in take(root, file, "Ana").weighed.changes] == ["don Lu"]
    assert "tea,té verde" in table.read_text("utf-8") and "green tea" not in table.read_text("utf-8")


def test_rows_are_found_by_id_in_any_order(root: Path) -> None:
    file = root.parent / "out.tbx"
    export(root, file, "late", "zh-CN")
    handed = tbx.read(file.read_bytes(), "x")
    file.write_text(tbx.text(type(handed)(handed.original, handed.language, handed.units[::-1])), "utf-8")
    assert not take(root, file, "Ana").weighed.changes


@pytest.mark.parametrize("suffix", TERM_FILES)
def test_unknown_ids_are_reported_and_taken_only_when_asked(root: Path, suffix: str) -> None:
    file = root.parent / f"out{suffix}"
    export(root, file, "late", "zh-CN")
    name = read_termbase(root / "terms.csv").entries[2].id
    changed(file, name, "foreign7")
    changed(file, "是", "好")
    before = (root / "terms.csv").read_bytes()
    with pytest.raises(InputError, match="ids that are not known: foreign7"):
        take(root, file, "Ana")
    assert take(root, file, "Ana", known=True).weighed.unknown == ("foreign7",)
    assert (root / "terms.csv").read_bytes() == before
    assert [row["source"] for row in take(root, file, "Ana", add=True).added] == ["好"]
    new = read_termbase(root / "terms.csv").entries[-1]
    assert (new.id, new["status"], new["en-US"], new["kind"]) == ("foreign7", "draft", "- Yes.", "idiom")
    assert not take(root, file, "Ana").weighed.changes, "known by its id from now on"


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_new_row_without_a_kind_is_an_idiom_and_a_strange_kind_is_told_with_its_row(root: Path, suffix: str) -> None:
    file = root.parent / f"new{suffix}"
    with_row(file, {"id": "", "source": "加油", "en-US": "Come on!"})
    found = take(root, file, "Ana", add=True)
    assert found.added[0]["kind"] == "idiom" and found.filled == ("line 2: 加油 has no kind: taken as idiom",)
    assert read_termbase(root / "terms.csv").entries[-1]["kind"] == "idiom"
    for wrong, told in (({"kind": "Idom"}, "kind"), ({"source": ""}, "Chinese source"), ({"use": "dubbing"}, "use")):
        with_row(file, {"id": "n1", "source": "快走", "en-US": "Run!", **wrong})
        with pytest.raises(InputError, match=told) as refused:
            take(root, file, "Ana", add=True)
        assert refused.value.where.endswith(f"new{suffix}, line 2")


def with_row(file: Path, row: dict[str, str]) -> None:
    from localize.formats import sheet

    columns = list(dict.fromkeys(("id", "source", "kind", "use", *row)))
    if file.suffix == ".xlsx":
        file.write_bytes(sheet.encode(columns, [row]))
    else:
        file.write_text(",".join(columns) + "\n" + ",".join(row.get(name, "") for name in columns) + "\n", "utf-8")


def test_what_would_break_the_table_is_refused(root: Path) -> None:
    file = root.parent / "out.xliff"
    export(root, file, "late", "zh-CN")
    text = file.read_text("utf-8").replace("是", "陆总").replace(">dialogue<", "><").replace(">series<", "><")
    file.write_text(text, "utf-8")
    before = (root / "terms.csv").read_bytes()
    (root / "terms.csv").write_text(TERMS.replace("title,dialogue,series", "title,,"), "utf-8")
    with pytest.raises(InputError, match=r"would leave terms\.csv unreadable|not known"):
        take(root, file, "Ana", known=True)
    (root / "terms.csv").write_bytes(before)


def test_memory_goes_out_as_tmx_and_comes_back(root: Path) -> None:
    file = root.parent / "out.tmx"
    assert export(root, file, "late", "zh-CN") == 2
    said = {(unit.language, unit.target) for unit in tmx.read(file.read_bytes(), "x").units}
    assert said == {("en-US", "-Out!"), ("en-US", "Get out!"), ("es-419", "¡Fuera!")}
    changed(file, "¡Fuera!", "¡Lárgate!")
    take(root, file, "Ana")
    assert [hit.dub for hit in open_series(root).memory["es-419"]] == ["¡Lárgate!"]
    assert open_series(root).memory["en-US"][0].dub == "-Out!" and history(root, "memory")[0]["after"] == "¡Lárgate!"


def test_somebody_elses_memory_comes_in_as_drafts(root: Path) -> None:
    file = root.parent / "theirs.tmx"
    file.write_text(
        '<tmx version="1.4"><header srclang="zh" segtype="sentence"/><body><tu><tuv xml:lang="zh"><seg>好</seg></tuv>'
        '<tuv xml:lang="en"><seg>Good.</seg></tuv></tu></body></tmx>', "utf-8",
    )  # fmt: skip
    with pytest.raises(InputError, match=r"\(none\)"):
        take(root, file, "Ana")
    take(root, file, "Ana", add=True)
    hit = open_series(root).memory["en-US"][-1]
    assert (hit.source, hit.dub) == ("好", "Good.") and hit.why_not
    assert take(root, root.parent / "theirs.tmx", "Ana", known=True).weighed.unknown


def test_other_names_and_damaged_files_are_told(root: Path) -> None:
    with pytest.raises(InputError, match=r"no format is called '\.doc'"):
        export(root, root.parent / "x.doc", "late", "zh-CN")
    (root.parent / "x.tbx").write_text("<martif>", "utf-8")
    with pytest.raises(InputError, match=r"line 1.*not well-formed|not well-formed"):
        take(root, root.parent / "x.tbx", "Ana")


SAID = ("-No.", "- Sí, señor", "=1+1", "+62 812", "@home", "'Cause", "''tis", "－好", "007", "3-4", "TRUE", "a|-b")


def resaved(file: Path, how: str) -> None:
    """What spreadsheets do to a table they only looked at."""
    if file.suffix == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(file)
        book.save(file)
        return
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    mark, encoding = {"libreoffice": (",", "utf-8"), "excel": (";", "utf-8-sig"), "numbers": ("\t", "utf-16")}[how]
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)


@pytest.mark.parametrize(
    ("suffix", "how"),
    [(".csv", "libreoffice"), (".csv", "excel"), (".csv", "numbers"), (".xlsx", "openpyxl")],
)
def test_texts_like_formulas_come_back_byte_for_byte(root: Path, suffix: str, how: str) -> None:
    out = [f"字{at},{csv_cell(said)},,idiom,,,," for at, said in enumerate(SAID)]
    (root / "terms.csv").write_text(TERMS + "\n".join(out) + "\n", "utf-8")
    before = (root / "terms.csv").read_bytes()
    said = [entry["en-US"] for entry in read_termbase(root / "terms.csv").entries[3:]]
    assert said == list(SAID)
    file = root.parent / f"out{suffix}"
    export(root, file, "late", "zh-CN")
    if suffix == ".csv":
        cells = [cell for row in csv.reader(file.read_text("utf-8-sig").splitlines()) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@－")], "no spreadsheet runs any of them"
    resaved(file, how)
    assert not take(root, file, "Ana").weighed.changes
    assert (root / "terms.csv").read_bytes() == before
    (root / "terms.csv").write_text(HEAD_ONLY, "utf-8")
    take(root, file, "Ana", add=True)
    assert [entry["en-US"] for entry in read_termbase(root / "terms.csv").entries[3:]] == list(SAID)


HEAD_ONLY = "id,source,en-US,es-419,kind,use,scope,status,note\n"


def csv_cell(said: str) -> str:
    """As somebody types it who knows the rule: an apostrophe before a formula."""
    return '"' + neutral(said) + '"'


def test_scope_and_uses_survive_every_format(root: Path) -> None:
    text = TERMS.replace("title,dialogue,series,approved", "title,dialogue|tag,7-12 es-419,approved")
    (root / "terms.csv").write_text(text, "utf-8")
    for suffix in TERM_FILES:
        file = root.parent / f"out{suffix}"
        export(root, file, "late", "zh-CN")
        assert not take(root, file, "Ana").weighed.changes and (root / "terms.csv").read_text("utf-8") == text
    export(root, root.parent / "new.xlf", "late", "zh-CN", "2.1", "es-419")
    (root / "terms.csv").unlink()
    take(root, root.parent / "new.xlf", "Ana", add=True)
    first = read_termbase(root / "terms.csv").entries[0]
    assert (first["use"], first["scope"], first["es-419"]) == ("dialogue|tag", "7-12 es-419", "señor Lu")


def test_remarks_on_terms_are_kept_as_questions(root: Path) -> None:
    file = root.parent / "out.xliff"
    export(root, file, "late", "zh-CN")
    text = file.read_text("utf-8").replace("</note>", "</note><note>Is he old?</note>", 1)
    file.write_text(text, "utf-8")
    taken = take(root, file, "Ana")
    assert not taken.weighed.changes
    [asked] = taken.asked
    assert (asked.episode, asked.question, asked.market) == ("terms.csv", "Is he old?", "en-US")
    assert asked.line == read_termbase(root / "terms.csv").entries[0].id
    assert read_queries(root) == (asked,) and not take(root, file, "Ana").asked


@pytest.mark.parametrize(
    ("suffix", "name", "more"),
    [
        (".tbx", "tbx.tbxfile", ()), (".xliff", "xliff.xlifffile", ()), (".tmx", "tmx.tmxfile", ()),
        (".xlf", "xliff2.Xliff2File", ("2.1", "es-419")),
    ],
)  # fmt: skip
def test_another_program_saves_it_and_changes_a_word(root: Path, suffix: str, name: str, more: tuple[str, ...]) -> None:
    from importlib import import_module

    module, kind = name.split(".")
    theirs = getattr(import_module(f"translate.storage.{module}"), kind)
    table = root / ("memory.csv" if suffix == ".tmx" else "terms.csv")
    if suffix != ".tmx":
        named = TERMS.replace("source,", "id,source,").replace("\n陆", "\nyoung master,陆")
        table.write_text(named.replace("\n绿", "\n2,绿").replace("\n是", "\n,是"), "utf-8")
    before, file = table.read_bytes(), root.parent / f"out{suffix}"
    export(root, file, "late", "zh-CN", *more)
    store = theirs.parsestring(file.read_bytes())
    file.write_bytes(bytes(store))
    assert not take(root, file, "Ana").weighed.changes and table.read_bytes() == before
    last = [unit for unit in store.units if unit.target][-1]
    was, last.target = str(last.target), "Nuevo"
    file.write_bytes(bytes(store))
    assert [(one.before, one.after) for one in take(root, file, "Ana").weighed.changes] == [(was, "Nuevo")]


def test_a_translators_state_in_one_language_makes_no_row_a_draft(root: Path) -> None:
    file = root.parent / "out.xliff"
    export(root, file, "late", "zh-CN")
    text = file.read_text("utf-8")
    assert 'state="signed-off"' in text or 'state="final"' in text or "state=" in text
    import re

    file.write_text(re.sub(r'state="[^"]*"', 'state="translated"', text, count=1), "utf-8")
    taken = take(root, file, "Ana")
    assert [one for one in taken.weighed.changes if one.column == "status"] == []


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_one_id_in_two_rows_is_refused_with_both(root: Path, suffix: str) -> None:
    file = root.parent / f"out{suffix}"
    export(root, file, "late", "zh-CN")
    before = (root / "terms.csv").read_bytes()
    if suffix == ".xlsx":
        rows = [row for _, row in sheet.decode(file.read_bytes(), "x")]
        file.write_bytes(sheet.encode(tuple(rows[0]), [*rows, rows[0] | {"es-419": "don Lu"}]))
    else:
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join((*lines, lines[1])), "utf-8", newline="")
    with pytest.raises(InputError, match="stands twice: rows 2 and 5"):
        take(root, file, "Ana")
    assert (root / "terms.csv").read_bytes() == before

"""TBX, TMX, XLIFF and XLSX: what goes in comes out, other programs can read it, and hostile files do no harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from localize.errors import InputError
from localize.formats import sheet, tbx, tmx, xliff
from localize.formats.units import Handed, Unit

FACTS = (("kind", "title"), ("use", "dialogue"), ("scope", "series"))
UNITS = (
    Unit("t2", "陆总", "Mr. Lu|Boss & <Lu>", "en-US", "reviewed", 'a "note"', FACTS),
    Unit("t2", "陆总", "señor Lu", "es-419", "reviewed", 'a "note"', FACTS),
    Unit("t1", "是", "- Yes,\n  sir ", "en-US", "draft", "", (("kind", "idiom"),)),
    Unit("t3", "绿茶", "green tea|tea", "en-US", "reviewed", "", (("kind", "forbidden"),)),
    Unit("t4", "安", "الأمان 😀", "ar", "draft", "", (("kind", "idiom"),)),
)
HANDED = Handed("late & <co>", "zh-CN", UNITS)
FORMATS: tuple[Any, ...] = (tbx, tmx, xliff)


def same(found: Handed) -> set[tuple[Any, ...]]:
    return {(u.id, u.source, u.target, u.language, u.state, u.note, frozenset(u.facts)) for u in found.units}


@pytest.mark.parametrize("form", FORMATS)
def test_every_text_comes_back_by_its_id(form: Any) -> None:
    back = form.read(form.text(HANDED).encode(), "x")
    assert back.language == "zh-CN"
    if form is tbx:  # a form is a term there: blanks around it and line ends inside are no part of it
        back = replace(back, units=tuple(replace(u, target=u.target) for u in back.units))
        wanted = replace(HANDED, units=tuple(replace(u, target=u.target.strip()) for u in UNITS))
        assert same(back) == same(wanted)
    else:
        assert same(back) == same(HANDED)


@pytest.mark.parametrize("form", FORMATS)
def test_order_does_not_matter_and_ids_stand_once(form: Any) -> None:
    turned = replace(HANDED, units=UNITS[::-1])
    assert same(form.read(form.text(turned).encode(), "x")) == same(form.read(form.text(HANDED).encode(), "x"))
    with pytest.raises(InputError, match="t1 stands twice for en-US"):
        form.text(replace(HANDED, units=(UNITS[2], UNITS[2])))


@pytest.mark.parametrize("form", FORMATS)
def test_another_library_parses_it_strictly(form: Any) -> None:
    strict = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    assert etree.fromstring(form.text(HANDED).encode(), strict) is not None


def test_a_translators_toolkit_reads_ids_sources_and_targets() -> None:
    from translate.storage import tbx as their_tbx
    from translate.storage import tmx as their_tmx
    from translate.storage import xliff as their_xliff

    english = replace(HANDED, units=tuple(unit for unit in UNITS if unit.language == "en-US"))
    memory = their_tmx.tmxfile.parsestring(tmx.text(english).encode())
    assert [unit.source for unit in memory.units] == ["陆总", "是", "绿茶"]
    assert {unit.target for unit in memory.units} == {unit.target for unit in english.units}
    theirs = their_xliff.xlifffile.parsestring(xliff.text(english).encode())
    assert [(unit.getid().rpartition("\x04")[2], unit.source, unit.target) for unit in theirs.units] == [
        (unit.id, unit.source, unit.target) for unit in english.units
    ]
    terms = their_tbx.tbxfile.parsestring(tbx.text(english).encode())
    assert [unit.source for unit in terms.units] == ["陆总", "是", "绿茶"]
    assert terms.units[0].target == "Mr. Lu"


def test_kits_tell_lengths_groups_and_states() -> None:
    one = Unit("L0001.sub", "好", "Good.", "en-US", "locked", facts=(("speaker", "Lu"),), most=21, group="L0001")
    text = xliff.text(Handed("ep01", "zh-CN", (one,)))
    assert 'maxwidth="21"' in text and 'size-unit="char"' in text and 'state="final"' in text
    assert xliff.read(text.encode(), "x").units == (one,)


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
FILE = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]><x/>'


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", [BOMB, FILE, PARAMETER, "<x>", "", "\0", "<x/>", "<xliff version='2.1'/>"])
def test_hostile_and_foreign_files_are_refused(form: Any, text: str) -> None:
    with pytest.raises(InputError):
        form.read(text.encode(), "bad.xml")


@pytest.mark.parametrize("form", FORMATS)
def test_what_xml_cannot_hold_is_named(form: Any) -> None:
    with pytest.raises(InputError, match=r"t1 holds the character U\+0007"):
        form.text(replace(HANDED, units=(replace(UNITS[2], target="a\x07"),)))


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t&<>\"'"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(PLAIN, PLAIN, PLAIN)
def test_any_text_survives_xliff_and_tmx(source: str, target: str, note: str) -> None:
    bad = {mark for mark in source + target + note if ord(mark) & 0xFFFF >= 0xFFFE and ord(mark) < 0x10000}
    if bad:
        return
    one = Unit("a", source, target, "en-US", "draft", note)
    for form in (xliff, tmx):
        assert form.read(form.text(Handed("o", "zh-CN", (one,))).encode(), "x").units == (one,)


def test_sheets_hold_text_and_never_formulas() -> None:
    rows = [
        {"id": "a", "dub": said} for said in ("=1+1", "- Yes", "+62", "@x", "007", "3-4", "true", "晚了\nnow", "'Cause")
    ]
    data = sheet.encode(("id", "dub"), rows, editable=("dub",))
    assert [cells for _, cells in sheet.decode(data, "x")] == rows
    from openpyxl import Workbook, load_workbook

    read: Any = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in read.iter_rows(min_row=2) for cell in row} == {"s"}
    book: Any = Workbook()
    book.active.append(["id", "dub"])
    book.active.append(["a", "=HYPERLINK(1)"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError, match="B2 holds a formula"):
        sheet.decode(out.getvalue(), "x")
    for bad in (b"", b"PK\x03\x04nothing", data[:400]):
        with pytest.raises(InputError, match="no spreadsheet"):
            sheet.decode(bad, "x")


def test_a_kit_that_lies_about_its_sizes_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * (24 << 20))
    data = bytearray(out.getvalue())
    at = data.rindex(b"PK\1\2")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="larger than the archive says"):
            sheet.decode(bytes(data), "x")
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_what_a_spreadsheet_respelt_is_told_and_far_cells_are_not_walked_to() -> None:
    from datetime import date

    from openpyxl import Workbook

    for value, says in ((date(2026, 3, 4), "B2 became a date"), (True, "B2 became true or false")):
        book: Any = Workbook()
        book.active.append(["id", "dub"])
        book.active.append(["a", value])
        out = io.BytesIO()
        book.save(out)
        with pytest.raises(InputError, match=says):
            sheet.decode(out.getvalue(), "x")
    far: Any = Workbook()
    far.active.append(["id", "dub"])
    far.active["XFD1048576"] = "far"
    out = io.BytesIO()
    far.save(out)
    with pytest.raises(InputError, match="row 1048576, column 16384"):
        sheet.decode(out.getvalue(), "x")


@pytest.mark.parametrize("form", FORMATS)
def test_towers_of_elements_are_refused(form: Any) -> None:
    with pytest.raises(InputError, match="more than 100 deep"):
        form.read(("<xliff version='1.2'>" + "<group>" * 200_000).encode(), "x")


def test_thousands_of_lines_go_out_and_come_back() -> None:
    units = tuple(Unit(f"L{n:05}.sub", "陆总，走吧。", f"Line {n}", "en-US", "draft", most=40) for n in range(4_000))
    handed = Handed("long", "zh-CN", units)
    for version in ("1.2", "2.1"):
        assert len(xliff.read(xliff.written(handed, version).encode(), "x").units) == 4_000

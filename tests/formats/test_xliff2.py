"""XLIFF 2.1: out and in, read back by another library, and what other programs write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from localize.errors import InputError
from localize.formats import xliff, xliff2
from localize.formats._xml import named, unnamed
from localize.formats.units import Handed, Unit

UNITS = (
    Unit("L0001.dub", "陆总，\n走吧。", "—Mr. <Lu> & co", "en-US", "draft", "ask",
         (("speaker", "陆沉"),), 0, "L0001", ("Who?",)),
    Unit("L0001.sub", "陆总", " Mr. Lu ", "en-US", "locked", "", (("seen", "dub=abc"),), 42, "L0001"),
    Unit("a b/1", "是", "", "en-US", "missing"),
    Unit("t4", "安", "\tYes 😀", "en-US", "reviewed"),
)  # fmt: skip
HANDED = Handed("late & <co>", "zh-CN", UNITS)


def test_every_text_comes_back_by_its_id() -> None:
    text = xliff.written(HANDED, "2.1")
    assert xliff.read(text.encode(), "x") == HANDED
    turned = xliff.written(replace(HANDED, units=UNITS[::-1]), "2.1")
    assert set(xliff.read(turned.encode(), "x").units) == set(UNITS)


def test_another_library_reads_ids_sources_targets_and_states() -> None:
    from translate.storage import xliff2 as theirs

    store = theirs.Xliff2File.parsestring(xliff2.text(HANDED).encode())
    assert [(unit.source, unit.target or "") for unit in store.units] == [(unit.source, unit.target) for unit in UNITS]
    store.units[2].target = "Yes."
    back = xliff.read(bytes(store), "x")
    assert [unit.target for unit in back.units][2] == "Yes." and [unit.id for unit in back.units] == [
        unit.id for unit in UNITS
    ]


def test_the_order_of_elements_is_the_standards() -> None:
    root = etree.fromstring(xliff2.text(HANDED).encode())
    space = {"x": xliff2.NAMESPACE, "slr": xliff2.SIZES, "mda": xliff2.METADATA}
    assert root.get("version") == "2.1" and root.get("trgLang") == "en-US" and root.get("srcLang") == "zh-CN"
    [profiles] = root.xpath("x:file/*[1][self::slr:profiles]/@generalProfile", namespaces=space)
    assert profiles == "xliff:codepoints"
    for unit in root.iter(f"{{{xliff2.NAMESPACE}}}unit"):
        names = [etree.QName(child).localname for child in unit]
        assert names == [name for name in ("metadata", "notes", "segment") if name in names] and "segment" in names
        assert [etree.QName(child).localname for child in unit[-1]] == ["source", "target"]
    ids = root.xpath("//x:unit/@id", namespaces=space)
    assert len(set(ids)) == 4 and not [one for one in ids if " " in one or "/" in one]


def test_it_holds_one_language_and_is_written_only_on_request() -> None:
    with pytest.raises(InputError, match="one target language, not en-US, es-419"):
        xliff2.text(replace(HANDED, units=(UNITS[0], replace(UNITS[0], language="es-419"))))
    with pytest.raises(InputError, match=r"XLIFF 2\.0 cannot be written"):
        xliff.written(HANDED, "2.0")
    assert 'version="1.2"' in xliff.written(HANDED, "1.2")


FOREIGN = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="zh" trgLang="en">
<file id="a"><unit id="u1"><notes><note>Who?</note><note>Why?</note></notes>
<segment state="final"><source>陆总，</source><target>Mr. <pc id="1">Lu</pc>,</target></segment>
<ignorable><source> </source><target> </target></ignorable>
<segment state="translated"><source>走吧。</source><target>let's go.</target></segment></unit></file></xliff>"""


def test_what_other_programs_write_is_read() -> None:
    [unit] = xliff.read(FOREIGN.encode(), "x").units
    assert (unit.source, unit.target, unit.state) == ("陆总， 走吧。", "Mr. Lu, let's go.", "draft")
    assert (unit.note, unit.comments) == ("Who?", ("Why?",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FOREIGN.replace(' trgLang="en"', ""), "no target language"),
        (FOREIGN.replace('"u1"', '"u1"').replace("</file>", "<unit id='u1'><segment/></unit></file>"), "stands twice"),
        ("<xliff version='2.1' trgLang='en'/>", "holds no file"), ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + FOREIGN, "body"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        xliff.read(text.encode(), "x.xlf")


PLAIN: Any = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t&<>\"'"), max_size=30)


@pytest.mark.parametrize("name", ["a_xffffff_b", "a_x110000_b", "_xd800_", "_xdfff_"])
def test_what_spells_no_character_is_left_as_it_is(name: str) -> None:
    assert unnamed(name) == name and unnamed(f"{name}_x20_") == f"{name} "
    unnamed(name).encode()


@pytest.mark.parametrize("size", ["²", "٣", "9" * 5000, ""])
@pytest.mark.parametrize("write", [xliff.text, xliff2.text])
def test_a_length_that_is_none_is_no_limit(write: Any, size: str) -> None:
    told = write(Handed("o", "zh-CN", (Unit("a", "签", "Sign", "en-US", "draft", most=21),)))
    assert told.count('"21"') == 1
    [unit] = xliff.read(told.replace('"21"', f'"{size}"').encode(), "x").units
    assert unit.most == 0


@settings(max_examples=60, deadline=None)
@given(PLAIN, PLAIN)
def test_any_text_survives(source: str, target: str) -> None:
    if [mark for mark in source + target if ord(mark) & 0xFFFF >= 0xFFFE and ord(mark) < 0x10000]:
        return
    one = Handed("o", "zh-CN", (Unit("a", source, target, "en-US", "draft"),))
    assert xliff.read(xliff2.text(one).encode(), "x") == one


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), st.text("_x20f5", max_size=12))
def test_any_id_becomes_a_name_and_comes_back(id: str, tricky: str) -> None:
    for one in filter(None, (id, tricky, "1" + tricky)):
        assert unnamed(named(one)) == one
        assert etree.fromstring(f'<!DOCTYPE a [<!ATTLIST a b ID #IMPLIED>]><a b="{named(one)}"/>') is not None
        assert named(one)[:1].isalpha() or named(one)[:1] == "_"

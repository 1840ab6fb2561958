"""Exported files against what their standards demand.

``grammars/`` says it in our own words, for the elements this program writes: no package carries the published schemas.
Whoever has them puts them into a folder and names it in ``LOCALIZE_SCHEMAS``; then they are asked as well.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from localize.formats import tbx, tmx, xliff, xliff2
from localize.formats.units import Handed, Unit

HERE = Path(__file__).parent / "grammars"
PUBLISHED = Path(os.environ.get("LOCALIZE_SCHEMAS") or HERE / "published")
FACTS = (("kind", "title"), ("use", "dialogue"), ("scope", "7-12"))
TERMS = Handed("late & <co>", "zh-CN", (
    Unit("young master/1", "陆总", "Mr. Lu|Boss & <Lu>", "en-US", "reviewed", 'a "note"', FACTS),
    Unit("young master/1", "陆总", "señor Lu", "es-419", "draft", 'a "note"', FACTS),
    Unit("2", "绿茶", "green tea", "en-US", "reviewed", "", (("kind", "forbidden"),)),
    Unit("t3", "是", "—Sí.", "es-419", "", "", ()),
))  # fmt: skip
KIT = Handed("ep01.es-419", "zh-CN", tuple(
    Unit(f"L000{n}.{end}", "陆总。\n走！", "—¡Señor & <Lu>!", "es-419", state, "ask",
         (("speaker", "陆沉"), ("seen", "a=b c=d")), 42 if end == "sub" else 0, f"L000{n}", ("Who?", "Why?"))
    for n, state in enumerate(("missing", "draft", "reviewed", "locked")) for end in ("dub", "sub")
))  # fmt: skip
ENGLISH = replace(TERMS, units=tuple(unit for unit in TERMS.units if unit.language == "en-US"))
CASES: tuple[tuple[str, str, str], ...] = (
    ("xliff12.xsd", "xliff-core-1.2-strict.xsd", xliff.text(TERMS)),
    ("xliff12.xsd", "xliff-core-1.2-strict.xsd", xliff.text(KIT)),
    ("xliff21.xsd", "xliff_core_2.0.xsd", xliff2.text(ENGLISH)),
    ("xliff21.xsd", "xliff_core_2.0.xsd", xliff2.text(KIT)),
    ("tmx14.dtd", "tmx14.dtd", tmx.text(TERMS)), ("tmx14.dtd", "tmx14.dtd", tmx.text(KIT)),
    ("tbx_basic.dtd", "TBXBasiccoreStructV02.dtd", tbx.text(TERMS)),
)  # fmt: skip


def wrong(schema: Path, text: str) -> str:
    """What a schema has against a document; empty when it is valid."""
    asked: Any = etree.DTD(str(schema)) if schema.suffix == ".dtd" else etree.XMLSchema(etree.parse(str(schema)))
    return "" if asked.validate(etree.fromstring(text.encode())) else str(asked.error_log)


@pytest.mark.parametrize(("grammar", "published", "text"), CASES, ids=[f"{a}-{n}" for n, (a, _, _) in enumerate(CASES)])
def test_what_is_written_is_valid(grammar: str, published: str, text: str) -> None:
    assert wrong(HERE / grammar, text) == ""
    if (PUBLISHED / published).is_file():
        assert wrong(PUBLISHED / published, text) == ""


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        ("xliff12.xsd", xliff.text(KIT).replace('purpose="information"', 'name="facts"')),
        ("xliff12.xsd", xliff.text(KIT).replace("x-speaker", "speaker")),
        ("xliff21.xsd", xliff2.text(KIT).replace('state="final"', 'state="signed-off"')),
        ("xliff21.xsd", xliff2.text(KIT).replace('id="L0001.dub"', 'id="L0001 dub"')),
        ("tmx14.dtd", tmx.text(KIT).replace('segtype="sentence"', 'segtype="line"')),
        ("tbx_basic.dtd", tbx.text(TERMS).replace("<note>", "<remark>").replace("</note>", "</remark>")),
    ],
)
def test_the_grammars_refuse_what_the_standards_refuse(grammar: str, text: str) -> None:
    assert wrong(HERE / grammar, text)

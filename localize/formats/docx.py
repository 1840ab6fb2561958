"""Word documents (``.docx``), read: the paragraphs and tables of the text, in order.

What somebody struck out with change tracking on is gone, what they put in counts; pictures, comments, notes and
headers are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from localize.errors import InputError
from localize.formats._office import opened
from localize.formats._xml import bare, child, parse

MOST_BLOCKS = 60_000
_FIX = "save it as a Word document (.docx), or as plain rows in a spreadsheet"
_GONE = {"del", "moveFrom", "Fallback", "instrText", "delText", "pict", "drawing", "txbxContent"}
_INTO = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``style`` is the name the document's style has in the file, such as ``Heading1``; empty for the usual one."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the text of every cell, row by row."""

    rows: tuple[tuple[str, ...], ...]


def read(data: bytes, where: str) -> tuple[Paragraph | Grid, ...]:
    """The blocks of a document.  Raises ``InputError`` for anything that is none, or attacks its reader."""
    part = opened(data, where, "Word document", _FIX)
    try:
        root = parse(part("word/document.xml"), where)
    except KeyError:
        raise InputError("is no Word document (it has no word/document.xml)", where, _FIX) from None
    body = child(root, "body")
    if body is None:
        raise InputError("is no Word document (it has no body)", where, _FIX)
    blocks = tuple(_blocks(body))
    if len(blocks) > MOST_BLOCKS:
        raise InputError(f"holds {len(blocks):,} paragraphs; no episode has that many", where, _FIX)
    return blocks


def _blocks(body: Element) -> Iterator[Paragraph | Grid]:
    waiting = [iter(body)]
    while waiting:
        one = next(waiting[-1], None)
        if one is None:
            waiting.pop()
        elif bare(one) == "p":
            yield Paragraph(_text(one), _style(one))
        elif bare(one) == "tbl":
            yield Grid(tuple(_rows(one)))
        elif bare(one) in _INTO:
            waiting.append(iter(one))


def _rows(table: Element) -> Iterator[tuple[str, ...]]:
    for row in (one for one in table if bare(one) == "tr"):
        yield tuple("\n".join(filter(None, map(_text, _paragraphs(cell)))) for cell in row if bare(cell) == "tc")


def _paragraphs(cell: Element) -> Iterator[Element]:
    """Those of the cell itself and of tables inside it."""
    return (one for one in cell.iter() if bare(one) == "p")


def _text(paragraph: Element) -> str:
    """What the paragraph says by now; no recursion, so that deep nesting costs nothing."""
    said, waiting = [], [iter(paragraph)]
    while waiting:
        one = next(waiting[-1], None)
        if one is None:
            waiting.pop()
            continue
        name = bare(one)
        if name == "t":
            said.append(one.text or "")
        elif name in ("br", "cr"):
            said.append("\n")
        elif name == "tab":
            said.append("\t")
        elif name == "noBreakHyphen":
            said.append("-")
        elif name not in _GONE:
            waiting.append(iter(one))
    return "".join(said).strip()


def _style(paragraph: Element) -> str:
    own = child(paragraph, "pPr")
    style = child(own, "pStyle") if own is not None else None
    return next((value for key, value in style.attrib.items() if key.endswith("}val")), "") if style is not None else ""

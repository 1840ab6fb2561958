"""XML written by hand, so that every byte of a text comes back, and read without believing it.

Entities, which is how XML files attack their readers, and document types with a body of their own are refused; a
document type that only names its DTD is let pass and never fetched.
"""

from __future__ import annotations

import re
import sys
import xml.parsers.expat as expat
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from localize.errors import InputError
from localize.han import SIGNS

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DEEPEST = 100
"""How deep elements stand in an exchange file at most; ours go down seven."""
_NAME = re.compile(rf"[^A-Za-z0-9_.À-ÖØ-öø-ÿ{SIGNS}-]")
_SPELLED = re.compile(r"_x(?=[0-9a-f]{1,6}_)")
_ESCAPED = re.compile(r"_x([0-9a-f]{1,6})_")
_LENGTH = re.compile("[0-9]{1,9}")
_ESCAPES = {"\r": "&#13;"}
_QUOTED = {**_ESCAPES, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def tag(name: str, attributes: Mapping[str, str], *inner: str, text: str | None = None) -> str:
    """An element; ``inner`` are elements already written, each on its own line, ``text`` is escaped here."""
    told = "".join(f' {key}="{escape(value, _QUOTED)}"' for key, value in attributes.items() if value)
    if text is not None:
        return f"<{name}{told}>{escape(text, _ESCAPES)}</{name}>"
    if not inner:
        return f"<{name}{told}/>"
    return f"<{name}{told}>\n" + "\n".join(inner) + f"\n</{name}>"


def named(id: str) -> str:
    """``id`` as a name that XML takes for one: it begins with a letter and holds no blanks, which become ``_x20_``."""
    plain = _NAME.sub(lambda mark: f"_x{ord(mark[0]):x}_", _SPELLED.sub("_x5f_x", id))
    return plain if plain[:1].isalpha() or plain[:1] == "_" else f"_x{ord(plain[0]):x}_{plain[1:]}" if plain else ""


def unnamed(name: str) -> str:
    """The id behind ``named(id)``; what spells no character, a half of a pair included, is left as it is."""
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)) or found[0], name)


def _character(code: int) -> str:
    return chr(code) if code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF else ""


def length(text: str) -> int:
    """A length in characters as an attribute tells it; 0, no limit, for anything else than up to nine figures."""
    return int(text) if _LENGTH.fullmatch(text) else 0


def parse(data: bytes, where: str, deepest: int = 0) -> Element:
    """The root of a file.  Raises ``InputError`` with the line where it is no XML, defines entities, or nests elements
    deeper than ``deepest`` (0: as it likes), which readers that go down step by step need.
    """
    watch = expat.ParserCreate()

    def refuse(what: str) -> InputError:
        return InputError(what, f"{where}, line {watch.CurrentLineNumber}", "save it again from the program it is from")

    def doctype(name: str, system: str | None, public: str | None, body: int) -> None:
        if body:
            raise refuse("the document type has a body of its own, which no exchange file needs")

    def entity(*_: object) -> None:
        raise refuse("it defines entities, which no exchange file needs")

    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if deepest and depth > deepest:
            raise refuse(f"elements stand more than {deepest} deep in each other, which no exchange file needs")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    watch.StartElementHandler, watch.EndElementHandler = start, end
    watch.StartDoctypeDeclHandler = doctype
    watch.EntityDeclHandler = entity
    watch.ExternalEntityRefHandler = lambda *_: 1
    watch.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        watch.Parse(data, True)
        return ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise refuse(f"not well-formed XML: {error}") from None


def bare(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element, name: str) -> Element | None:
    return next((one for one in element if bare(one) == name), None)


def below(element: Element, name: str) -> list[Element]:
    """All elements of a name inside, at any depth, in order."""
    return [one for one in element.iter() if bare(one) == name]


def words(element: Element | None) -> str:
    """The text of an element, inline mark-up of translation tools taken off."""
    return "".join(element.itertext()) if element is not None else ""

"""TMX 1.4b (LISA, 2005): translation memories, as every translation tool reads them.

A unit's id is ``tuid``; facts are properties (``x-speaker`` …) of the variant in its language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from localize.errors import InputError
from localize.formats._xml import DEEPEST, HEAD, LANG, bare, below, child, parse, tag, words
from localize.formats.units import Handed, Unit, check_once, check_sayable

DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'


def text(handed: Handed) -> str:
    """The document: one ``tu`` per id, one variant per language.  Raises ``InputError`` for what XML cannot hold."""
    check_sayable(handed.units)
    check_once(handed.units, handed.original)
    header = tag("header", {
        "creationtool": "localize", "creationtoolversion": "1", "segtype": "sentence", "o-tmf": "localize",
        "adminlang": "en", "srclang": handed.language, "datatype": "plaintext",
    })  # fmt: skip
    places = {unit.id: place for place, unit in reversed(list(enumerate(handed.units)))}
    ordered = sorted(handed.units, key=lambda unit: places[unit.id])
    tus = [_tu(name, tuple(units), handed.language) for name, units in groupby(ordered, lambda unit: unit.id)]
    body = tag("body", {}, *tus)
    return HEAD + DOCTYPE + tag("tmx", {"version": "1.4"}, header, body) + "\n"


def _tu(name: str, units: Sequence[Unit], language: str) -> str:
    source = tag("tuv", {"xml:lang": language}, tag("seg", {}, text=units[0].source))
    return tag("tu", {"tuid": name}, source, *map(_tuv, units))


def _tuv(unit: Unit) -> str:
    notes = [tag("note", {}, text=unit.note)] if unit.note else []
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", unit.fact("changed"))
    own = {"changeid": unit.fact("changed_by"), "changedate": f"{''.join(day.groups())}T000000Z" if day else ""}
    kept = [fact for fact in unit.facts if fact[0] != "changed_by" and (fact[0] != "changed" or not day)]
    facts = (*kept, *([("state", unit.state)] if unit.state else []))
    props = [tag("prop", {"type": f"x-{name}"}, text=said) for name, said in facts if said]
    return tag("tuv", {"xml:lang": unit.language, **own}, *notes, *props, tag("seg", {}, text=unit.target))


def _changed(one: Element, tu: Element) -> tuple[tuple[str, str], ...]:
    """Who changed a variant last, and on which day: its own, else the unit's, else who made it."""
    found = []
    for name, ends in (("changed", ("changedate", "creationdate")), ("changed_by", ("changeid", "creationid"))):
        told = next((text for end in ends for text in (one.get(end), tu.get(end)) if text), "")
        day = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", told)
        found.append((name, "-".join(day.groups()) if name == "changed" and day else told))
    return tuple(fact for fact in found if fact[1])


def read(data: bytes, where: str) -> Handed:
    """Units of a memory, whatever program wrote it; a variant in the source language is no unit.

    Raises ``InputError`` for other XML, for a memory without a source language, and for ids that stand twice.
    """
    root = parse(data, where, DEEPEST)
    header = child(root, "header")
    if bare(root) != "tmx" or header is None:
        raise InputError(f"is no TMX (its root is <{bare(root)}>)", where, "export it as TMX 1.4b")
    language = header.get("srclang", "")
    units = tuple(unit for tu in below(root, "tu") for unit in _read(tu, tu.get("srclang", language)))
    check_once((unit for unit in units if unit.id), where)
    return Handed(header.get("o-tmf", ""), language, units)


def _read(tu: Element, language: str) -> list[Unit]:
    variants = [(one.get(LANG) or one.get("lang") or "", one) for one in tu if bare(one) == "tuv"]
    wanted = language.casefold() if language != "*all*" else ""
    sources = [one for lang, one in variants if _same(lang, wanted)] or [one for _, one in variants[:1]]
    found = []
    for lang, one in variants:
        if any(one is other for other in sources):
            continue
        props = tuple((p.get("type", "").removeprefix("x-"), words(p)) for p in one if bare(p) == "prop")
        state = dict(props).get("state", "")
        told = dict(_changed(one, tu)) | dict(p for p in props if p[0] != "state")
        facts = tuple(told.items())
        said, note = words(child(one, "seg")), words(child(one, "note"))
        source = words(child(sources[0], "seg"))
        found.append(Unit(tu.get("tuid", ""), source, said, lang, state, note, facts))
    return found


def _same(language: str, wanted: str) -> bool:
    """zh-CN and zh are the same source; a memory that says neither begins with its source."""
    one = language.casefold()
    return bool(wanted) and (one == wanted or one.partition("-")[0] == wanted.partition("-")[0])

"""XLIFF 1.2 (OASIS standard of 2008): what translation tools take in and give back.

A unit is a ``trans-unit`` whose id is the unit's; what belongs together stands in a ``group``.  Facts are contexts
(``x-speaker`` …), lengths ``maxwidth`` in characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from localize.errors import InputError
from localize.formats import xliff2
from localize.formats._xml import DEEPEST, HEAD, LANG, bare, below, child, length, parse, tag, words
from localize.formats.units import OURS, Handed, Unit, check_any, check_once, check_sayable, own_note

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
STATES = {
    "missing": "needs-translation", "draft": "needs-review-translation", "reviewed": "signed-off", "locked": "final",
}  # fmt: skip
_READ = {there: here for here, there in STATES.items()} | {
    "new": "missing", "translated": "draft", "needs-adaptation": "draft", "needs-l10n": "draft",
    "needs-review-adaptation": "draft", "needs-review-l10n": "draft",
}  # fmt: skip


def written(handed: Handed, version: str) -> str:
    """The document in a version of XLIFF: 1.2 or 2.1.  Raises ``InputError`` for another one."""
    if version not in WRITERS:
        raise InputError(f"XLIFF {version} cannot be written", "--xliff", f"choose from {', '.join(WRITERS)}")
    return WRITERS[version](handed)


def text(handed: Handed) -> str:
    """The document: one ``file`` per target language.  Raises ``InputError`` for what XML cannot hold."""
    check_any(handed)
    check_sayable(handed.units)
    check_once(handed.units, handed.original)
    ordered = sorted(handed.units, key=lambda unit: unit.language)  # stable: units keep their order
    files = [_file(handed, language, tuple(units)) for language, units in groupby(ordered, lambda unit: unit.language)]
    return HEAD + tag("xliff", {"version": "1.2", "xmlns": NAMESPACE}, *files) + "\n"


def _file(handed: Handed, language: str, units: Iterable[Unit]) -> str:
    told = {
        "original": handed.original, "source-language": handed.language, "target-language": language,
        "datatype": "plaintext",
    }  # fmt: skip
    return tag("file", told, tag("body", {}, *_body(units)))


def _body(units: Iterable[Unit]) -> Iterator[str]:
    for name, group in groupby(units, lambda unit: unit.group):
        inner = [_unit(unit) for unit in group]
        if name:
            yield tag("group", {"id": f"g-{name}", "resname": name}, *inner)
        else:
            yield from inner


def _unit(unit: Unit) -> str:
    size = {"maxwidth": str(unit.most), "size-unit": "char"} if unit.most else {}
    inner = [
        tag("source", {}, text=unit.source),
        tag("target", {"state": STATES.get(unit.state, "")}, text=unit.target),
    ]
    facts = [tag("context", {"context-type": f"x-{name}"}, text=said) for name, said in unit.facts if said]
    if facts:
        inner.append(tag("context-group", {"purpose": "information"}, *facts))
    if unit.note:
        inner.append(tag("note", {"from": OURS}, text=unit.note))
    inner += [tag("note", {}, text=said) for said in unit.comments]
    return tag("trans-unit", {"id": unit.id, "xml:space": "preserve", **size}, *inner)


def read(data: bytes, where: str) -> Handed:
    """Units of a file, whatever program wrote it, of version 2 as well (``xliff2``).

    Raises ``InputError`` for other XML and for ids that stand twice.
    """
    root = parse(data, where, DEEPEST)
    if bare(root) == "xliff" and root.get("version", "").startswith("2."):
        return xliff2.read(root, where)
    if bare(root) != "xliff" or not root.get("version", "").startswith("1."):
        what = f"is no XLIFF 1.2 or 2 (its root is <{bare(root)}> {root.get('version', '')}".rstrip() + ")"
        raise InputError(what, where, "export it as XLIFF 1.2 or 2.1")
    files = below(root, "file")
    units = tuple(unit for file in files for unit in _units(file, file.get("target-language", ""), ""))
    check_once(units, where)
    first = files[0] if files else root
    return Handed(first.get("original", ""), first.get("source-language", ""), units)


def _units(element: Element, language: str, group: str) -> Iterator[Unit]:
    for one in element:
        if bare(one) == "trans-unit":
            yield _read_unit(one, language, group)
        elif bare(one) in ("body", "group"):
            yield from _units(one, language, one.get("resname", group))


def _read_unit(one: Element, language: str, group: str) -> Unit:
    target = child(one, "target")
    state = _READ.get(target.get("state", ""), "") if target is not None else ""
    lang = (target.get(LANG) if target is not None else None) or language
    facts = tuple(
        (context.get("context-type", "").removeprefix("x-"), words(context))
        for context in below(one, "context")
    )  # fmt: skip
    most = one.get("maxwidth", "") if one.get("size-unit") == "char" else ""
    notes = [(note.get("from", ""), words(note)) for note in one if bare(note) == "note"]
    note, comments = own_note(notes)
    return Unit(
        one.get("id", ""), words(child(one, "source")), words(target), lang, state, note, facts,
        length(most), group, comments,
    )  # fmt: skip


WRITERS = {"1.2": text, "2.1": xliff2.text}

"""XLIFF 2.1 (OASIS standard of 2018; its core keeps the namespace of 2.0): one target language a file.

A unit's id is the unit's; what belongs together stands in a ``group``.  Facts are metadata (its module), lengths size
restrictions in code points (its module).  A state has a place of its own, so that nothing is guessed coming back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from localize.errors import InputError
from localize.formats._xml import HEAD, bare, below, child, length, named, tag, unnamed, words
from localize.formats.units import OURS, Handed, Unit, check_any, check_once, check_sayable, own_note

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
STATES = {"missing": "initial", "draft": "translated", "reviewed": "reviewed", "locked": "final"}
_READ = {there: here for here, there in STATES.items()}
_LEAST = ("missing", "draft", "reviewed", "locked")


def text(handed: Handed) -> str:
    """The document.  Raises ``InputError`` for what XML cannot hold, and for units of more than one language."""
    check_any(handed)
    check_sayable(handed.units)
    check_once(handed.units, handed.original)
    languages = sorted({unit.language for unit in handed.units})
    if len(languages) > 1:
        what = f"XLIFF 2.1 holds one target language, not {', '.join(languages)}"
        raise InputError(what, handed.original, f"name it: --to {languages[0]}")
    sized = any(unit.most for unit in handed.units)
    profiles = [tag("slr:profiles", {"generalProfile": "xliff:codepoints"})] if sized else []
    file = tag("file", {"id": "f1", "original": handed.original}, *profiles, *_body(handed.units))
    told = {
        "version": "2.1", "srcLang": handed.language, "trgLang": "".join(languages), "xmlns": NAMESPACE,
        "xmlns:mda": METADATA, "xmlns:slr": SIZES,
    }  # fmt: skip
    return HEAD + tag("xliff", told, file) + "\n"


def _body(units: Iterable[Unit]) -> Iterator[str]:
    for name, group in groupby(units, lambda unit: unit.group):
        inner = [_unit(unit) for unit in group]
        if name:
            yield tag("group", {"id": f"g-{named(name)}", "name": name}, *inner)
        else:
            yield from inner


def _unit(unit: Unit) -> str:
    told = [tag("mda:meta", {"type": name}, text=said) for name, said in unit.facts if said]
    facts = [tag("mda:metadata", {}, tag("mda:metaGroup", {"category": OURS}, *told))] if told else []
    notes = [tag("note", {"category": OURS}, text=unit.note)] if unit.note else []
    notes += [tag("note", {}, text=said) for said in unit.comments]
    segment = tag(
        "segment", {"state": STATES.get(unit.state, "")},
        tag("source", {}, text=unit.source), tag("target", {}, text=unit.target),
    )  # fmt: skip
    inner = [*facts, *([tag("notes", {}, *notes)] if notes else []), segment]
    most = {"slr:sizeRestriction": str(unit.most)} if unit.most else {}
    return tag("unit", {"id": named(unit.id), "canResegment": "no", "xml:space": "preserve", **most}, *inner)


def read(root: Element, where: str) -> Handed:
    """Units of a document, whatever program wrote it; segments of a unit are put together again.

    Raises ``InputError`` for a file without a target language and for ids that stand twice.
    """
    language = root.get("trgLang", "")
    files = below(root, "file")
    if not language or not files:
        what = "tells no target language (trgLang)" if files else "holds no file"
        raise InputError(what, where, "export it again as XLIFF 2.1 with its target language")
    units = tuple(unit for file in files for unit in _units(file, language, ""))
    check_once(units, where)
    return Handed(files[0].get("original", ""), root.get("srcLang", ""), units)


def _units(element: Element, language: str, group: str) -> Iterator[Unit]:
    for one in element:
        if bare(one) == "unit":
            yield _read_unit(one, language, group)
        elif bare(one) == "group":
            yield from _units(one, language, one.get("name", group))


def _read_unit(one: Element, language: str, group: str) -> Unit:
    parts = [part for part in one if bare(part) in ("segment", "ignorable")]
    sources, targets = (
        "".join(words(child(part, name)) for part in parts) for name in ("source", "target")
    )  # fmt: skip
    states = [_READ.get(part.get("state", ""), "") for part in parts if bare(part) == "segment"]
    state = min(states, key=_LEAST.index) if all(states) and states else ""
    facts = tuple(
        (meta.get("type", ""), words(meta)) for whole in one if bare(whole) == "metadata"
        for meta in below(whole, "meta")
    )  # fmt: skip
    # Some tools put notes into the segment, where the standard has none.
    remarks = [(note.get("category", ""), words(note)) for note in below(one, "note")]
    note, comments = own_note(remarks)
    most = one.get(f"{{{SIZES}}}sizeRestriction", "")
    return Unit(
        unnamed(one.get("id", "")), sources, targets, language, state, note, facts,
        length(most), group, comments,
    )  # fmt: skip

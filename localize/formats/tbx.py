"""TBX-Basic (ISO 30042:2008, LISA's dialect of 2009): term bases.

A unit per term and market becomes a ``termEntry`` with one ``langSet`` a language; the forms of a cell (``a|b``) are
terms of their own, the first preferred.  Forbidden forms are deprecated terms; the Chinese term of a draft is
admitted, any other preferred.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from localize.errors import InputError
from localize.formats._xml import DEEPEST, HEAD, LANG, bare, below, child, named, parse, tag, unnamed, words
from localize.formats.units import Handed, Unit, check_any, check_once, check_sayable

DOCTYPE = '<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">\n'
FACTS = {
    "kind": ("descrip", "subjectField"), "use": ("admin", "projectSubset"), "scope": ("admin", "customerSubset"),
}  # fmt: skip
PREFERRED, ADMITTED, DEPRECATED = (f"{name}-admn-sts" for name in ("preferredTerm", "admittedTerm", "deprecatedTerm"))


def text(handed: Handed) -> str:
    """The document.  Raises ``InputError`` for what XML cannot hold."""
    check_any(handed)
    check_sayable(handed.units)
    check_once(handed.units, handed.original)
    places = {unit.id: place for place, unit in reversed(list(enumerate(handed.units)))}
    ordered = sorted(handed.units, key=lambda unit: places[unit.id])
    entries = [_entry(name, tuple(units), handed.language) for name, units in groupby(ordered, lambda unit: unit.id)]
    told = tag("sourceDesc", {}, tag("p", {}, text=handed.original))
    dialect = tag("encodingDesc", {}, tag("p", {"type": "XCSURI"}, text="TBXBasicXCSV02.xcs"))
    header = tag("martifHeader", {}, tag("fileDesc", {}, told), dialect)
    body = tag("text", {}, tag("body", {}, *entries))
    return HEAD + DOCTYPE + tag("martif", {"type": "TBX-Basic", "xml:lang": handed.language}, header, body) + "\n"


def _entry(name: str, units: Sequence[Unit], language: str) -> str:
    first = units[0]
    told = [(FACTS[fact], said) for fact, said in first.facts if said and fact in FACTS]
    facts = [tag(name, {"type": kind}, text=said) for (name, kind), said in told]
    notes = [tag("note", {}, text=first.note)] if first.note else []
    draft = first.state == "draft"
    sets = [_lang(language, [(first.source, ADMITTED if draft else PREFERRED)] if first.source else [])]
    sets += [_lang(unit.language, _forms(unit)) for unit in units if unit.target]
    return tag("termEntry", {"id": named(name)}, *facts, *notes, *filter(None, sets))


def _forms(unit: Unit) -> list[tuple[str, str]]:
    forms = [form.strip() for form in unit.target.split("|") if form.strip()]
    if unit.fact("kind") == "forbidden":
        return [(form, DEPRECATED) for form in forms]
    return [(form, ADMITTED if at else PREFERRED) for at, form in enumerate(forms)]


def _lang(language: str, terms: Sequence[tuple[str, str]]) -> str:
    tigs = [
        tag("tig", {}, tag("term", {}, text=form),
            *([tag("termNote", {"type": "administrativeStatus"}, text=status)] if status else []))
        for form, status in terms
    ]  # fmt: skip
    return tag("langSet", {"xml:lang": language}, *tigs) if tigs else ""


def read(data: bytes, where: str) -> Handed:
    """Units of a term base, whatever program wrote it.  Raises ``InputError`` for other XML and doubled ids."""
    root = parse(data, where, DEEPEST)
    if bare(root) not in ("martif", "tbx"):
        raise InputError(f"is no TBX (its root is <{bare(root)}>)", where, "export it as TBX-Basic")
    language = root.get(LANG, "")
    units = tuple(unit for entry in below(root, "termEntry") for unit in _read(entry, language))
    check_once((unit for unit in units if unit.id), where)
    origin = below(root, "sourceDesc")
    return Handed(words(origin[0]).strip() if origin else "", language, units)


def _read(entry: Element, language: str) -> Iterator[Unit]:
    facts = tuple(
        (fact, words(one)) for fact, (name, kind) in FACTS.items()
        for one in entry if bare(one) == name and one.get("type") == kind
    )  # fmt: skip
    sets = {one.get(LANG, ""): _terms(one) for one in below(entry, "langSet")}
    source = next((lang for lang in sets if lang.partition("-")[0] == language.partition("-")[0]), "")
    zh = sets.pop(source, [("", "")])[0]
    state = {PREFERRED: "reviewed", ADMITTED: "draft"}.get(zh[1], "")
    for lang, terms in sets.items():
        ordered = sorted(terms, key=lambda term: term[1] != PREFERRED)  # stable: the rest keeps its order
        said = "|".join(form for form, _ in ordered)
        forbids = bool(terms) and all(status == DEPRECATED for _, status in terms)
        kinds = facts if not forbids or dict(facts).get("kind") else (("kind", "forbidden"), *facts)
        yield Unit(unnamed(entry.get("id", "")), zh[0], said, lang, state, words(child(entry, "note")), kinds)


def _terms(lang: Element) -> list[tuple[str, str]]:
    found = []
    for group in lang:
        term = next(iter(below(group, "term")), None)
        notes = [one for one in below(group, "termNote") if one.get("type") == "administrativeStatus"]
        if term is not None:
            found.append((words(term), words(notes[0]) if notes else ""))
    return found or [("", "")]

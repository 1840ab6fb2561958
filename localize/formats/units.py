"""What exchange formats carry: one text and its translation, known by an id and never by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from localize.errors import InputError

# What XML 1.0 cannot hold, escaped or not (its production 2, Char).
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


OURS = "localize"
"""Whose notes are the table's own; anybody else's are remarks on them."""

MEMORY_TEXTS = {"dub": "dub", "sub": "subtitle", "short": "short", "long": "long"}
"""The end of a unit's id, and the column of ``memory.csv`` whose text it carries."""


@dataclass(frozen=True, slots=True)
class Unit:
    """``target`` is in ``language`` (BCP 47).  ``facts`` are (name, text) a person may want beside it.

    ``state`` is the table's: missing, draft, reviewed, locked, or empty where the format had none.  ``most`` is how
    many characters fit, 0 when nothing is known.  ``group`` holds units that belong together, ``comments`` what people
    remarked on it besides the ``note``.
    """

    id: str
    source: str
    target: str
    language: str
    state: str = ""
    note: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    most: int = 0
    group: str = ""
    comments: tuple[str, ...] = ()

    def fact(self, name: str) -> str:
        return dict(self.facts).get(name, "")


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of units: where it comes from (``original``), and the language of its sources."""

    original: str
    language: str
    units: tuple[Unit, ...]


def split_id(id: str) -> tuple[str, str]:
    """The row of a memory a unit is of, and the column; an id of anybody else is a row's with its dub.

    >>> split_id("m1.short"), split_id("their.id")
    (('m1', 'short'), ('their.id', 'dub'))
    """
    base, _, end = id.rpartition(".")
    return (base, MEMORY_TEXTS[end]) if base and end in MEMORY_TEXTS else (id, "dub")


def check_any(handed: Handed) -> None:
    """Raise ``InputError`` where there is nothing: the standards know no empty file."""
    if not handed.units:
        raise InputError("there is nothing to hand out", handed.original, "fill in a row and a market first")


def check_sayable(units: Iterable[Unit]) -> None:
    """Raise ``InputError`` where a text holds what no XML file can: control characters and halves of pairs."""
    for unit in units:
        for text in (unit.source, unit.target, unit.note, *unit.comments, *(text for _, text in unit.facts)):
            odd = _UNSAYABLE.search(text)
            if odd:
                what = f"{unit.id} holds the character U+{ord(odd[0]):04X}, which XML cannot"
                raise InputError(what, fix="type the text again without it (localize glossary check lists such cells)")


def check_once(units: Iterable[Unit], where: str) -> None:
    """Raise ``InputError`` where an id stands twice for one language: nobody could say which one counts."""
    seen: set[tuple[str, str]] = set()
    for unit in units:
        if (unit.id, unit.language) in seen:
            raise InputError(f"the id {unit.id} stands twice for {unit.language}", where, "keep one of the two")
        seen.add((unit.id, unit.language))


def own_note(notes: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """The note a unit was handed out with, and what people remarked since, of (from, text).

    Where no note says that it is ours, the first one counts: a file of another program.
    """
    ours = next((at for at, (name, _) in enumerate(notes) if name == OURS), 0)
    rest = tuple(text for at, (_, text) in enumerate(notes) if at != ours and text.strip())
    return (notes[ours][1] if notes else ""), rest

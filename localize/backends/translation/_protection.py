"""Approved terms carried through a model that knows no glossary: each is a mark on the way, and is put in afterwards.

A mark is a made-up name such models copy rather than translate.  Whether one survives is seen afterwards: every mark
must stand in the answer exactly once, else the attempt counts for nothing.  No kind of mark is sure to hold in every
model, so several are tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

FAMILIES: tuple[tuple[str, ...], ...] = (
    tuple(f"X{letter}" for letter in "ABDEFGHJKLMNPQRSTUVWYZ"),
    tuple(f"N{number}" for number in range(1, 23)),
)
"""Kinds of marks, in the order they are tried."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A term on its way: its mark, the Chinese it stands for, the approved form."""

    mark: str
    source: str
    target: str

    @property
    def seen(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![A-Za-z0-9]){re.escape(self.mark)}(?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Protected:
    """A text with marks in place of its terms."""

    text: str
    slots: tuple[Slot, ...] = ()

    def within(self, part: str) -> tuple[Slot, ...]:
        """The slots whose mark stands in a part of the text."""
        return tuple(slot for slot in self.slots if slot.seen.search(part))


def protect(text: str, terms: Sequence[tuple[str, str]], family: Sequence[str]) -> Protected:
    """``text`` with its terms replaced by marks: the longest first, none inside another, each place its own mark.

    ``terms`` are (Chinese, approved form); of several forms for one word the first is taken.  Terms beyond the marks of
    the family stay as they are.
    """
    forms: dict[str, str] = {}
    for source, target in terms:
        if source and target:
            forms.setdefault(source, target)
    marks = [mark for mark in family if mark.casefold() not in text.casefold()]
    slots: list[Slot] = []

    def place(match: re.Match[str]) -> str:
        if len(slots) == len(marks):
            return match[0]
        slots.append(Slot(marks[len(slots)], match[0], forms[match[0]]))
        return slots[-1].mark

    words = sorted(forms, key=len, reverse=True)
    if not words:
        return Protected(text)
    made = re.sub("|".join(map(re.escape, words)), place, text)
    return Protected(_apart(made, slots), tuple(slots))


def _apart(text: str, slots: Sequence[Slot]) -> str:
    """Two marks in a row with a blank between them: else they would be one word."""
    for slot in slots:
        text = re.sub(rf"({re.escape(slot.mark)})(?=[A-Za-z0-9])", r"\1 ", text)
        text = re.sub(rf"(?<=[A-Za-z0-9])({re.escape(slot.mark)})", r" \1", text)
    return text


def holds(text: str, slots: Sequence[Slot], others: Sequence[Slot] = ()) -> bool:
    """Whether every slot's mark stands in ``text`` exactly once, and none of the ``others``."""
    strange = (slot for slot in others if slot not in slots)
    return all(len(slot.seen.findall(text)) == 1 for slot in slots) and not any(s.seen.search(text) for s in strange)


def restored(text: str, slots: Sequence[Slot], *, source: bool = False) -> str:
    """``text`` with the approved forms in place of the marks, or with the Chinese (``source``).

    A form begins with a capital where a sentence does.
    """
    for slot in slots:
        text = slot.seen.sub(partial(_put, form=slot.source if source else slot.target), text)
    return text


def _put(match: re.Match[str], form: str) -> str:
    before = match.string[: match.start()].rstrip(" \"'“‘(¡¿-—")
    return form[:1].upper() + form[1:] if not before or before[-1] in ".!?…:\n" else form

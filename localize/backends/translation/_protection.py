"""Approved terms carried through a model that knows no glossary: each is a mark on the way, and is put in afterwards.

A mark is a made-up name such models copy rather than translate.  Whether one survives is seen afterwards: every mark
must stand in the answer exactly once, else the attempt counts for nothing.  No kind of mark is sure to hold in every
model, so several are tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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

    ``terms`` are (word as it stands there, approved form); of several forms for one word the first is taken.  Terms
    beyond the marks of the family stay as they are.
    """
    forms: dict[str, str] = {}
    for source, target in terms:
        if source and target:
            forms.setdefault(source, target)
    marks = [mark for mark in family if mark.casefold() not in text.casefold()]
    words = sorted(forms, key=len, reverse=True)
    if not words:
        return Protected(text)
    slots: list[Slot] = []
    made, end = "", 0
    seen = re.compile("|".join(f"({_whole(word)})" for word in words), re.IGNORECASE)
    for mark, match in zip(marks, seen.finditer(text), strict=False):
        slots.append(Slot(mark, match[0], forms[words[(match.lastindex or 1) - 1]]))
        made = _apart(_apart(made, text[end : match.start()]), mark)
        end = match.end()
    return Protected(_apart(made, text[end:]), tuple(slots))


def _whole(word: str) -> str:
    """A pattern of a word; Latin letters are no part of a longer one, whatever Chinese is beside them."""
    start, end = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
    return f"{start if word[:1].isascii() else ''}{re.escape(word)}{end if word[-1:].isascii() else ''}"


def _apart(before: str, after: str) -> str:
    """Both in a row, with a blank where a mark and what is beside it would be one word."""
    return f"{before}{' ' if re.search('[A-Za-z0-9]$', before) and re.match('[A-Za-z0-9]', after) else ''}{after}"


def holds(text: str, slots: Sequence[Slot], others: Sequence[Slot] = ()) -> bool:
    """Whether every slot's mark stands in ``text`` exactly once, and none of the ``others``."""
    strange = (slot for slot in others if slot not in slots)
    return all(len(slot.seen.findall(text)) == 1 for slot in slots) and not any(s.seen.search(text) for s in strange)


def restored(text: str, slots: Sequence[Slot]) -> str:
    """``text`` with the approved forms in place of the marks.  A form begins with a capital where a sentence does."""
    forms = {slot.mark.casefold(): slot.target for slot in slots}
    return _swapped(text, slots, lambda match: _put(match, forms[match[0].casefold()]))


def shown(text: str, slots: Sequence[Slot]) -> str:
    """``text`` on its way, for people: in place of a mark what it carries, ``[少爷 → joven señor] is back.``"""
    carried = {slot.mark.casefold(): f"[{slot.source} → {slot.target}]" for slot in slots}
    return _swapped(text, slots, lambda match: carried[match[0].casefold()])


def _swapped(text: str, slots: Sequence[Slot], put: Callable[[re.Match[str]], str]) -> str:
    """In one pass: what was put in is not looked through for the next mark."""
    marks = "|".join(re.escape(slot.mark) for slot in sorted(slots, key=lambda slot: -len(slot.mark)))
    return re.sub(rf"(?<![A-Za-z0-9])(?:{marks})(?![A-Za-z0-9])", put, text, flags=re.IGNORECASE) if slots else text


def _put(match: re.Match[str], form: str) -> str:
    """The form, with a capital at a sentence's start unless its first word has a spelling of its own (iPhone)."""
    before = match.string[: match.start()].rstrip(" \"'“‘(¡¿-—")
    begins = not before or before[-1] in ".!?…:\n"
    return form[:1].upper() + form[1:] if begins and form.partition(" ")[0].islower() else form


def spellings(word: str) -> tuple[str, ...]:
    """A word as it may stand in a sentence: as it is, at the beginning, and in small letters."""
    return tuple(dict.fromkeys((word, word[:1].upper() + word[1:], word.lower())))

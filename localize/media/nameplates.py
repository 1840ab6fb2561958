"""Who name plates say is in an episode."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from localize.episode import Box, OnScreenText
from localize.han import SIGNS
from localize.timing import Span

_PARTS = re.compile(r"[｜|·•/、，,:：\s]+")
_NAME = re.compile(rf"^[{SIGNS}]{{2,4}}$")
"""Chinese names have two to four characters; what is longer on a plate is what somebody is."""
_SHARED = 0.7
"""Share of the shorter time two rows of one plate are on screen together."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A name as plates show it, what they say besides (``role``, may be empty), and when they are seen."""

    name: str
    role: str
    spans: tuple[Span, ...]


def names_on_plates(texts: Iterable[OnScreenText]) -> tuple[Plate, ...]:
    """Every name once, in order of appearance.  A plate without anything like a name is left out."""
    found: dict[str, Plate] = {}
    for rows in _plates([text for text in texts if text.kind == "nameplate"]):
        parts = [(part, row) for row in rows for part in _PARTS.split(row.text) if part]
        named = [(part, row) for part, row in parts if _NAME.match(part)]
        if not named:
            continue
        # The name is written larger than the rest; on one row it comes first.
        name, own = max(named, key=lambda one: (_letters(one[1].box), -len(one[0])) if len(rows) > 1 else (0, 0))
        role = " ".join(part for part, _ in parts if part != name)
        before = found.setdefault(name, Plate(name, role, ()))
        found[name] = replace(before, role=before.role or role, spans=(*before.spans, own.span))
    return tuple(found.values())


def _plates(texts: Sequence[OnScreenText]) -> list[list[OnScreenText]]:
    """Rows that belong to one plate, by time and place."""
    plates: list[list[OnScreenText]] = []
    for text in sorted(texts, key=lambda one: (one.span, one.box.y0, one.box.x0)):
        own = next((rows for rows in plates if any(_belong(text, row) for row in rows)), None)
        if own is None:
            plates.append([text])
        else:
            own.append(text)
    return plates


def _belong(a: OnScreenText, b: OnScreenText) -> bool:
    together = a.span.overlap(b.span) >= _SHARED * min(a.span.length, b.span.length)
    near = 1.2 * max(_letters(a.box), _letters(b.box))
    down = max(a.box.y0 - b.box.y1, b.box.y0 - a.box.y1)
    aside = max(a.box.x0 - b.box.x1, b.box.x0 - a.box.x1)
    return together and down < near and aside < near


def _letters(box: Box) -> int:
    """How large the characters of a row or a column are, in pixels."""
    return min(box.width, box.height)

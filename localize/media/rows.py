"""Rows of sightings, with x and y exchanged ("flat") where writing runs from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from statistics import median
from typing import Literal

from localize.episode import Box
from localize.media.sightings import Sighting, alike
from localize.roles import ReadText

Align = Literal["left", "centre", "right"]
Row = list[Sighting]

_TORN = 0.3
"""Share of the height by which neighbours on a row may cover each other: boxes have a margin of about a tenth."""
_LIKE = (0.72, 1.4)
"""How much lower or taller than another a row's box may be; detectors vary by a third."""


def rows_of(sightings: Iterable[Sighting]) -> list[Row]:
    """Sightings with nearly the same vertical centre and size, grouped."""
    rows: list[Row] = []
    for seen in sorted(sightings, key=lambda s: s.text.box.y0 + s.text.box.y1):
        box = seen.text.box
        for row in rows:
            tall = median(s.text.box.height for s in row)
            near = abs(centre_of(box) - middle(row)) < 0.4 * min(tall, box.height)
            if near and _LIKE[0] < box.height / tall < _LIKE[1]:
                row.append(seen)
                break
        else:
            rows.append([seen])
    return rows


def axis(row: Row, width: int) -> tuple[Align, int]:
    """Which end of the lines stays in place, and where: the middle, unless another clearly varies less."""
    ends: dict[Align, list[float]] = {a: [end_of(s.text.box, a) for s in row] for a in ("centre", "left", "right")}
    spread = {a: median(abs(v - median(values)) for v in values) for a, values in ends.items()}
    tall = median(s.text.box.height for s in row)
    best = min(spread, key=lambda a: spread[a])
    steady = spread[best] < 0.35 * tall and spread["centre"] > 2 * spread[best] + 0.15 * tall
    align: Align = best if different(row) >= 3 and steady else "centre"
    return align, round(median(ends[align]))


def is_at(box: Box, align: Align, anchor: int, line: int, length: int, near: float = 0.06) -> bool:
    """Whether a box is on the axis: across the middle or close to it, or begins (ends) there."""
    off = abs(end_of(box, align) - anchor)
    if align != "centre":
        return off < 0.7 * line
    return off < near * length or (near > 0.05 and box.x0 < anchor < box.x1)


def end_of(box: Box, align: Align) -> float:
    return {"left": box.x0, "centre": (box.x0 + box.x1) / 2, "right": box.x1}[align]


def different(row: Iterable[Sighting]) -> int:
    found: list[str] = []
    for text in (s.text.text for s in row):
        if not any(alike(text, other) for other in found):
            found.append(text)
    return len(found)


def share(row: Sequence[Sighting], fits: Callable[[Sighting], bool]) -> float:
    return sum(map(fits, row)) / max(1, len(row))


def is_level(a: Box, b: Box) -> bool:
    return abs(centre_of(a) - centre_of(b)) < 0.45 * min(a.height, b.height)


def is_torn(reads: Sequence[ReadText], upright: bool) -> bool:
    """Whether two readings of one row cover each other by much of a character: a detector parted the row inside it."""
    boxes = [flat(read.box, upright) for read in reads]
    return any(
        is_level(a, b) and min(a.x1, b.x1) - max(a.x0, b.x0) > _TORN * min(a.height, b.height)
        for a, b in combinations(boxes, 2)
    )


def worth(rows: Sequence[ReadText], upright: bool) -> tuple[bool, float]:
    """What a reading of one caption is worth, the best highest: whole, and how much is read how surely (characters
    times confidence).  A torn one has read a character twice; it is worth less than any whole one, and more than none.
    """
    return bool(rows) and not is_torn(rows, upright), sum(r.confidence * len(r.text) for r in rows)


def middle(row: Sequence[Sighting]) -> float:
    return median(centre_of(s.text.box) for s in row)


def centre_of(box: Box) -> float:
    return (box.y0 + box.y1) / 2


def is_column(text: ReadText) -> bool:
    return len(text.text) > 1 and text.box.height > 1.5 * text.box.width


def flat(box: Box, upright: bool) -> Box:
    return Box(box.y0, box.x0, box.y1, box.x1) if upright else box

"""What a phone or a document looks like around its writing: the colours under a row, the ink, the room beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from localize.episode import Box, OnScreenText, Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from localize.media.strokes import Planes

Rgb = tuple[int, int, int]

STRIP = 24
"""Pixels: how wide one colour is at least; paper lit from the side changes slowly."""
APART = 40
"""Levels of luma between ink and paper, at least: less is no writing on a panel."""
PAPER = 0.7
"""Of the way from ink to paper: lighter (or darker) is paper, the rest strokes and their soft edges."""
BLANK = 0.2
"""Of a strip that must be paper to tell its colour; dense characters leave half of it."""
FLAT = 10
"""Levels of luma three quarters of the paper may lie off its strip's colour, the soft edges of strokes not counted; a
photograph lies 15 and more off."""
STEP, WALKED, STEEPER, DRIFT = 5, 4, 2.0, 40
"""An edge is a step of more levels than this over so many pixels, so many times as steep as what leads up to it; where
the paper's luma has drifted so far it ends too."""
ALONG, ACROSS = 0.4, 0.25
"""Share of a column, and of a row, of pixels that must step to be an edge: strokes below fill a row thinly."""
REACH = 0.7
"""Of a text's height: how far above and below it its panel is looked for."""
INSIDE = 4
"""Pixels kept from an edge: half its blur and what the picture drifts."""


LOOKED, MOST = 350, 8
"""Milliseconds between two looks at a text's paper, whose light may change, and how many looks there are at most."""


@dataclass(frozen=True, slots=True)
class Panel:
    """``ink``, the ``paper`` under a text and the ``room`` where writing may stand.

    ``paper`` are strips from left to right: x0, x1, and a colour for each of ``times``, in ms of the text's own time.
    """

    ink: Rgb
    times: tuple[int, ...]
    paper: tuple[tuple[int, int, tuple[Rgb, ...]], ...]
    room: Box


def panels(path: Path, picture: Picture, texts: Sequence[OnScreenText]) -> Mapping[str, Panel]:
    """The panels of the texts that stand on one, by id.  Raises ``InputError`` as ``frames`` does."""
    from localize.media.colour import colour
    from localize.media.inks import looks

    told = colour(path, picture.stream, picture.rotation % 180 != 0)
    bands = {text.id: _around(text, picture) for text in texts}
    found = dict[str, Panel]()
    for text, cuts in looks(path, picture, texts, bands, _parts):
        others = [one.box for one in texts if one.id != text.id and one.span.overlap(text.span) > 0]
        if panel := _panel(text, bands[text.id], cuts, others, (told.space, told.range)):
            found[text.id] = panel
    return found


def _parts(text: OnScreenText) -> tuple[float, ...]:
    """When a text's paper is looked at, as parts of its time."""
    count = max(3, min(MOST, round(text.span.length / LOOKED)))
    return tuple((number + 0.5) / count for number in range(count))


def _around(text: OnScreenText, picture: Picture) -> Box:
    """The band of the picture a text's panel is looked for in."""
    from localize.media.strokes import even

    high = round(REACH * text.box.height)
    band = Box(0, text.box.y0 - high, picture.width, text.box.y1 + high)
    return even(band, picture.width, picture.height)


def _panel(
    text: OnScreenText, around: Box, cuts: Sequence[Planes], others: Sequence[Box], told: tuple[str, str]
) -> Panel | None:
    import numpy as np

    box = text.box
    inner = Box(box.x0, box.y0 - around.y0, box.x1, box.y1 - around.y0)
    parts = [cut[inner.y0 : inner.y1, inner.x0 : inner.x1] for cut in cuts]
    if len(parts) != len(_parts(text)):  # shorter than its looks: nobody reads it
        return None
    middle = len(cuts) // 2
    light = float(np.median(parts[middle][..., 0]))
    ink = _ink(parts[middle], light)
    if ink is None or abs(ink[0] - light) < APART:
        return None
    seen = [_strips(part, ink) for part in parts]
    if any(one is None for one in seen):
        return None
    edges = _edges(box.width)
    paper = tuple(
        (box.x0 + x0, box.x0 + x1, tuple(_rgb(one[number], told) for one in seen if one))
        for number, (x0, x1) in enumerate(pairwise(edges))
    )
    rooms = [_room(cut[..., 0].astype(np.int16), inner) for cut in cuts]  # glare hides an edge for a while
    room = Box(*(most(sides) for most, sides in zip((max, max, min, min), _sides(rooms), strict=True)))
    room = _apart(Box(room.x0, room.y0 + around.y0, room.x1, room.y1 + around.y0), box, others)
    return Panel(_rgb(ink, told), tuple(round(one * text.span.length) for one in _parts(text)), paper, room)


def _ink(part: Planes, paper: float) -> tuple[int, int, int] | None:
    """The colour of what differs most from the paper; None when hardly anything does."""
    import numpy as np

    off = np.abs(part[..., 0].astype(np.int16) - paper)
    strong = part[off >= max(float(APART), 0.8 * float(np.percentile(off, 99)))]
    if len(strong) < 20:
        return None
    y, u, v = np.median(strong.reshape(-1, 3), axis=0)
    return int(y), int(u), int(v)


def _edges(width: int) -> list[int]:
    """Where strips begin and end."""
    count = max(1, width // STRIP)
    return [round(width * number / count) for number in range(count + 1)]


def _strips(part: Planes, ink: tuple[int, int, int]) -> list[tuple[int, ...]] | None:
    """The paper's colours from left to right; None when it is no even paper."""
    import numpy as np

    luma = part[..., 0].astype(np.int16)
    light = float(np.median(luma))
    blank = (luma - ink[0]) * (1 if light > ink[0] else -1) > PAPER * abs(light - ink[0])
    found, off = [], []
    for x0, x1 in pairwise(_edges(part.shape[1])):
        there = part[:, x0:x1][blank[:, x0:x1]].astype(np.int16)
        if len(there) < BLANK * part.shape[0] * (x1 - x0):
            return None
        middle = np.median(there, axis=0)
        off.append(np.abs(there[:, 0] - middle[0]))
        found.append(tuple(round(float(one)) for one in middle))
    return found if float(np.percentile(np.concatenate(off), 75)) <= FLAT else None


def _sides(boxes: Sequence[Box]) -> Iterator[tuple[int, ...]]:
    return zip(*((box.x0, box.y0, box.x1, box.y1) for box in boxes), strict=True)


def _room(luma: NDArray[np.int16], box: Box) -> Box:
    """From the box outward on all four sides as far as nothing steps."""
    import numpy as np

    high, wide = luma.shape
    paper = float(np.median(luma[box.y0 : box.y1, box.x0 : box.x1]))
    columns, rows = luma[box.y0 : box.y1].T, luma[:, box.x0 : box.x1]
    return Box(
        box.x0 - _walk(columns[: box.x0 + 1][::-1], paper, ALONG) if box.x0 else 0,
        box.y0 - _walk(rows[: box.y0 + 1][::-1], paper, ACROSS) if box.y0 else 0,
        box.x1 + _walk(columns[box.x1 - 1 :], paper, ALONG) if box.x1 < wide else wide,
        box.y1 + _walk(rows[box.y1 - 1 :], paper, ACROSS) if box.y1 < high else high,
    )  # fmt: skip


def _walk(lines: NDArray[np.int16], paper: float, share: float) -> int:
    """How many lines of pixels, the first at the box, can be taken before an edge."""
    import numpy as np

    for at in range(1, len(lines)):
        here, before, first = lines[at], lines[max(0, at - WALKED)], lines[max(0, at - 2 * WALKED)]
        step, led = np.abs(here - before), np.abs(before - first)
        stepped = float(np.mean((step > STEP) & (step > STEEPER * led))) > share
        if stepped or abs(float(np.median(here)) - paper) > DRIFT:
            return max(0, at - INSIDE)
    return max(0, len(lines) - 1)


def _apart(room: Box, box: Box, others: Sequence[Box]) -> Box:
    """``room`` without the places of the other texts."""
    x0, y0, x1, y1 = room.x0, room.y0, room.x1, room.y1
    for one in others:
        if min(one.y1, box.y1) > max(one.y0, box.y0):  # beside it
            x0, x1 = (
                (x0, min(x1, one.x0)) if one.x0 >= box.x1 else (max(x0, one.x1), x1) if one.x1 <= box.x0 else (x0, x1)
            )
        if min(one.x1, x1) > max(one.x0, x0):  # above or below what it may grow to
            y0, y1 = (
                (y0, min(y1, one.y0)) if one.y0 >= box.y1 else (max(y0, one.y1), y1) if one.y1 <= box.y0 else (y0, y1)
            )
    return Box(min(x0, box.x0), min(y0, box.y0), max(x1, box.x1), max(y1, box.y1))


_WEIGHTS = {"bt709": (0.2126, 0.0722), "bt2020nc": (0.2627, 0.0593), "bt2020c": (0.2627, 0.0593)}
"""Of red and blue in luma (ITU-R BT.709 and BT.2020); all others, and none, are BT.601 as in the encoder."""


def _rgb(yuv: Sequence[int], told: tuple[str, str]) -> Rgb:
    """8-bit Y, U, V as the red, green and blue that come out as the same numbers when burned in."""
    red, blue = _WEIGHTS.get(told[0], (0.299, 0.114))
    full = told[1] == "pc"
    y = float(yuv[0]) if full else (yuv[0] - 16) * 255 / 219
    u, v = ((one - 128) * (1.0 if full else 255 / 224) for one in yuv[1:])
    r, b = y + 2 * (1 - red) * v, y + 2 * (1 - blue) * u
    g = (y - red * r - blue * b) / (1 - red - blue)
    r, g, b = (max(0, min(255, round(one))) for one in (r, g, b))
    return r, g, b

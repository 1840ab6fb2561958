"""What overlays of every kind share: the screen they are set on, rows that fit, places inside the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from localize.episode import Box, OnScreenText, Picture
from localize.formats import ass, rows
from localize.media import fonts
from localize.media.fonts import Fonts
from localize.media.panels import Panel
from localize.timing import Ms, Span
from localize.version import Cue, Finding

LARGEST, SMALLEST = 2.2, 0.6  # ems of an overlay, in ems of the captions
SOURCE = 0.64
"""Of a box's height: the size of the writing in it (0.60–0.75 on plates, captions and title cards of known size)."""
STEPS = 24  # sizes tried between the source's own and the smallest
ACCEPT = 0.6  # of the source's size: below it another row is better than smaller rows
MOST_ROWS = 3
ANY = 200  # characters: only the box limits a row
EDGE = 0.02  # of the picture: what an overlay keeps away from its edges
COLUMN = 1.5  # times as tall as wide: a box of vertical writing
CENTRED = 0.06  # of the width: a row this near the picture's middle is a heading and stays centred
MARGIN = 0.1  # of the width: writing that ends this near the right edge is set against it

Side = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Screen:
    """What an overlay is set on: ``em`` is that of the captions, ``safe`` what no button covers, in pixels.

    ``inks`` are the colours the source has its texts in, ``panels`` what its screens and documents look like, by id.
    """

    picture: Picture
    language: str
    fonts: Fonts
    em: float
    safe: Box
    inks: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    panels: Mapping[str, Panel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A cue without id, how it is drawn, the pixels it takes, and a finding when the translation is too long."""

    cue: Cue
    event: ass.Placed
    block: Box
    findings: tuple[Finding, ...] = ()


def widest(shown: Sequence[str], set_in: Fonts, em: float) -> float:
    """Pixels of the widest row."""
    face = set_in.face_for("".join(shown))
    return max((fonts.width(face, row, em) for row in shown), default=0.0)


def laid_rows(text: str, screen: Screen, em: float, wide: float, count: int) -> tuple[str, ...] | None:
    """Rows of every paragraph, at most ``count`` together; None when they do not fit."""

    def measure(row: str) -> float:
        return widest((row,), screen.fonts, em)

    laid: tuple[str, ...] = ()
    for part in filter(None, map(rows.clean, text.splitlines())):
        limits = rows.Limits(ANY, count - len(laid), wide, measure, screen.language)
        found = rows.arrange(rows.pieces_of(part, limits), limits)
        if found is None or widest(found[1], screen.fonts, em) > wide:
            return None
        laid += found[1]
    return laid


def side_of(box: Box, whole: int) -> Side:
    """To which side writing in ``box`` is set, in a picture ``whole`` px wide.  A column grows away from its edge."""
    off = (box.x0 + box.x1) / 2 - whole / 2
    if abs(off) < CENTRED * whole:
        return "centre"
    if box.height > COLUMN * box.width:
        return "left" if off < -whole / 6 else "right" if off > whole / 6 else "centre"
    return "right" if box.x1 > (1 - MARGIN) * whole and box.x0 > whole / 2 else "left"


def limits(box: Box, screen: Screen) -> tuple[float, float]:
    """The left and right end of what may be written on: the safe area, or as far out of it as the original stands."""
    whole = screen.picture.width
    return max(EDGE * whole, min(screen.safe.x0, box.x0)), min((1 - EDGE) * whole, max(screen.safe.x1, box.x1))


def inside(centre: float, reach: float, whole: int) -> tuple[float, float]:
    """Where ``reach`` to both sides of ``centre`` ends when it is moved clear of the picture's edges."""
    least = EDGE * whole + reach
    middle = min(max(centre, least), whole - least) if 2 * least < whole else whole / 2
    return middle - reach, middle + reach


def inside_picture(shown: Span, picture: Picture) -> Span:
    return Span(shown.start, Ms(max(shown.start + 1, min(shown.end, picture.length))))


def too_long(one: OnScreenText) -> Finding:
    told = f"the translation of {one.id} does not fit where the original stands"
    return Finding("overlay", one.id, "note", told, "shorten it")

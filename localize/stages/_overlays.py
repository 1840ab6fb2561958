"""Translated on-screen texts: forced cues in the box of the text they replace."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from localize.episode import Box, OnScreenText, Picture
from localize.formats import ass, rows
from localize.media import fonts
from localize.media.fonts import Fonts
from localize.timing import Ms, Span
from localize.version import Cue, Finding

SOURCE = 0.64
"""Of a box's height: the size of the writing in it (0.60–0.75 on plates, captions and title cards of known size)."""
LARGEST, SMALLEST = 2.2, 0.6  # ems of an overlay, in ems of the captions
STEPS = 24  # sizes tried between the source's own and the smallest
ACCEPT = 0.6  # of the source's size: below it another row is better than smaller rows
MOST_ROWS = 3
COLUMN = 1.5  # times as tall as wide: a box of vertical writing
NARROWEST = 0.34  # of the width: a column gives a horizontal script at least this much
ANY = 200  # characters: only the box limits a row
INSET = 0.16  # of its height: how far a reader's box reaches beyond the first stroke
LABEL = 0.78  # of a screen row's height: the label's em and its leading, so that labels of close rows keep apart
LABELS = 1.25  # the largest em of a label, in ems of the captions
CENTRED = 0.06  # of the width: a row this near the picture's middle is a heading and stays centred
MARGIN = 0.1  # of the width: writing that ends this near the right edge is set against it
EDGE = 0.02  # of the picture: what an overlay keeps away from its edges
PALE, BRIGHT = 28, 140  # levels between colours that count as white, and luma from which an ink reads on a dark outline

Side = Literal["left", "centre", "right"]
ANCHORS: dict[Side, int] = {"left": 4, "centre": 5, "right": 6}
WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Screen:
    """What an overlay is set on: ``em`` is that of the captions, ``safe`` what no button covers, in pixels.

    ``inks`` are the colours the source has its texts in, by id.
    """

    picture: Picture
    language: str
    fonts: Fonts
    em: float
    safe: Box
    inks: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


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


def overlays(texts: Sequence[OnScreenText], screen: Screen) -> list[Overlay]:
    """The translations where the originals stand, as large and in the same colour as far as they fit."""
    fits = {one.id: _fitted(one, screen) for one in texts if one.kind != "screen"}
    tops = dict[str, float]()
    for plate in _plates([one for one in texts if one.id in fits], screen.picture.width):
        fits, places = _stacked(plate, fits, screen)
        tops |= places
    return [_drawn(one, fits[one.id], tops[one.id], screen) if one.id in fits else _label(one, screen) for one in texts]


@dataclass(frozen=True, slots=True)
class _Fit:
    """Rows that fit between ``low`` and ``high`` at ``em``, all in pixels; ``row`` is a row's height in ems."""

    rows: tuple[str, ...]
    em: float
    row: float
    side: Side
    low: float
    high: float
    findings: tuple[Finding, ...] = ()

    @property
    def tall(self) -> float:
        return len(self.rows) * self.em * self.row


def _drawn(one: OnScreenText, fit: _Fit, top: float, screen: Screen) -> Overlay:
    """A fitted text whose rows begin at ``top``."""
    face, low, high = screen.fonts.face_for(one.text), fit.low, fit.high
    wide = widest(fit.rows, screen.fonts, fit.em)
    if wide > high - low:  # a word that is wider than its place takes what the picture has
        low, high = _inside((low + high) / 2, wide / 2, screen.picture.width)
    x = {"left": low, "centre": (low + high) / 2, "right": high}[fit.side]
    left = {"left": x, "centre": x - wide / 2, "right": x - wide}[fit.side]
    event = ass.Placed(
        _inside_picture(one.span, screen.picture), fit.rows, x, top + fit.tall / 2, fit.em, face.name, face.tall,
        anchor=ANCHORS[fit.side], ink=_legible(screen.inks.get(one.id, WHITE)),
    )  # fmt: skip
    block = Box(int(left), int(top), math.ceil(left + wide), math.ceil(top + fit.tall))
    return Overlay(Cue("", event.span, fit.rows, (one.id,), forced=True), event, block, fit.findings)


# ── rows that belong together ───────────────────────────────────────────────────────────────────────────────
def _plates(texts: Sequence[OnScreenText], whole: int) -> list[list[OnScreenText]]:
    """Texts in groups, each from top to bottom: a name and what its bearer is are two texts of one plate."""
    plates: list[list[OnScreenText]] = []
    for one in sorted(texts, key=lambda text: text.box.y0):
        near = (plate for plate in plates if right_above(plate[-1], one) and _same_side(plate[-1], one, whole))
        found = next(near, None)
        if found is None:
            plates.append([one])
        else:
            found.append(one)
    return plates


def right_above(upper: OnScreenText, lower: OnScreenText) -> bool:
    """Whether one text stands right above another at the same time."""
    beside = min(upper.box.x1, lower.box.x1) - max(upper.box.x0, lower.box.x0)
    apart = lower.box.y0 - upper.box.y1
    return beside > 0 and abs(apart) < min(upper.box.height, lower.box.height) and upper.span.overlap(lower.span) > 0


def _same_side(upper: OnScreenText, lower: OnScreenText, whole: int) -> bool:
    return side_of(upper.box, whole) == side_of(lower.box, whole)


def _stacked(
    plate: Sequence[OnScreenText], fits: Mapping[str, _Fit], screen: Screen
) -> tuple[dict[str, _Fit], dict[str, float]]:
    """The fits, made smaller where together they are taller than their plate, and where each one's rows begin."""
    upper, lower = min(one.box.y0 for one in plate), max(one.box.y1 for one in plate)
    mine = {one.id: fits[one.id] for one in plate}
    total = sum(fit.tall for fit in mine.values())
    if len(plate) > 1 and total > lower - upper:
        least, much = SMALLEST * screen.em, (lower - upper) / total
        mine = {name: replace(fit, em=max(min(fit.em, least), fit.em * much)) for name, fit in mine.items()}
        total = sum(fit.tall for fit in mine.values())
    tops = {one.id: (one.box.y0 + one.box.y1 - mine[one.id].tall) / 2 for one in plate}
    if len(plate) > 1 and any(len(fit.rows) > 1 for fit in mine.values()):
        at = (upper + lower - total) / 2
        for name, fit in mine.items():
            tops[name], at = at, at + fit.tall
    first, last = min(tops.values()), max(tops[name] + fit.tall for name, fit in mine.items())
    least_y, most_y = min(screen.safe.y0, upper), max(screen.safe.y1, lower)
    half = (last - first) / 2
    middle = max(least_y + half, min((first + last) / 2, most_y - half))
    moved = _inside(middle, half, screen.picture.height)[0] - first
    return {**fits, **mine}, {name: top + moved for name, top in tops.items()}


# ── where and how large ─────────────────────────────────────────────────────────────────────────────────────
def side_of(box: Box, whole: int) -> Side:
    """To which side writing in ``box`` is set, in a picture ``whole`` px wide.  A column grows away from its edge."""
    off = (box.x0 + box.x1) / 2 - whole / 2
    if abs(off) < CENTRED * whole:
        return "centre"
    if box.height > COLUMN * box.width:
        return "left" if off < -whole / 6 else "right" if off > whole / 6 else "centre"
    return "right" if box.x1 > (1 - MARGIN) * whole and box.x0 > whole / 2 else "left"


def _limits(box: Box, screen: Screen) -> tuple[float, float]:
    """The left and right end of what may be written on: the safe area, or as far out of it as the original stands."""
    whole = screen.picture.width
    return max(EDGE * whole, min(screen.safe.x0, box.x0)), min((1 - EDGE) * whole, max(screen.safe.x1, box.x1))


def _room(box: Box, side: Side, screen: Screen) -> tuple[float, float]:
    """From where to where a row may reach."""
    whole, inset = screen.picture.width, INSET * min(box.width, box.height)
    left, right = _limits(box, screen)
    if side == "left":
        return max(left, box.x0 + inset), right
    if side == "right":
        return left, min(right, box.x1 - inset)
    middle = (box.x0 + box.x1) / 2
    middle = whole / 2 if abs(middle - whole / 2) < CENTRED * whole else middle
    half = min(middle - left, right - middle)
    return middle - half, middle + half


def _legible(ink: tuple[int, int, int]) -> tuple[int, int, int]:
    """The source's colour; white for what is nearly white, and for inks too dark for a dark outline."""
    red, green, blue = ink
    dark = 0.3 * red + 0.59 * green + 0.11 * blue < BRIGHT
    return WHITE if dark or max(ink) - min(ink) < PALE else ink


def _label(one: OnScreenText, screen: Screen) -> Overlay:
    """A label that covers a row of a phone or a document: one row where it fits, growing to the right of the row."""
    face, text, box = screen.fonts.face_for(one.text), " ".join(one.text.split()), one.box
    em = min(LABELS * screen.em, max(SMALLEST * screen.em, LABEL * box.height / face.tall))
    while em > SMALLEST * screen.em and widest((text,), screen.fonts, em) > screen.safe.width:
        em *= 0.95
    laid = _rows(text, screen, em, screen.safe.width, MOST_ROWS) or tuple(text.split())
    wide, high = widest(laid, screen.fonts, em), len(laid) * em * face.tall
    plate = max(wide, float(box.width))
    middle = (box.x0 + box.x1) / 2 if side_of(box, screen.picture.width) == "centre" else box.x0 + plate / 2
    low, far = _limits(box, screen)
    reach = plate / 2 + ass.PLATE * em
    left, right = _inside(max(low + reach, min(middle, far - reach)), plate / 2, screen.picture.width)
    top, bottom = _inside((box.y0 + box.y1) / 2, high / 2, screen.picture.height)
    event = ass.Placed(
        _inside_picture(one.span, screen.picture), laid, (left + right) / 2, (top + bottom) / 2, em, face.name,
        face.tall, anchor=5, plate=plate, plate_high=float(box.height),
    )  # fmt: skip
    block = Box(int(left), int(top), math.ceil(right), math.ceil(bottom))
    return Overlay(Cue("", event.span, laid, (one.id,), forced=True), event, block)


def _fitted(one: OnScreenText, screen: Screen) -> _Fit:
    """Size and rows: the source's size in one row, else smaller, else in more rows; else the smallest and a finding."""
    box, face, side = one.box, screen.fonts.face_for(one.text), side_of(one.box, screen.picture.width)
    low, high = _room(box, side, screen)
    column = box.height > COLUMN * box.width
    wide = high - low
    if column:
        wide = max(min(wide, float(box.height)), NARROWEST * screen.picture.width)
    count = max(1, len([part for part in one.text.splitlines() if part.strip()]))
    least = SMALLEST * screen.em
    top = min(LARGEST * screen.em, max(least, SOURCE * (box.width if column else box.height / count)))
    em, laid = _largest(one.text, (least, top), wide, count, screen)
    if laid:
        return _Fit(laid, em, face.tall, side, low, high)
    laid = _rows(one.text, screen, least, wide, ANY) or tuple(one.text.split())
    told = f"the translation of {one.id} does not fit where the original stands"
    return _Fit(laid, least, face.tall, side, low, high, (Finding("overlay", one.id, "note", told, "shorten it"),))


def _largest(
    text: str, sizes: tuple[float, float], wide: float, count: int, screen: Screen
) -> tuple[float, tuple[str, ...]]:
    """The em and the rows, ``count`` or a few more of them; no rows when even the smaller of ``sizes`` is too large."""
    least, top = sizes
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for most in range(count, count + MOST_ROWS):
        for step in range(STEPS + 1):
            em = top + (least - top) * step / STEPS
            if em > best[0] and (laid := _rows(text, screen, em, wide, most)):
                best = em, laid
                break
        if best[0] >= ACCEPT * top:
            break
    return best


def _rows(text: str, screen: Screen, em: float, wide: float, count: int) -> tuple[str, ...] | None:
    """Rows of every paragraph, at most ``count`` together; None when they do not fit."""

    def measure(row: str) -> float:
        return widest((row,), screen.fonts, em)

    laid: tuple[str, ...] = ()
    for part in filter(None, map(rows.clean, text.splitlines())):
        limits = rows.Limits(ANY, count - len(laid), wide, measure, screen.language)
        found = rows.arrange(rows.units(part), limits)
        if found is None or widest(found[1], screen.fonts, em) > wide:
            return None
        laid += found[1]
    return laid


def _inside(centre: float, reach: float, whole: int) -> tuple[float, float]:
    """Where ``reach`` to both sides of ``centre`` ends when it is moved clear of the picture's edges."""
    least = EDGE * whole + reach
    middle = min(max(centre, least), whole - least) if 2 * least < whole else whole / 2
    return middle - reach, middle + reach


def _inside_picture(shown: Span, picture: Picture) -> Span:
    return Span(shown.start, Ms(max(shown.start + 1, min(shown.end, picture.length))))

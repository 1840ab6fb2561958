"""Translated on-screen texts: forced cues in the box of the text they replace."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from localize.episode import Box, OnScreenText
from localize.formats import ass
from localize.stages._panels import on_panels
from localize.stages._setting import (
    ACCEPT,
    ANY,
    CENTRED,
    COLUMN,
    LARGEST,
    MOST_ROWS,
    SMALLEST,
    SOURCE,
    STEPS,
    Overlay,
    Screen,
    Side,
    inside,
    inside_picture,
    laid_rows,
    limits,
    side_of,
    too_long,
    widest,
)  # fmt: skip
from localize.version import Cue, Finding

NARROWEST = 0.34  # of the width: a column gives a horizontal script at least this much
INSET = 0.16  # of its height: how far a reader's box reaches beyond the first stroke
PALE, BRIGHT = 28, 140  # levels between colours that count as white, and luma from which an ink reads on a dark outline

ANCHORS: dict[Side, int] = {"left": 4, "centre": 5, "right": 6}
WHITE = (255, 255, 255)


def overlays(texts: Sequence[OnScreenText], screen: Screen) -> list[Overlay]:
    """The translations where the originals stand, as large and in the same colour as far as they fit."""
    fits = {one.id: _fitted(one, screen) for one in texts if one.kind != "screen"}
    tops = dict[str, float]()
    for plate in _plates([one for one in texts if one.id in fits], screen.picture.width):
        fits, places = _stacked(plate, fits, screen)
        tops |= places
    drawn = [_drawn(one, fits[one.id], tops[one.id], screen) for one in texts if one.id in fits]
    return [*drawn, *on_panels([one for one in texts if one.kind == "screen"], screen)]


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
        low, high = inside((low + high) / 2, wide / 2, screen.picture.width)
    x = {"left": low, "centre": (low + high) / 2, "right": high}[fit.side]
    left = {"left": x, "centre": x - wide / 2, "right": x - wide}[fit.side]
    event = ass.Placed(
        inside_picture(one.span, screen.picture), fit.rows, x, top + fit.tall / 2, fit.em, face.name, face.tall,
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
    moved = inside(middle, half, screen.picture.height)[0] - first
    return {**fits, **mine}, {name: top + moved for name, top in tops.items()}


# ── where and how large ─────────────────────────────────────────────────────────────────────────────────────
def _room(box: Box, side: Side, screen: Screen) -> tuple[float, float]:
    """From where to where a row may reach."""
    whole, inset = screen.picture.width, INSET * min(box.width, box.height)
    left, right = limits(box, screen)
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
    laid = laid_rows(one.text, screen, least, wide, ANY) or tuple(one.text.split())
    return _Fit(laid, least, face.tall, side, low, high, (too_long(one),))


def _largest(
    text: str, sizes: tuple[float, float], wide: float, count: int, screen: Screen
) -> tuple[float, tuple[str, ...]]:
    """The em and the rows, ``count`` or a few more of them; no rows when even the smaller of ``sizes`` is too large."""
    least, top = sizes
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for most in range(count, count + MOST_ROWS):
        for step in range(STEPS + 1):
            em = top + (least - top) * step / STEPS
            if em > best[0] and (laid := laid_rows(text, screen, em, wide, most)):
                best = em, laid
                break
        if best[0] >= ACCEPT * top:
            break
    return best

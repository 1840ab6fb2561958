"""Translated rows of a phone or a document: in their ink, on their paper, inside their panel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from localize.episode import Box, OnScreenText
from localize.formats import ass
from localize.media import fonts
from localize.media.fonts import Fonts
from localize.media.panels import Panel
from localize.stages._setting import (
    ACCEPT,
    ANY,
    LARGEST,
    MOST_ROWS,
    SMALLEST,
    SOURCE,
    STEPS,
    Overlay,
    Screen,
    inside,
    inside_picture,
    laid_rows,
    limits,
    side_of,
    too_long,
    widest,
)  # fmt: skip
from localize.version import Cue, Finding

LABEL = 0.78  # of a screen row's height: the label's em and its leading, so that labels of close rows keep apart
LABELS = 1.25  # the largest em of a label, in ems of the captions
MIDDLE = 0.06  # of the room's width: writing this near its middle was centred on its panel
PAD = 0.2  # of the box's height: how far a reader's box reaches beyond the first stroke
KEPT = 0.1  # of the box's height: what rows in the middle of a panel keep from its edges
SMALL = 0.55  # ems of the captions: the smallest writing on a panel, 20 px in a picture 720 px wide
ALIKE = 1.2  # times as tall: rows of one screen no further apart in size are one size
CLOSE = 0.8  # of its own size: a row is not made smaller than that to match the others
PLAIN = {"Semibold": "Regular", "SemiBold": "Regular", "Bold": "Regular"}
"""Screens and documents are set in the weight of text, not of captions."""


def on_panels(texts: Sequence[OnScreenText], screen: Screen) -> list[Overlay]:
    """The translations as the phone or the paper would show them; a label where the picture has no even paper."""
    light = replace(screen, fonts=plain(screen.fonts))
    fits = {one.id: _fitted(one, screen.panels[one.id], light) for one in texts if one.id in screen.panels}
    for one in texts:
        if one.id in fits and len(fits[one.id].rows) == 1:
            same = [fits[two.id].em for two in texts if two.id in fits and _like(one, two, fits[two.id])]
            em = min(same, default=fits[one.id].em)
            fits[one.id] = replace(fits[one.id], em=em if em >= CLOSE * fits[one.id].em else fits[one.id].em)
    return [_written(one, fits[one.id], light) if one.id in fits else _label(one, screen) for one in texts]


def _like(one: OnScreenText, two: OnScreenText, fit: _Fit) -> bool:
    """Whether two rows are seen together and were as large as each other: they stay so."""
    low, high = sorted((one.box.height, two.box.height))
    return one.span.overlap(two.span) > 0 and high <= ALIKE * low and len(fit.rows) == 1


def plain(set_in: Fonts) -> Fonts:
    """The faces in their regular weight, as far as they are installed."""
    found = []
    for face in set_in.faces:
        weight = next((heavy for heavy in PLAIN if heavy in face.key), "")
        light = fonts.find(face.key.replace(weight, PLAIN[weight])) if weight else None
        found += [light] if light else []
    return replace(set_in, faces=tuple(dict.fromkeys((*found, *set_in.faces))))


# ── on the panel ────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class _Fit:
    """Rows at ``em`` between ``left`` and ``right``, all in pixels."""

    panel: Panel
    rows: tuple[str, ...]
    em: float
    left: float
    right: float
    centred: bool
    findings: tuple[Finding, ...] = ()


def _written(one: OnScreenText, fit: _Fit, screen: Screen) -> Overlay:
    box, panel, em, face = one.box, fit.panel, fit.em, screen.fonts.face_for(one.text)
    wide, tall = widest(fit.rows, screen.fonts, em), len(fit.rows) * em * face.tall
    x = (fit.left + fit.right) / 2 if fit.centred else fit.left
    slack = max(0.0, (panel.room.height - tall) / 2)
    middle = (panel.room.y0 + panel.room.y1) / 2
    y = max(middle - slack, min((box.y0 + box.y1) / 2, middle + slack))
    event = ass.Placed(
        inside_picture(one.span, screen.picture), fit.rows, x, y, em, face.name, face.tall,
        anchor=5 if fit.centred else 4, ink=panel.ink,
        paper=tuple(
            (Box(x0, box.y0, x1, box.y1), tuple(zip(panel.times, colours, strict=True)))
            for x0, x1, colours in panel.paper
        ),
    )  # fmt: skip
    start = x - wide / 2 if fit.centred else x
    block = Box(int(start), int(y - tall / 2), math.ceil(start + wide), math.ceil(y + tall / 2))
    return Overlay(Cue("", event.span, fit.rows, (one.id,), forced=True), event, block, fit.findings)


def _between(one: OnScreenText, room: Box, screen: Screen) -> tuple[float, float, bool]:
    """From where to where rows may reach, and whether they stand in the middle of it."""
    box, (low, high) = one.box, limits(one.box, screen)
    left, right, middle = max(low, float(room.x0)), min(high, float(room.x1)), (box.x0 + box.x1) / 2
    centred = abs(middle - (room.x0 + room.x1) / 2) < MIDDLE * room.width
    if not centred and side_of(box, screen.picture.width) != "centre":
        return max(left, box.x0 + PAD * box.height), right, False
    half = min(middle - left, right - middle) - KEPT * box.height
    return middle - half, middle + half, True


def _fitted(one: OnScreenText, panel: Panel, screen: Screen) -> _Fit:
    """The source's size, else smaller, else more rows; a finding when even the smallest are too large."""
    left, right, centred = _between(one, panel.room, screen)
    text, least, row = " ".join(one.text.split()), SMALL * screen.em, screen.fonts.face_for(one.text).tall
    top = min(LARGEST * screen.em, max(least, SOURCE * one.box.height))
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for most in range(1, MOST_ROWS + 1):
        for step in range(STEPS + 1):
            em = top + (least - top) * step / STEPS
            if em <= best[0] or (most > 1 and most * em * row > panel.room.height):
                continue
            if laid := laid_rows(text, screen, em, right - left, most):
                best = em, laid
                break
        if best[0] >= ACCEPT * top:
            break
    if best[1]:
        return _Fit(panel, best[1], best[0], left, right, centred)
    laid = laid_rows(text, screen, least, right - left, ANY) or tuple(text.split())
    return _Fit(panel, laid, least, left, right, centred, (too_long(one),))


# ── on a label ──────────────────────────────────────────────────────────────────────────────────────────────
def _label(one: OnScreenText, screen: Screen) -> Overlay:
    """A label that covers a row of a phone or a document: one row where it fits, growing to the right of the row."""
    face, text, box = screen.fonts.face_for(one.text), " ".join(one.text.split()), one.box
    em = min(LABELS * screen.em, max(SMALLEST * screen.em, LABEL * box.height / face.tall))
    while em > SMALLEST * screen.em and widest((text,), screen.fonts, em) > screen.safe.width:
        em *= 0.95
    laid = laid_rows(text, screen, em, screen.safe.width, MOST_ROWS) or tuple(text.split())
    wide, high = widest(laid, screen.fonts, em), len(laid) * em * face.tall
    plate = max(wide, float(box.width))
    middle = (box.x0 + box.x1) / 2 if side_of(box, screen.picture.width) == "centre" else box.x0 + plate / 2
    low, far = limits(box, screen)
    reach = plate / 2 + ass.PLATE * em
    left, right = inside(max(low + reach, min(middle, far - reach)), plate / 2, screen.picture.width)
    top, bottom = inside((box.y0 + box.y1) / 2, high / 2, screen.picture.height)
    event = ass.Placed(
        inside_picture(one.span, screen.picture), laid, (left + right) / 2, (top + bottom) / 2, em, face.name,
        face.tall, anchor=5, plate=plate, plate_high=float(box.height),
    )  # fmt: skip
    block = Box(int(left), int(top), math.ceil(right), math.ceil(bottom))
    return Overlay(Cue("", event.span, laid, (one.id,), forced=True), event, block)

"""Translated on-screen texts: forced cues in the box of the text they replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localize.episode import OnScreenText, Picture
from localize.formats import ass, rows
from localize.media import fonts
from localize.media.fonts import Face, Fonts
from localize.timing import Ms, Span
from localize.version import Cue, Finding

SIZES = tuple(step / 20 for step in range(25, 11, -1))  # 1.25 … 0.6: em of an overlay, in ems of the captions
NARROWEST = 0.34  # of the width: a vertical name plate gives a horizontal script at least this much
MOST_ROWS = 4
ANY = 200  # characters: only the box limits a row
LABEL = 0.78  # of a screen row's height: the label's em and its leading, so that labels of close rows keep apart
CENTRED = 0.06  # of the width: a row this near the picture's middle is a heading and stays centred
EDGE = 0.02  # of the picture: what an overlay keeps away from its edges


@dataclass(frozen=True, slots=True)
class Screen:
    """What an overlay is set on: ``em`` is that of the captions, ``widest`` the safe width, in pixels."""

    picture: Picture
    language: str
    fonts: Fonts
    em: float
    widest: float


def widest(shown: Sequence[str], set_in: Fonts, em: float) -> float:
    """Pixels of the widest row."""
    face = set_in.face_for("".join(shown))
    return max((fonts.width(face, row, em) for row in shown), default=0.0)


def overlay(one: OnScreenText, screen: Screen) -> tuple[Cue, ass.Placed, tuple[Finding, ...]]:
    """A cue without id, where it stands, and a finding when the box is too small for the translation."""
    if one.kind == "screen":
        return _label(one, screen)
    face, text = screen.fonts.face_for(one.text), one.text
    em, laid, found = _fitted(one, text, face, screen)
    half_wide, half_high = widest(laid, screen.fonts, em) / 2, len(laid) * em * face.tall / 2
    event = ass.Placed(
        _inside_picture(one.span, screen.picture), laid,
        _inside((one.box.x0 + one.box.x1) / 2, half_wide, screen.picture.width),
        _inside((one.box.y0 + one.box.y1) / 2, half_high, screen.picture.height),
        em, face.name, face.tall, anchor=5,
    )  # fmt: skip
    return Cue("", event.span, laid, (one.id,), forced=True), event, found


def _label(one: OnScreenText, screen: Screen) -> tuple[Cue, ass.Placed, tuple[Finding, ...]]:
    """A label that covers a row of a phone or a document: one row where it fits, growing to the right of the row."""
    face, text, box = screen.fonts.face_for(one.text), " ".join(one.text.split()), one.box
    em = min(SIZES[0] * screen.em, max(SIZES[-1] * screen.em, LABEL * box.height / face.tall))
    while em > SIZES[-1] * screen.em and widest((text,), screen.fonts, em) > screen.widest:
        em *= 0.95
    laid = _rows(text, screen, em, screen.widest, MOST_ROWS) or tuple(text.split())
    wide, high = widest(laid, screen.fonts, em), len(laid) * em * face.tall
    plate = max(wide, float(box.width))
    centred = abs((box.x0 + box.x1) / 2 - screen.picture.width / 2) < CENTRED * screen.picture.width
    middle = (box.x0 + box.x1) / 2 if centred else box.x0 + plate / 2
    event = ass.Placed(
        _inside_picture(one.span, screen.picture), laid, _inside(middle, plate / 2, screen.picture.width),
        _inside((box.y0 + box.y1) / 2, high / 2, screen.picture.height), em, face.name, face.tall, anchor=5,
        plate=plate, plate_high=float(box.height),
    )  # fmt: skip
    return Cue("", event.span, laid, (one.id,), forced=True), event, ()


def _fitted(
    one: OnScreenText, text: str, face: Face, screen: Screen
) -> tuple[float, tuple[str, ...], tuple[Finding, ...]]:
    """The largest size whose rows stay in the box; else the smallest, as wide as the safe area lets it."""
    wide = max(float(one.box.width), NARROWEST * screen.picture.width)
    high = max(float(one.box.height), screen.em * face.tall)
    for em in (size * screen.em for size in SIZES):
        if laid := _rows(text, screen, em, wide, min(MOST_ROWS, int(high / (em * face.tall)))):
            return em, laid, ()
    em = SIZES[-1] * screen.em
    laid = _rows(text, screen, em, screen.widest, 2 * MOST_ROWS) or tuple(text.split())
    told = f"the translation of {one.id} does not fit where the original stands"
    return em, laid, (Finding("overlay", one.id, "note", told, "shorten it"),)


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


def _inside(centre: float, half: float, whole: int) -> float:
    """``centre`` moved so that ``half`` to each side stays clear of the picture's edges."""
    least = EDGE * whole + half
    return min(max(centre, least), whole - least) if 2 * least < whole else whole / 2


def _inside_picture(shown: Span, picture: Picture) -> Span:
    return Span(shown.start, Ms(max(shown.start + 1, min(shown.end, picture.length))))

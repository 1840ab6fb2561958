"""Advanced SubStation: captions as they are burned in, at exact places of a picture of known size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from localize.episode import Box
from localize.timing import Span

if TYPE_CHECKING:
    from pysubs2 import SSAEvent, SSAFile, SSAStyle

# Drama captions: white, a dark (not black) outline, a soft shadow that also quiets what an erasure left.
# Parts of an em.
OUTLINE = 0.075
SHADE = 0.17
BLUR = 0.12
PLATE = 0.3  # padding of the plate under a translated screen, and the radius of its corners
DARK = (18, 18, 22)
TOGETHER = " & "  # between the names of two who speak at once
SPREAD, SOFT = 2, 1.5  # pixels a strip of paper reaches beyond its place, and the blur of its edges


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows at a place: ``x`` is their centre, ``y`` the last row's bottom (``anchor`` 2) or the middle (4 to 6).

    With ``anchor`` 4 ``x`` is the rows' left edge, with 6 the right one; ``ink`` is their red, green and blue.

    ``em`` is in pixels; ``tall`` the font's ASS size per em; ``plate`` is the width of the rows when a
    dark plate lies under them, else 0; ``plate_high`` the least height of that plate.  ``paper`` are boxes that
    cover what the rows replace on a phone or a page, each with its colours at ms of the span: the rows have no outline.
    ``name`` is who speaks, by id; ``signed`` puts the market's names there.
    """

    span: Span
    rows: tuple[str, ...]
    x: float
    y: float
    em: float
    font: str
    tall: float
    anchor: int = 2
    italic: bool = False
    plate: float = 0.0
    plate_high: float = 0.0
    ink: tuple[int, int, int] = (255, 255, 255)
    paper: tuple[tuple[Box, tuple[tuple[int, tuple[int, int, int]], ...]], ...] = ()
    name: str = ""


def text(width: int, height: int, events: Sequence[Placed], title: str = "", language: str = "") -> str:
    """A script whose unit is the pixel of a ``width`` × ``height`` picture."""
    from pysubs2 import SSAFile

    script = SSAFile()
    script.info.update({
        "Title": escape(title), "Language": language, "ScriptType": "v4.00+", "PlayResX": str(width),
        "PlayResY": str(height), "LayoutResX": str(width), "LayoutResY": str(height), "WrapStyle": "2",
        "ScaledBorderAndShadow": "yes", "YCbCr Matrix": "None",
    })  # fmt: skip
    script.styles.clear()
    for event in events:
        _add(script, event)
    return str(script.to_string("ass"))


def signed(script: str, title: str, names: Mapping[str, str]) -> str:
    """``script`` under its ``title``, with names for the ids of speakers: what is handed out, not what is burned in."""
    rows = [_signed(row, title, names) for row in script.split("\n")]
    return "\n".join(rows)


def _signed(row: str, title: str, names: Mapping[str, str]) -> str:
    if row.startswith("Title:"):
        return f"Title: {escape(title)}"
    if not row.startswith("Dialogue:"):
        return row
    *before, name, rest = row.split(",", 5)
    called = (_cell(names.get(one, one)) for one in name.split(TOGETHER))
    return ",".join((*before, TOGETHER.join(called), rest))


def escape(text: str) -> str:
    """``text`` as it is shown literally: no override blocks, no line breaks, no escapes.

    Players that do not know libass's ``\\{`` would eat everything up to the next ``}``: the empty block that follows
    costs them the brace only.
    """
    safe = text.replace("\\", "\\\u2060").replace("{", r"\{{}")
    return " ".join(safe.split())


def _add(script: SSAFile, one: Placed) -> None:
    name = f"Drama-{_number(one.em)}-{one.font}".replace(",", " ")
    script.styles.setdefault(name, _style(one))
    body = r"\N".join(map(escape, one.rows))
    place = rf"\an{one.anchor}\pos({_number(one.x)},{_number(one.y)})" + (r"\i1" if one.italic else "")
    for box, colours in one.paper:
        script.append(_event(one, name, 0, _strip(box, colours)))
    if one.paper:
        place += r"\bord0"
    elif one.plate:
        script.append(_event(one, name, 0, _plate(one)))
        place += r"\bord0"
    else:
        soft = rf"\1a&HFF&\3a&H68&\bord{_number(SHADE * one.em)}\blur{_number(BLUR * one.em)}"
        script.append(_event(one, name, 0, f"{{{place}{soft}}}{body}"))
    if one.ink != (255, 255, 255):
        place += rf"\1c{_colour(one.ink)}"
    script.append(_event(one, name, 1, f"{{{place}}}{body}"))


def _plate(one: Placed) -> str:
    """A drawn rectangle with cut corners around rows that are anchored in their middle."""
    cut = PLATE * one.em
    wide, high = one.plate + 2 * cut, max(len(one.rows) * one.em * one.tall + cut, one.plate_high)
    near, right, low = _number(cut / 2), _number(wide - cut / 2), _number(high - cut / 2)
    shape = f"m {near} 0 l {right} 0 {_number(wide)} {near} {_number(wide)} {low} {right} {_number(high)}"
    shape += f" {near} {_number(high)} 0 {low} 0 {near}"
    corner = f"{_number(one.x - wide / 2)},{_number(one.y - high / 2)}"
    return rf"{{\an7\pos({corner})\bord0\1c{_colour(DARK)}\1a&H00&\p1}}{shape}"


def _strip(box: Box, colours: Sequence[tuple[int, tuple[int, int, int]]]) -> str:
    """A drawn rectangle with soft edges that run into those beside it, in a colour that changes as the light does."""
    wide, high = box.width + 2 * SPREAD, box.height + 2 * SPREAD
    look = rf"\an7\pos({box.x0 - SPREAD},{box.y0 - SPREAD})\bord0\blur{SOFT}\1c{_colour(colours[0][1])}"
    for (start, before), (end, after) in pairwise(colours):
        look += rf"\t({start},{end},\1c{_colour(after)})" if after != before else ""
    return rf"{{{look}\p1}}m 0 0 l {wide} 0 {wide} {high} 0 {high}"


def _colour(rgb: tuple[int, int, int]) -> str:
    """Red, green and blue as ASS writes them: blue first."""
    red, green, blue = rgb
    return f"&H{blue:02X}{green:02X}{red:02X}&"


def _event(one: Placed, style: str, layer: int, text: str) -> SSAEvent:
    from pysubs2 import SSAEvent

    # ASS counts centiseconds: rounding both ends down keeps exactly the frames that start inside the span
    start, end = one.span.start // 10 * 10, one.span.end // 10 * 10
    return SSAEvent(start=start, end=end, text=text, style=style, layer=layer, name=_cell(one.name))


def _cell(name: str) -> str:
    """A name as the field of an event holds it: a comma would end it."""
    return " ".join(name.replace(",", " ").split())


def _style(one: Placed) -> SSAStyle:
    from pysubs2 import Color, SSAStyle

    dark = Color(*DARK, 0)
    return SSAStyle(
        fontname=one.font, fontsize=round(one.em * one.tall, 2), primarycolor=Color(255, 255, 255, 0),
        outlinecolor=dark, backcolor=dark, outline=round(OUTLINE * one.em, 2), shadow=0.0,
        marginl=0, marginr=0, marginv=0,
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

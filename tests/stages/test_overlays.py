"""Where translated name plates, captions and titles stand, how large, and in which colour."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from localize.episode import Box, OnScreenText, Picture
from localize.media import fonts
from localize.stages._overlays import WHITE, Overlay, Screen, overlays, widest
from localize.timing import Ms, span

PICTURE = Picture(720, 1280, Fraction(25), Ms(20_000), 500, "h264")
SAFE = Box(40, 87, 611, 1047)
SCREEN = Screen(PICTURE, "en-US", fonts.for_script("Latn"), 36.0, SAFE)
NAME = OnScreenText("T0001", span(1000, 4000), Box(120, 700, 276, 769), "Zhou Peilan", "nameplate")
ROLE = OnScreenText("T0002", span(1000, 4000), Box(122, 758, 268, 801), "Lu Chen's mother", "nameplate")
TITLE = OnScreenText("T0003", span(6000, 8000), Box(211, 275, 474, 369), "Three years later", "caption")
LONG = "Deputy general manager of the whole Lu Group of companies"


def laid(*texts: OnScreenText, screen: Screen = SCREEN) -> list[Overlay]:
    return overlays(texts, screen)


def inside(block: Box, area: Box) -> bool:
    return area.x0 - 1 <= block.x0 and block.x1 <= area.x1 + 1 and area.y0 - 1 <= block.y0 and block.y1 <= area.y1 + 1


def test_a_plate_starts_where_the_original_starts_and_is_as_large() -> None:
    name, role = laid(NAME, ROLE)
    for one, text in ((name, NAME), (role, ROLE)):
        assert one.event.anchor == 4 and one.cue.rows == (text.text,)
        assert text.box.x0 < one.block.x0 < text.box.x0 + 0.25 * text.box.height
        assert 0.6 * text.box.height <= one.event.em <= 0.7 * text.box.height
        assert text.box.y0 <= one.block.y0 and one.block.y1 <= text.box.y1
    assert abs(name.block.x0 - role.block.x0) <= 4, "rows of one plate share their edge"


@pytest.mark.parametrize(
    "words", ["Lu Chen's mother", "Mother of the young heir", LONG, "Kepala pelayan keluarga Shen"]
)
@pytest.mark.parametrize("right", [0, 170, 330])
def test_rows_of_one_plate_never_stand_on_each_other(words: str, right: int) -> None:
    moved = (replace(one, box=_moved(one.box, right)) for one in (NAME, replace(ROLE, text=words)))
    upper, lower = laid(*moved)
    assert upper.block.y1 <= lower.block.y0 + 2
    assert inside(upper.block, SAFE) and inside(lower.block, SAFE)
    assert lower.event.em >= 0.6 * SCREEN.em - 0.01


def _moved(box: Box, right: int) -> Box:
    return Box(box.x0 + right, box.y0, box.x1 + right, box.y1)


def test_what_is_too_long_shrinks_before_it_wraps_and_says_when_it_cannot() -> None:
    short = replace(NAME, box=_moved(NAME.box, 310))
    (shrunk,) = laid(short)
    assert shrunk.cue.rows == ("Zhou Peilan",) and shrunk.event.em < 0.6 * NAME.box.height
    (wrapped,) = laid(replace(short, text="Zhou Peilan, Lu Chen's mother"))
    assert len(wrapped.cue.rows) > 1 and wrapped.findings == ()
    (told,) = laid(replace(short, text=LONG * 4))[0].findings
    assert (told.check, told.line, told.severity) == ("overlay", "T0001", "note")


def test_a_heading_stays_in_the_middle_and_may_grow_to_both_sides() -> None:
    (one,) = laid(TITLE)
    assert (one.event.anchor, one.event.x) == (5, 360.0)
    assert one.event.em > 1.4 * SCREEN.em and len(one.cue.rows) == 1
    assert inside(one.block, SAFE)
    assert abs((one.block.y0 + one.block.y1) / 2 - 322) <= 1


def test_writing_at_the_right_edge_is_set_against_it() -> None:
    (one,) = laid(replace(NAME, box=Box(540, 700, 700, 769), text="Zhou Peilan and her son"))
    assert one.event.anchor == 6 and 680 <= one.block.x1 <= 700
    assert one.block.x1 - one.block.x0 == pytest.approx(widest(one.cue.rows, SCREEN.fonts, one.event.em), abs=2)


def test_an_overlay_stands_no_further_out_of_the_safe_area_than_the_original() -> None:
    below = replace(NAME, box=Box(444, 1150, 640, 1219), text="Zhou Peilan, mother of Lu Chen")
    (one,) = laid(below)
    assert inside(one.block, Box(SAFE.x0, SAFE.y0, 640, 1219))


@pytest.mark.parametrize(("box", "anchor"), [(Box(560, 300, 610, 560), 6), (Box(60, 300, 110, 560), 4)])
def test_a_column_becomes_rows_that_grow_into_the_picture(box: Box, anchor: int) -> None:
    (one,) = laid(replace(NAME, box=box, text="Lin Wan\nCEO of the Lin Group"))
    assert one.event.anchor == anchor and one.cue.rows[0] == "Lin Wan"
    assert inside(one.block, SAFE) and one.findings == ()


def test_a_label_of_a_screen_is_moved_into_the_safe_area() -> None:
    row = OnScreenText("T0009", span(1000, 2000), Box(172, 394, 357, 449), "Abono: 500 millones de yuanes", "screen")
    (one,) = laid(replace(row, box=Box(400, 394, 585, 449)))
    assert one.event.plate and inside(one.block, SAFE)


@pytest.mark.parametrize(
    ("ink", "shown"),
    [((225, 197, 133), (225, 197, 133)), ((250, 246, 255), WHITE), ((60, 20, 20), WHITE), (None, WHITE)],
)
def test_the_colour_is_the_source_s_unless_it_would_not_read(
    ink: tuple[int, int, int] | None, shown: tuple[int, int, int]
) -> None:
    inks = {NAME.id: ink} if ink else {}
    (one,) = laid(NAME, screen=replace(SCREEN, inks=inks))
    assert one.event.ink == shown

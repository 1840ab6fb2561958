"""Translated rows of phones and documents: in their ink, on their paper, inside their panel."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from localize.episode import Box, OnScreenText, Picture
from localize.media import fonts
from localize.media.panels import Panel
from localize.stages._panels import SMALL, on_panels, plain
from localize.stages._setting import Overlay, Screen
from localize.timing import Ms, span

PICTURE = Picture(720, 1280, Fraction(25), Ms(20_000), 500, "h264")
INK, WHITE = (170, 70, 80), (252, 254, 254)
BOX = Box(172, 394, 357, 449)
ROW = OnScreenText("T0009", span(1000, 2000), BOX, "500 million yuan received", "screen")
BUBBLE = Panel(
    INK, (100, 600), ((172, 264, (WHITE, WHITE)), (264, 357, (WHITE, (240, 240, 240)))), Box(162, 386, 369, 456)
)
PHONE = Box(142, 110, 582, 1000)


def screen(**panels: Panel) -> Screen:
    return Screen(PICTURE, "en-US", fonts.for_script("Latn"), 36.0, Box(40, 87, 611, 1047), panels=panels)


def laid(one: OnScreenText, panel: Panel = BUBBLE) -> Overlay:
    (found,) = on_panels([one], screen(**{one.id: panel}))
    return found


@pytest.mark.parametrize("words", ["Paid", "500 million yuan received", "Abono: 500 millones de yuanes"])
def test_rows_stay_in_the_bubble_whatever_their_length(words: str) -> None:
    one = laid(replace(ROW, text=words))
    room = BUBBLE.room
    assert room.x0 <= one.block.x0 + 1 and one.block.x1 - 1 <= room.x1
    assert room.y0 <= one.block.y0 + 1 and one.block.y1 - 1 <= room.y1
    assert one.event.em >= SMALL * 36 - 0.01 and one.findings == ()


def test_rows_are_in_the_original_s_ink_on_the_original_s_paper() -> None:
    event = laid(ROW).event
    assert event.ink == INK and not event.plate
    (left, colours), (right, _) = event.paper
    assert (left, right) == (Box(172, 394, 264, 449), Box(264, 394, 357, 449))
    assert colours == ((100, WHITE), (600, WHITE))


def test_what_does_not_fit_is_told_and_stays_at_its_place() -> None:
    one = laid(replace(ROW, text="The transfer of five hundred million yuan to your account has been completed today"))
    assert [told.check for told in one.findings] == ["overlay"]
    assert (one.block.y0 + one.block.y1) / 2 == pytest.approx(421, abs=2)


def test_a_row_of_a_page_begins_where_the_original_begins() -> None:
    page = replace(BUBBLE, room=Box(60, 386, 600, 456))
    one = laid(replace(ROW, box=Box(106, 394, 308, 449)), page)
    assert one.event.anchor == 4 and one.event.x == pytest.approx(117) and len(one.cue.rows) == 1


def test_rows_of_one_page_are_one_size() -> None:
    page = replace(BUBBLE, room=Box(60, 386, 520, 456))
    texts = [
        replace(ROW, id="A", box=Box(106, 394, 308, 449), text="Party A: Lu Chen"),
        replace(ROW, id="B", box=Box(106, 464, 308, 515), text="Divorce by mutual consent"),
    ]
    first, second = on_panels(texts, screen(A=page, B=replace(page, room=Box(60, 456, 520, 526))))
    assert first.event.em == second.event.em
    title = replace(ROW, id="A", box=Box(106, 300, 400, 385), text="Divorce")
    large, small = on_panels([title, texts[1]], screen(A=replace(page, room=Box(60, 290, 520, 390)), B=page))
    assert large.event.em > 1.4 * small.event.em


def test_without_even_paper_a_label_covers_the_row() -> None:
    (one,) = on_panels([ROW], screen())
    assert one.event.plate and not one.event.paper


def test_screens_are_set_in_the_weight_of_text() -> None:
    light = plain(fonts.for_script("Latn"))
    assert "Regular" in light.faces[0].key

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from localize import backends


def test_the_card_is_ready_and_free() -> None:
    card = backends.card("ocr", "rapid")
    assert card.available({}).ready
    assert card.commercial_use and not card.needs and "Apache-2.0" in card.licence


def test_latin_text_is_read_where_it_stands_at_any_side() -> None:
    import cv2

    image = np.full((120, 400, 3), 40, np.uint8)
    cv2.putText(image, "HELLO 2046", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (255, 255, 255), 3)
    engine = backends.load("ocr", "rapid")
    for side in (320, 640):
        (read,) = engine.read(image, side)
        assert read.text.replace(" ", "") == "HELLO2046"
        assert read.confidence > 0.8
        assert 40 < read.box.x0 < 80 and 25 < read.box.y0 < 60 < read.box.y1 < 110


def test_an_empty_picture_has_no_text() -> None:
    assert backends.load("ocr", "rapid").read(np.zeros((64, 200, 3), np.uint8)) == ()


@pytest.mark.skipif(find_spec("mplfonts") is None, reason="mplfonts, which brings a Chinese font, is not installed")
def test_a_tall_character_is_not_turned_on_its_side() -> None:
    from burned import FONTS, SANS
    from PIL import Image, ImageDraw, ImageFont

    drawn = Image.new("RGB", (300, 200), (40, 60, 50))
    ImageDraw.Draw(drawn).text((150, 100), "王", "white", ImageFont.truetype(str(FONTS / SANS), 90), "mm")
    tall = np.ascontiguousarray(np.asarray(drawn.resize((300, 380)))[..., ::-1])
    (read,) = backends.load("ocr", "rapid").read(tall)
    assert read.text == "王"  # turned it is an H

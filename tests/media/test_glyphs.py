"""Which pixels of a title are taken out, and which belong to its design."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from localize.episode import Box, OnScreenText, Picture
from localize.media.glyphs import glyphs
from localize.timing import Ms, span

WIDE, HIGH = 360, 200
PICTURE = Picture(WIDE, HIGH, Fraction(25), Ms(1200), 30, "h264")
TITLE = OnScreenText("T0001", span(0, 1200), Box(90, 70, 280, 120), "LATER", "title_card")
RULES = ((70, 58, 290, 60), (70, 130, 290, 132))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, letters = tmp_path_factory.mktemp("glyphs") / "film.mp4", ImageFont.load_default(44)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "16", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(30):
            y, x = np.mgrid[0:HIGH, 0:WIDE]
            wave = 60 + 30 * np.sin((x + 2 * number) / 23) + 10 * np.cos((y - number) / 31)
            image = Image.fromarray(np.stack([wave] * 3, -1).astype(np.uint8))
            draw = ImageDraw.Draw(image)
            for rule in RULES:
                draw.rectangle(rule, (240, 210, 140))
            draw.text((110, 70), TITLE.text, (240, 210, 140), letters)
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode(None))
    return path


def test_rules_beside_a_title_stay_and_its_strokes_go(film: Path) -> None:
    found = glyphs(film, PICTURE, [TITLE])["T0001"]
    mask = np.zeros((HIGH, WIDE), np.uint8)
    box = found.box
    mask[box.y0 : box.y1, box.x0 : box.x1] = found.mask(1.7)
    for x0, y0, x1, y1 in RULES:
        assert not mask[y0 : y1 + 1, x0:x1].any()
    assert mask[75:115, 112:230].mean() > 0.9
    dialogue = glyphs(film, PICTURE, [OnScreenText("T1", TITLE.span, TITLE.box, "LATER", "subtitle")])["T1"]
    assert dialogue.kept is None, "a dash of dialogue is no ornament"

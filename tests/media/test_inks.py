"""The colour of writing over a moving picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from localize.episode import Box, OnScreenText, Picture
from localize.media.inks import inks
from localize.timing import Ms, span

WIDE, HIGH, RATE = 360, 200, 25
PICTURE = Picture(WIDE, HIGH, Fraction(RATE), Ms(2000), 50, "h264")
GOLD, WHITE = (232, 196, 110), (255, 255, 255)
TEXTS = (
    OnScreenText("T0001", span(0, 1200), Box(40, 20, 320, 70), "LATER", "caption"),
    OnScreenText("T0002", span(400, 2000), Box(40, 120, 320, 170), "SHEN WAN", "nameplate"),
)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    letters = ImageFont.load_default(44)
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "18", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(50):
            y, x = np.mgrid[0:HIGH, 0:WIDE]
            wave = 90 + 40 * np.sin((x + 2 * number) / 23) + 20 * np.cos((y - number) / 31)
            image = Image.fromarray(np.stack([wave, wave * 0.9, wave * 0.8], -1).astype(np.uint8))
            draw = ImageDraw.Draw(image)
            for text, ink in zip(TEXTS, (WHITE, GOLD), strict=True):
                if number * 40 in text.span:
                    draw.text(
                        (text.box.x0 + 8, text.box.y0),
                        text.text,
                        ink,
                        letters,
                        stroke_width=2,
                        stroke_fill=(20, 20, 20),
                    )
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode(None))
    return path


def test_every_text_has_the_colour_it_is_written_in(film: Path) -> None:
    found = inks(film, PICTURE, TEXTS)
    assert set(found) == {"T0001", "T0002"}
    for text, ink in zip(TEXTS, (WHITE, GOLD), strict=True):
        assert max(abs(a - b) for a, b in zip(found[text.id], ink, strict=True)) <= 20, found
    assert inks(film, PICTURE, TEXTS[1:]) == {"T0002": found["T0002"]}


def test_a_text_at_the_very_end_is_looked_at_too(film: Path) -> None:
    late = OnScreenText("T0003", span(1990, 2000), TEXTS[1].box, "SHEN WAN", "nameplate")
    assert "T0003" in inks(film, PICTURE, (late,))
    assert inks(film, PICTURE, ()) == {}

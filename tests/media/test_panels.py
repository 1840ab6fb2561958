"""What stands under and around writing on a phone or a page."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from localize.episode import Box, OnScreenText, Picture
from localize.media.panels import Panel, panels
from localize.timing import Ms, span

WIDE, HIGH, RATE = 480, 240, 25
PICTURE = Picture(WIDE, HIGH, Fraction(RATE), Ms(1600), 40, "h264")
PHONE, PILL = (60, 10, 420, 230), (90, 80, 290, 150)
INK = (150, 30, 40)
TEXTS = (
    OnScreenText("T0001", span(0, 1600), Box(100, 90, 280, 140), "PAID", "screen"),
    OnScreenText("T0002", span(0, 1600), Box(300, 170, 470, 220), "NOISE", "screen"),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Panel]:
    """A pale bubble on a phone whose light goes down, and writing over a busy picture."""
    path = tmp_path_factory.mktemp("panels") / "film.mp4"
    letters, noise = ImageFont.load_default(36), np.random.default_rng(1).integers(0, 255, (HIGH // 8, WIDE // 8, 3))
    busy = Image.fromarray(noise.astype(np.uint8)).resize((WIDE, HIGH), Image.Resampling.NEAREST)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "16", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(40):
            image, light = busy.copy(), 250 - number
            draw = ImageDraw.Draw(image)
            draw.rectangle((60, 10, 420, 160), (light - 30,) * 3)
            draw.rectangle(PILL, (light,) * 3)
            draw.text((112, 92), TEXTS[0].text, INK, letters)
            draw.text((312, 175), TEXTS[1].text, (255, 255, 255), letters)
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode(None))
    return dict(panels(path, PICTURE, TEXTS))


def test_the_ink_and_the_paper_are_told_as_the_light_changes(found: dict[str, Panel]) -> None:
    panel = found["T0001"]
    assert max(abs(a - b) for a, b in zip(panel.ink, INK, strict=True)) <= 25
    assert panel.paper[0][0] == 100 and panel.paper[-1][1] == 280
    for _, _, colours in panel.paper:
        assert len(colours) == len(panel.times)
        for at, colour in zip(panel.times, colours, strict=True):
            assert all(abs(one - (250 - at / 40)) <= 4 for one in colour), (at, colour)


def test_the_room_ends_at_the_bubble_s_edge(found: dict[str, Panel]) -> None:
    room = found["T0001"].room
    assert 90 <= room.x0 <= 98 and 282 <= room.x1 <= 290
    assert 80 <= room.y0 <= 88 and 142 <= room.y1 <= 150


def test_a_busy_picture_is_no_panel(found: dict[str, Panel]) -> None:
    assert set(found) == {"T0001"}

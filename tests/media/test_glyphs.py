"""Which pixels of a title are taken out, which belong to its design, and the frames in which it is there."""

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


@pytest.fixture(scope="module", params=[False, True], ids=["over the dark", "half over a white shirt"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, letters = tmp_path_factory.mktemp("glyphs") / "film.mp4", ImageFont.load_default(44)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "16", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(30):
            y, x = np.mgrid[0:HIGH, 0:WIDE]
            wave = 60 + 30 * np.sin((x + 2 * number) / 23) + 10 * np.cos((y - number) / 31)
            image = Image.fromarray(np.stack([wave] * 3, -1).astype(np.uint8))
            draw = ImageDraw.Draw(image)
            if request.param:  # as bright as the rules, which do not stand out there
                draw.rectangle((130, 0, 225, HIGH), (235, 235, 230))
            for rule in RULES:
                draw.rectangle(rule, (240, 210, 140))
            draw.text((110, 70), TITLE.text, (240, 210, 140), letters)
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode(None))
    return path


def test_rules_beside_a_title_stay_and_its_strokes_go(film: Path, request: pytest.FixtureRequest) -> None:
    found = glyphs(film, PICTURE, [TITLE])["T0001"]
    mask = np.zeros((HIGH, WIDE), np.uint8)
    box = found.box
    mask[box.y0 : box.y1, box.x0 : box.x1] = found.mask(1.7)
    for x0, y0, x1, y1 in RULES:
        assert not mask[y0 : y1 + 1, x0:x1].any()
        assert found.kept is not None
        kept = found.kept[y0 - box.y0 : y1 - box.y0, max(0, x0 + 4 - box.x0) : x1 - 4 - box.x0]
        assert kept.all(), "a line goes on where it does not stand out"
    if "dark" in request.node.callspec.id:
        assert mask[75:115, 112:230].mean() > 0.9
    dialogue = glyphs(film, PICTURE, [OnScreenText("T1", TITLE.span, TITLE.box, "LATER", "subtitle")])["T1"]
    assert dialogue.kept is None, "a dash of dialogue is no ornament"


FADE, FIRST, STOP = 6, 10, 24
"""Frames in which a caption comes and goes, and those in which it stands fully."""


def shown(number: int) -> float:
    """How much of the caption there is on a frame, 0–1."""
    return float(np.clip(min((number - FIRST + FADE + 1) / (FADE + 1), (STOP + FADE - number) / (FADE + 1)), 0, 1))


@pytest.fixture(scope="module")
def fading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, letters = tmp_path_factory.mktemp("fading") / "film.mp4", ImageFont.load_default(44)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "12", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(40):
            y, x = np.mgrid[0:HIGH, 0:WIDE]
            wave = 70 + 30 * np.sin((x + 2 * number) / 23) + 10 * np.cos((y - number) / 31)
            bare = Image.fromarray(np.stack([wave] * 3, -1).astype(np.uint8))
            full = bare.copy()
            ImageDraw.Draw(full).text((110, 70), "LATER", "white", letters, stroke_width=2, stroke_fill="black")
            container.mux(stream.encode(av.VideoFrame.from_image(Image.blend(bare, full, shown(number)))))
        container.mux(stream.encode(None))
    return path


def test_a_caption_is_there_while_it_fades_in_and_out(fading: Path) -> None:
    picture = Picture(WIDE, HIGH, Fraction(25), Ms(1600), 40, "h264")
    said = OnScreenText("T1", span(FIRST * 40, STOP * 40), Box(108, 74, 240, 118), "LATER", "subtitle")
    found = glyphs(fading, picture, [said])["T1"]
    assert shown(FIRST - FADE - 1) == 0 and shown(STOP + FADE) == 0
    assert FIRST - FADE <= found.first <= FIRST - FADE + 2, "its faintest frames may be too faint"
    assert STOP + FADE - 2 <= found.stop <= STOP + FADE


def test_a_caption_that_comes_and_goes_at_once_takes_no_frame_more(film: Path) -> None:
    inner = OnScreenText("T1", span(400, 800), Box(70, 140, 290, 180), "----", "subtitle")
    found = glyphs(film, PICTURE, [inner])["T1"]
    assert (found.first, found.stop) == (10, 20)

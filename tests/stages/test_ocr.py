"""Captions rendered here are read back: what, when, where, and what else is written on the picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from localize import backends
from localize.episode import OnScreenText, Picture, Shot
from localize.stages import Choice
from localize.stages.ocr import STAGE, Job, recipe
from localize.timing import span

CLIPS = Path(__file__).resolve().parents[2].parent / "shared" / "clips"
SPEC = find_spec("mplfonts")
FONTS = Path(SPEC.origin).parent / "fonts" if SPEC and SPEC.origin else Path()
RATE = 25
SIZE = (360, 640)
LINES = ((10, 40, "你终于肯来了"), (40, 70, "我一直没有忘记"), (74, 105, "跪下给我道歉"))

needs_font = pytest.mark.skipif(SPEC is None, reason="mplfonts, which brings a Chinese font, is not installed")


class Desk:
    def progress(self, done: float, total: float) -> None:
        assert done <= total


def background(number: int) -> Image.Image:
    """A soft pattern that moves two pixels per frame."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    wave = 90 + 40 * np.sin((x + 2 * number) / 23) + 30 * np.cos((y - number) / 31)
    return Image.fromarray(np.stack([wave, wave * 0.9, wave * 0.8], -1).astype(np.uint8))


def write(path: Path, pictures: Iterator[Image.Image]) -> Picture:
    count = 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "18", "preset": "veryfast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
            count += 1
        container.mux(stream.encode(None))
    return Picture(*SIZE, Fraction(RATE), count * 1000 // RATE, count, "h264")


def clip(path: Path, ink: str, outline: int, at: float, font: str, plate: bool = False) -> Picture:
    letters = ImageFont.truetype(str(FONTS / font), 30)
    small = ImageFont.truetype(str(FONTS / font), 22)

    def pictures() -> Iterator[Image.Image]:
        for number in range(115):
            picture = background(number)
            draw = ImageDraw.Draw(picture)
            for first, stop, text in LINES:
                if first <= number < stop:
                    place = (SIZE[0] / 2, SIZE[1] * at)
                    draw.text(place, text, ink, letters, "mm", stroke_width=outline, stroke_fill="black")
            if plate and 20 <= number < 80:
                draw.text((20, 200), "顾明远", "white", small, stroke_width=1, stroke_fill="black")
            yield picture

    return write(path, pictures())


def read(path: Path, picture: Picture) -> tuple[OnScreenText, ...]:
    engine = Choice.of(backends.card("ocr", "rapid"))
    job = Job(path, "d", picture, (Shot("S1", span(0, picture.length)),), engine)
    ((_, answer),) = STAGE.work([job], Desk())  # type: ignore[arg-type]
    return tuple(answer)


@needs_font
@pytest.mark.parametrize(
    ("ink", "outline", "at", "font"),
    [
        ("white", 2, 0.75, "NotoSansCJKsc-Regular.otf"),
        ("#ffe600", 2, 0.62, "NotoSansCJKsc-Regular.otf"),
        ("white", 0, 0.84, "NotoSerifCJKsc-Regular.otf"),
    ],
)
def test_captions_of_any_colour_height_and_font(tmp_path: Path, ink: str, outline: int, at: float, font: str) -> None:
    picture = clip(tmp_path / "a b.mp4", ink, outline, at, font)
    found = read(tmp_path / "a b.mp4", picture)
    assert [t.text for t in found] == [text for *_, text in LINES]
    assert {t.kind for t in found} == {"subtitle"}
    assert [t.id for t in found] == ["T0001", "T0002", "T0003"]
    for text, (first, stop, _) in zip(found, LINES, strict=True):
        assert abs(text.span.start - first * 1000 // RATE) <= 40
        assert abs(text.span.end - stop * 1000 // RATE) <= 40
        assert text.box.y0 < SIZE[1] * at < text.box.y1


@needs_font
def test_a_name_plate_is_not_dialogue(tmp_path: Path) -> None:
    picture = clip(tmp_path / "p.mp4", "white", 2, 0.75, "NotoSansCJKsc-Regular.otf", plate=True)
    found = read(tmp_path / "p.mp4", picture)
    (plate,) = [t for t in found if t.kind != "subtitle"]
    assert (plate.kind, plate.text) == ("nameplate", "顾明远")
    assert abs(plate.span.start - 800) <= 80 and abs(plate.span.end - 3200) <= 80
    assert len(found) == 1 + len(LINES)


def test_a_picture_without_text_has_none(tmp_path: Path) -> None:
    picture = write(tmp_path / "n.mp4", (background(n) for n in range(20)))
    assert read(tmp_path / "n.mp4", picture) == ()


def test_the_recipe_holds_values_and_no_path(tmp_path: Path) -> None:
    engine = Choice.of(backends.card("ocr", "rapid"))
    picture = Picture(*SIZE, Fraction(RATE), 1000, 25, "h264")
    one, other = (recipe(Job(tmp_path / name, "d", picture, (), engine)) for name in ("a", "b"))
    assert one == other
    assert str(tmp_path) not in repr(one)


@pytest.mark.skipif(not (CLIPS / "ep_burn.mp4").exists(), reason="the real footage of ../shared/clips is not here")
def test_every_caption_of_the_real_clip() -> None:
    picture = Picture(720, 1280, Fraction(25), 50080, 1252, "h264")
    lines = [t for t in read(CLIPS / "ep_burn.mp4", picture) if t.kind == "subtitle"]
    truth = json.loads((CLIPS / "caps.json").read_text())

    def letters(text: str) -> str:
        return "".join(c for c in text if c.isalnum())

    assert [letters(t.text) for t in lines] == [letters(text) for *_, text in truth]
    off = [abs(t.span.start - start * 1000) for t, (start, *_) in zip(lines, truth, strict=True)]
    assert sum(off) / len(off) <= 20

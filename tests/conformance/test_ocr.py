"""Every engine that reads text in pictures."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from localize import backends

SPEC = find_spec("mplfonts")
pytestmark = pytest.mark.skipif(SPEC is None, reason="mplfonts, which brings a Chinese font, is not installed")
WIDTH, HEIGHT = 720, 200
LINE, AT = "我一直没有忘记", (360, 100)


def picture(*lines: tuple[str, tuple[int, int]]) -> NDArray[np.uint8]:
    """White outlined text, 40 px high, on a dim gradient; BGR."""
    assert SPEC and SPEC.origin
    font = ImageFont.truetype(str(Path(SPEC.origin).parent / "fonts" / "NotoSansCJKsc-Regular.otf"), 40)
    ramp = np.linspace(40, 120, WIDTH, dtype=np.uint8)
    drawn = Image.fromarray(np.repeat(np.tile(ramp, (HEIGHT, 1))[..., None], 3, axis=2))
    for text, place in lines:
        ImageDraw.Draw(drawn).text(place, text, "white", font, "mm", stroke_width=2, stroke_fill="black")
    return np.ascontiguousarray(np.asarray(drawn)[..., ::-1])


@pytest.fixture(params=sorted(backends.known("ocr")))
def engine(request: pytest.FixtureRequest) -> Any:
    state = backends.availability("ocr", request.param)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("ocr", request.param)


def test_a_caption_is_read_where_it_stands(engine: Any) -> None:
    (found,) = engine.read(picture((LINE, AT)))
    assert found.text == LINE
    assert 0.5 < found.confidence <= 1
    assert abs((found.box.x0 + found.box.x1) / 2 - AT[0]) < 20
    assert abs((found.box.y0 + found.box.y1) / 2 - AT[1]) < 15
    assert 240 < found.box.width < 340 and 30 < found.box.height < 80


def test_latin_text_is_read_too(engine: Any) -> None:
    assert [one.text for one in engine.read(picture(("OFFICE 301", AT)))] == ["OFFICE 301"]


def test_texts_come_from_top_to_bottom_and_stay_in_the_picture(engine: Any) -> None:
    found = engine.read(picture(("请您开门", (360, 160)), ("少爷回来了", (360, 40))), side=720)
    assert [one.text for one in found] == ["少爷回来了", "请您开门"]
    for one in found:
        assert 0 <= one.box.x0 < one.box.x1 <= WIDTH and 0 <= one.box.y0 < one.box.y1 <= HEIGHT


def test_a_picture_without_text_has_none_and_is_left_alone(engine: Any) -> None:
    image = picture()
    before = image.copy()
    assert engine.read(image) == ()
    assert np.array_equal(image, before)


def test_another_size_in_between_changes_nothing(engine: Any) -> None:
    first = engine.read(picture((LINE, AT)))
    engine.read(picture((LINE, AT)), side=320)
    assert engine.read(picture((LINE, AT))) == first

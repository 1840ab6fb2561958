"""What texts in the picture are written in and on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from localize.engine.codec import plain, restore
from localize.engine.local import LocalDesk, key_of
from localize.episode import Box, OnScreenText, Picture
from localize.errors import InputError
from localize.stages.look import STAGE, Look, job_of
from localize.timing import Ms, span

PICTURE = Picture(720, 1280, Fraction(25), Ms(1000), 25, "h264")
PLATE = OnScreenText("T0001", span(0, 1000), Box(540, 280, 660, 580), "林晚", "nameplate")
PHONE = OnScreenText("T0002", span(0, 1000), Box(120, 700, 420, 760), "转账成功", "screen")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("look") / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", "crf": "12"})
        stream.width, stream.height, stream.pix_fmt = 720, 1280, "yuv420p"
        picture = np.full((1280, 720, 3), 60, np.uint8)
        for top in range(300, 560, 24):
            picture[top : top + 8, 570:634] = (232, 196, 110)  # strokes of gold
        picture[640:900, 60:520] = (240, 240, 240)  # white paper
        for left in range(130, 410, 20):
            picture[705:755, left : left + 8] = (20, 20, 20)
        for _ in range(25):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def look(film: Path, desk: LocalDesk, *texts: OnScreenText) -> Look:
    return next(iter(STAGE.work((job_of(film, "d", PICTURE, texts),), desk)))[1]


def test_plates_have_an_ink_and_screens_a_panel(film: Path, desk: LocalDesk) -> None:
    seen = look(film, desk, PLATE, PHONE)
    ((name, (red, green, blue)),) = seen.inks
    assert name == PLATE.id
    assert red > green > blue
    assert red > 180
    ((name, panel),) = seen.panels
    assert name == PHONE.id
    assert max(panel.ink) < 90
    assert all(min(colour) > 180 for _, _, colours in panel.paper for colour in colours)


def test_a_receipt_gives_the_same_look_back(film: Path, desk: LocalDesk) -> None:
    seen = look(film, desk, PLATE, PHONE)
    assert restore(plain(seen), STAGE.answer) == seen


def test_a_look_depends_on_places_and_times_not_on_words(film: Path) -> None:
    def key(text: OnScreenText) -> str:
        return key_of(STAGE, job_of(film, "d", PICTURE, (text,)))

    assert key(replace(PLATE, text="Lin Wan")) == key(PLATE)
    assert key(replace(PLATE, span=span(40, 1000))) != key(PLATE)
    assert key(replace(PLATE, kind="screen")) != key(PLATE)


def test_a_film_that_cannot_be_decoded_is_told(tmp_path: Path, desk: LocalDesk) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a film")
    with pytest.raises(InputError):
        look(broken, desk, PLATE)

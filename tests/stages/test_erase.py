"""Captions drawn here over a known picture are taken out again, and nothing else changes."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydantic import TypeAdapter

from localize import backends
from localize.episode import Asset, Box, OnScreenText, Picture, Shot
from localize.media.video import frames, planes, read_patch
from localize.stages import Choice
from localize.stages.erase import STAGE, Erased, Job, recipe
from localize.timing import span

SPEC = find_spec("mplfonts")
pytestmark = pytest.mark.skipif(SPEC is None, reason="mplfonts, which brings a Chinese font, is not installed")
RATE, SIZE, COUNT = 25, (360, 640), 60
FIRST, STOP, TEXT = 15, 45, "我一直没有忘记"


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0

    def keep(self, path: Path, kind: str) -> Asset:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        path.rename(self.folder / digest)
        return Asset(digest, kind, len(data))

    def path(self, asset: Asset) -> Path:
        return self.folder / asset.digest

    def scratch(self, suffix: str = "") -> Path:
        self.made += 1
        return self.folder / f"scratch{self.made}{suffix}"

    def progress(self, done: float, total: float) -> None:
        assert done <= total


def picture_of(number: int, text: bool) -> Image.Image:
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    wave = 110 + 40 * np.sin(x / 23) + 30 * np.cos(y / 9) + 8 * np.sin(number / 20)
    picture = Image.fromarray(np.stack([wave, wave * 0.9, wave * 0.8], -1).astype(np.uint8))
    if text and FIRST <= number < STOP:
        assert SPEC and SPEC.origin
        font = ImageFont.truetype(str(Path(SPEC.origin).parent / "fonts" / "NotoSansCJKsc-Regular.otf"), 30)
        place = (SIZE[0] / 2, 480)
        ImageDraw.Draw(picture).text(place, TEXT, "white", font, "mm", stroke_width=2, stroke_fill="black")
    return picture


def write(path: Path, text: bool) -> Picture:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "12", "preset": "veryfast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(COUNT):
            container.mux(stream.encode(av.VideoFrame.from_image(picture_of(number, text))))
        container.mux(stream.encode(None))
    return Picture(*SIZE, Fraction(RATE), COUNT * 1000 // RATE, COUNT, "h264")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Picture]:
    folder = tmp_path_factory.mktemp("clips")
    write(folder / "clean.mp4", False)
    return folder / "burned.mp4", folder / "clean.mp4", write(folder / "burned.mp4", True)


def job(path: Path, picture: Picture, engine: str, cut: tuple[int, int] = (0, COUNT)) -> Job:
    said = OnScreenText("T0001", span(FIRST * 40, STOP * 40), Box(74, 460, 286, 500), TEXT, "subtitle", 0.99)
    shot = Shot("S1", span(cut[0] * 40, cut[1] * 40))
    fill, reader = (Choice.of(backends.card(*c)) for c in (("inpainting", engine), ("ocr", "rapid")))  # type: ignore[arg-type]
    return Job(path, "d", picture, shot, (said,), fill, reader)


def erased(one: Job, desk: Desk) -> Erased:
    ((_, answer),) = STAGE.work([one], desk)  # type: ignore[arg-type]
    return TypeAdapter(Erased).validate_json(TypeAdapter(Erased).dump_json(answer))


def pairs(path: Path, picture: Picture, box: Box, first: int) -> Iterator[NDArray[np.uint8]]:
    return (pixels for _, _, pixels in frames(path, picture, first, format="yuv420p", box=box))


@pytest.mark.parametrize(("engine", "least"), [("neighbours", 30.0), ("opencv", 18.0)])
def test_the_caption_goes_and_the_rest_stays(
    tmp_path: Path, clips: tuple[Path, Path, Picture], engine: str, least: float
) -> None:
    burned, clean, picture = clips
    desk = Desk(tmp_path)
    answer = erased(job(burned, picture, engine), desk)
    (patch,) = answer.patches
    assert answer.residue == ()
    assert patch.first <= FIRST and patch.first + patch.count >= STOP
    assert patch.span == span(patch.first * 40, (patch.first + patch.count) * 40)
    assert all(v % 2 == 0 for v in (patch.box.x0, patch.box.y0, patch.box.x1, patch.box.y1))
    errors, count = [], 0
    sides = (pairs(p, picture, patch.box, patch.first) for p in (burned, clean))
    for new, old, true in zip(read_patch(desk.path(patch.frames)), *sides, strict=False):
        hidden = np.abs(planes(old)[0].astype(int) - planes(true)[0]) > 24
        if hidden.any():
            errors.append(np.mean((planes(new)[0][hidden].astype(float) - planes(true)[0][hidden]) ** 2))
        border = planes(new)[0][:6] == planes(old)[0][:6]
        assert border.all()
        count += 1
    assert count == patch.count
    assert 10 * np.log10(255**2 / np.mean(errors)) > least


def test_a_patch_stays_inside_its_shot(tmp_path: Path, clips: tuple[Path, Path, Picture]) -> None:
    burned, _, picture = clips
    (patch,) = erased(job(burned, picture, "neighbours", (30, COUNT)), Desk(tmp_path)).patches
    assert patch.first == 30
    assert patch.span.start == 1200


def test_a_shot_without_text_has_no_patch(tmp_path: Path, clips: tuple[Path, Path, Picture]) -> None:
    burned, _, picture = clips
    assert erased(job(burned, picture, "neighbours", (50, COUNT)), Desk(tmp_path)) == Erased(())


def test_the_recipe_names_engines_not_paths(clips: tuple[Path, Path, Picture]) -> None:
    burned, clean, picture = clips
    one, other = (recipe(job(p, picture, "neighbours")) for p in (burned, clean))
    assert one == other
    assert one["engine"] != recipe(job(burned, picture, "opencv"))["engine"]


class Leaving(Desk):
    """Says stop at the second word about the progress."""

    said = 0

    def progress(self, done: float, total: float) -> None:
        self.said += 1
        if self.said > 1:
            raise KeyboardInterrupt


def test_shots_are_done_side_by_side_as_they_would_be_alone(tmp_path: Path, clips: tuple[Path, Path, Picture]) -> None:
    burned, _, picture = clips
    jobs = [job(burned, picture, "neighbours", cut) for cut in ((0, 30), (30, COUNT))]
    desk = Desk(tmp_path)
    together = dict(STAGE.work(jobs, desk))  # type: ignore[arg-type]
    for one in jobs:
        (here,), (alone,) = together[one].patches, erased(one, desk).patches
        assert (here.box, here.first, here.count) == (alone.box, alone.first, alone.count)
        pictures = (read_patch(desk.path(patch.frames)) for patch in (here, alone))
        assert all((a == b).all() for a, b in zip(*pictures, strict=True))


def test_a_shot_too_long_for_a_tape_is_erased_the_same(
    tmp_path: Path, clips: tuple[Path, Path, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    burned, _, picture = clips
    one, desk = job(burned, picture, "neighbours", (10, COUNT)), Desk(tmp_path)
    held = erased(one, desk)
    monkeypatch.setattr("localize.media.tape.MOST", 0)
    assert erased(one, desk) == held


def test_a_stop_ends_the_work_in_hand(tmp_path: Path, clips: tuple[Path, Path, Picture]) -> None:
    burned, _, picture = clips
    jobs = [job(burned, picture, "neighbours", (cut, cut + 10)) for cut in range(10, 50, 10)]
    with pytest.raises(KeyboardInterrupt):
        list(STAGE.work(jobs, Leaving(tmp_path)))  # type: ignore[arg-type]
    assert not any(thread.name.startswith("erase") for thread in threading.enumerate())

"""A cut is found to the frame; pans, captions, flashes and inserts shorter than a shot are none."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.episode import Picture
from localize.media.ffmpeg import binary
from localize.media.probe import look
from localize.stages.shots import Job, cuts, recipe, shots, work
from localize.timing import Ms

Image = NDArray[np.uint8]


def picture(frames: int) -> Picture:
    return Picture(90, 160, Fraction(25), Ms(frames * 40), frames, "h264")


def scene(seed: int) -> Image:
    """A wide, smooth, coloured set to look at through a 90×160 window."""
    coarse = np.random.default_rng(seed).integers(0, 256, (8, 14, 3), np.uint8)
    rows, columns = np.linspace(0, 6.99, 160), np.linspace(0, 12.99, 400)
    top, left = rows.astype(int), columns.astype(int)
    down, right = (rows - top)[:, None, None], (columns - left)[None, :, None]
    upper = coarse[top][:, left] * (1 - right) + coarse[top][:, left + 1] * right
    lower = coarse[top + 1][:, left] * (1 - right) + coarse[top + 1][:, left + 1] * right
    return (upper * (1 - down) + lower * down).astype(np.uint8)


def window(wide: Image, at: int) -> Image:
    return np.ascontiguousarray(wide[:, at : at + 90])


def test_cuts_to_the_frame_and_no_cut_in_a_pan() -> None:
    def film() -> Iterator[Image]:
        for number in range(120):
            wide = scene(1 if number < 40 else 2 if number < 77 else 3)
            yield window(wide, number * 5 % 300 if number < 40 else 20)

    assert cuts(film(), picture(120)) == [40, 77]


def test_captions_flashes_and_inserts_are_no_cuts() -> None:
    def film() -> Iterator[Image]:
        for number in range(150):
            image = window(scene(1 if number < 120 else 4), number // 3)
            if number // 25 % 2:
                image[120:132, 10:80] = 255
            if number in (30, 31, 32):
                image[:] = 255
            if 60 <= number < 64:
                image = window(scene(9), 0)
            yield image

    assert cuts(film(), picture(150)) == [120]


def test_shots_cover_the_episode_and_none_is_too_short() -> None:
    found = shots(picture(100), [3, 40, 44, 95])
    assert [(shot.id, shot.span.start, shot.span.end) for shot in found] == [
        ("K0001", 0, 1600),
        ("K0002", 1600, 4000),
    ]
    assert [shot.span.end for shot in shots(picture(5), [])] == [200]


class Desk:
    def __init__(self) -> None:
        self.said: list[float] = []

    def progress(self, done: float, total: float) -> None:
        self.said.append(done / total)


def test_a_film_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    parts = [f"{name}=s=180x320:r=30:d={length}" for name, length in
             (("smptebars", 1), ("mandelbrot", 1.5), ("yuvtestsrc", 0.6))]  # fmt: skip
    inputs = [word for part in (*parts[:1], parts[1].replace(":d=1.5", ""), parts[2], "sine=d=3.1")
              for word in ("-f", "lavfi", "-i", part)]  # fmt: skip
    same = "setsar=1,format=yuv420p"
    graph = f"[0]{same}[a];[1]trim=end=1.5,{same}[b];[2]{same}[c];"
    command = [binary(), "-nostdin", "-loglevel", "error", *inputs, "-filter_complex",
               graph + "[a][b][c]concat=n=3:v=1[v]", "-map", "[v]", "-map", "3", str(path)]  # fmt: skip
    subprocess.run(command, check=True)
    job, desk = Job(path, "d", look(path, "d").picture), Desk()
    [(answered, found)] = work([job], desk)  # type: ignore[arg-type]
    assert answered is job and [shot.span.start for shot in found] == [0, 1000, 2500]
    assert desk.said == sorted(desk.said) and str(path) not in str(recipe(job))

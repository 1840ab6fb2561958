"""Small clips made on the spot; no media is committed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from localize.media.ffmpeg import binary

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """``make("clip.mp4", "-i", …)``: run ffmpeg on the arguments and return the file it wrote."""

    def run(name: str, *arguments: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        command = [binary(), "-nostdin", "-loglevel", "error", "-y", *arguments, str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return path

    return run


@pytest.fixture
def clip(make: Make) -> Make:
    """``clip(name, size, rate, seconds, *more)``: test picture whose every frame differs, and a 440 Hz
    tone."""

    def run(name: str = "clip.mp4", size: str = "144x256", rate: str = "25", seconds: float = 2.0,
            *more: str) -> Path:  # fmt: skip
        picture = f"testsrc2=s={size}:r={rate}:d={seconds}"
        return make(name, "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=440:r=48000:d={seconds}",
                    "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-g", "12", *more)  # fmt: skip

    return run

"""Face swap and lip sync drive an engine of their role over one face, and never without a consent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import soundfile

from localize import backends
from localize.engine.local import LocalDesk, key_of
from localize.episode import Asset, Box, Patch, Picture
from localize.errors import GateError, InputError, WorkError
from localize.media.video import frames, planes, read_patch
from localize.stages import Choice, faceswap, lipsync
from localize.stages._faces import Permission, Track
from localize.timing import Ms, span
from localize.voice import Consent

RATE, COUNT = 25, 20
BOX = Box(40, 20, 104, 84)
TODAY = date(2026, 11, 21)
SIGNED = Consent("Li Na", ("face_swap", "lip_edit"), ("en",), ("worldwide",), date(2030, 1, 1), "signed.pdf")
ALLOWED = Permission("lin_wan", SIGNED, "en-US", TODAY)

ENGINES = """
from localize.roles import READY, Backend

class Toy:
    def swap(self, frames, source):
        for frame in frames:
            out = frame.copy()
            out[16:32, 16:32] = source[0, 0]
            yield out

    def animate(self, frames, sound, rate, fps):
        step = int(rate / fps)
        for number, frame in enumerate(frames):
            out = frame.copy()
            if abs(sound[number * step : (number + 1) * step]).max() > 0.1:
                out[40:48, 16:48] = 0
            yield out

class Forgetful:
    def swap(self, frames, source):
        yield frames[0]

READY_HERE = lambda options: READY
SWAP = Backend("faceswap", "toy", "1", "a toy", "none", True, lambda options: Toy(), READY_HERE)
LOSES = Backend("faceswap", "loses", "1", "a toy", "none", True, lambda options: Forgetful(), READY_HERE)
LIPS = Backend("lipsync", "toy", "1", "a toy", "none", True, lambda options: Toy(), READY_HERE)
"""
ENTRIES = """\
[localize.backends.faceswap]
toy = toy_faces:SWAP
loses = toy_faces:LOSES
[localize.backends.lipsync]
toy = toy_faces:LIPS
"""


@pytest.fixture(autouse=True)
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A third-party package with toy engines, found through its entry points."""
    card = tmp_path / "site" / "toy_faces-1.dist-info"
    card.mkdir(parents=True)
    (card / "entry_points.txt").write_text(ENTRIES)
    (card / "METADATA").write_text("Name: toy-faces\nVersion: 1\n")
    (tmp_path / "site" / "toy_faces.py").write_text(ENGINES)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    backends.known.cache_clear()
    yield
    backends.known.cache_clear()


@pytest.fixture
def track(tmp_path: Path) -> Track:
    y, x = np.mgrid[0:160, 0:160]
    wave = (110 + 40 * np.sin(x / 23) + 30 * np.cos(y / 19)).astype(np.uint8)
    path = tmp_path / "face.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 160, 160, "yuv420p"
        for number in range(COUNT):
            image = np.ascontiguousarray(np.stack([wave, wave // 2 + number, wave], -1))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    picture = Picture(160, 160, Fraction(RATE), Ms(COUNT * 40), COUNT, "h264")
    return Track(path, "d" * 64, picture, "S1", 5, 10, BOX)


def swap_job(track: Track, desk: LocalDesk, engine: str = "toy") -> faceswap.Job:
    path = desk.scratch(".png")
    cv2.imwrite(str(path), np.full((8, 8, 3), (0, 0, 255), np.uint8))
    choice = Choice.of(backends.card("faceswap", engine))
    return faceswap.Job(track, desk.keep(path, "image/png"), ALLOWED, choice)


def changed(track: Track, made: Patch, desk: LocalDesk) -> list[Any]:
    """Where each frame's luma differs from the source."""
    own = frames(track.path, track.picture, track.first, track.first + track.count, track.box, "yuv420p")
    new = read_patch(desk.path(made.frames))
    return [planes(a)[0] != planes(b)[0] for (_, _, a), b in zip(own, new, strict=True)]


def test_a_face_is_swapped_and_nothing_else_changes(track: Track, desk: LocalDesk) -> None:
    job = swap_job(track, desk)
    ((_, made),) = faceswap.work([job], desk)
    assert (made.shot, made.first, made.count, made.box, made.span) == ("S1", 5, 10, BOX, span(200, 600))
    for where in changed(track, made, desk):
        assert where[16:32, 16:32].mean() > 0.9
        where[16:32, 16:32] = False
        assert not where.any()


def test_the_mouth_follows_the_sound_of_its_frames(track: Track, desk: LocalDesk) -> None:
    sound = np.zeros(48_000, np.float32)
    sound[48 * 400 :] = 0.5  # from frame 10 on, the sixth of the track
    path = desk.scratch(".wav")
    soundfile.write(path, sound, 48_000)
    engine = Choice.of(backends.card("lipsync", "toy"))
    job = lipsync.Job(track, desk.keep(path, "audio/wav"), ALLOWED, engine)
    ((_, made),) = lipsync.work([job], desk)
    assert [bool(where.any()) for where in changed(track, made, desk)] == [False] * 5 + [True] * 5


@pytest.mark.parametrize(
    ("consent", "why"),
    [
        (None, "no consent on file"),
        (replace(SIGNED, scope=("voice_clone",)), "does not cover (face_swap|lip_edit)"),
        (replace(SIGNED, revoked=True), "revoked"),
        (replace(SIGNED, until=date(2026, 1, 1)), "ended"),
        (replace(SIGNED, languages=("id",)), "language en-US"),
    ],
)
def test_without_a_consent_the_gate_is_closed(track: Track, desk: LocalDesk, consent: Consent | None, why: str) -> None:
    swap = swap_job(track, desk)
    refused = replace(swap, permission=replace(ALLOWED, consent=consent))
    with pytest.raises(GateError, match=rf"lin_wan.*{why}"):
        next(faceswap.work([swap, refused], desk))
    assert key_of(faceswap.STAGE, swap) != key_of(faceswap.STAGE, refused), "no receipt outlives its consent"
    lips = lipsync.Job(track, Asset("0" * 64, "audio/wav", 0), refused.permission, swap.engine)
    with pytest.raises(GateError, match=rf"lin_wan.*{why}"):
        next(lipsync.work([lips], desk))


def test_lost_frames_and_broken_pictures_are_told(track: Track, desk: LocalDesk) -> None:
    with pytest.raises(WorkError, match="1 of 10 frames"):
        next(faceswap.work([swap_job(track, desk, "loses")], desk))
    path = desk.scratch(".png")
    path.write_bytes(b"no picture")
    broken = replace(swap_job(track, desk), source=desk.keep(path, "image/png"))
    with pytest.raises(InputError, match="lin_wan"):
        next(faceswap.work([broken], desk))


def test_the_recipe_holds_no_paths(track: Track, desk: LocalDesk) -> None:
    job = swap_job(track, desk)
    moved = replace(job, track=replace(track, path=Path("elsewhere.mp4")))
    assert key_of(faceswap.STAGE, job) == key_of(faceswap.STAGE, moved)

"""Cuts, inserts, another order and another frame rate, found again by sound and picture."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from localize.episode import Piece
from localize.media.ffmpeg import binary
from localize.media.fingerprint import Fingerprint, fingerprint
from localize.media.matching import pieces
from localize.media.probe import look
from tests.support.film import Stretch, film

FRAME = 40


def printed(path: Path) -> Fingerprint:
    source = look(path, "")
    return fingerprint(path, source.picture, source.audio[0].index if source.audio else None)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("old") / "old.mp4", [Stretch(1, 0, 30)])


def agrees(found: Sequence[Piece], wanted: Sequence[tuple[int, int, int]]) -> None:
    """``wanted``: new start, new end, old start in ms; all within a frame."""
    assert len(found) == len(wanted), found
    for piece, (start, end, before) in zip(found, wanted, strict=True):
        assert abs(piece.new.start - start) <= FRAME and abs(piece.new.end - end) <= FRAME, piece
        assert abs(piece.to_new(before) - start) <= FRAME / 2, piece


def test_the_same_film_is_one_piece(old: Path) -> None:
    agrees(pieces(printed(old), printed(old)), [(0, 30_000, 0)])


def test_a_cut_an_insert_and_another_order(old: Path, tmp_path: Path) -> None:
    edit = [Stretch(9, 0, 3.4), Stretch(1, 0, 7.2), Stretch(1, 21, 27.6), Stretch(1, 9.2, 16), Stretch(8, 3, 6)]
    new = film(tmp_path / "new.mp4", edit, gain=0.5)
    wanted = [(3_400, 10_600, 0), (10_600, 17_200, 21_000), (17_200, 24_000, 9_200)]
    agrees(pieces(printed(old), printed(new)), wanted)


def test_another_frame_rate_and_a_blurred_picture(old: Path, tmp_path: Path) -> None:
    edit = [Stretch(1, 4, 12), Stretch(1, 15.6, 28)]
    new = film(tmp_path / "new.mp4", edit, rate=Fraction(30), blurred=True)
    agrees(pieces(printed(old), printed(new)), [(0, 8_000, 4_000), (8_000, 20_400, 15_600)])


def test_a_film_that_runs_faster(old: Path, tmp_path: Path) -> None:
    fast = tmp_path / "fast.mp4"
    command = [str(binary()), "-v", "error", "-i", str(old), "-vf", "setpts=PTS*24/25", "-af", "asetrate=50000",
               "-ar", "48000", "-r", "25", "-preset", "ultrafast", str(fast)]  # fmt: skip
    subprocess.run(command, check=True)
    (piece,) = pieces(printed(old), printed(fast))
    assert piece.speed == pytest.approx(25 / 24)
    for at in (1_000, 15_000, 28_000):
        assert abs(piece.to_new(at) - at * 24 / 25) <= FRAME


def test_another_film_is_not_found(old: Path, tmp_path: Path) -> None:
    assert pieces(printed(old), printed(film(tmp_path / "other.mp4", [Stretch(5, 0, 20)]))) == ()

"""What is read off 468 points, and where faces are searched."""

from __future__ import annotations

import numpy as np
import pytest

from localize.backends.gaze import face_mesh
from localize.backends.gaze._mesh import Mesh, _squares


def head(yaw: float, roll: float = 0.0, opening: float = 0.0) -> Mesh:
    """A ball of a head whose marked points are turned by ``yaw`` and leaned by ``roll`` degrees."""
    points = np.zeros((468, 3))
    points[33], points[263] = (-30, -20, -40), (30, -20, -40)
    points[234], points[454] = (-60, 0, 0), (60, 0, 0)
    points[13], points[14] = (0, 40 - 30 * opening, -50), (0, 40 + 30 * opening, -50)
    a, b = np.radians(yaw), np.radians(roll)
    turn = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    lean = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    return Mesh(points @ turn.T @ lean.T + (500, 300, 0))


@pytest.mark.parametrize("yaw", [-40, -13, 0, 13, 40])
def test_the_turn_is_read_whatever_the_lean(yaw: float) -> None:
    assert head(yaw).yaw == pytest.approx(yaw, abs=0.01)
    assert head(yaw, roll=15).yaw == pytest.approx(yaw, abs=0.01)


def test_lips_open_by_the_same_share_however_the_head_is_turned() -> None:
    assert head(0, opening=0.5).opening == pytest.approx(0.5)
    assert head(35, 10, 0.5).opening == pytest.approx(0.5)
    assert head(20, 5).opening == 0


def test_the_next_picture_is_searched_where_the_face_was() -> None:
    region = head(0, roll=20).region
    assert region.angle == pytest.approx(np.radians(20), abs=0.01)
    assert abs(region.x - 500) < 30 and abs(region.y - 300) < 30 and region.side > 120


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1280, 720), (128, 128), (90, 160)])
def test_squares_cover_the_picture_and_stay_in_it(width: int, height: int) -> None:
    covered = np.zeros((height, width), bool)
    for left, top, side in _squares(width, height):
        assert 0 <= left <= width - side and 0 <= top <= height - side
        covered[top : top + side, left : left + side] = True
    assert covered.all()


def test_without_the_models_it_says_how_to_get_them(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path))
    state = face_mesh.available({})
    assert not state.ready and state.fix == "localize models fetch"

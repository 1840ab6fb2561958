"""The talking mouth: one warp of the lower face, and the cavity with teeth and tongue between the lips."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .draw_canvas import Bytes, Float, Grid, smooth
from .face import Face

GAP = 0.36  # distance of the inner lips at openness 1, in units; a wide spoken "ah" is about 0.3
OPENING = 0.55  # below 1 half-open mouths open more, so that face meshes see speech as well as shouting


@dataclass(frozen=True, slots=True)
class MouthState:
    """``open`` 0..1, ``width`` 0 (rounded) .. 1 (spread), ``smile`` -1 (corners down) .. 1 (up)."""

    open: float
    width: float
    smile: float


@dataclass(frozen=True, slots=True)
class _Shape:
    upper: Float
    lower: Float
    across: Float
    inside: Float


def _shape(face: Face, x: Float, y: Float, state: MouthState) -> _Shape:
    stretch = 1 + 0.24 * (state.width - 0.5) - 0.05 * state.open
    across = np.clip(np.abs(x) / (face.mouth * 0.93 * stretch), 0, 1.6)
    gap = GAP * state.open**OPENING * np.clip(1 - np.clip(across, 0, 1) ** (2.0 + 0.6 * state.width), 0, 1) ** 0.75
    corner = -0.055 * state.smile * np.clip(across, 0, 1.3) ** 2
    middle = face.mouth_y + corner
    edge = 0.006
    upper, lower = middle - 0.26 * gap, middle + 0.74 * gap
    inside = smooth(-edge, edge, y - upper) * smooth(-edge, edge, lower - y) * (gap > 0.004)
    return _Shape(upper.astype(np.float32), lower.astype(np.float32), across.astype(np.float32), inside)


def _sources(face: Face, x: Float, y: Float, state: MouthState) -> tuple[Float, Float]:
    """Where each pixel of the moved face comes from, in units of the face at rest."""
    m = face.mouth_y
    stretch = 1 + 0.24 * (state.width - 0.5) - 0.05 * state.open
    near = np.exp(-((x / 0.62) ** 4) - ((y - m) / 0.30) ** 2)
    sx = x / (1 + (stretch - 1) * near)
    t = np.clip(np.abs(sx) / (face.mouth * 0.93), 0, 1)
    lips = np.clip(1 - t ** (2.0 + 0.6 * state.width), 0, 1) ** 0.75
    gap = GAP * state.open**OPENING
    rise = 0.26 * gap * lips * smooth(0.82, m - 0.06, y)
    depth = np.clip((y - m - 0.74 * gap * lips) / 0.36, 0, 1)
    jaw = 0.60 * np.exp(-((x / 0.86) ** 4))
    drop = gap * (0.74 * lips * (1 - depth) + jaw * depth)
    middle = m
    sy = np.where(y < middle, y + rise, y - drop)
    corner = -0.055 * state.smile * np.clip(np.abs(x) / face.mouth, 0, 1.3) ** 2 * near
    return np.asarray(sx, np.float32), np.asarray(sy - corner, np.float32)


def _cavity(face: Face, x: Float, y: Float, shape: _Shape, state: MouthState, bright: float) -> Float:
    """Teeth, tongue and the dark behind them, BGR 0..1."""
    gap = GAP * state.open**OPENING
    deep = np.array([0.045, 0.035, 0.13], np.float32)
    colour: Float = np.broadcast_to(deep, (*shape.inside.shape, 3)).copy()
    floor = face.mouth_y + 0.74 * gap
    tongue = smooth(1.0, 0.35, np.hypot(x / 0.27, (y - floor - 0.01) / (0.05 + 0.32 * gap)))[..., None]
    colour = colour * (1 - tongue) + np.array([0.24, 0.22, 0.58], np.float32) * bright * tongue * 0.85
    side = np.clip(1 - (x / (face.mouth * 0.95)) ** 2, 0.15, 1)
    gum = face.mouth_y - 0.10
    for top, bottom, power in (
        (gum, face.mouth_y - 0.008 + 0.06 * gap, 0.92),
        (floor - 0.035 + 0.2 * gap, floor + 0.1, 0.55),
    ):
        tooth = smooth(-0.010, 0.006, y - top) * smooth(-0.004, 0.014, bottom - y + 0.03 * (x / 0.3) ** 2)
        tooth = (
            tooth * smooth(0.36, 0.30, np.abs(x)) * (1.0 if power > 0.9 else smooth(0.10, 0.22, np.full_like(x, gap)))
        )
        lines = 1 - 0.13 * np.exp(-((((np.abs(x) + 0.0) % 0.088) / 0.008) ** 2))
        white = np.array([0.80, 0.86, 0.90], np.float32) * (bright * side * lines)[..., None]
        colour = colour * (1 - tooth[..., None] * power) + white * tooth[..., None] * power
    shadow = 0.38 + 0.60 * smooth(0.0, 0.065, y - shape.upper)
    return np.asarray(colour * shadow[..., None], np.float32)


def move_mouth(head: Bytes, grid: Grid, face: Face, state: MouthState, bright: float) -> None:
    """Deform the lower face of a head layer in place; ``bright`` is the light on the teeth."""
    part, (rows, columns) = grid.patch(-1.25, 0.62, 1.25, 2.15)
    x, y = np.broadcast_arrays(*part.axes())
    sx, sy = _sources(face, x, y, state)
    mx = (sx - part.left) * part.scale - 0.5
    my = (sy - part.top) * part.scale - 0.5
    still = np.ascontiguousarray(head[rows, columns])
    moved = cv2.remap(still, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shape = _shape(face, x, y, state)
    if state.open > 0.01:
        inside = shape.inside[..., None]
        cavity = _cavity(face, x, y, shape, state, bright) * 255
        moved[..., :3] = (moved[..., :3] * (1 - inside) + cavity * inside).astype(np.uint8)
    head[rows, columns] = moved

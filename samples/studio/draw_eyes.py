"""Eyes and brows of a head: the eyeball between two moving lids, lashes, and brows that carry the mood."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .draw_canvas import Bytes, Colour, Float, Grid, Points, bgr, layer, smooth, stroke, unit
from .face import Face

IRIS = 0.118  # radius in units; life has 0.093, a little more reads better at phone size


@dataclass(frozen=True, slots=True)
class EyeState:
    """Lids 0 (shut) .. 1 (open), up to 1.2 when startled; gaze in units from straight ahead."""

    open: float
    gaze_x: float
    gaze_y: float


def lids(face: Face, side: int, opening: float, x: Float) -> tuple[Float, Float, Float]:
    """Upper lid, lower lid (y in units) and position across the eye (-1 inner corner, 1 outer) at ``x``."""
    u = (x - side * 0.5) * side / face.eye
    t = np.clip(np.abs(u), 0, 1)
    lean = -face.tilt * u
    low = face.lid * 0.52 * (1 - t**2.3) ** 0.9 * (1 + 0.18 * np.clip(u, -1, 1)) + lean
    arch = face.lid * 1.05 * (1 - t**2.4) ** 0.72 * (1 - 0.12 * np.clip(u, -1, 1))
    high = low - (arch + low - lean) * opening - 0.002
    return np.asarray(high, np.float32), np.asarray(low, np.float32), np.asarray(u, np.float32)


def _eyeball(face: Face, x: Float, y: Float, side: int, state: EyeState, eye_colour: Float) -> Float:
    """Sclera, iris, pupil and highlights, BGR 0..1."""
    cx, cy = side * 0.5 + state.gaze_x, state.gaze_y - 0.012
    white = np.array([0.86, 0.88, 0.90], np.float32)
    round_ = 1 - 0.42 * np.clip(((x - side * 0.5) / face.eye) ** 2 + (y / 0.22) ** 2 * 0.4, 0, 1)
    inner = smooth(-0.72, -0.98, (x - side * 0.5) * side / face.eye)[..., None]
    ball = white * round_[..., None] * (1 - inner) + np.array([0.50, 0.52, 0.78], np.float32) * inner
    r = np.hypot(x - cx, y - cy)
    angle = np.arctan2(y - cy, x - cx)
    fibre = 1 + 0.16 * np.sin(angle * 23 + 3 * np.sin(angle * 7)) * smooth(0.03, 0.09, r)
    glow = 0.55 + 0.9 * np.clip((y - cy) / IRIS * 0.55 + 0.35, 0, 1)
    iris = eye_colour * (fibre * glow)[..., None] * smooth(IRIS * 1.05, IRIS * 0.70, r)[..., None]
    inside = smooth(IRIS + 0.010, IRIS - 0.006, r)[..., None]
    ball = ball * (1 - inside) + iris * inside
    ball = ball * (1 - 0.95 * smooth(0.052, 0.042, r))[..., None]
    for dx, dy, size, power in ((-0.040, -0.045, 0.026, 0.95), (0.042, 0.045, 0.016, 0.40)):
        spot = smooth(size, size * 0.45, np.hypot(x - cx - dx, y - cy - dy))[..., None] * power
        ball = ball * (1 - spot) + spot
    return np.asarray(ball, np.float32)


def paint_eye(skin: Float, grid: Grid, face: Face, side: int, state: EyeState, eye_colour: Float) -> Float:
    """One eye over its lit closed lid: ``skin`` is BGR 0..1 of the same shape as ``grid``."""
    x, y = np.broadcast_arrays(*grid.axes())
    high, low, u = lids(face, side, state.open, x)
    span = smooth(1.04, 0.97, np.abs(u))
    edge = 1.0 / grid.scale
    seen = np.clip((y - high) / edge * 0.7 + 0.5, 0, 1) * np.clip((low - y) / edge * 0.7 + 0.5, 0, 1) * span
    ball = _eyeball(face, x, y, side, state, eye_colour)
    ball = ball * (0.42 + 0.58 * smooth(0.0, 0.10, y - high))[..., None]
    bright = np.clip(skin.mean() * 1.55, 0.45, 1.0)
    out = skin * (1 - seen[..., None]) + ball * bright * seen[..., None]
    fold = (y - high + 0.050 + 0.045 * state.open) / 0.014
    crease = np.exp(-(fold**2) / 2) * smooth(1.12, 0.7, np.abs(u + 0.05)) * (0.50 if face.female else 0.42)
    out = out * (1 - crease[..., None] * np.array([0.72, 0.66, 0.52], np.float32))
    thick = (0.017 if face.female else 0.011) * (1 + 0.55 * np.clip(u, -0.6, 1))
    lash = np.exp(-(np.abs((y - high + 0.004) / thick) ** 2.4)) * smooth(1.10, 0.93, np.abs(u))
    under = 0.45 * np.exp(-(((y - low - 0.004) / 0.009) ** 2)) * smooth(1.05, 0.8, np.abs(u)) * smooth(-0.9, 0.5, u)
    dark = np.clip(lash * (0.95 if face.female else 0.85) + under * (0.75 if face.female else 0.5), 0, 1)
    out = out * (1 - dark[..., None]) + np.array([0.05, 0.045, 0.06], np.float32) * dark[..., None]
    if face.female:
        hairs = _lashes(face, grid, side, state.open)[..., None] * 0.85
        out = out * (1 - hairs) + np.array([0.04, 0.035, 0.05], np.float32) * hairs
    return np.asarray(out, np.float32)


def _lashes(face: Face, grid: Grid, side: int, opening: float) -> Float:
    """The single lashes of the upper lid, longer toward the outer corner."""
    canvas = np.zeros((grid.height, grid.width), np.uint8)
    for k in range(21):
        u = -0.62 + 1.60 * k / 20
        x = side * (0.5 + 0) + side * u * face.eye
        high, _, _ = lids(face, side, opening, np.array([x], np.float32))
        long = 0.028 + 0.045 * max(0.0, u)
        lift = -1.0 if opening > 0.35 else 0.7
        root = np.array([x, float(high[0])])
        tip = root + np.array([side * long * (0.15 + 0.75 * max(0.0, u)), lift * long * 0.75])
        bend = (root + tip) / 2 + (side * 0.012, -lift * 0.012)
        stroke(canvas, grid, np.vstack([root, bend, tip]), 0.55, 0.008 * grid.scale)
    return unit(canvas)


def brow_layer(face: Face, grid: Grid, hair: Colour, light: float) -> Bytes:
    """Both brows at rest, hair by hair, as a layer of the head canvas."""
    rng = np.random.default_rng(face.seed + 5)
    canvas = np.zeros((grid.height, grid.width), np.uint8)
    for side in (-1, 1):
        for _ in range(150 if face.female else 230):
            u = rng.uniform(0, 1)
            spread = (1 - 0.72 * u**1.4) * face.brow_width
            v = rng.uniform(-1, 1)
            start = _brow_point(face, u, v * spread * 0.5)
            ahead = _brow_point(face, min(1.06, u + 0.10), v * spread * 0.25 - 0.012 * (1 - u))
            line = np.vstack([start, (start + ahead) / 2 - (0, 0.006), ahead]) * (side, 1)
            stroke(canvas, grid, line, float(rng.uniform(0.45, 0.95)), 0.012 * grid.scale)
    alpha = cv2.GaussianBlur(unit(canvas), (0, 0), max(0.4, 0.006 * grid.scale))
    soft = cv2.GaussianBlur(unit(canvas), (0, 0), max(0.5, 0.022 * grid.scale)) * 0.75
    colour = np.broadcast_to(bgr(hair) * light, (*canvas.shape, 3))
    return layer(colour, np.clip(np.maximum(alpha, soft * 1.15), 0, 0.95))


def _brow_point(face: Face, u: float, off: float) -> Points:
    arch = 0.075 if face.female else 0.05
    y = face.brow + 0.045 - arch * np.sin(min(1.0, u * 1.15) * np.pi * 0.78) + 0.030 * u**3
    return np.array([0.20 + 0.64 * u, y + off])

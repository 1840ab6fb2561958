"""What sits on a head besides hair: ears, beard, glasses."""

from __future__ import annotations

import cv2
import numpy as np

from .draw_canvas import Bytes, Float, Grid, bgr, blur, bump, curve, layer, smooth, stroke, unit
from .draw_light import Light, shade
from .face import Face, outline
from .story import Look


def ears_layer(face: Face, look: Look, grid: Grid, lit: Light) -> Bytes:
    """Both ears, behind the face; women wear a small earring."""
    x, y = grid.axes()
    w = face.cheek + 0.05
    height = np.zeros((grid.height, grid.width), np.float32)
    cover = np.zeros_like(height)
    albedo = np.broadcast_to(bgr(look.skin) * np.array([0.86, 0.88, 1.0], np.float32), (*height.shape, 3)).copy()
    for side in (-1, 1):
        dx, dy = (x * side - w) - 0.10 * (0.25 - y), y - 0.27
        r = np.hypot(dx / 0.155, dy / (0.34 - 0.07 * np.clip(dy, -0.3, 0.3)))
        cover = np.maximum(cover, smooth(1.0 + 1.0 / (0.155 * grid.scale), 1.0 - 1.0 / (0.155 * grid.scale), r))
        height += (
            0.22 * np.clip(1 - r**4, 0, 1)
            - 0.12 * np.exp(-(((r - 0.55) / 0.16) ** 2))
            + 0.05 * bump(dx, dy, (0, 0), (0.03, 0.1))
        )
        if face.female:
            drop = bump(x * side, y, (w + 0.02, 0.66), (0.035, 0.035)) + bump(
                x * side, y, (w + 0.02, 0.80), (0.028, 0.06)
            )
            gem = smooth(0.25, 0.5, drop)
            albedo = albedo * (1 - gem[..., None]) + np.array([0.75, 0.92, 1.0], np.float32) * gem[..., None]
            cover = np.maximum(cover, gem)
            height += 0.2 * drop
    colour = shade(blur(height, 0.012 * grid.scale), albedo, lit, grid.scale, gloss=0.2)
    return layer(colour * 0.88, cover)


def beard_layer(face: Face, look: Look, grid: Grid, lit: Light) -> Bytes:
    """A short boxed beard and moustache, hair by hair."""
    rng = np.random.default_rng(face.seed + 21)
    x, y = grid.axes()
    half = outline(face, y)
    m = face.mouth_y
    jaw = smooth(0.62, 0.98, y) * smooth(0.42, 0.20, half - np.abs(x)) + smooth(m + 0.20, m + 0.32, y) * smooth(
        0.62, 0.42, np.abs(x)
    )
    lip = np.exp(-(((y - m + 0.165 - 0.20 * x * x) / 0.055) ** 2)) * smooth(0.52, 0.40, np.abs(x))
    away = 1 - np.exp(-((x / (face.mouth * 0.95)) ** 6) - ((y - m - 0.02) / 0.15) ** 4)
    region = np.clip(np.clip(jaw, 0, 1) * away + lip, 0, 1)
    region = blur((region * (half > np.abs(x)) * (half > 0.05)).astype(np.float32), 0.03 * grid.scale)
    canvas = np.zeros(region.shape, np.uint8)
    for _ in range(5200):
        px, py = rng.uniform(-1.1, 1.1), rng.uniform(0.55, face.chin - 0.03)
        row, column = int((py - grid.top) * grid.scale), int((px - grid.left) * grid.scale)
        if region[row, column] < rng.uniform(0.15, 0.9):
            continue
        tip = (px * (1 + 0.03), py + rng.uniform(0.03, 0.07))
        stroke(canvas, grid, np.array([(px, py), tip]), float(rng.uniform(0.3, 0.75)), 0.008 * grid.scale)
    hairs = unit(canvas)
    alpha = np.clip(0.62 * region + 0.7 * blur(hairs, 0.4) * region, 0, 0.94)
    colour = bgr(look.hair) * np.array(lit.colour, np.float32) * (0.55 + 0.7 * hairs[..., None])
    return layer(colour, alpha)


def glasses_layer(face: Face, grid: Grid) -> Bytes:
    """Thin metal frames with a faint reflection on the lenses."""
    lines = np.zeros((grid.height, grid.width), np.uint8)
    glass = np.zeros(lines.shape, np.float32)
    for side in (-1, 1):
        a = np.linspace(0, 2 * np.pi, 72)
        rim = np.stack(
            [
                0.39 * np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.72,
                0.27 * np.sign(np.sin(a)) * np.abs(np.sin(a)) ** 0.78,
            ],
            1,
        )
        rim += np.array([side * 0.52, 0.05])
        stroke(lines, grid, rim, 1.0, 0.030 * grid.scale)
        stroke(
            lines,
            grid,
            curve([(side * 0.90, -0.05), (side * 1.0, -0.06), (side * (face.cheek + 0.03), 0.0)], 8),
            1.0,
            0.030 * grid.scale,
        )
        mask = np.zeros_like(lines)
        cv2.fillPoly(mask, [np.round(grid.pixels(rim)).astype(np.int32)], 255, cv2.LINE_AA)
        x, y = grid.axes()
        glint = np.exp(-(((x - side * 0.52 + 0.8 * y + 0.12) / 0.06) ** 2)) * 0.20 + 0.025
        glass = np.maximum(glass, mask.astype(np.float32) / 255 * glint)
    stroke(lines, grid, curve([(-0.14, 0.0), (0, -0.045), (0.14, 0.0)], 8), 1.0, 0.030 * grid.scale)
    frame = blur(unit(lines), 0.5)
    y_tone: Float = 0.16 + 0.5 * np.exp(-(((grid.axes()[1] + 0.2) / 0.06) ** 2))
    colour = np.ones((*frame.shape, 3), np.float32) * y_tone[..., None] * frame[..., None] + np.ones(3, np.float32) * (
        1 - frame[..., None]
    )
    return layer(colour, np.clip(frame + glass, 0, 1))

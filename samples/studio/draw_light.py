"""Light: the tables of ``lights.toml`` and the shading of a height field by them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from .draw_canvas import Float, blur, smooth

KNEE = 0.80  # brighter than this is compressed, so that pale skin and white cloth keep their shape


@dataclass(frozen=True, slots=True)
class Light:
    """One place's light; every colour is BGR gain around 0..1, ``key`` a unit vector toward the light."""

    key: tuple[float, float, float]
    colour: tuple[float, float, float]
    fill: tuple[float, float, float]
    left: tuple[float, float, float]
    right: tuple[float, float, float]


@cache
def light(place: str) -> Light:
    """The light of a background of ``Shot.background``; raises KeyError for a place without an entry."""
    table = tomllib.loads(Path(__file__).with_name("lights.toml").read_text(encoding="utf-8"))[place]
    x, y, z = np.array(table["key"]) / np.linalg.norm(table["key"])
    return Light((float(x), float(y), float(z)), *(_bgr(table[name]) for name in ("colour", "fill", "left", "right")))


def _bgr(colour: list[float]) -> tuple[float, float, float]:
    return float(colour[2]), float(colour[1]), float(colour[0])


def normals(height: Float, scale: float, gentle: float = 0.0) -> tuple[Float, Float, Float]:
    """Unit normals (x right, y down, z to the camera) of a height field in units, ``scale`` px per unit;
    ``gentle`` rounds off steps."""
    gx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=scale / 8)
    gy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=scale / 8)
    if gentle > 0:
        soft = 1 / (1 + gentle * np.hypot(gx, gy))
        gx, gy = gx * soft, gy * soft
    nz = 1 / np.sqrt(gx * gx + gy * gy + 1)
    return -gx * nz, -gy * nz, nz


def hollows(height: Float, scale: float) -> Float:
    """Ambient occlusion 0..1: darker where the surface lies below its surroundings."""
    deep = np.zeros_like(height)
    for size, weight in ((0.05, 1.2), (0.14, 1.3), (0.35, 0.6)):
        deep += weight * np.clip(blur(height, size * scale) - height, 0, 0.25)
    return np.asarray(np.clip(1 - deep * 2.6, 0.3, 1), np.float32)


def shade(
    height: Float,
    albedo: Float,
    lit: Light,
    scale: float,
    gloss: float = 0.25,
    skin: bool = True,
    depth: float = 1.0,
    gentle: float = 0.0,
) -> Float:
    """Colour of a surface: wrapped diffuse light (redder in the half shadow on skin), gloss and rim lights.

    ``depth`` scales how dark hollows are, ``gentle`` how far steps are rounded off.
    """
    nx, ny, nz = normals(height, scale, gentle)
    kx, ky, kz = lit.key
    facing = nx * kx + ny * ky + nz * kz
    wrap = np.array([0.34, 0.40, 0.62] if skin else [0.25, 0.25, 0.25], np.float32)
    diffuse = np.clip((facing[..., None] + wrap) / (1 + wrap), 0, 1) ** 1.15
    ambient = (1 - depth * (1 - hollows(height, scale)))[..., None]
    tint = np.array([0.80, 0.86, 1.0], np.float32) if skin else np.ones(3, np.float32)
    colour = albedo * (np.array(lit.colour, np.float32) * diffuse * (0.55 + 0.45 * ambient))
    colour += albedo * np.array(lit.fill, np.float32) * ambient ** (1 / tint) * (0.85 - 0.18 * ny)[..., None]
    hx, hy, hz = kx, ky, kz + 1
    n = (hx * hx + hy * hy + hz * hz) ** 0.5
    half = np.clip((nx * hx + ny * hy + nz * hz) / n, 0, 1)
    shine = gloss * (0.55 * half**14 + 0.7 * half**60)
    colour += shine[..., None] * np.array(lit.colour, np.float32) * 0.55
    edge = smooth(0.62, 0.05, nz)
    up = smooth(0.9, -0.4, ny)
    for side, rim in ((-nx, lit.left), (nx, lit.right)):
        strength = edge * smooth(0.15, 0.8, side) * up
        colour += strength[..., None] * np.array(rim, np.float32) * (0.25 + 0.55 * albedo)
    knee = np.minimum(colour, KNEE)
    return np.asarray(knee + (1 - KNEE) * (1 - np.exp((knee - colour) / (1 - KNEE))), np.float32)

"""A printed page on a desk: a title, rows of text, lines of small print, a red seal and a pen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from .draw_canvas import Bytes, Grid, area, blur, layer, noise, over, smooth
from .draw_light import light
from .draw_page import Page, Prop, wrapped


@lru_cache(maxsize=16)
def document(text: tuple[str, ...], width: int, height: int, font: Path, place: str) -> Prop:
    """The page as a layer a little larger than the picture, so that the camera may move."""
    image = _desk(round(width * 1.2), round(height * 1.1))
    x0, y0, x1, y1 = round(width * 0.18), round(height * 0.13), round(width * 1.02), round(height * 0.98)
    page = Page(image, -round(width * 0.1), -round(height * 0.05), font)
    shadow = np.zeros(image.shape[:2], np.float32)
    shadow[y0 + 14 : y1 + 22, x0 + 10 : x1 + 24] = 0.55
    over(image, layer(np.zeros((*shadow.shape, 3), np.float32), blur(shadow, 12)))
    page.card((x0, y0, x1, y1), 3, (246, 243, 236))
    unit = (x1 - x0) / 100
    rng = np.random.default_rng(len(text) * 7 + 1)
    _print(page, text, (x0, y0, x1, y1), rng)
    _seal(image, x1 - round(unit * 24), y1 - round(unit * 20), round(unit * 12), rng)
    _pen(image, round(width * 0.20), round(height * 0.86), unit)
    x, y = np.linspace(-0.6, 1.3, image.shape[1])[None, :], np.linspace(-0.5, 1.2, image.shape[0])[:, None]
    fall = smooth(1.5, 0.1, np.hypot(x, y).astype(np.float32))
    warm = np.array(light(place).colour, np.float32) * (0.55 + 0.55 * fall[..., None])
    image[..., :3] = np.clip(image[..., :3] * warm, 0, 255).astype(np.uint8)
    return Prop(image, page.left, page.top, tuple(page.rows))


def _print(page: Page, text: tuple[str, ...], box: tuple[int, int, int, int], rng: np.random.Generator) -> None:
    x0, y0, x1, y1 = box
    unit = (x1 - x0) / 100
    left, y = x0 + round(unit * 10), y0 + round((y1 - y0) * 0.075)
    if text:
        rows, size = wrapped(text[0], page.font, round(unit * 9.5), unit * 84)
        ink = page.ink(rows, size, (20, 20, 24))
        y = page.write(text[0], ink, (x0 + x1 - ink.shape[1]) // 2, y) + round(unit * 5)
        page.card((left, y, x1 - round(unit * 10), y + 3), 0, (150, 30, 34))
    y += round(unit * 7)
    for row in text[1:]:
        rows, size = wrapped(row, page.font, round(unit * 6.2), unit * 80)
        y = page.write(row, page.ink(rows, size, (34, 34, 40)), left, y) + round(unit * 5)
    while y < y1 - unit * 34:
        wide, thick = round(unit * 100 * rng.uniform(0.55, 0.80)), max(2, round(unit * 0.8))
        page.card((left, y, left + wide, y + thick), 1, (176, 174, 172))
        y += round(unit * 4.2)


def _desk(width: int, height: int) -> Bytes:
    rng = np.random.default_rng(4)
    rings = noise(rng, height, width // 6, width * 0.08, 3)
    veins = cv2.resize(rings, (width, height), interpolation=cv2.INTER_CUBIC)
    wood = 1 + 0.22 * np.sin(veins * 16) + 0.12 * noise(rng, height, width, 5, 2)
    tone = np.array([0.10, 0.17, 0.30], np.float32)
    return layer(np.clip(tone * wood[..., None], 0, 1), np.ones((height, width), np.float32))


def _seal(image: Bytes, x: int, y: int, radius: int, rng: np.random.Generator) -> None:
    """A red round stamp with a star; it carries no letters, so it is nobody's."""
    size = radius * 2 + 8
    line = np.linspace(-1, 1, size, dtype=np.float32) * (size / 2 / radius)
    r, a = np.hypot(line[None, :], line[:, None]), np.arctan2(line[None, :], -line[:, None])
    ring = smooth(0.05, 0.02, np.abs(r - 0.94)) + 0.8 * smooth(0.02, 0.005, np.abs(r - 0.83))
    k = np.abs(((a / (2 * np.pi) * 5 + 0.5) % 1) - 0.5) * 2
    star = smooth(0.02, -0.02, r - (0.36 - 0.21 * k))
    ticks = smooth(0.10, 0.06, np.abs(r - 0.66)) * (np.sin(a * 19) > -0.2) * (np.abs(a) < 2.5)
    worn = np.clip(0.85 + 0.35 * noise(rng, size, size, size / 7, 3), 0.2, 1)
    alpha = (np.clip(ring + star + ticks * 0.75, 0, 1) * worn * 0.82).astype(np.float32)
    paint = np.broadcast_to(np.array([0.16, 0.12, 0.80], np.float32), (size, size, 3))
    over(image, layer(paint, alpha), x - radius, y - radius)


def _pen(image: Bytes, x: int, y: int, unit: float) -> None:
    """A fountain pen across the lower left corner of the page: nib, grip, barrel and ring."""
    grid = Grid(0, 0, image.shape[1], image.shape[0], 1.0)
    along, across = np.array([0.80, -0.60]), np.array([0.60, 0.80])
    barrel, grip, ring, nib = (0.10, 0.08, 0.07), (0.35, 0.62, 0.80), (0.35, 0.66, 0.86), (0.55, 0.60, 0.64)
    gx, gy = grid.axes()
    for a, b, half, colour in (
        (0, 52, 2.3, barrel),
        (-9, 0, 1.5, grip),
        (24, 26, 2.5, ring),
        (-16, -9, 0.7, nib),
    ):
        start, end, wide = (
            np.array([x, y]) + along * unit * a,
            np.array([x, y]) + along * unit * b,
            across * unit * half,
        )
        mask = area(grid, np.array([start - wide, end - wide, end + wide, start + wide]))
        side = ((gx - x) * across[0] + (gy - y) * across[1]) / (unit * half)
        lit = 0.7 + 1.6 * np.exp(-(((side + 0.35) / 0.22) ** 2)) - 0.4 * np.clip(side, 0, 1)
        under = layer(np.zeros((*mask.shape, 3), np.float32), blur(mask, unit * 1.2) * 0.35)
        over(image, under, round(unit * 1.5), round(unit * 1.8))
        over(image, layer(np.array(colour, np.float32) * lit[..., None], mask))

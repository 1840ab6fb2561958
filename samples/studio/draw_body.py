"""Neck, shoulders and clothes of a character, standing, in the units of its head (eyes at y = 0)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .draw_canvas import Bytes, Float, Grid, Points, area, bgr, blur, bump, curve, layer, noise, smooth
from .draw_light import Light, shade
from .face import Face
from .story import Character

Outline = Sequence[tuple[float, float]]
APPLIED = 0.4  # parts that round off sooner lie on what is below them (lapels, buttons), others replace it
SIDE = 3.9  # half the width of the canvas in units
RISE = 0.22  # the patterns below are cut this much too low on the body


class _Clay:
    """Height, colour and coverage of a body while its parts are laid over each other."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.height = np.zeros((grid.height, grid.width), np.float32)
        self.albedo = np.zeros((grid.height, grid.width, 3), np.float32)
        self.cover = np.zeros((grid.height, grid.width), np.float32)

    def lay(self, outline: Points, colour: Float, lift: float, radius: float, soft: float = 0.0) -> Float:
        """Add an inflated part; ``radius`` is how far its edge rounds off, ``lift`` how far it stands out."""
        low, high = outline.min(0) - 0.05 - 3 * soft, outline.max(0) + 0.05 + 3 * soft
        part, (rows, columns) = self.grid.patch(low[0], low[1], high[0], high[1])
        mask = np.zeros_like(self.cover)
        if part.width <= 0 or part.height <= 0:
            return mask
        m = area(part, outline, soft)
        solid = (m > (0.05 if soft else 0.5)).astype(np.uint8)
        inside = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) / self.grid.scale
        rest = 1 - np.clip(inside / radius, 0, 1)
        body = radius * np.sqrt(np.clip(1 - rest * rest, 0, 1)).astype(np.float32) * 0.8
        below = self.height[rows, columns]
        top = blur(below, 0.04 * self.grid.scale) + body + lift if radius < APPLIED else body + lift
        self.height[rows, columns] = below * (1 - m) + top * m
        under = self.albedo[rows, columns]
        self.albedo[rows, columns] = under + (colour - under) * m[..., None]
        self.cover[rows, columns] = np.maximum(self.cover[rows, columns], m)
        mask[rows, columns] = m
        return mask

    def fold(self, rng: np.random.Generator, amount: float, region: Float) -> None:
        """Folds of cloth: long soft waves that run mostly downward."""
        g = self.grid
        tall = noise(rng, g.height, g.width, 0.9 * g.scale, 3)
        wave = cv2.resize(tall[: max(2, g.height // 3)], (g.width, g.height), interpolation=cv2.INTER_CUBIC)
        self.height += amount * wave * region


def both(outline: Outline) -> Points:
    """A symmetric outline from its right half, top to bottom."""
    right = curve(outline, 12)
    return np.vstack([right, right[::-1] * (-1, 1)])


def body_layer(face: Face, who: Character, lit: Light, scale: float, bottom: float) -> tuple[Bytes, Grid]:
    """The body down to ``bottom`` units below the eyes as a layer of the returned grid."""
    grid = Grid.spanning(-SIDE, 0.9 + RISE, SIDE, bottom + RISE, scale)
    clay, rng = _Clay(grid), np.random.default_rng(face.seed + 11)
    _neck(clay, face, bgr(who.look.skin))
    table = _clothes()
    for entry in table[who.look.clothes_style]:
        for part in [p for name in entry["use"] for p in table["parts"][name]] if "use" in entry else [entry]:
            _lay_part(clay, part, face, who, rng)
    height = blur(clay.height, 0.028 * scale)
    colour = shade(height, clay.albedo, lit, scale, gloss=0.05, skin=False, depth=0.45, gentle=0.55)
    x, y = grid.axes()
    jaw = 1 - 0.62 * np.exp(-((x / 0.95) ** 4)) * smooth(2.6, 1.35, y)
    colour = colour * (jaw * (1 - 0.25 * smooth(3.5, 9.0, y)))[..., None]
    placed = Grid(grid.left, grid.top - RISE, grid.width, grid.height, grid.scale)
    return layer(colour, clay.cover), placed


@cache
def _clothes() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("clothes.toml").read_text(encoding="utf-8"))


def _neck(clay: _Clay, face: Face, tone: Float) -> None:
    w = 0.50 if face.female else 0.66
    outline = [(w, 0.9), (w * 0.97, 1.5), (w * 1.04, 2.0), (w * 1.35, 2.45), (1.15, 2.75), (1.25, 3.6)]
    clay.lay(both(outline), tone, 0, 0.55)
    x, y = clay.grid.axes()
    cord = sum(bump(x - s * (0.36 - 0.13 * (y - 1.6)), y, (0, 2.05), (0.06, 0.35)) for s in (-1, 1))
    clay.height += 0.05 * np.asarray(cord) - 0.06 * bump(x, y, (0, 2.55), (0.10, 0.12))
    if not face.female:
        clay.height += 0.06 * bump(x, y, (0, 1.95), (0.09, 0.14))


def _lay_part(clay: _Clay, part: dict[str, Any], face: Face, who: Character, rng: np.random.Generator) -> None:
    """One entry of ``clothes.toml``; the main garment also gets folds and, where asked, blossoms."""
    name = part.get("colour", "cloth")
    own = {"cloth": who.look.clothes, "skin": who.look.skin}
    paint = np.clip(bgr(own.get(name) or _clothes()["colours"][name]) * part.get("tone", 1.0), 0, 1)
    slim = 0.88 if face.female and part.get("slim") else 1.0
    mask = np.zeros_like(clay.cover)
    for outline in _outlines(part):
        lift, soft = part.get("lift", 0.0), part.get("soft", 0.0)
        laid = clay.lay(outline * (slim, 1), np.asarray(paint, np.float32), lift, part["radius"], soft)
        mask = np.maximum(mask, laid)
    if part.get("main"):
        clay.fold(rng, 0.05, mask)
    if part.get("blossoms"):
        _blossoms(clay, mask, rng)


def _outlines(part: dict[str, Any]) -> list[Points]:
    points = np.array(part["points"], np.float64)
    pairs = [(float(x), float(y)) for x, y in points]
    if part["form"] == "mid":
        return [both(pairs)]
    if part["form"] == "pair":
        outline = curve([*pairs, pairs[0]], 10) if part.get("smooth") else points
        return [outline, outline * (-1, 1)]
    if part["form"] == "dots":
        return [_disc(x, y, part["size"]) for x, y in pairs]
    if part["form"] == "chain":
        line = curve(pairs, 40)
        steps = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        at = np.arange(0, steps[-1], part["size"] * 1.9)
        beads = zip(np.interp(at, steps, line[:, 0]), np.interp(at, steps, line[:, 1]), strict=True)
        return [_disc(float(x), float(y), part["size"]) for x, y in beads]
    return [points]


def _blossoms(clay: _Clay, body: Float, rng: np.random.Generator) -> None:
    """Golden five-petalled flowers scattered over a garment."""
    gold = bgr(_clothes()["colours"]["gold"])
    for _ in range(46):
        x, y = rng.uniform(-2.3, 2.3), rng.uniform(3.0, 10)
        part, where = clay.grid.patch(x - 0.2, y - 0.2, x + 0.2, y + 0.2)
        if part.width <= 0 or part.height <= 0:
            continue
        for a in np.linspace(0, 2 * np.pi, 5, endpoint=False):
            petal = _disc(x + 0.10 * np.cos(a), y + 0.10 * np.sin(a), 0.055)
            mask = area(part, petal)[..., None] * body[where][..., None] * 0.45
            clay.albedo[where] += (gold - clay.albedo[where]) * mask


def _disc(x: float, y: float, radius: float) -> Points:
    a = np.linspace(0, 2 * np.pi, 18)
    return np.stack([x + radius * np.cos(a), y + radius * np.sin(a)], 1)

"""Hair: locks between two guide curves, filled strand by strand, with the highlight band hair has."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .draw_canvas import Bytes, Float, Grid, Points, area, bgr, blur, curve, layer, smooth, stroke, unit
from .draw_light import Light, shade
from .face import Face, lowered
from .story import Look

Guide = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Lock:
    """Hair between two guides that run from root to tip (units); ``ragged`` lets the tips end unevenly."""

    left: Guide
    right: Guide
    strands: int = 160
    ragged: float = 0.06


def paint_locks(locks: Sequence[Lock], grid: Grid, look: Look, lit: Light, seed: int, dim: float = 1.0) -> Bytes:
    """Locks as a layer of ``grid``: a soft volume, strands of varying brightness, a highlight."""
    rng = np.random.default_rng(seed)
    cover: Float = np.zeros((grid.height, grid.width), np.float32)
    tone: Float = np.full_like(cover, 0.42)
    height: Float = np.zeros_like(cover)
    for lock in locks:
        left, right = _placed(lock.left), _placed(lock.right)
        shape = area(grid, np.vstack([left, right[::-1]]), 0.012)
        inner = blur(shape, 0.16 * grid.scale)
        height = np.maximum(height, shape * (0.15 + 0.45 * inner))
        tone = tone * (1 - shape) + (0.36 + 0.10 * inner) * shape
        cover = np.maximum(cover, shape)
        painted, ink = (cover * 255).astype(np.uint8), (tone * 255).astype(np.uint8)
        _strands(painted, ink, grid, left, right, lock, rng)
        cover, tone = unit(painted), unit(ink)
    return _finish(cover, tone, height, grid, look, lit, dim)


def _placed(guide: Guide) -> Points:
    line = curve(guide, 16)
    return np.stack([line[:, 0], lowered(line[:, 1])], 1)


def _strands(
    cover: Bytes, tone: Bytes, grid: Grid, left: Points, right: Points, lock: Lock, rng: np.random.Generator
) -> None:
    count = min(len(left), len(right))
    left, right = left[:count], right[:count]
    along = np.linspace(0, 1, count)[:, None]
    for _ in range(lock.strands):
        a = rng.beta(0.9, 0.9)
        b = np.clip(a + rng.normal(0, 0.07), -0.03, 1.03)
        mix = a + (b - a) * along
        line = left * (1 - mix) + right * mix
        line = line[: max(6, int(count * (1 - abs(rng.normal(0, lock.ragged)))))]
        line = line + np.array([rng.normal(0, 0.008), 0]) + np.sin(along[: len(line)] * rng.uniform(3, 7)) * 0.006
        width = grid.scale * rng.uniform(0.006, 0.016)
        stroke(tone, grid, line, float(np.clip(rng.normal(0.42, 0.17), 0.08, 0.95)), width)
        stroke(cover, grid, line, 1.0, width * 0.7)


def _finish(cover: Float, tone: Float, height: Float, grid: Grid, look: Look, lit: Light, dim: float) -> Bytes:
    x, y = grid.axes()
    tone = blur(tone, max(0.4, 0.004 * grid.scale))
    base = bgr(look.hair)
    soft = 0.025 * grid.scale
    inside = blur((height + 0.05 * tone) * cover, soft) / np.maximum(blur(cover, soft), 0.08)
    surface = inside + np.sqrt(np.clip(1.9 - (x / 1.25) ** 2, 0.02, None)) * 0.5
    albedo = base * (0.35 + 1.5 * tone)[..., None]
    colour = shade(surface.astype(np.float32), albedo, lit, grid.scale, gloss=0.05, skin=False)
    ring = np.exp(-(((y + 1.22 + 0.30 * np.cos(x * 1.25) - 0.45 * (tone - 0.42)) / 0.13) ** 2) / 2)
    drop = 0.6 * np.exp(-(((y - 0.65 - 0.5 * (tone - 0.42)) / 0.30) ** 2) / 2) * smooth(0.75, 1.0, np.abs(x))
    gleam = ((ring + drop) * np.clip(tone - 0.15, 0, 1))[..., None] * np.array(lit.colour, np.float32)
    colour = colour + gleam * (0.22 + 0.9 * base)
    return layer(colour * dim, blur(cover, 0.35))


def locks(face: Face, look: Look, part: str) -> list[Lock]:
    """The locks of a style before (``front``) or behind (``back``) the face, first painted first."""
    style = "bun" if look.hair_style == "grey_bun" else look.hair_style
    out: list[Lock] = []
    for entry in _styles().get(style, {}).get(part, []):
        for side in (1, -1) if entry.get("mirror") else (1,):
            guides = [_mirrored(entry[name], side, bool(entry.get("pinned"))) for name in ("left", "right")]
            wide = [[(x * face.cheek / 1.03, y) for x, y in guide] for guide in guides]
            out.append(Lock(wide[0], wide[1], entry.get("strands", 160), entry.get("ragged", 0.06)))
    return out


@cache
def _styles() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("hair.toml").read_text(encoding="utf-8"))


def _mirrored(guide: Guide, side: int, pinned: bool) -> list[tuple[float, float]]:
    points = [(side * x, y) for x, y in guide]
    if pinned:
        points[0] = (guide[0][0], guide[0][1])
    return points

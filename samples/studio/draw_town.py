"""Places with a view of the town: an office at night and a street in the rain."""

from __future__ import annotations

import numpy as np

from .draw_canvas import noise, smooth
from .draw_place import Canvas, Place, Sparks, scatter


def _skyline(c: Canvas, top: float, bottom: float, left: float, right: float, warm: float) -> Sparks:
    """Towers with lit windows; returns some of the windows as sparks."""
    sparks: Sparks = []
    for depth in (0.35, 0.65, 1.0):
        x = left
        while x < right:
            wide = c.rng.uniform(0.05, 0.12)
            high = top + (bottom - top) * c.rng.uniform(0.05, 0.75) * (0.6 + 0.4 * depth)
            tone = 0.10 - 0.055 * depth
            c.box(x, high, min(right, x + wide), bottom, (tone * 0.8, tone, tone * 1.7))
            for wy in np.arange(high + 0.008, bottom - 0.01, 0.011):
                for wx in np.arange(x + 0.006, min(right, x + wide) - 0.008, 0.0125):
                    if c.rng.uniform() < 0.30:
                        lamp = (1.0, 0.80, 0.48) if c.rng.uniform() < warm else (0.62, 0.80, 1.0)
                        c.box(wx, wy, wx + 0.007, wy + 0.0045, lamp, c.rng.uniform(0.3, 1.0) * depth)
                        if c.rng.uniform() < 0.03:
                            sparks.append((wx, wy, c.rng.uniform(0.008, 0.020), lamp, c.rng.uniform(0, 6.28)))
            x += wide + c.rng.uniform(-0.01, 0.015)
    return sparks


def office(c: Canvas) -> Place:
    """A corner office at night: the city behind tall glass, shelves, a desk with a lamp."""
    floor = 0.74
    c.gradient(
        [
            (0, (0.03, 0.05, 0.12)),
            (0.4, (0.08, 0.11, 0.24)),
            (0.62, (0.26, 0.20, 0.30)),
            (1, (0.10, 0.09, 0.12)),
        ]
    )
    sparks = _skyline(c, 0.14, floor - 0.06, 0.0, 1.0, 0.65)
    c.glow(0.35, floor - 0.05, (0.6, 0.12), (0.9, 0.5, 0.35), 0.22)
    for x in (0.0, 0.235, 0.47, 0.705):
        c.box(x - 0.008, 0.05, x + 0.008, floor - 0.05, (0.05, 0.055, 0.07))
    c.box(0, 0.34, 0.72, 0.346, (0.05, 0.055, 0.07))
    c.shape([(0, 0), (1, 0), (1, 0.06), (0, 0.06)], (0.07, 0.075, 0.09))
    c.shape([(0.16, 0.06), (0.30, 0.06), (0.05, floor), (-0.12, floor)], (0.5, 0.6, 0.9), 0.05, 0.01)
    c.box(0.715, 0.04, 1.0, floor, (0.17, 0.125, 0.10))
    c.grain(0.10, 0.10, 0.0, floor)
    for row in range(6):
        y = 0.10 + row * 0.10
        c.box(0.74, y + 0.082, 0.99, y + 0.09, (0.33, 0.23, 0.15))
        c.glow(0.865, y + 0.01, (0.09, 0.025), (1.0, 0.72, 0.40), 0.35)
        x = 0.755
        while x < 0.97:
            wide = c.rng.uniform(0.008, 0.02)
            if c.rng.uniform() < 0.78:
                shade_ = c.rng.uniform(0.15, 0.5)
                c.box(
                    x,
                    y + 0.082 - c.rng.uniform(0.035, 0.06),
                    x + wide,
                    y + 0.082,
                    (shade_, shade_ * c.rng.uniform(0.5, 0.9), shade_ * c.rng.uniform(0.3, 0.9)),
                )
            x += wide + 0.002
    c.box(0, floor - 0.055, 0.715, floor - 0.03, (0.10, 0.095, 0.11))
    c.box(0, floor, 1, 1, (0.10, 0.085, 0.085))
    c.mirror_floor(floor, 0.35, 0.02)
    c.shape([(0.10, 0.70), (0.62, 0.70), (0.66, 0.725), (0.06, 0.725)], (0.36, 0.23, 0.14))
    c.box(0.06, 0.725, 0.66, 0.86, (0.17, 0.105, 0.07))
    c.shape([(0.50, 0.615), (0.60, 0.615), (0.625, 0.655), (0.475, 0.655)], (1.25, 1.0, 0.62))
    c.box(0.546, 0.655, 0.553, 0.70, (0.5, 0.38, 0.2))
    c.glow(0.55, 0.66, (0.13, 0.10), (1.0, 0.70, 0.36), 0.85)
    c.shape([(0.22, 0.645), (0.36, 0.645), (0.37, 0.70), (0.23, 0.70)], (0.35, 0.5, 0.7))
    return Place(c.pixels, tuple(sparks), floor)


def street_night(c: Canvas) -> Place:
    """A narrow street in the rain: lit shop fronts, neon, lanterns and their reflections."""
    floor = 0.66
    c.gradient(
        [
            (0, (0.03, 0.04, 0.10)),
            (0.5, (0.16, 0.12, 0.26)),
            (floor, (0.34, 0.20, 0.30)),
            (floor + 0.001, (0.07, 0.06, 0.10)),
            (1, (0.04, 0.045, 0.07)),
        ]
    )
    _skyline(c, 0.10, floor, 0.25, 0.75, 0.5)
    neon = [(1.0, 0.16, 0.45), (0.10, 0.80, 1.0), (1.0, 0.50, 0.12), (0.55, 0.25, 1.0), (0.15, 1.0, 0.65)]
    sparks: Sparks = []
    for s in (0, 1):

        def at(x: float, y: float, s: int = s) -> tuple[float, float]:
            return ((1 - x) if s else x, y)

        for k, (x0, x1, top, tone) in enumerate(
            ((0.28, 0.40, 0.30, 0.10), (0.14, 0.30, 0.14, 0.085), (-0.02, 0.17, -0.02, 0.065))
        ):
            wall = (tone * 1.1, tone, tone * 1.5)
            c.shape([at(x0, top), at(x1, top + 0.10), at(x1, floor), at(x0, floor + 0.02 * k)], wall)
            for row in range(7):
                for column in range(3):
                    wx, wy = x0 + (x1 - x0) * (0.15 + 0.28 * column), top + 0.06 + row * 0.055 + 0.03 * column
                    if wy < floor - 0.14 and c.rng.uniform() < 0.5:
                        pane = (0.95, 0.72, 0.40) if c.rng.uniform() < 0.7 else (0.5, 0.7, 0.95)
                        p = [
                            at(wx, wy),
                            at(wx + (x1 - x0) * 0.17, wy + 0.010),
                            at(wx + (x1 - x0) * 0.17, wy + 0.038),
                            at(wx, wy + 0.028),
                        ]
                        c.shape(p, pane, c.rng.uniform(0.25, 0.8))
            shop = [
                at(x0 + 0.01, floor - 0.105),
                at(x1 - 0.008, floor - 0.085),
                at(x1 - 0.008, floor - 0.005),
                at(x0 + 0.01, floor),
            ]
            c.shape(shop, (1.0, 0.74, 0.42), 0.85)
            for _ in range(2):
                colour = neon[int(c.rng.integers(len(neon)))]
                nx, ny = (
                    c.rng.uniform(x0 + 0.03, x1 - 0.01),
                    c.rng.uniform(max(0.12, top + 0.08), floor - 0.20),
                )
                wide, high = (0.022, c.rng.uniform(0.05, 0.09)) if c.rng.uniform() < 0.6 else (0.07, 0.02)
                for grow, power in ((1.0, 1.0), (0.72, -1.0)):
                    p = [
                        at(nx - wide * grow / 2, ny - high * grow / 2),
                        at(nx + wide * grow / 2, ny - high * grow / 2 + 0.008),
                        at(nx + wide * grow / 2, ny + high * grow / 2 + 0.008),
                        at(nx - wide * grow / 2, ny + high * grow / 2),
                    ]
                    c.shape(p, colour if power > 0 else (colour[0] * 0.3, colour[1] * 0.3, colour[2] * 0.3), 0.95)
                for bar in range(3):
                    c.shape(
                        [
                            at(nx - wide * 0.2, ny - high * 0.25 + bar * high * 0.22),
                            at(nx + wide * 0.2, ny - high * 0.25 + bar * high * 0.22 + 0.003),
                            at(nx + wide * 0.2, ny - high * 0.18 + bar * high * 0.22 + 0.003),
                            at(nx - wide * 0.2, ny - high * 0.18 + bar * high * 0.22),
                        ],
                        (1.2, 1.1, 1.15),
                    )
                gx, gy = at(nx, ny)
                c.glow(gx, gy, (0.06, 0.06), colour, 0.5)
                sparks.append((gx, gy, 0.03, colour, c.rng.uniform(0, 6.28)))
    for k in range(7):
        x, y = 0.20 + 0.10 * k, 0.40 + 0.03 * abs(k - 3)
        c.glow(x, y, (0.012, 0.014), (1.0, 0.25, 0.12), 2.0)
        c.glow(x, y, (0.05, 0.05), (1.0, 0.3, 0.15), 0.3)
        sparks.append((x, y, 0.022, (1.0, 0.32, 0.16), c.rng.uniform(0, 6.28)))
    c.glow(0.5, floor - 0.02, (0.16, 0.10), (1.0, 0.75, 0.55), 0.6)
    c.mirror_floor(floor, 0.62, 0.03)
    n = noise(c.rng, c.h, c.w, 0.08 * c.w, 3)
    c.pixels *= (1 + 0.35 * np.clip(n, -1, 1) * smooth(floor, floor + 0.1, c.y))[..., None]
    sparks += scatter(c, 26, (0.05, 0.25, 0.95, 0.66), (0.012, 0.034), [*neon, (1, 0.8, 0.5), (1, 0.8, 0.5)])
    return Place(np.clip(c.pixels, 0, None), tuple(sparks), floor, rain=True)

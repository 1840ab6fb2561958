"""Places under a roof: a ballroom, a living room, a ward and a studio backdrop."""

from __future__ import annotations

import numpy as np

from .draw_place import Canvas, Place, Sparks, scatter


def ballroom(c: Canvas) -> Place:
    """A gilded hall: pilasters, tall arched windows, curtains, chandeliers, a polished floor."""
    floor = 0.70
    c.gradient(
        [
            (0, (0.16, 0.09, 0.05)),
            (0.25, (0.42, 0.27, 0.15)),
            (floor, (0.50, 0.33, 0.20)),
            (floor + 0.001, (0.20, 0.12, 0.08)),
            (1, (0.34, 0.21, 0.13)),
        ]
    )
    c.grain(0.25, 0.08, 0, floor)
    for k in range(5):
        x = 0.02 + 0.24 * k + c.rng.uniform(-0.01, 0.01)
        arch = [(x + 0.05, floor - 0.02), (x + 0.05, 0.34)]
        arch += [(x + 0.115 - 0.065 * np.cos(a), 0.34 - 0.055 * np.sin(a)) for a in np.linspace(0, np.pi, 14)]
        arch += [(x + 0.18, 0.34), (x + 0.18, floor - 0.02)]
        c.shape(arch, (0.72, 0.52, 0.30))
        inner = [(px * 0.86 + (x + 0.115) * 0.14, py * 0.97 + 0.012) for px, py in arch]
        c.shape(inner, (0.10, 0.13, 0.26))
        c.glow(x + 0.115, 0.40, (0.06, 0.18), (0.25, 0.30, 0.55), 0.5)
        for dx in (0.115,):
            c.box(x + dx - 0.003, 0.29, x + dx + 0.003, floor - 0.02, (0.62, 0.45, 0.26))
        for s, edge in ((1, x + 0.045), (-1, x + 0.185)):
            c.shape(
                [
                    (edge, 0.27),
                    (edge + s * 0.040, 0.28),
                    (edge + s * 0.018, 0.50),
                    (edge + s * 0.035, floor - 0.01),
                    (edge, floor - 0.01),
                ],
                (0.46, 0.06, 0.08),
                0.95,
                0.002,
            )
        c.box(x - 0.035, 0.16, x + 0.025, floor, (0.66, 0.47, 0.27))
        c.box(x - 0.022, 0.18, x - 0.008, floor, (0.88, 0.68, 0.42), 0.8)
        c.box(x + 0.012, 0.18, x + 0.025, floor, (0.30, 0.19, 0.10), 0.7)
        c.glow(x - 0.005, 0.43, (0.05, 0.07), (1.0, 0.72, 0.36), 0.75)
    c.box(0, 0.145, 1, 0.17, (0.82, 0.62, 0.36))
    c.box(0, 0.172, 1, 0.178, (0.28, 0.17, 0.09))
    c.box(0, floor - 0.025, 1, floor, (0.30, 0.18, 0.10))
    c.mirror_floor(floor, 0.55, 0.02)
    c.shape([(0.40, floor), (0.60, floor), (0.95, 1), (0.05, 1)], (0.50, 0.05, 0.07), 0.72, 0.004)
    sparks: Sparks = []
    for cx, cy, r in ((0.28, 0.14, 0.10), (0.74, 0.11, 0.12), (0.51, 0.22, 0.06)):
        c.glow(cx, cy, (r * 1.6, r * 1.1), (1.0, 0.74, 0.38), 0.9)
        for ring, rows in ((1.0, 0.0), (0.66, 0.55), (0.33, 1.0)):
            for a in np.linspace(0, 2 * np.pi, 14, endpoint=False):
                px, py = cx + r * ring * np.cos(a), cy + r * 0.20 * ring * np.sin(a) + rows * r * 0.30
                c.glow(px, py, (0.007, 0.007), (1.0, 0.88, 0.62), 2.2)
                if c.rng.uniform() < 0.5:
                    sparks.append((px, py, c.rng.uniform(0.012, 0.022), (1.0, 0.80, 0.45), c.rng.uniform(0, 6.28)))
    sparks += scatter(c, 26, (0, 0.3, 1, 0.66), (0.010, 0.028), [(1, 0.75, 0.4), (1, 0.6, 0.3), (1, 0.9, 0.7)])
    return Place(c.pixels, tuple(sparks), floor, dust=True)


def home(c: Canvas) -> Place:
    """A living room in the evening: sofa, lamp, pictures, curtains, a plant."""
    floor = 0.76
    c.gradient(
        [
            (0, (0.36, 0.29, 0.24)),
            (0.5, (0.52, 0.43, 0.35)),
            (floor, (0.46, 0.37, 0.30)),
            (floor + 0.001, (0.30, 0.19, 0.12)),
            (1, (0.42, 0.28, 0.18)),
        ]
    )
    c.grain(0.35, 0.05, 0, floor)
    c.box(0.04, 0.12, 0.40, 0.60, (0.90, 0.88, 0.84))
    c.box(0.06, 0.135, 0.38, 0.585, (0.22, 0.30, 0.52))
    c.glow(0.22, 0.50, (0.16, 0.10), (0.95, 0.52, 0.34), 0.7)
    c.box(0.215, 0.12, 0.228, 0.60, (0.90, 0.88, 0.84))
    for x, s in ((0.0, 1), (0.44, -1)):
        for fold in range(7):
            edge = x + s * fold * 0.016
            c.box(
                min(edge, edge + s * 0.016),
                0.08,
                max(edge, edge + s * 0.016),
                0.72,
                (0.62 - 0.12 * (fold % 2), 0.50 - 0.10 * (fold % 2), 0.40 - 0.08 * (fold % 2)),
            )
    for x, y, w, h in ((0.52, 0.20, 0.13, 0.10), (0.68, 0.17, 0.10, 0.13), (0.81, 0.21, 0.12, 0.09)):
        c.box(x - 0.006, y - 0.005, x + w + 0.006, y + h + 0.005, (0.20, 0.14, 0.10))
        c.box(x, y, x + w, y + h, (0.82, 0.79, 0.72))
        for _ in range(5):
            c.glow(
                x + c.rng.uniform(0.02, w - 0.02),
                y + c.rng.uniform(0.02, h - 0.02),
                (0.02, 0.015),
                (c.rng.uniform(-0.5, 0.1), c.rng.uniform(-0.4, 0.1), c.rng.uniform(-0.3, 0.1)),
                0.7,
            )
    c.box(0, floor - 0.02, 1, floor, (0.74, 0.67, 0.58))
    for row in range(9):
        y = floor + 0.012 * (row + 1) ** 1.35
        c.box(0, y, 1, y + 0.002, (0.20, 0.12, 0.07), 0.6)
    c.shape([(0.44, 0.60), (0.98, 0.60), (1.0, 0.86), (0.42, 0.86)], (0.30, 0.34, 0.40), 1, 0.006)
    for x in (0.47, 0.72):
        c.shape(
            [(x, 0.705), (x + 0.235, 0.705), (x + 0.25, 0.775), (x - 0.01, 0.775)],
            (0.40, 0.45, 0.52),
            1,
            0.005,
        )
    c.shape([(0.52, 0.62), (0.64, 0.63), (0.62, 0.71), (0.51, 0.70)], (0.78, 0.46, 0.24), 1, 0.006)
    c.shape([(0.80, 0.62), (0.92, 0.62), (0.92, 0.71), (0.80, 0.70)], (0.86, 0.80, 0.70), 1, 0.006)
    c.box(0.955, 0.42, 0.962, 0.86, (0.28, 0.22, 0.16))
    c.shape([(0.905, 0.345), (1.01, 0.345), (1.04, 0.43), (0.875, 0.43)], (1.35, 1.08, 0.70))
    c.glow(0.955, 0.40, (0.20, 0.22), (1.0, 0.72, 0.40), 0.75)
    for _ in range(26):
        a, r = c.rng.uniform(-2.6, -0.5), c.rng.uniform(0.05, 0.16)
        tip = (0.40 + r * np.cos(a) * 0.8, 0.68 + r * np.sin(a))
        side = np.array([np.sin(a), -np.cos(a)]) * 0.012
        mid = np.array([(0.40 + tip[0]) / 2, (0.68 + tip[1]) / 2])
        g = c.rng.uniform(0.16, 0.36)
        c.shape([(0.40, 0.70), tuple(mid + side), tip, tuple(mid - side)], (g * 0.55, g, g * 0.45))
    c.shape([(0.365, 0.70), (0.435, 0.70), (0.425, 0.79), (0.375, 0.79)], (0.70, 0.66, 0.60))
    c.mirror_floor(floor + 0.03, 0.10, 0.03)
    sparks = scatter(c, 12, (0.06, 0.30, 0.38, 0.58), (0.008, 0.018), [(1, 0.75, 0.45), (0.7, 0.8, 1)])
    return Place(c.pixels, tuple(sparks), floor, dust=True)


def hospital(c: Canvas) -> Place:
    """A ward: pale wall with a rail, blinds, bed, drip stand and a heart monitor that beats."""
    floor = 0.76
    c.gradient(
        [
            (0, (0.74, 0.80, 0.82)),
            (0.5, (0.80, 0.86, 0.87)),
            (floor - 0.16, (0.74, 0.82, 0.83)),
            (floor - 0.159, (0.48, 0.64, 0.66)),
            (floor, (0.46, 0.61, 0.63)),
            (floor + 0.001, (0.58, 0.63, 0.66)),
            (1, (0.72, 0.77, 0.79)),
        ]
    )
    c.grain(0.4, 0.03)
    c.box(0.55, 0.12, 0.97, 0.52, (0.93, 0.95, 0.95))
    c.box(0.565, 0.13, 0.955, 0.51, (0.66, 0.80, 0.93))
    for k in range(26):
        y = 0.132 + k * 0.0147
        c.box(0.565, y, 0.955, y + 0.0095, (0.97, 0.98, 0.97), 0.85)
    c.glow(0.76, 0.30, (0.22, 0.22), (0.85, 0.95, 1.0), 0.12)
    c.box(0, floor - 0.165, 1, floor - 0.150, (0.88, 0.92, 0.92))
    for k in range(13):
        tone = 0.70 + 0.10 * (k % 2)
        c.box(0.0 + k * 0.018, 0.05, 0.018 + k * 0.018, floor + 0.02, (tone * 0.78, tone * 0.98, tone))
    c.box(0, 0.04, 1, 0.05, (0.90, 0.92, 0.93))
    c.box(0.33, 0.40, 0.47, 0.50, (0.86, 0.88, 0.89))
    c.box(0.34, 0.408, 0.46, 0.485, (0.02, 0.05, 0.06))
    c.box(0.395, 0.50, 0.405, floor, (0.70, 0.74, 0.76))
    c.box(0.262, 0.22, 0.268, floor + 0.02, (0.78, 0.82, 0.84))
    c.shape([(0.245, 0.23), (0.285, 0.23), (0.28, 0.29), (0.25, 0.29)], (0.88, 0.94, 0.98), 0.85)
    c.shape([(0.42, 0.64), (1.0, 0.64), (1.0, 0.76), (0.40, 0.76)], (0.95, 0.96, 0.97), 1, 0.005)
    c.shape([(0.45, 0.60), (0.62, 0.595), (0.63, 0.655), (0.44, 0.66)], (0.99, 0.99, 0.99), 1, 0.008)
    c.shape([(0.60, 0.655), (1.0, 0.65), (1.0, 0.80), (0.58, 0.78)], (0.50, 0.68, 0.82), 1, 0.006)
    c.box(0.40, 0.76, 1.0, 0.785, (0.72, 0.76, 0.78))
    c.box(0.44, 0.785, 0.455, 0.87, (0.60, 0.64, 0.66))
    c.mirror_floor(floor + 0.02, 0.12, 0.02)
    c.pixels *= 0.80
    return Place(c.pixels, (), floor, dust=True, pulse=(0.34, 0.408, 0.46, 0.485))


def plain(c: Canvas) -> Place:
    """A studio backdrop with a soft pool of light."""
    hue = c.rng.uniform(0, 1)
    a = np.array([0.20 + 0.10 * hue, 0.20, 0.30 - 0.10 * hue])
    c.gradient([(0, tuple(a * 0.5)), (0.72, tuple(a * 1.2)), (1, tuple(a * 0.6))])
    c.glow(0.5, 0.42, (0.35, 0.40), tuple(a * 1.6), 0.8)
    c.grain(0.5, 0.10)
    return Place(
        c.pixels,
        tuple(scatter(c, 10, (0, 0.1, 1, 0.8), (0.02, 0.05), [(0.8, 0.7, 0.6), (0.5, 0.6, 0.9)])),
        0.74,
        dust=True,
    )

"""What places are painted with: a canvas in fractions of its size, and the place that comes out of it.

A painting is float BGR 0..1 (values above 1 are lamps and glow when put out of focus).  ``sparks`` are the
lights that a moving camera turns into drifting bokeh: x, y (0..1 of the painting), radius, BGR, phase.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .draw_canvas import Float, Points, blur, noise

MARGIN = 1.28  # how much wider (and 1.12 times taller) a painting is than the picture


@dataclass(frozen=True, slots=True)
class Place:
    """A painted place; ``floor`` is where the far edge of the floor lies (0 top .. 1 bottom)."""

    painting: Float
    sparks: tuple[tuple[float, float, float, tuple[float, float, float], float], ...]
    floor: float
    rain: bool = False
    dust: bool = False
    pulse: tuple[float, float, float, float] | None = None  # box of a heart monitor, fractions


class Canvas:
    """A painting in fractions of its width and height."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.w, self.h = width, height
        self.rng = np.random.default_rng(seed)
        self.pixels = np.zeros((height, width, 3), np.float32)
        self.x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
        self.y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]

    def gradient(self, stops: list[tuple[float, tuple[float, float, float]]]) -> None:
        """Fill with colours (RGB 0..1) by height."""
        at = [s[0] for s in stops]
        for channel in range(3):
            column = np.interp(self.y[:, 0], at, [s[1][2 - channel] for s in stops])
            self.pixels[..., channel] = column[:, None]

    def shape(
        self,
        points: list[tuple[float, float]] | Points,
        colour: tuple[float, float, float],
        alpha: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """A filled polygon; ``soft`` blurs its edge (fraction of the width)."""
        mask = np.zeros((self.h, self.w), np.uint8)
        p = np.round(np.asarray(points, np.float64) * (self.w, self.h) * 16).astype(np.int32)
        cv2.fillPoly(mask, [p], 255, cv2.LINE_AA, 4)
        m = blur(mask.astype(np.float32) / 255, soft * self.w) * alpha
        self.pixels += (np.array(colour[::-1], np.float32) - self.pixels) * m[..., None]

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: tuple[float, float, float],
        alpha: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """A filled rectangle."""
        if soft > 0:
            self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, alpha, soft)
            return
        rows = slice(max(0, round(y0 * self.h)), max(0, round(y1 * self.h)))
        columns = slice(max(0, round(x0 * self.w)), max(0, round(x1 * self.w)))
        part = self.pixels[rows, columns]
        part += (np.array(colour[::-1], np.float32) - part) * alpha

    def glow(
        self, x: float, y: float, size: tuple[float, float], colour: tuple[float, float, float], power: float
    ) -> None:
        """Add light that fades from a point; ``size`` as fractions of the width."""
        tall = size[1] * self.w / self.h
        c = slice(max(0, int((x - 4 * size[0]) * self.w)), max(0, int((x + 4 * size[0]) * self.w) + 1))
        r = slice(max(0, int((y - 4 * tall) * self.h)), max(0, int((y + 4 * tall) * self.h) + 1))
        fall = np.exp(-(((self.x[:, c] - x) / size[0]) ** 2) / 2) * np.exp(-(((self.y[r] - y) / tall) ** 2) / 2)
        self.pixels[r, c] += (fall * power)[..., None] * np.array(colour[::-1], np.float32)

    def grain(self, cell: float, amount: float, top: float = 0.0, bottom: float = 1.0) -> None:
        """Mottle a band of the painting."""
        rows = slice(round(top * self.h), round(bottom * self.h))
        n = noise(self.rng, self.h, self.w, cell * self.w, 3)[rows]
        self.pixels[rows] *= (1 + amount * n)[..., None]

    def mirror_floor(self, floor: float, strength: float, smear: float) -> None:
        """A polished or wet floor: what stands above it, upside down, smeared downward."""
        at = round(floor * self.h)
        above = self.pixels[max(0, 2 * at - self.h) : at][::-1]
        rows = min(len(above), self.h - at)
        reflection = cv2.GaussianBlur(
            np.ascontiguousarray(above[:rows]), (0, 0), smear * self.w * 0.25, sigmaY=smear * self.w
        )
        fade = np.linspace(strength, strength * 0.25, rows, dtype=np.float32)[:, None, None]
        self.pixels[at : at + rows] += reflection * fade


Sparks = list[tuple[float, float, float, tuple[float, float, float], float]]


def scatter(
    c: Canvas,
    count: int,
    box: tuple[float, float, float, float],
    size: tuple[float, float],
    colours: list[tuple[float, float, float]],
) -> Sparks:
    out: Sparks = []
    for _ in range(count):
        colour = colours[int(c.rng.integers(len(colours)))]
        out.append(
            (
                c.rng.uniform(box[0], box[2]),
                c.rng.uniform(box[1], box[3]),
                c.rng.uniform(*size),
                colour,
                c.rng.uniform(0, 6.28),
            )
        )
    return out

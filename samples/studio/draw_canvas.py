"""Small drawing tools every painter of the studio shares.

Pictures while they are being painted are float32 BGR 0..1; finished layers are uint8 BGRA with the colour
already multiplied by alpha, so that placing one over another is one multiply and one add.  Curves and shapes
are given in *units* (one unit is the distance between a head's pupils) and a scale in pixels per unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]
Bytes = NDArray[np.uint8]
Points = NDArray[np.float64]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A canvas in units: its left and top edge, its size in pixels, and pixels per unit."""

    left: float
    top: float
    width: int
    height: int
    scale: float

    @classmethod
    def spanning(cls, left: float, top: float, right: float, bottom: float, scale: float) -> Grid:
        return cls(left, top, round((right - left) * scale), round((bottom - top) * scale), scale)

    def axes(self) -> tuple[Float, Float]:
        """Unit coordinates of the pixel centres: x of shape (1, width), y of shape (height, 1)."""
        x = self.left + (np.arange(self.width, dtype=np.float32) + 0.5) / self.scale
        y = self.top + (np.arange(self.height, dtype=np.float32) + 0.5) / self.scale
        return x[None, :], y[:, None]

    def pixels(self, points: Points) -> Points:
        """Points in units, shape (n, 2), as pixel coordinates of this canvas."""
        return np.asarray((np.asarray(points, np.float64) - (self.left, self.top)) * self.scale - 0.5)

    def patch(self, left: float, top: float, right: float, bottom: float) -> tuple[Grid, tuple[slice, slice]]:
        """The part of this canvas between the given edges (units), and where it lies (rows, columns)."""
        x0 = max(0, round((left - self.left) * self.scale))
        y0 = max(0, round((top - self.top) * self.scale))
        x1 = min(self.width, round((right - self.left) * self.scale))
        y1 = min(self.height, round((bottom - self.top) * self.scale))
        part = Grid(self.left + x0 / self.scale, self.top + y0 / self.scale, x1 - x0, y1 - y0, self.scale)
        return part, (slice(y0, y1), slice(x0, x1))


def bgr(colour: Colour | Sequence[int]) -> Float:
    """An RGB 0..255 colour as float BGR 0..1."""
    return np.asarray(colour[::-1], np.float32) / 255


def smooth(low: float, high: float, value: Float) -> Float:
    """The smoothstep ramp from 0 at ``low`` to 1 at ``high`` (``low`` may be the larger)."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def bump(x: Float, y: Float, at: tuple[float | Float, float | Float], size: tuple[float, float]) -> Float:
    """A Gaussian hill of height 1 at ``at`` with the given standard deviations."""
    return np.exp(-(((x - at[0]) / size[0]) ** 2 + ((y - at[1]) / size[1]) ** 2) / 2).astype(np.float32)


def blur(picture: Float, pixels: float) -> Float:
    """Gaussian blur with a standard deviation in pixels; below 0.3 the picture itself."""
    if pixels < 0.3:
        return picture
    if pixels > 8:  # a wide blur looks the same on a smaller picture and takes a fraction of the time
        h, w = picture.shape[:2]
        k = pixels / 4
        small = cv2.resize(picture, (max(2, round(w / k)), max(2, round(h / k))), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), 4)
        return np.asarray(cv2.resize(soft, (w, h), interpolation=cv2.INTER_CUBIC), np.float32)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), pixels), np.float32)


def curve(points: Sequence[tuple[float, float]], count: int = 24) -> Points:
    """A smooth (Catmull-Rom) curve through the given points, ``count`` samples for each stretch."""
    p = np.asarray(points, np.float64)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, count, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, p[-2]])


def area(grid: Grid, outline: Points, soft: float = 0.0) -> Float:
    """Coverage 0..1 of a closed outline in units, edges anti-aliased, optionally softened (units)."""
    mask = np.zeros((grid.height, grid.width), np.uint8)
    cv2.fillPoly(mask, [np.round(grid.pixels(outline) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return blur(mask.astype(np.float32) / 255, soft * grid.scale)


def stroke(canvas: Bytes, grid: Grid, line: Points, value: float, width: float) -> None:
    """Draw an open line of brightness ``value`` (0..1) into a one-channel canvas; ``width`` is in pixels."""
    points = np.round(grid.pixels(line) * 16).astype(np.int32)
    cv2.polylines(canvas, [points], False, value * 255, max(1, round(width)), cv2.LINE_AA, 4)


def unit(canvas: Bytes) -> Float:
    """A canvas of strokes as coverage 0..1."""
    return canvas.astype(np.float32) / 255


def noise(rng: np.random.Generator, height: int, width: int, cell: float, octaves: int = 3) -> Float:
    """Smooth noise of roughly -1..1 whose largest blobs are ``cell`` pixels wide."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        size = max(1.0, cell / 2**octave)
        shape = (int(height / size) + 3, int(width / size) + 3)
        coarse = rng.standard_normal(shape).astype(np.float32)
        fine = cv2.resize(coarse, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
        total += np.asarray(fine[:height, :width], np.float32) / 2**octave
    return total / 2


def layer(colour: Float, alpha: Float) -> Bytes:
    """A finished layer (uint8 BGRA, premultiplied) from colour (h, w, 3) and coverage (h, w), both 0..1."""
    out = np.empty((*alpha.shape, 4), np.float32)
    a = np.clip(alpha, 0, 1)
    out[..., :3] = np.clip(colour, 0, 1) * a[..., None]
    out[..., 3] = a
    return (out * 255 + 0.5).astype(np.uint8)


def over(frame: Bytes, top: Bytes, x: int = 0, y: int = 0, opacity: float = 1.0) -> None:
    """Place a premultiplied layer on a BGR frame or on another layer, in place, with its corner at (x, y)."""
    h, w = frame.shape[:2]
    x0, y0, x1, y1 = max(0, x), max(0, y), min(w, x + top.shape[1]), min(h, y + top.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = top[y0 - y : y1 - y, x0 - x : x1 - x]
    if opacity < 1:
        part = np.asarray(cv2.convertScaleAbs(part, alpha=opacity), np.uint8)
    target = frame[y0:y1, x0:x1]
    channels = target.shape[2]
    rest = cv2.merge([cv2.bitwise_not(part[..., 3])] * channels)
    kept = cv2.multiply(target, rest, scale=1 / 255)
    cv2.add(kept, np.ascontiguousarray(part[..., :channels]), dst=kept)
    target[...] = kept

"""What moves before the back wall, and what the lens adds: bokeh, rain, dust, light, grain."""

from __future__ import annotations

import cv2
import numpy as np

from .draw_canvas import Bytes, Float, blur
from .draw_place import Place


class Bokeh:
    """Lights out of focus: soft discs that twinkle and drift."""

    def __init__(self, place: Place, width: int, softness: float) -> None:
        self.sparks = place.sparks
        self.width, self.softness = width, softness
        self._discs: dict[int, Float] = {}

    def draw(self, frame: Bytes, seconds: float, matrix: Float, shape: tuple[int, int]) -> None:
        """Add the lights; ``matrix`` (2, 3) carries the painting, of ``shape`` (h, w), onto the frame."""
        zoom = float(matrix[0, 0])
        for number, (x, y, size, colour, phase) in enumerate(self.sparks):
            px = matrix[0, 0] * x * shape[1] + matrix[0, 2] + 7 * np.sin(seconds * 0.35 + phase)
            py = matrix[1, 1] * y * shape[0] + matrix[1, 2] + 5 * np.sin(seconds * 0.27 + phase * 2)
            radius = max(2, int(size * self.width * self.softness * zoom))
            power = 0.30 + 0.18 * np.sin(seconds * (0.8 + 0.13 * (number % 7)) + phase)
            self._add(frame, float(px), float(py), radius, colour, float(power))

    def _add(
        self, frame: Bytes, x: float, y: float, radius: int, colour: tuple[float, float, float], power: float
    ) -> None:
        disc = self._discs.get(radius)
        if disc is None:
            a = np.arange(-radius - 2, radius + 3, dtype=np.float32)
            r = np.hypot(a[None, :], a[:, None]) / radius
            disc = self._discs[radius] = (
                np.clip((1.0 - r) * radius / 1.6 + 0.5, 0, 1) * (0.62 + 0.38 * np.clip(r, 0, 1) ** 4)
            ).astype(np.float32)
        n = disc.shape[0]
        x0, y0 = int(x) - n // 2, int(y) - n // 2
        u0, v0, u1, v1 = max(0, x0), max(0, y0), min(frame.shape[1], x0 + n), min(frame.shape[0], y0 + n)
        if u0 >= u1 or v0 >= v1:
            return
        part = disc[v0 - y0 : v1 - y0, u0 - x0 : u1 - x0, None] * (np.array(colour[::-1], np.float32) * (255 * power))
        target = frame[v0:v1, u0:u1]
        target[...] = cv2.add(target, part.astype(np.uint8))


class Rain:
    """Two sheets of streaks that fall at different speeds."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.sheets = []
        for count, long, power, speed in ((170, 0.045, 46, 1.5), (60, 0.09, 80, 2.4)):
            sheet = np.zeros((height * 2, width, 3), np.uint8)
            for _ in range(count):
                x, y = rng.uniform(0, width), rng.uniform(0, height)
                length = long * height * rng.uniform(0.6, 1.3)
                tone = power * rng.uniform(0.4, 1.0)
                for shift in (0, height):
                    p, q = (
                        (int(x * 8), int((y + shift) * 8)),
                        (int((x - length * 0.10) * 8), int((y + shift + length) * 8)),
                    )
                    cv2.line(sheet, p, q, (tone, tone * 0.96, tone * 0.88), 1, cv2.LINE_AA, 3)
            self.sheets.append((sheet, speed * height))

    def draw(self, frame: Bytes, seconds: float) -> None:
        """Add the rain as it hangs at a time."""
        h = frame.shape[0]
        for sheet, speed in self.sheets:
            at = h - int(seconds * speed) % h
            cv2.add(frame, sheet[at : at + h], dst=frame)


class Dust:
    """Slow bright motes in the light."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.size = (width, height)
        self.motes = rng.uniform(0, 1, (26, 5))
        radius = max(2, width // 150)
        a = np.arange(-radius * 2, radius * 2 + 1, dtype=np.float32)
        self.spot = np.exp(-(a[None, :] ** 2 + a[:, None] ** 2) / radius**2 * 2)[..., None] * np.ones(3, np.float32)

    def draw(self, frame: Bytes, seconds: float) -> None:
        """Add the motes as they float at a time."""
        w, h = self.size
        n = self.spot.shape[0]
        for x, y, phase, speed, power in self.motes:
            px = int((x + 0.02 * np.sin(seconds * (0.3 + speed) + phase * 6.28)) * w) % (w - n)
            py = int((y - seconds * (0.008 + 0.02 * speed)) * h) % (h - n)
            glow = 26 + 60 * power * (0.5 + 0.5 * np.sin(seconds * 1.3 + phase * 6.28))
            target = frame[py : py + n, px : px + n]
            target[...] = cv2.add(
                target, (self.spot * (glow * np.array([0.75, 0.9, 1.0], np.float32))).astype(np.uint8)
            )


class Sweep:
    """A broad band of light that wanders over the picture."""

    def __init__(self, width: int, height: int, colour: tuple[float, float, float]) -> None:
        x = np.linspace(-1, 2, width * 3, dtype=np.float32)[None, :]
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        band = np.exp(-(((x - 0.5 + 0.35 * (y - 0.5)) / 0.22) ** 2))
        tint = np.array(colour, np.float32) * 22
        self.band = (band[..., None] * tint + np.random.default_rng(1).uniform(0, 1, (*band.shape, 1))).astype(np.uint8)
        self.width = width

    def draw(self, frame: Bytes, seconds: float) -> None:
        """Add the band where it is at a time."""
        at = int(self.width * (1 + 0.95 * np.sin(seconds * 0.55)))
        cv2.add(frame, np.ascontiguousarray(self.band[:, at : at + self.width]), dst=frame)


class Lens:
    """Vignette and film grain; deterministic by frame number."""

    def __init__(self, width: int, height: int, seed: int, grain: float = 1.9) -> None:
        y, x = np.mgrid[-1 : 1 : complex(0, height), -1 : 1 : complex(0, width)].astype(np.float32)
        fall = 1 - 0.34 * np.clip(np.hypot(x * 0.82, y * 0.86) - 0.42, 0, None) ** 1.5
        self.vignette = np.repeat((np.clip(fall, 0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)
        rng = np.random.default_rng(seed)
        tile = blur(rng.normal(0, 1, (height + 64, width + 64)).astype(np.float32), 0.6)
        self.tile = np.repeat(np.round(tile / tile.std() * grain).astype(np.int16)[..., None], 3, axis=2)
        self.offsets = rng.integers(0, 64, (97, 2))

    def finish(self, frame: Bytes, number: int) -> Bytes:
        """The frame with vignette and grain."""
        dark = cv2.multiply(frame, self.vignette, scale=1 / 255)
        y, x = self.offsets[number % len(self.offsets)]
        h, w = frame.shape[:2]
        return np.asarray(cv2.add(dark, self.tile[y : y + h, x : x + w], dtype=cv2.CV_8U), np.uint8)

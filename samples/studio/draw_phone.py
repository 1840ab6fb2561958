"""A hand that holds a phone: the first row is the header, the others are messages."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .draw_canvas import Bytes, Grid, Points, area, blur, curve, layer, over
from .draw_light import Light, light, shade
from .draw_page import Page, Prop, rounded, wrapped

_INK, _ALERT = (28, 30, 36), (196, 30, 40)
_SKIN = (0.64, 0.74, 0.90)  # BGR


@lru_cache(maxsize=16)
def phone(text: tuple[str, ...], width: int, height: int, font: Path, place: str) -> Prop:
    """The hand and the phone as a layer of the picture's size; the last of several messages is red."""
    image = np.zeros((height, width, 4), np.uint8)
    lit = light(place)
    _hand(image, lit, [np.array(_outlines()["palm"])], 1.2, shadow=False)
    w, h = round(width * 0.62), round(height * 0.62)
    x0, y0 = (width - w) // 2, round(height * 0.12)
    page = Page(image, 0, 0, font)
    _case(page, x0, y0, w, h)
    _messages(page, text, x0, y0, w)
    across = np.linspace(-1.2, 3, w, dtype=np.float32)[None, :]
    down = np.linspace(0, 1.6, h, dtype=np.float32)[:, None]
    glass = np.clip(1.2 - np.abs(across - down) * 2.4, 0, 1) * 0.10
    over(image, layer(np.ones((h, w, 3), np.float32), glass * rounded(w, h, w * 0.11)), x0, y0)
    finger = np.array(_outlines()["finger"])
    fingers = [finger * size + (x, y) for x, y, size in _outlines()["fingers"]]
    _hand(image, lit, [*fingers, np.array(_outlines()["thumb"])], 0.5, shadow=True)
    return Prop(image, 0, 0, tuple(page.rows))


@cache
def _outlines() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("hand.toml").read_text(encoding="utf-8"))


def _case(page: Page, x0: int, y0: int, w: int, h: int) -> None:
    r = round(w * 0.11)
    for grow, tone in ((12, (58, 60, 66)), (8, (14, 14, 16)), (0, (238, 240, 244))):
        page.card((x0 - grow, y0 - grow, x0 + w + grow, y0 + h + grow), r + grow, tone)
    middle = x0 + w // 2
    page.card((middle - w // 9, y0 + 10, middle + w // 9, y0 + 10 + w // 22), w // 46, (12, 12, 14))


def _messages(page: Page, text: tuple[str, ...], x0: int, y0: int, w: int) -> None:
    unit = w / 100
    y = y0 + round(unit * 14)
    if text:
        ink = page.ink([text[0]], round(unit * 7), _INK)
        y = page.write(text[0], ink, x0 + (w - ink.shape[1]) // 2, y) + round(unit * 5)
        page.card((x0, y, x0 + w, y + 2), 0, (208, 212, 218))
    y += round(unit * 6)
    for number, row in enumerate(text[1:], 2):
        rows, size = wrapped(row, page.font, round(unit * 7.4), w * 0.78)
        ink = page.ink(rows, size, _ALERT if number == len(text) > 2 else _INK)
        left, pad = x0 + round(unit * 6), round(unit * 4)
        right, low = left + ink.shape[1] + 2 * pad, y + ink.shape[0] + 2 * pad
        page.card((left + 2, y + 3, right + 2, low + 3), pad, (190, 194, 202))
        page.card((left, y, right, low), pad, (255, 255, 255))
        page.write(row, ink, left + pad, y + pad)
        y = low + round(unit * 5)


def _hand(image: Bytes, lit: Light, outlines: list[Points], radius: float, shadow: bool) -> None:
    """Rounded flesh-coloured parts, in tenths of the picture's width, with a shadow on what lies below."""
    height, width = image.shape[:2]
    grid = Grid(0, 0, width, height, width / 10)
    lumps, cover = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    for outline in outlines:
        closed = np.vstack([outline, outline[:1]])
        mask = area(grid, curve([(float(x), float(y)) for x, y in closed], 10))
        inside = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) / grid.scale
        rest = 1 - np.clip(inside / radius, 0, 1)
        lumps = lumps * (1 - mask) + (radius * np.sqrt(1 - rest * rest)).astype(np.float32) * mask
        cover = np.maximum(cover, mask)
    if shadow:
        dark = np.minimum(blur(cover, 0.18 * grid.scale) * 0.5, image[..., 3].astype(np.float32) / 255)
        over(image, layer(np.zeros((height, width, 3), np.float32), dark))
    albedo = np.broadcast_to(np.array(_SKIN, np.float32), (height, width, 3))
    colour = shade(blur(lumps, 0.07 * grid.scale), albedo, lit, grid.scale, gloss=0.10, gentle=0.3)
    over(image, layer(colour, cover))

"""Writing on a prop and remembering where the writing lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .draw_canvas import Bytes, Colour, Float, layer, over
from .draw_text import text_layer, text_width

Box = tuple[int, int, int, int]
_NOT_FIRST = "，。！？、；：”）"


@dataclass(frozen=True, slots=True)
class Prop:
    """A prop as a layer whose corner lies at (``left``, ``top``) of the picture, and its rows of text."""

    layer: Bytes
    left: int
    top: int
    rows: tuple[tuple[str, Box], ...]


def wrapped(text: str, font: Path, size: int, room: float) -> tuple[list[str], int]:
    """Rows and their size: smaller when that saves a row, never breaking a number or before a comma."""
    whole = text_width(text, font, size)
    if whole <= room * 1.14:
        return [text], int(size * min(1.0, room / max(1.0, whole)))
    rows, row = [], ""
    for piece in re.findall(r"[\x21-\x7e]+|.", text):
        if row and text_width(row + piece, font, size) > room and piece not in _NOT_FIRST:
            rows.append(row)
            row = ""
        row += piece
    return [*rows, row], size


class Page:
    """A layer that is written on; boxes are kept in pixels of the picture."""

    def __init__(self, image: Bytes, left: int, top: int, font: Path) -> None:
        self.image, self.left, self.top, self.font = image, left, top, font
        self.rows: list[tuple[str, Box]] = []

    def write(self, text: str, ink: Bytes, x: int, y: int) -> int:
        """Place rendered text with its corner at (x, y); returns the y below it."""
        over(self.image, ink, x, y)
        h, w = ink.shape[:2]
        self.rows.append((text, (x + self.left, y + self.top, x + w + self.left, y + h + self.top)))
        return int(y + h)

    def ink(self, rows: list[str], size: int, colour: Colour) -> Bytes:
        """Rows of text in the page's font."""
        return text_layer(rows, self.font, size, colour, 0, align="left")

    def card(self, box: Box, radius: int, colour: Colour, alpha: float = 1.0) -> None:
        """A rounded rectangle."""
        w, h = box[2] - box[0], box[3] - box[1]
        paint = np.broadcast_to(np.array(colour[::-1], np.float32) / 255, (h, w, 3))
        over(self.image, layer(paint, rounded(w, h, radius) * alpha), box[0], box[1])


def rounded(w: int, h: int, radius: float) -> Float:
    """Coverage of a rectangle with round corners."""
    x = np.abs(np.arange(w, dtype=np.float32) + 0.5 - w / 2)[None, :] - (w / 2 - radius)
    y = np.abs(np.arange(h, dtype=np.float32) + 0.5 - h / 2)[:, None] - (h / 2 - radius)
    outside = np.hypot(np.clip(x, 0, None), np.clip(y, 0, None)) - radius
    return np.asarray(np.clip(0.5 - outside, 0, 1), np.float32)

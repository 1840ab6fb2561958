"""Chinese text as layers, by Pillow with a given font file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .draw_canvas import Bytes, Colour, layer

_SIMPLIFIED = 2  # the face of simplified Chinese in the Noto CJK collections of systems


@lru_cache(maxsize=64)
def font_at(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A font file at a size in pixels; raises OSError when it cannot be read."""
    return ImageFont.truetype(str(path), size, index=_SIMPLIFIED if path.suffix == ".ttc" else 0)


def text_width(text: str, path: Path, size: int) -> float:
    """Advance width in pixels."""
    return float(font_at(path, size).getlength(text))


def text_layer(
    rows: list[str],
    path: Path,
    size: int,
    colour: Colour,
    outline: int = 0,
    *,
    align: str = "centre",
    leading: float = 1.28,
    edge: Colour = (0, 0, 0),
    spacing: float = 0.0,
) -> Bytes:
    """Rows of text as a premultiplied layer cut to its ink; ``spacing`` adds pixels between characters."""
    font = font_at(path, size)
    pad = outline + 4
    widths = [
        sum(font.getlength(c) + spacing for c in row) - spacing if spacing else font.getlength(row) for row in rows
    ]
    wide, step = round(max(widths)) + 2 * pad, round(size * leading)
    canvas = Image.new("L", (wide, step * len(rows) + 2 * pad + size // 2), 0)
    ink = Image.new("L", canvas.size, 0)
    for target, stroke in ((canvas, outline), (ink, 0)):
        draw = ImageDraw.Draw(target)
        for number, row in enumerate(rows):
            x = pad + (0 if align == "left" else (max(widths) - widths[number]) / 2)
            y = pad + number * step
            for part in row if spacing else [row]:
                draw.text((x, y), part, font=font, fill=255, stroke_width=stroke)
                x += font.getlength(part) + spacing
    a, f = np.asarray(canvas, np.float32) / 255, (np.asarray(ink, np.float32) / 255)[..., None]
    paint = np.array(edge[::-1], np.float32) / 255 * (1 - f) + np.array(colour[::-1], np.float32) / 255 * f
    return trimmed(layer(paint, np.maximum(a, f[..., 0])))


def trimmed(top: Bytes) -> Bytes:
    """A layer without its empty border."""
    rows, columns = np.nonzero(top[..., 3].any(1))[0], np.nonzero(top[..., 3].any(0))[0]
    if not len(rows):
        return top
    return np.ascontiguousarray(top[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])

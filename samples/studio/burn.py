"""What an editor burned into the picture: subtitles, name plates, captions, title, watermark, legal line.

Every text is rendered once for a story and kept; burning a frame places at most a few small layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .draw_canvas import Bytes, layer, over
from .draw_text import text_layer, text_width, trimmed
from .fonts import cjk_fonts
from .story import CaptionStyle, Overlay, Story

WIDEST = 0.86  # of the picture's width
HOLD = 160  # milliseconds a subtitle stays after its line, unless the next one comes
FADE = 200  # milliseconds an overlay takes to appear and to go
_BREAKS = "，。！？、；：… "


@dataclass(frozen=True, slots=True)
class Burned:
    """One text as it lies on the picture: times in ms, ``box`` x0, y0, x1, y1 around its ink."""

    kind: str
    start: int
    end: int
    text: str
    box: tuple[int, int, int, int]
    layer: Bytes
    fade: int = 0


_kept: list[tuple[Story, list[Burned]]] = []


def burned(story: Story) -> list[Burned]:
    """Every burned-in text of a story, rendered; kept for the last few stories."""
    for known, texts in _kept:
        if known is story:
            return texts
    texts = sorted([*_subtitles(story), *(_overlay(o, story) for o in story.overlays)], key=lambda b: b.start)
    _kept.append((story, texts))
    del _kept[:-4]
    return texts


def burn(frame: NDArray[np.uint8], ms: int, story: Story) -> NDArray[np.uint8]:
    """A copy of a clean BGR frame with everything that is burned in at ``ms``."""
    out = frame.copy()
    for text in burned(story):
        if text.start <= ms < text.end:
            opacity = 1.0
            if text.fade:
                opacity = min(1.0, (ms - text.start + 40) / text.fade, (text.end - ms) / text.fade)
            over(out, text.layer, text.box[0], text.box[1], opacity)
    return out


def truth(story: Story) -> dict[str, Any]:
    """Everything written on the picture, ready for JSON: kind, span (ms), text and pixel box of each."""
    from .draw_props import screen_boxes

    found = [
        {"kind": b.kind, "start": b.start, "end": b.end, "text": b.text, "box": list(b.box)}
        for b in burned(story)
    ]
    for shot in story.shots:
        for text, box in screen_boxes(shot, story):
            found.append(
                {"kind": "screen", "start": shot.start, "end": shot.end, "text": text, "box": list(box)}
            )
    found.sort(key=lambda entry: (entry["start"], entry["kind"]))
    return {"width": story.width, "height": story.height, "texts": found}


def _subtitles(story: Story) -> list[Burned]:
    out = []
    for line in story.lines:
        later = [other.start for other in story.lines if other.start > line.start]
        end = min([line.end + HOLD, *later]) if later else min(line.end + HOLD, story.length)
        rows, size = _fitted(line.text, story.captions, story.width)
        style = story.captions
        image = text_layer(rows, style.font, size, style.colour, style.outline, align=style.align)
        h, w = image.shape[:2]
        x = (story.width - w) // 2 if style.align == "centre" else round(story.width * (1 - WIDEST) / 2)
        y = min(round(story.height * style.baseline - h / 2), story.height - h)
        out.append(
            Burned("subtitle", line.start, max(end, line.start + 1), line.text, (x, y, x + w, y + h), image)
        )
    return out


def _fitted(text: str, style: CaptionStyle, width: int) -> tuple[list[str], int]:
    """Rows and size that keep a subtitle within ``WIDEST``: a little smaller first, then two rows."""
    room = width * WIDEST - 2 * style.outline
    whole = text_width(text, style.font, style.size)
    if whole <= room:
        return [text], style.size
    if whole * 0.85 <= room:
        return [text], int(style.size * room / whole)
    middle = len(text) / 2
    cuts = [i + 1 for i, c in enumerate(text[:-1]) if c in _BREAKS]
    near = [c for c in cuts if abs(c - middle) <= len(text) * 0.3]
    cut = min(near, key=lambda c: abs(c - middle)) if near else round(middle)
    rows = [text[:cut].strip(), text[cut:].strip()]
    longest = max(text_width(row, style.font, style.size) for row in rows)
    return rows, int(style.size * min(1.0, room / longest))


def _overlay(overlay: Overlay, story: Story) -> Burned:
    draw = {
        "nameplate": _nameplate,
        "caption": _caption,
        "title_card": _title,
        "watermark": _watermark,
        "legal": _legal,
    }
    image = draw[overlay.kind](overlay.text, story)
    widest = int(story.width * 0.94)
    if image.shape[1] > widest:
        k = widest / image.shape[1]
        image = np.asarray(
            cv2.resize(image, (widest, round(image.shape[0] * k)), interpolation=cv2.INTER_AREA), np.uint8
        )
    h, w = image.shape[:2]
    x = int(np.clip(round(overlay.anchor[0] * story.width - w / 2), 0, max(0, story.width - w)))
    y = int(np.clip(round(overlay.anchor[1] * story.height - h / 2), 0, max(0, story.height - h)))
    fade = 0 if overlay.kind in ("watermark", "legal") else min(FADE, (overlay.end - overlay.start) // 3)
    return Burned(overlay.kind, overlay.start, overlay.end, overlay.text, (x, y, x + w, y + h), image, fade)


def _size(story: Story, share: float) -> int:
    return max(10, round(story.width * share))


def _shadowed(image: Bytes, spread: float, power: float) -> Bytes:
    """The layer with a soft shadow beneath it."""
    pad = int(spread * 3)
    padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    shadow = cv2.GaussianBlur(padded[..., 3], (0, 0), spread).astype(np.float32) / 255 * power
    under = layer(np.zeros((*shadow.shape, 3), np.float32), np.clip(shadow, 0, 0.75))
    over(under, np.asarray(padded, np.uint8))
    return trimmed(under)


def _nameplate(text: str, story: Story) -> Bytes:
    """White name on a dark plate that fades to the right, with a gold bar; a second row is smaller."""
    rows = text.replace("｜", "\n").replace("|", "\n").split("\n")
    font = cjk_fonts()["serif"]
    parts = [
        text_layer(
            [row],
            font,
            _size(story, 0.062 if n == 0 else 0.036),
            (255, 255, 255) if n == 0 else (238, 208, 140),
            0,
        )
        for n, row in enumerate(rows)
    ]
    pad, gap = _size(story, 0.024), _size(story, 0.016)
    h = sum(p.shape[0] for p in parts) + gap * (len(parts) - 1) + 2 * pad
    w = max(p.shape[1] for p in parts) + pad * 4
    fade = np.clip(1.15 - np.linspace(0, 1, w, dtype=np.float32), 0, 1)[None, :] * np.full(
        (h, 1), 0.66, np.float32
    )
    plate = layer(np.broadcast_to(np.array([0.10, 0.05, 0.06], np.float32), (h, w, 3)), fade)
    plate[:, : max(3, pad // 4)] = (70, 170, 225, 255)
    y = pad
    for part in parts:
        over(plate, part, round(pad * 1.3), y)
        y += part.shape[0] + gap
    return plate


def _caption(text: str, story: Story) -> Bytes:
    image = text_layer(
        text.split("\n"),
        cjk_fonts()["serif"],
        _size(story, 0.082),
        (255, 255, 255),
        0,
        spacing=_size(story, 0.022),
    )
    return _shadowed(image, max(2, story.width / 180), 1.1)


def _title(text: str, story: Story) -> Bytes:
    """Golden title between two thin lines."""
    image = text_layer(
        text.split("\n"),
        cjk_fonts()["serif"],
        _size(story, 0.115),
        (250, 214, 130),
        2,
        edge=(90, 40, 10),
        spacing=_size(story, 0.012),
    )
    shine = np.linspace(1.12, 0.72, image.shape[0], dtype=np.float32)[:, None, None]
    image[..., :3] = np.minimum(np.clip(image[..., :3] * shine, 0, 255), image[..., 3:]).astype(np.uint8)
    gap = _size(story, 0.035)
    tall = cv2.copyMakeBorder(image, gap, gap, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    for row in (0, -2):
        tall[row, :] = tall[row + 1, :] = (120, 200, 240, 255)
    return _shadowed(np.asarray(tall, np.uint8), max(2, story.width / 150), 1.1)


def _watermark(text: str, story: Story) -> Bytes:
    image = text_layer([text], story.captions.font, _size(story, 0.036), (255, 255, 255), 0)
    return np.asarray(
        cv2.convertScaleAbs(_shadowed(image, max(1.5, story.width / 300), 0.9), alpha=0.55), np.uint8
    )


def _legal(text: str, story: Story) -> Bytes:
    image = text_layer(text.split("\n"), story.captions.font, _size(story, 0.026), (235, 235, 235), 1)
    return np.asarray(cv2.convertScaleAbs(image, alpha=0.8), np.uint8)

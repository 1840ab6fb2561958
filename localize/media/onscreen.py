"""Burned-in text that is not dialogue: all of its words, and its parts made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, OnScreenText
from localize.media.sightings import around, bare
from localize.roles import Ocr, ReadText
from localize.timing import Span

_LARGE, _SHORT = 60, 3
"""Pixels from which on letters are read as they are first; characters up to which a text is read in more sizes and
pictures: one that was missed would be much of it, and detectors miss 三 and 一 more than others."""
_PAUSE = 1500
"""Milliseconds a text may be out of sight (moving, blurred) and still be the same."""
_FAINT = 10_000
"""The same for notices and marks: they are half transparent, and a bright scene hides them."""


def is_short(read: ReadText) -> bool:
    """Whether a missed character would be much of the text."""
    return len(read.text) <= _SHORT


def completed(best: ReadText, cut: NDArray[np.uint8], inner: Box, reader: Ocr) -> ReadText:
    """``best`` read again in another size and with its surroundings: widely set characters are missed at first.

    ``cut`` is the yuv420p picture around it and ``inner`` its place in there.  Only what is on the same row and hardly
    farther than a character away is taken in, and only when the row grows by it.
    """
    if inner.height > 1.5 * inner.width:
        return best
    picture = np.asarray(cv2.cvtColor(cut, cv2.COLOR_YUV2BGR_I420), np.uint8)
    scales = (2.0, 1.0) if inner.height < _LARGE else (1.0, 2.0, 0.5)
    for scale in scales if is_short(best) else scales[:1]:
        row = _row(picture, inner, scale, reader)
        text = "".join(r.text for r in sorted(row, key=lambda r: r.box.x0))
        if bare(best.text) in bare(text) and len(bare(text)) > len(bare(best.text)):
            dx, dy, whole = best.box.x0 - inner.x0, best.box.y0 - inner.y0, around([r.box for r in row])
            box = Box(whole.x0 + dx, whole.y0 + dy, whole.x1 + dx, whole.y1 + dy)
            return ReadText(box, text, min(r.confidence for r in row))
    return best


def _row(picture: NDArray[np.uint8], inner: Box, scale: float, reader: Ocr) -> list[ReadText]:
    """What is read on the row of ``inner`` when the picture is enlarged by ``scale``; boxes of the picture as it is."""
    row: list[ReadText] = []
    for read in reader.read(np.asarray(cv2.resize(picture, None, fx=scale, fy=scale), np.uint8)):
        x0, y0, x1, y1 = (int(v / scale) for v in (read.box.x0, read.box.y0, read.box.x1, read.box.y1))
        level = abs((y0 + y1) - (inner.y0 + inner.y1)) < 0.6 * inner.height
        near = max(inner.x0 - x1, x0 - inner.x1) < 1.3 * inner.height
        if level and near and read.confidence > 0.8 and 0.5 < (y1 - y0) / inner.height < 1.6:
            row.append(ReadText(Box(x0, y0, x1, y1), read.text, read.confidence))
    return row


def gathered(texts: Sequence[OnScreenText]) -> list[OnScreenText]:
    """Texts that the camera moved, and that were followed in parts, made one again: from the first part to the last,
    in a box around all."""
    whole: list[OnScreenText] = []
    for text in sorted(texts, key=lambda t: t.span):
        for place, earlier in enumerate(whole):
            if _goes_on(earlier, text):
                box = around([earlier.box, text.box])
                until = max(earlier.span.end, text.span.end)
                whole[place] = replace(earlier, box=box, span=Span(earlier.span.start, until))
                break
        else:
            whole.append(text)
    return whole


def _goes_on(a: OnScreenText, b: OnScreenText) -> bool:
    apart = max(abs(a.box.x0 - b.box.x0), abs((a.box.y0 + a.box.y1) - (b.box.y0 + b.box.y1)) / 2)
    near = apart < 2 * a.box.height
    pause = _FAINT if a.kind in ("legal", "watermark") else _PAUSE
    return a.text == b.text and a.kind == b.kind and near and b.span.start - a.span.end < pause

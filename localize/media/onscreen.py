"""Burned-in text that is not dialogue: how long it stands, and all of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, OnScreenText
from localize.media.sightings import around
from localize.roles import Ocr, ReadText
from localize.timing import Ms, Span

_SEEN = 0.5
"""Correlation with the text as it was read above which it is still there; other pictures stay below 0.3."""
_TELLS = 0.1
"""Difference of likeness between a picture with the text and one without, at least."""
_REACH = 8
"""Pixels a text may drift between a read and the frames around it."""

_PAUSE = 1500
"""Milliseconds a text may be out of sight (moving, blurred) and still be the same."""


def edges(luma: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """What stands out from its surroundings of ``size`` px: writing keeps it whatever passes behind."""
    odd = max(5, size // 2 | 1)
    return np.asarray(np.clip(luma.astype(np.float32) - cv2.blur(luma, (odd, odd)), -60, 60), np.float32)


@dataclass(slots=True)
class Watch:
    """Follows one text through the frames around the reads that found it.

    ``first`` and ``last`` are the frame numbers of those reads, ``low`` and ``high`` those of the reads next
    to them that did not, or the ends of the picture, as ``missed`` tells of both; in between it is there."""

    box: Box
    first: int
    last: int
    low: int
    high: int
    opening: NDArray[np.uint8]
    closing: NDArray[np.uint8]
    missed: tuple[bool, bool] = (True, True)
    scores: dict[int, tuple[Ms, float]] = field(default_factory=dict)

    def look(self, number: int, at: Ms, frame: NDArray[np.uint8]) -> None:
        """Compare one yuv420p ``frame`` with the text as it was read."""
        if not self.low <= number <= self.high:
            return
        if self.first < number < self.last:
            return
        pattern = self.opening if number <= self.first else self.closing
        self.scores[number] = (at, self._likeness(pattern, frame))

    def _likeness(self, pattern: NDArray[np.uint8], frame: NDArray[np.uint8]) -> float:
        height, width = frame.shape[0] * 2 // 3, frame.shape[1]
        reach = Box(max(0, self.box.x0 - _REACH), max(0, self.box.y0 - _REACH),
                     min(width, self.box.x1 + _REACH), min(height, self.box.y1 + _REACH))  # fmt: skip
        size = min(self.box.width, self.box.height)
        here = edges(frame[reach.y0 : reach.y1, reach.x0 : reach.x1], size)
        # Another read of the text may have boxed it wider.
        there = edges(pattern, size)[: here.shape[0], : here.shape[1]]
        return float(cv2.matchTemplate(here, there, cv2.TM_CCOEFF_NORMED).max())

    def span(self, end: Ms) -> tuple[Ms, Ms]:
        """When the text comes and goes; ``end`` is when the last frame looked at does."""
        start = self._edge(range(self.first, self.low - 1, -1), self.missed[0])
        stop = self._edge(range(self.last, self.high + 1), self.missed[1])
        after = self.scores.get(stop + 1)
        return self.scores[start][0], after[0] if after else end

    def _edge(self, way: range, gone: bool) -> int:
        """The last frame on the ``way`` out that still shows the text; one bad frame does not end it."""
        shows, reached = self._threshold(way) if gone else _SEEN, way[0]
        for number in way:
            if number not in self.scores:
                break
            if self.scores[number][1] > shows:
                reached = number
            elif abs(number - reached) > 1:
                break
        return reached

    def _threshold(self, way: range) -> float:
        """The likeness above which the text is there.

        Where what is behind it stands still, that alone is like it: then half way between with and without."""
        scores = [self.scores[number][1] for number in way if number in self.scores]
        if len(scores) < 6:
            return _SEEN
        there, gone = float(np.median(scores[:3])), float(np.median(scores[-3:]))
        return (there + gone) / 2 if gone > _SEEN - _TELLS and there - gone > _TELLS else _SEEN


def completed(best: ReadText, cut: NDArray[np.uint8], inner: Box, reader: Ocr) -> ReadText:
    """``best`` read again, enlarged and with its surroundings: widely set characters are missed at first.

    ``cut`` is the yuv420p picture around it and ``inner`` its place in there.  Only what is on the same row and hardly
    farther than a character away is taken in, and only when the row grows by it.
    """
    if inner.height > 1.5 * inner.width:
        return best
    scale = 2 if inner.height < 60 else 1
    row: list[ReadText] = []
    picture = cv2.cvtColor(cut, cv2.COLOR_YUV2BGR_I420)
    for read in reader.read(np.asarray(cv2.resize(picture, None, fx=scale, fy=scale), np.uint8)):
        x0, y0, x1, y1 = (v // scale for v in (read.box.x0, read.box.y0, read.box.x1, read.box.y1))
        level = abs((y0 + y1) - (inner.y0 + inner.y1)) < 0.6 * inner.height
        near = max(inner.x0 - x1, x0 - inner.x1) < 1.3 * inner.height
        if level and near and read.confidence > 0.8 and 0.5 < (y1 - y0) / inner.height < 1.6:
            row.append(ReadText(Box(x0, y0, x1, y1), read.text, read.confidence))
    text = "".join(r.text for r in sorted(row, key=lambda r: r.box.x0))
    if best.text not in text or len(text) == len(best.text):
        return best
    dx, dy = best.box.x0 - inner.x0, best.box.y0 - inner.y0
    whole = around([r.box for r in row])
    box = Box(whole.x0 + dx, whole.y0 + dy, whole.x1 + dx, whole.y1 + dy)
    return ReadText(box, text, min(r.confidence for r in row))


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
    return a.text == b.text and a.kind == b.kind and near and b.span.start - a.span.end < _PAUSE

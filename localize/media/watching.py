"""How long a text that is not dialogue stands, frame by frame, from a read that saw it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box
from localize.media.strokes import crop, even
from localize.timing import Ms

_SEEN = 0.5
"""Correlation with the text as it was read above which it is still there; other pictures stay below 0.3."""
_ALIKE = 0.4
"""Correlation of a picture without the text above which what is behind it stands still, and counts for too much."""
_HALF = 0.5
"""Share of the text's own strength above which it is there, where what is behind it stands still."""
_REACH = 8
"""Pixels a text may drift between a read and the frames around it."""


def edges(luma: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """What stands out from its surroundings of ``size`` px: writing keeps it whatever passes behind."""
    odd = max(5, size // 2 | 1)
    return np.asarray(np.clip(luma.astype(np.float32) - cv2.blur(luma, (odd, odd)), -60, 60), np.float32)


@dataclass(slots=True)
class _Look:
    """Frame at ``at`` ms: its likeness to the text as it was read, and the part that is most like it, in luma."""

    at: Ms
    score: float
    here: NDArray[np.uint8]


@dataclass(slots=True)
class Watch:
    """Follows one text through the frames around the reads that found it.

    ``first`` and ``last`` are the frame numbers of those reads, ``low`` and ``high`` those of the reads next
    to them that did not, or the ends of the picture, as ``missed`` tells of both; in between it is there.  ``best`` is
    where it was seen most strongly: the yuv420p picture around it, and its place in there.
    """

    box: Box
    first: int
    last: int
    low: int
    high: int
    opening: NDArray[np.uint8]
    closing: NDArray[np.uint8]
    missed: tuple[bool, bool] = (True, True)
    best: tuple[NDArray[np.uint8], Box] | None = None
    _strength: float = 1.1
    _looks: dict[int, _Look] = field(default_factory=dict)
    _span: tuple[Ms, Ms | None] | None = None

    def look(self, number: int, at: Ms, frame: NDArray[np.uint8]) -> None:
        """Compare one yuv420p ``frame`` with the text as it was read."""
        if not self.low <= number <= self.high or self.first < number < self.last:
            return
        pattern = self.opening if number <= self.first else self.closing
        reach = even(self.box, frame.shape[1], frame.shape[0] * 2 // 3, _REACH)
        size = min(self.box.width, self.box.height)
        luma = frame[reach.y0 : reach.y1, reach.x0 : reach.x1]
        here = edges(luma, size)
        # Another read of the text may have boxed it wider.
        there = edges(pattern, size)[: here.shape[0], : here.shape[1]]
        _, score, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(here, there, cv2.TM_CCOEFF_NORMED))
        part = slice(y, y + there.shape[0]), slice(x, x + there.shape[1])
        self._looks[number] = _Look(at, float(score), luma[part].copy())
        strength = float((here[part] * there).sum() / max(1.0, float((there * there).sum())))
        if score > _SEEN and strength > self._strength:
            self._strength, self.best = strength, around(frame, self.box)
        if number == self.high:
            self._settle()

    def span(self, end: Ms) -> tuple[Ms, Ms]:
        """When the text comes and goes; ``end`` is when the last frame looked at does."""
        start, stop = self._span or self._settle()
        return start, end if stop is None else stop

    def _settle(self) -> tuple[Ms, Ms | None]:
        """Decide on the span, and let the pictures go."""
        start = self._edge(range(self.first, self.low - 1, -1), self.opening, self.missed[0])
        stop = self._edge(range(self.last, self.high + 1), self.closing, self.missed[1])
        after = self._looks.get(stop + 1)
        self._span = self._looks[start].at, after.at if after else None
        self._looks = {}
        return self._span

    def _edge(self, way: range, pattern: NDArray[np.uint8], gone: bool) -> int:
        """The last frame on the ``way`` out that still shows the text; one bad frame does not end it."""
        shows, reached = self._shown(way, pattern, gone), way[0]
        for number in way:
            if number not in self._looks:
                break
            if number in shows:
                reached = number
            elif abs(number - reached) > 1:
                break
        return reached

    def _shown(self, way: range, pattern: NDArray[np.uint8], gone: bool) -> set[int]:
        """The frames on the way that show the text.

        Where what is behind it stands still, that alone is like it: then the frame without the text, at the end of the
        way, is taken off all others, and what is left measured against what is left of the text."""
        looks = {number: self._looks[number] for number in way if number in self._looks}
        last = looks.get(way[-1])
        if not gone or last is None or last.score < _ALIKE or len(looks) < 3:
            return {number for number, look in looks.items() if look.score > _SEEN}
        size = min(self.box.width, self.box.height)
        without = edges(last.here, size)
        own = edges(pattern, size)[: without.shape[0], : without.shape[1]] - without
        strength = float((own * own).sum())
        return {n for n, look in looks.items() if ((edges(look.here, size) - without) * own).sum() > _HALF * strength}


def around(frame: NDArray[np.uint8], box: Box) -> tuple[NDArray[np.uint8], Box]:
    """The yuv420p picture around a text, wide enough for a missed character at either end, and where in it the text
    stands."""
    height, width, line = frame.shape[0] * 2 // 3, frame.shape[1], min(box.width, box.height)
    wide = Box(max(0, box.x0 - 3 * line // 2), max(0, box.y0 - line // 2),
               min(width, box.x1 + 3 * line // 2), min(height, box.y1 + line // 2))  # fmt: skip
    place = even(wide, width, height)
    inner = Box(box.x0 - place.x0, box.y0 - place.y0, box.x1 - place.x0, box.y1 - place.y0)
    return crop(frame, place), inner

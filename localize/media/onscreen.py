"""Burned-in text that is not dialogue: how long it stands, and what kind it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, OnScreenText, TextKind
from localize.media.bands import Band, Track
from localize.media.strokes import Planes, bgr
from localize.roles import Ocr, ReadText
from localize.timing import Ms, Span

_SEEN = 0.5
"""Correlation with the text as it was read above which it is still there; other pictures stay below 0.3."""
_REACH = 8
"""Pixels a text may drift between a read and the frames around it."""

_PAUSE = 1500
"""Milliseconds a text may be out of sight (moving, blurred) and still be the same."""
_HAN = re.compile(r"[\u3400-\u9fff]")

_LEGAL = re.compile(r"虚构|雷同|模仿|备案|许可证|审字|网标|未成年|仅供|广告|理性消费|版权")
_CREDITS = re.compile(r"导演|编剧|主演|领衔|出品|制片|监制|摄影|原著|制作|联合")
_TITLE = re.compile(r"^第.{1,4}[集回话]|本集完|未完待续|全剧终|大结局|敬请期待")
_TIME = re.compile(
    r"^.{0,6}(年|天|月|日|周|小时|分钟|星期|夜)(之|以)?[后前]$|"
    r"^(次日|翌日|当晚|当天|第二天|不久|后来|同时|此时|此刻|与此同时|清晨|深夜|傍晚|[上下]午)"
)


def edges(luma: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """What stands out from its surroundings of ``size`` px: writing keeps it whatever passes behind."""
    odd = max(5, size // 2 | 1)
    return np.asarray(np.clip(luma.astype(np.float32) - cv2.blur(luma, (odd, odd)), -60, 60), np.float32)


@dataclass(slots=True)
class Watch:
    """Follows one text through the frames around the reads that found it.

    ``first`` and ``last`` are the frame numbers of those reads, ``low`` and ``high`` those of the reads next
    to them that did not; in between it is there."""

    box: Box
    first: int
    last: int
    low: int
    high: int
    opening: NDArray[np.uint8]
    closing: NDArray[np.uint8]
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
        around = Box(max(0, self.box.x0 - _REACH), max(0, self.box.y0 - _REACH),
                     min(width, self.box.x1 + _REACH), min(height, self.box.y1 + _REACH))  # fmt: skip
        here = edges(frame[around.y0 : around.y1, around.x0 : around.x1], self.box.height)
        # Another read of the text may have boxed it wider.
        there = edges(pattern, self.box.height)[: here.shape[0], : here.shape[1]]
        return float(cv2.matchTemplate(here, there, cv2.TM_CCOEFF_NORMED).max())

    def span(self, end: Ms) -> tuple[Ms, Ms]:
        """When the text comes and goes; ``end`` is when the last frame looked at does."""
        start = self._edge(range(self.first, self.low - 1, -1))
        stop = self._edge(range(self.last, self.high + 1))
        after = self.scores.get(stop + 1)
        return self.scores[start][0], after[0] if after else end

    def _edge(self, way: range) -> int:
        """The last frame on the ``way`` out that still shows the text; one bad frame does not end it."""
        reached = way[0]
        for number in way:
            if number not in self.scores:
                break
            if self.scores[number][1] > _SEEN:
                reached = number
            elif abs(number - reached) > 1:
                break
        return reached


def completed(best: ReadText, cut: Planes, inner: Box, reader: Ocr) -> ReadText:
    """``best`` read again, enlarged and with its surroundings: widely set characters are missed at first.

    ``cut`` is the picture around it and ``inner`` its place in there.  Only what is on the same row and hardly
    farther than a character away is taken in, and only when the row grows by it.
    """
    scale = 2 if inner.height < 60 else 1
    row: list[ReadText] = []
    for read in reader.read(np.asarray(cv2.resize(bgr(cut), None, fx=scale, fy=scale), np.uint8)):
        x0, y0, x1, y1 = (v // scale for v in (read.box.x0, read.box.y0, read.box.x1, read.box.y1))
        level = abs((y0 + y1) - (inner.y0 + inner.y1)) < 0.6 * inner.height
        near = max(inner.x0 - x1, x0 - inner.x1) < 1.3 * inner.height
        if level and near and read.confidence > 0.8 and 0.5 < (y1 - y0) / inner.height < 1.6:
            row.append(ReadText(Box(x0, y0, x1, y1), read.text, read.confidence))
    text = "".join(r.text for r in sorted(row, key=lambda r: r.box.x0))
    if best.text not in text or len(text) == len(best.text):
        return best
    dx, dy = best.box.x0 - inner.x0, best.box.y0 - inner.y0
    sides = [[getattr(r.box, side) for r in row] for side in ("x0", "y0", "x1", "y1")]
    box = Box(min(sides[0]) + dx, min(sides[1]) + dy, max(sides[2]) + dx, max(sides[3]) + dy)
    return ReadText(box, text, min(r.confidence for r in row))


def kind_of(track: Track, others: Sequence[Track], band: Band | None, size: tuple[int, int], always: bool) -> TextKind:
    """What sort of text a track is, from its words, size, place and company; ``size`` is (width, height).

    ``always`` says that it stands through most of the episode.
    """
    width, height = size
    text, box = track.best.text, track.best.box
    if _LEGAL.search(text):
        return "legal"
    if always:
        return "watermark"
    if _CREDITS.search(text):
        return "credits"
    if _TITLE.search(text):
        return "title_card"
    beside = _company(track, others)
    tall = box.height / height
    if beside >= 2:
        return "screen"
    centred = abs((box.x0 + box.x1) / 2 - width / 2) < 0.06 * width
    if _TIME.search(text):
        return "caption"
    if centred and tall > 0.05:
        return "title_card"
    if centred and not beside and len(text) <= 10 and (band is None or box.height > 0.8 * band.height):
        return "caption"
    return "nameplate" if len(text) <= 12 and (beside <= 1) else "screen"


def _company(track: Track, others: Sequence[Track]) -> int:
    """How many other texts are rows of the same thing: seen together, each close to the next."""
    group, left = [track], [o for o in others if o is not track and not _LEGAL.search(o.best.text)]
    for member in group:
        beside = [o for o in left if _rows_of_one(member, o)]
        group += beside
        left = [o for o in left if o not in beside]
    return len(group) - 1


def _rows_of_one(a: Track, b: Track) -> bool:
    one, two = a.best.box, b.best.box
    tall = max(one.height, two.height)
    gap = max(two.y0 - one.y1, one.y0 - two.y1)
    aside = max(two.x0 - one.x1, one.x0 - two.x1)
    together = {s.read for s in a.sightings} & {s.read for s in b.sightings}
    return bool(together) and gap < 1.7 * tall and aside < 4 * tall


def is_writing(text: str) -> bool:
    """Whether a reading is text at all: a ring or a pole is read as a single letter."""
    return len(text) > 1 or bool(_HAN.match(text))


def gathered(texts: Sequence[OnScreenText]) -> list[OnScreenText]:
    """Texts that the camera moved, and that were followed in parts, made one again: from the first part to the last,
    in a box around all."""
    whole: list[OnScreenText] = []
    for text in sorted(texts, key=lambda t: t.span):
        for place, earlier in enumerate(whole):
            if _goes_on(earlier, text):
                a, b = earlier.box, text.box
                box = Box(min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1))
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

"""Cuts the caption band into stretches during which the same caption (or none) is on screen, frame by frame.

Nothing but a few frames of the band and one picture per stretch is held: the picture keeps, for every pixel,
the value farthest from the ink, so that what moves behind a caption darkens away and the caption alone stays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.media.strokes import Ink, Mask, Planes, distance, strokes
from localize.timing import Ms

_NEXT = np.ones((3, 3), np.uint8)
_LOST = 0.3
"""Share of a cell's strokes that must go (or come) before the cell counts as changed."""
_INKED = 0.05
"""Share of a cell covered with strokes from which it may hold writing: a Chinese character covers 15–25 %."""
_AT_ONCE = 0.35
"""Share of the difference that must happen between two frames: a fade of 0.2 s still does, flicker does
not."""
_CELLS = 2
"""A single character touches two cells; fewer changes than that are noise."""
_TAIL = 6


@dataclass(slots=True)
class Segment:
    """Frames ``first`` … ``stop`` (out) from ``start`` to ``end`` ms; ``composite`` is what stayed all the
    time and ``far`` its distance from the ink."""

    first: int
    start: Ms
    stop: int = 0
    end: Ms = field(default=Ms(0))
    composite: Planes | None = None
    far: NDArray[np.uint8] | None = None

    def add(self, picture: Planes, far: NDArray[np.uint8]) -> None:
        """Let one more frame wash away what is not caption."""
        if self.composite is None or self.far is None:
            self.composite, self.far = picture.copy(), far.copy()
            return
        away = (far > self.far).astype(np.uint8)
        cv2.copyTo(picture, away, self.composite)
        cv2.max(far, self.far, self.far)

    def join(self, later: Segment) -> None:
        """Take over a segment that turned out to show the same caption."""
        self.stop, self.end = later.stop, later.end
        if later.composite is not None and later.far is not None:
            self.add(later.composite, later.far)


@dataclass(frozen=True, slots=True)
class _Frame:
    number: int
    at: Ms
    picture: Planes
    far: NDArray[np.uint8]
    mask: Mask
    wide: Mask


def segments(band: Iterable[tuple[int, Ms, Planes]], ink: Ink, end: Ms) -> Iterator[Segment]:
    """The stretches of ``band`` (frame number, ms, picture) in order; ``end`` is when the last frame goes.

    A cut is where the strokes of the three frames before and of the three after differ most.
    """
    held: Segment | None = None
    for segment in _pieces(band, ink, end):
        if held is not None and not _differs(held, segment, ink):
            held.join(segment)
            continue
        if held is not None:
            yield held
        held = segment
    if held is not None:
        yield held


def _pieces(band: Iterable[tuple[int, Ms, Planes]], ink: Ink, end: Ms) -> Iterator[Segment]:
    window: deque[_Frame] = deque(maxlen=6)
    segment: Segment | None = None
    least = int(_INKED * ink.height**2)
    for number, at, picture in _lengthened(band):
        far = distance(picture, ink)
        mask = strokes(far, ink)
        window.append(_Frame(number, at, picture, far, mask, np.asarray(cv2.dilate(mask, _NEXT), np.uint8)))
        if segment is None:
            segment = Segment(number, at)
        if len(window) < 6:
            continue
        middle = window[3]
        if _change(list(window), ink, least):
            yield _close(segment, middle.number, middle.at)
            segment = Segment(middle.number, middle.at)
        elif middle.number - segment.first >= 2 and (middle.number % 2 == 0 or segment.composite is None):
            # The frame before is safely inside: the first and last of a caption may be half faded.
            segment.add(window[2].picture, window[2].far)
    if segment is None:
        return
    if segment.composite is None:
        segment.add(window[-1].picture, window[-1].far)
    yield _close(segment, window[-1].number + 1 - _TAIL, end)


def _lengthened(band: Iterable[tuple[int, Ms, Planes]]) -> Iterator[tuple[int, Ms, Planes]]:
    """The last picture stands still for a moment, so that a change just before it is seen too."""
    number, at, picture = -1, Ms(0), None
    for number, at, picture in band:
        yield number, at, picture
    if picture is not None:
        yield from ((number + i, at, picture) for i in range(1, _TAIL + 1))


def _close(segment: Segment, stop: int, end: Ms) -> Segment:
    segment.stop, segment.end = stop, end
    return segment


def _change(window: list[_Frame], ink: Ink, least: int) -> bool:
    """Whether ``least`` pixels of strokes flip exactly in the middle of six frames, and are much of what differs
    around it."""
    before, after = _steady(window[:3]), _steady(window[3:])
    # The cheap question first: nearly every frame ends here.
    flips = _beyond(before, window[3].wide) + _beyond(after, window[2].wide)
    if flips < least or not _differ(before, after, ink):
        return False
    return flips >= _AT_ONCE * (_missing(before, after) + _missing(after, before))


def _without(mask: Mask, other: Mask) -> Mask:
    """What of ``mask`` is not in ``other``, give or take a pixel."""
    return np.asarray(cv2.bitwise_and(mask, 1 - cv2.dilate(other, _NEXT)), np.uint8)


def _missing(mask: Mask, other: Mask) -> int:
    return int(np.count_nonzero(_without(mask, other)))


def _beyond(mask: Mask, wide: Mask) -> int:
    """How many pixels of ``mask`` lie outside a mask that was widened before."""
    return cv2.countNonZero(mask) - cv2.countNonZero(cv2.bitwise_and(mask, wide))


def _steady(part: list[_Frame]) -> Mask:
    """The strokes there in all of the frames, give or take a pixel."""
    steady = part[0].mask
    for frame in part[1:]:
        steady = np.asarray(cv2.bitwise_and(steady, frame.wide), np.uint8)
    return steady


def _differ(before: Mask, after: Mask, ink: Ink) -> bool:
    """Whether enough cells lost or gained their writing."""
    for had, has in ((before, after), (after, before)):
        inked, lost = _density(had, ink), _density(_without(had, has), ink)
        if int(((inked > _INKED) & (lost > _LOST * inked)).sum()) >= _CELLS:
            return True
    return False


def _density(mask: Mask, ink: Ink) -> NDArray[np.float32]:
    """The share of stroke pixels in cells about as large as a character."""
    size = max(8, round(ink.height * 0.8))
    shape = (max(1, round(mask.shape[1] / size)), max(1, round(mask.shape[0] / size)))
    return np.asarray(cv2.resize(mask.astype(np.float32), shape, interpolation=cv2.INTER_AREA), np.float32)


def _differs(a: Segment, b: Segment, ink: Ink) -> bool:
    """Whether two neighbours show different writing once their backgrounds are washed away."""
    if a.far is None or b.far is None:
        return True
    return _differ(strokes(a.far, ink), strokes(b.far, ink), ink)

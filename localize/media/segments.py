"""Cuts the caption band into stretches during which the same caption (or none) is on screen, frame by frame.

Nothing but a few frames of the band and one picture per stretch is held: the picture keeps, for every pixel,
the value farthest from the ink, so that what moves behind a caption darkens away and the caption alone stays.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

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
"""Share of the difference that must happen between two frames to be a cut; what takes longer is a fade."""
_CELLS = 2
"""A single character touches two cells; fewer changes than that are noise."""
_SEEN, _HERE = 16, 8
"""Frames held, and the place among them of the one that is decided on: a fade takes 0.2 to 0.4 s."""
_ALONE = 3
"""Frames on either side of a cut without another: the strongest change is the cut, the rest is its trail."""
_STILL = 5
"""Frames through which strokes must stay to count on one side of a fade: what the camera moves does not."""


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


@dataclass(slots=True)
class _Frame:
    """``lost`` and ``gained`` are how many pixels of strokes go and come between the frame before and this one, 0 when
    that is no cut."""

    number: int
    at: Ms
    picture: Planes
    far: NDArray[np.uint8]
    mask: Mask
    wide: Mask
    lost: int = 0
    gained: int = 0


class Cutter:
    """Takes the frames of one band in order and gives the stretches as they end, some frames later.

    A cut is where the strokes of the three frames before and of the three after differ most, or, where a caption fades,
    where half of it is there.
    """

    def __init__(self, ink: Ink) -> None:
        self._ink, self._least = ink, int(_INKED * ink.height**2)
        self._window: deque[_Frame] = deque(maxlen=_SEEN)
        self._open: Segment | None = None
        self._held: Segment | None = None

    def feed(self, number: int, at: Ms, picture: Planes) -> list[Segment]:
        """Look at frame ``number``, shown at ``at``; the stretches that are over now, at most one."""
        frame = self._looked_at(number, at, picture)
        if self._open is None:
            self._open = Segment(number, at)
            self._window.extend(replace(frame, number=number - later) for later in range(_SEEN - 1, 0, -1))
        self._window.append(frame)
        window = list(self._window)
        middle = window[-_ALONE]
        middle.lost, middle.gained = _change(window[-2 * _ALONE :], self._ink, self._least)
        here = window[_HERE]
        if here.number > self._open.first and (_cuts(window) or _fades(window, self._ink, self._least)):
            over = self._closed(here.number, here.at)
            self._open = Segment(here.number, here.at)
            return self._settled(over)
        inside = window[_HERE - _ALONE - 1]  # the first and last frames of a caption may be half faded
        if inside.number - self._open.first >= _ALONE and (inside.number % 2 == 0 or self._open.composite is None):
            self._open.add(inside.picture, inside.far)
        return []

    def finish(self, end: Ms) -> list[Segment]:
        """The last stretches; ``end`` is when the last frame goes."""
        if self._open is None:
            return []
        last, over = self._window[-1], []
        for later in range(1, _SEEN):  # the last picture stands still, so that a change just before it is seen too
            over += self.feed(last.number + later, last.at, last.picture)
        over += self._settled(self._closed(last.number + 1, end))
        return over + ([self._held] if self._held else [])

    def _looked_at(self, number: int, at: Ms, picture: Planes) -> _Frame:
        far = distance(picture, self._ink)
        mask = strokes(far, self._ink)
        return _Frame(number, at, picture, far, mask, np.asarray(cv2.dilate(mask, _NEXT), np.uint8))

    def _closed(self, stop: int, end: Ms) -> Segment:
        """The open stretch, over; a very short one still gets a picture, from its middle."""
        assert self._open is not None
        segment = self._open
        segment.stop, segment.end = stop, end
        if segment.composite is None:
            middle = (segment.first + stop) // 2
            frame = min(self._window, key=lambda f: abs(f.number - middle))
            segment.add(frame.picture, frame.far)
        return segment

    def _settled(self, segment: Segment) -> list[Segment]:
        """Join the stretch to the one before it when both show the same; else that one is over."""
        if self._held is not None and not _differs(self._held, segment, self._ink):
            self._held.join(segment)
            return []
        over, self._held = self._held, segment
        return [over] if over else []


def _cuts(window: list[_Frame]) -> bool:
    """Whether the frame decided on begins with a change that none of its kind close to it exceeds."""
    return _strongest([f.lost for f in window]) or _strongest([f.gained for f in window])


def _strongest(changes: list[int]) -> bool:
    here, near = changes[_HERE], changes[_HERE - _ALONE : _HERE + _ALONE + 1]
    return here > 0 and here > max(near[:_ALONE]) and here == max(near)


def _fades(window: list[_Frame], ink: Ink, least: int) -> bool:
    """Whether writing has half come or gone at the frame decided on, with no such cut anywhere near."""
    before, after = _steady(window[:_STILL]), _steady(window[-_STILL:])
    lost, gained = _without(before, after), _without(after, before)
    coming = cv2.countNonZero(gained) > cv2.countNonZero(lost)
    turning = gained if coming else lost
    whole = cv2.countNonZero(turning)
    if whole < least or any(f.gained if coming else f.lost for f in window) or not _differ(before, after, ink):
        return False
    there = [cv2.countNonZero(cv2.bitwise_and(turning, f.mask)) > 0.5 * whole for f in window[_HERE - 1 : _HERE + 1]]
    return there[0] != there[1]


def _change(window: list[_Frame], ink: Ink, least: int) -> tuple[int, int]:
    """How many pixels of strokes go and come exactly in the middle of six frames; none when they are few, or little of
    what differs around it."""
    before, after = _steady(window[:3]), _steady(window[3:])
    # The cheap question first: nearly every frame ends here.
    lost, gained = _beyond(before, window[3].wide), _beyond(after, window[2].wide)
    if lost + gained < least or not _differ(before, after, ink):
        return 0, 0
    at_once = lost + gained >= _AT_ONCE * (_missing(before, after) + _missing(after, before))
    return (lost, gained) if at_once else (0, 0)


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


def holds_writing(mask: Mask, ink: Ink) -> bool:
    """Whether strokes are anywhere as dense as writing."""
    return bool((_density(mask, ink) > _INKED).any())


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

"""Faces of one shot, found and followed, and how much their mouths move; shared by engines of this role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from localize.roles import Image

WIDE = 360
"""Width in px of the small picture in which mouths are looked at; boxes are in it."""
SEARCH = 280
"""ms between two searches for faces: the shortest lines still get two."""
APART = 30
"""ms two compared pictures lie apart at least, so that 50 and 60 pictures a second move as much as 25 and 30."""
_FINDS = 240  # px of width in which faces are searched: two thirds of the cost of 360, the same large faces
_SMALLEST = 24  # px of a face in that
_SAME = 0.3  # overlap of one face with itself a search later
_FOLLOW = 0.5  # how far a face's box moves to where it was found
_LOST = 1000  # ms after which a face that was not found again is no longer measured
_MOUTH = (0.25, 0.62, 0.75, 1.02)  # of the face's box: left, top, right, bottom
_PATCH = (32, 24)  # px a mouth is compared in
_SHIFT = 2.0  # px of it that are a movement of the head
_FLAT = 8.0  # grey levels of contrast below which change is noise

Box = NDArray[np.float64]
Grey = NDArray[np.float32]


@dataclass(slots=True)
class Face:
    """``box`` is x, y, width, height; ``found`` are the times of the searches that found it, in ms; ``motion`` how much
    the mouth changed until a time, in shares of its contrast, and that contrast in grey levels.
    """

    box: Box
    found: list[int] = field(default_factory=list)
    motion: dict[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(slots=True)
class Faces:
    """What is known of one shot; a frame at a time, nothing of the pictures is kept but the last."""

    cascade: Any
    faces: list[Face] = field(default_factory=list)
    searched: list[int] = field(default_factory=list)
    _before: Grey | None = None
    _last: int = -APART

    def look(self, at: int, image: Image) -> bool:
        """Take in the BGR picture at ``at`` ms.  False when it is too close to the one before to tell anything."""
        if at - self._last < APART:
            return False
        grey = _small(image)
        if not self.searched or at - self.searched[-1] >= SEARCH:
            self.searched.append(at)
            self._search(grey, at)
        if self._before is not None:
            for face in self.faces:
                if at - face.found[-1] < _LOST:
                    face.motion[at] = _motion(self._before, grey, face.box)
        self._before, self._last = grey, at
        return True

    def _search(self, grey: Grey, at: int) -> None:
        import cv2

        height = max(1, round(grey.shape[0] * _FINDS / WIDE))
        small = cv2.resize(grey, (_FINDS, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
        found = self.cascade.detectMultiScale(small, 1.1, 3, minSize=(_SMALLEST, _SMALLEST))
        for box in _plausible([np.asarray(one, float) * (WIDE / _FINDS) for one in found]):
            best = max(self.faces, key=lambda face: overlap(face.box, box), default=None)
            if best is not None and overlap(best.box, box) > _SAME and best.found[-1] < at:
                best.box = best.box + _FOLLOW * (box - best.box)
                best.found.append(at)
            else:
                self.faces.append(Face(box, [at]))


def beside(faces: Sequence[Face], number: int) -> tuple[int, ...]:
    """Which other faces were seen together with ``number``, twice at least: these are surely other people."""
    own = set(faces[number].found)
    return tuple(n for n, face in enumerate(faces) if n != number and len(own & set(face.found)) > 1)


def overlap(one: Box, other: Box) -> float:
    """Shared area over the area of both."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    shared = float(np.prod(np.maximum(high - low, 0)))
    return shared / (float(one[2] * one[3] + other[2] * other[3]) - shared)


def _plausible(found: Sequence[Box]) -> list[Box]:
    """Largest first, without what is found twice, inside a face, or right below one, where its own chest is."""
    kept: list[Box] = []
    for box in sorted(found, key=lambda one: (-one[2], *one)):
        if not any(overlap(box, other) >= _SAME or _inside(box, other) or _under(box, other) for other in kept):
            kept.append(box)
    return kept


def _inside(one: Box, other: Box) -> bool:
    middle = one[:2] + one[2:] / 2
    return bool((middle > other[:2]).all() and (middle < other[:2] + other[2:]).all())


def _under(one: Box, other: Box) -> bool:
    middle, bottom = one[0] + one[2] / 2, other[1] + other[3]
    beneath = other[0] - other[2] / 4 < middle < other[0] + other[2] * 1.25
    return bool(beneath and bottom - other[3] / 2 < one[1] + one[3] / 2 and one[1] < bottom + other[3])


def _small(image: Image) -> Grey:
    import cv2

    size = (WIDE, max(1, round(image.shape[0] * WIDE / image.shape[1])))
    return cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY).astype(np.float32)


def _motion(before: Grey, now: Grey, box: Box) -> tuple[float, float]:
    """How much the mouth in ``box`` changes, shifts of the whole taken out, in shares of its contrast; the contrast."""
    import cv2

    one, other = _mouth(before, box), _mouth(now, box)
    (dx, dy), _ = cv2.phaseCorrelate(one, other, cv2.createHanningWindow(_PATCH, cv2.CV_32F))
    moved = np.array([[1, 0, np.clip(dx, -_SHIFT, _SHIFT)], [0, 1, np.clip(dy, -_SHIFT, _SHIFT)]], np.float32)
    settled = cv2.warpAffine(one, moved, _PATCH, borderMode=cv2.BORDER_REPLICATE)
    contrast = float(other.std())
    return float(np.abs(settled - other)[3:-3, 3:-3].mean() / (contrast + _FLAT)), contrast


def _mouth(grey: Grey, box: Box) -> Grey:
    """The mouth's part of a face at the size all are compared in, its mean taken away."""
    import cv2

    x, y, width, height = box
    left, top, right, bottom = _MOUTH
    corners = np.array(
        [[x + left * width, y + top * height], [x + right * width, y + top * height],
         [x + left * width, y + bottom * height]], np.float32,
    )  # fmt: skip
    target = np.array([[0, 0], [_PATCH[0], 0], [0, _PATCH[1]]], np.float32)
    patch = cv2.warpAffine(grey, cv2.getAffineTransform(corners, target), _PATCH, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(patch - patch.mean(), np.float32)


def mean(values: Mapping[int, tuple[float, float]], moments: Sequence[int]) -> tuple[float, float]:
    """Mean motion and contrast over those of the ``moments`` that were measured; (0, 0) when none was."""
    kept = [values[at] for at in moments if at in values]
    return (float(np.mean([one for one, _ in kept])), float(np.mean([one for _, one in kept]))) if kept else (0.0, 0.0)

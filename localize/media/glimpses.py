"""Writing that comes and goes between two whole-frame reads: found by its strokes, so that only it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, Picture
from localize.media.rows import different
from localize.media.sightings import Sighting, shared
from localize.media.strokes import crop, even

_A_SECOND = 5
"""Frames a second that are looked at: writing shows in three of them, so it is found from 0.6 s on."""
_SMALL = 360
"""Pixels of the width that strokes are looked for in; a character of 20 of 720 px still has strokes of one."""
_STROKE = 40
"""Levels by which a stroke is brighter than what is around it."""
_MORE = 12
"""Levels by which it must be brighter than in both reads: one of them may have caught it fading."""
_KERNEL = 9
"""Pixels of the small picture; wider than the strokes of any text but a title."""
_CELL = 13
"""Pixels of the small picture, about a character."""
_DENSE = 0.05
"""Share of stroke pixels in a cell of writing; a Chinese character has 15–25 %, thin and half faded fewer."""
_LEAST = 80
"""Stroke pixels of two small characters."""
_MOST, _EACH = 120, 2
"""Glimpses kept of an episode and of the time between two reads."""
_KNOWN = 3
"""Different texts on one row: these are captions, which are read frame by frame anyway."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A strip of frame ``number`` (yuv420p, at ``place`` in the picture) that holds new strokes, ``weight`` pixels of
    them."""

    number: int
    place: Box
    picture: NDArray[np.uint8]
    weight: int


class Glimpses:
    """Takes frames in order, a few a second and all that are read, and keeps what no read saw."""

    def __init__(self) -> None:
        self.kept: list[Glimpse] = []
        self._since: list[tuple[int, NDArray[np.uint8], NDArray[np.uint8]]] = []

    @staticmethod
    def numbers(picture: Picture) -> range:
        """The frames to look at, besides those that are read."""
        return range(0, picture.frames, max(1, round(picture.rate / _A_SECOND)))

    def feed(self, number: int, frame: NDArray[np.uint8], read: bool, sightings: Sequence[Sighting]) -> None:
        """Look at yuv420p ``frame``; ``read`` says that it is read as a whole, ``sightings`` what was seen so far."""
        self._since.append((number, _thin(frame), frame))
        if not read:
            return
        found = self._between(frame.shape[1] / _SMALL)
        self.kept += [g for g in found if not _in_row(g.place, sightings)]
        self.kept = sorted(self.kept, key=lambda g: -g.weight)[:_MOST]
        self._since = self._since[-1:]

    def _between(self, scale: float) -> list[Glimpse]:
        """What stood still between the two reads and is in neither."""
        thin = [strength for _, strength, _ in self._since]
        if len(thin) < 3:
            return []
        seen = cv2.max(_wide(thin[0], 7), _wide(thin[-1], 7))
        new = []
        for before, here, after in zip(thin, thin[1:], thin[2:], strict=False):
            still = cv2.min(here, cv2.min(_wide(before, 3), _wide(after, 3)))
            new.append(np.asarray((still > _STROKE) & (cv2.subtract(here, seen) > _MORE), np.uint8))
        most = max(range(len(new)), key=lambda i: cv2.countNonZero(new[i]))
        if cv2.countNonZero(new[most]) < _LEAST:
            return []
        number, _, frame = self._since[most + 1]
        return [
            Glimpse(number, place, crop(frame, place), weight) for place, weight in _places(new[most], frame, scale)
        ]


def _thin(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """By how many levels every pixel of a small picture belongs to a thin bright shape."""
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    luma = cv2.resize(frame[:height], (_SMALL, round(height * _SMALL / width)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, np.ones((_KERNEL, _KERNEL), np.uint8)), np.uint8)


def _wide(thin: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(thin, np.ones((size, size), np.uint8)), np.uint8)


def _places(new: NDArray[np.uint8], frame: NDArray[np.uint8], scale: float) -> list[tuple[Box, int]]:
    """Strips of the picture where the new strokes are as dense as writing, with room around; the densest first.

    A strip is as wide as the picture: a row cut through is read wrongly.
    """
    width, height = frame.shape[1], frame.shape[0] * 2 // 3
    dense = cv2.boxFilter(new.astype(np.float32), -1, (_CELL, _CELL)) > _DENSE
    joined = cv2.morphologyEx(dense.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_CELL, 2 * _CELL), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    weights = {label: int(new[labels == label].sum()) for label in range(1, count)}
    found: list[tuple[Box, int]] = []
    for label in sorted(weights, key=lambda one: -weights[one])[:_EACH]:
        top, high, room = int(stats[label][1] * scale), int(stats[label][3] * scale), int(2 * _CELL * scale)
        strip = even(Box(0, max(0, top - room), width, min(height, top + high + room)), width, height)
        if weights[label] >= _LEAST and not any(shared(strip, other) for other, _ in found):
            found.append((strip, weights[label]))
    return found


def _in_row(place: Box, sightings: Sequence[Sighting]) -> bool:
    """Whether different texts were already seen in that row: the home of captions."""
    middle = (place.y0 + place.y1) / 2
    return different(s for s in sightings if s.text.box.y0 < middle < s.text.box.y1) >= _KNOWN

"""The parts of one shot that texts stand on, decoded once and kept, however often they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, Picture
from localize.media.strokes import crop
from localize.media.video import frames
from localize.timing import Ms, frame_start

Image = NDArray[np.uint8]

MOST = 96 << 20
"""Bytes a tape may hold: 600 frames of a caption band of 720 px.  Two to four shots are worked on at once."""


class Tape:
    """Frames ``start`` … ``stop`` (out) of a picture at each of the ``places``, even boxes, decoded when asked for."""

    def __init__(self, path: Path, picture: Picture, start: int, stop: int, places: Sequence[Box]) -> None:
        self.path, self.picture, self.start, self.stop, self.places = path, picture, start, stop, tuple(places)
        self._parts: list[list[Image]] = []

    @property
    def bytes(self) -> int:
        """What it holds, or will."""
        return (self.stop - self.start) * sum(box.width * box.height * 3 // 2 for box in self.places)

    def frames(self, box: Box, low: int, high: int) -> Iterator[tuple[int, Ms, Image]]:
        """As ``localize.media.video.frames`` gives them in yuv420p, for a ``box`` inside one of the places."""
        for number in range(low, high):
            yield number, frame_start(number, self.picture.rate), self.part(box, number)

    def part(self, box: Box, number: int) -> Image:
        """What the even ``box`` shows in frame ``number``, a yuv420p picture of its own."""
        at, place = next((at, place) for at, place in enumerate(self.places) if _holds(place, box))
        inner = Box(box.x0 - place.x0, box.y0 - place.y0, box.x1 - place.x0, box.y1 - place.y0)
        return crop(self._rolled()[number - self.start][at], inner)

    def _rolled(self) -> list[list[Image]]:
        if not self._parts:
            whole = frames(self.path, self.picture, self.start, self.stop, format="yuv420p", beside=True)
            self._parts = [[crop(frame, place) for place in self.places] for _, _, frame in whole]
        return self._parts


def _holds(place: Box, box: Box) -> bool:
    return place.x0 <= box.x0 and place.y0 <= box.y0 and place.x1 >= box.x1 and place.y1 >= box.y1

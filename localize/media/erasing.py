"""Erasing texts from one shot: masks frame by frame, a sliding window of the crop, patches that keep every
other bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from localize.episode import Box, OnScreenText, Picture, Shot
from localize.media.glyphs import Glyphs, box_of, frame_of
from localize.media.patch import planes, write_patch
from localize.media.sightings import around
from localize.media.strokes import crop, even
from localize.roles import Inpainting, Ocr
from localize.timing import Ms, Span, frame_start

Image = NDArray[np.uint8]

_REACH = 45
"""Frames around a run that an engine may look at."""
_CONTEXT = 24
"""Pixels around the texts that an engine sees, to judge what belongs there."""
_RIM = 6
"""Pixels around the masks that a patch keeps: more would only be stored, less would put its edge on the brush."""
_GAP = 3
"""Frames without text that still belong to a run: shorter patches cost more to open than these to store."""
_WIDER = 1.7
_READABLE = 50
"""Likeness (0–100) from which what is read after erasing counts as the old text."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A finished patch file of ``count`` frames from ``first`` on, and what can still be read in it."""

    path: Path
    box: Box
    first: int
    count: int
    span: Span
    residue: tuple[tuple[str, str], ...] = ()


Look = Callable[[Box, int, int], Iterator[tuple[int, Ms, Image]]]
"""An even box, the first frame and the one after the last → these frames there, as ``frames`` gives them in yuv420p."""


def erase(
    look: Look, picture: Picture, shot: Shot, texts: Sequence[Glyphs],
    engine: Inpainting, reader: Ocr | None, scratch: Callable[[str], Path],
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Erasure]:  # fmt: skip
    """Patches for all ``texts`` in ``shot``, seen through ``look``; texts at different places of the picture get their
    own.

    Once ``stopped`` says so, the patch in hand is cut short and no other is begun.
    """
    start, end = frame_of(shot.span.start, picture.rate), frame_of(shot.span.end, picture.rate)
    shown = [t for t in texts if t.first < end and t.stop > start]
    for place in _places([text.box for text in shown]):
        for run in _runs([shown[number] for number in place]):
            reel = _Reel(look, picture, run, (start, min(end, picture.frames)), 1.0)
            if stopped():
                return
            first = _fill(reel, engine, reader, scratch, stopped)
            if not first.residue:
                yield first
                continue
            first.path.unlink(missing_ok=True)
            yield _fill(_Reel(look, picture, run, reel.shot, _WIDER), engine, reader, scratch, stopped)


def watched(texts: Iterable[OnScreenText], picture: Picture) -> list[Box]:
    """The even parts of the picture that erasing ``texts`` looks at, one for each place they stand at."""
    boxes = [box_of(text, picture) for text in texts]
    wholes = [around([boxes[at] for at in place]) for place in _places(boxes)]
    return [even(whole, picture.width, picture.height, margin=_CONTEXT) for whole in wholes]


def _places(boxes: Sequence[Box]) -> list[list[int]]:
    """Which of the boxes touch each other, directly or through others."""
    places: list[list[int]] = []
    for number, box in enumerate(boxes):
        touching = [p for p in places if any(_touch(box, boxes[other]) for other in p)]
        places = [p for p in places if p not in touching] + [[number, *(n for p in touching for n in p)]]
    return places


def _touch(a: Box, b: Box) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


def _runs(place: Sequence[Glyphs]) -> list[list[Glyphs]]:
    """Texts that follow each other without a pause to speak of, and within a window of each other's
    context."""
    runs: list[list[Glyphs]] = []
    for text in sorted(place, key=lambda t: t.first):
        if runs and text.first - max(t.stop for t in runs[-1]) <= _GAP:
            runs[-1].append(text)
        else:
            runs.append([text])
    return runs


class _Reel(Sequence[Image]):
    """The crop around a run of texts as an engine sees it: BGR frames read on demand, the last 2 × 45
    kept."""

    def __init__(self, look: Look, picture: Picture, run: Sequence[Glyphs], shot: tuple[int, int], more: float) -> None:
        self.picture, self.run, self.shot = picture, run, shot
        self.first = max(shot[0], min(t.first for t in run))
        self.stop = min(shot[1], max(t.stop for t in run))
        self.low, self.high = max(shot[0], self.first - _REACH), min(shot[1], self.stop + _REACH)
        self.box = even(around([t.box for t in run]), picture.width, picture.height, margin=_CONTEXT)
        self.masks = self._masks(more)
        self.planar: dict[int, Image] = {}
        self._bgr: dict[int, Image] = {}
        self._frames = look(self.box, self.low, self.high)

    def __len__(self) -> int:
        return self.high - self.low

    @overload
    def __getitem__(self, index: int) -> Image: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Image]: ...
    def __getitem__(self, index: int | slice) -> Image | Sequence[Image]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        while index not in self.planar:
            number, _, planar = next(self._frames)
            at = number - self.low
            self.planar[at] = planar
            self.planar.pop(at - 2 * _REACH - 1, None)
            self._bgr.pop(at - 2 * _REACH - 1, None)
        if index not in self._bgr:  # most of what lies ahead is never looked at
            self._bgr[index] = np.asarray(cv2.cvtColor(self.planar[index], cv2.COLOR_YUV2BGR_I420), np.uint8)
        return self._bgr[index]

    def changed(self) -> Box:
        """The even part of the crop outside which no mask reaches, with a narrow rim."""
        union = np.max(list({id(mask): mask for mask in self.masks}.values()), axis=0)
        x, y, width, height = cv2.boundingRect(union)
        if not width:
            return Box(0, 0, 2, 2)
        return even(Box(x, y, x + width, y + height), self.box.width, self.box.height, margin=_RIM)

    def _masks(self, more: float) -> list[Image]:
        """One mask per frame, 255 where a text is; frames with the same texts share one."""
        shared: dict[tuple[int, ...], Image] = {}
        painted = [self._painted(text, more) for text in self.run]
        masks = []
        for number in range(self.low, self.high):
            here = tuple(i for i, t in enumerate(self.run) if t.first <= number < t.stop)
            if here not in shared:
                mask = np.zeros((self.box.height, self.box.width), np.uint8)
                for i in here:
                    mask |= painted[i]
                shared[here] = mask
            masks.append(shared[here])
        return masks

    def _painted(self, text: Glyphs, more: float) -> Image:
        """The text's mask in the crop, whole chroma cells (2 × 2 px) only."""
        mask = np.zeros((self.box.height, self.box.width), np.uint8)
        x, y = text.box.x0 - self.box.x0, text.box.y0 - self.box.y0
        mask[y : y + text.box.height, x : x + text.box.width] = text.mask(more) * 255
        cells = mask.reshape(self.box.height // 2, 2, self.box.width // 2, 2).max(axis=(1, 3))
        return np.repeat(np.repeat(cells, 2, axis=0), 2, axis=1)


@dataclass(slots=True)
class _Check:
    """Reads the filled crop in the middle of every text."""

    reel: _Reel
    reader: Ocr | None
    found: list[tuple[str, str]] = field(default_factory=list)

    def look(self, number: int, filled: Image) -> None:
        for text in self.reel.run if self.reader else ():
            first, stop = max(text.first, self.reel.first), min(text.stop, self.reel.stop)
            if self.reader and number == (first + stop) // 2:
                left = [
                    r.text for r in self.reader.read(filled) if fuzz.partial_ratio(r.text, text.text.text) >= _READABLE
                ]
                if left:
                    self.found.append((text.text.id, "".join(left)))


def _fill(
    reel: _Reel, engine: Inpainting, reader: Ocr | None, scratch: Callable[[str], Path], stopped: Callable[[], bool]
) -> Erasure:
    target = scratch(".mkv")
    check = _Check(reel, reader)
    inner = reel.changed()
    x, y = reel.box.x0, reel.box.y0
    box = Box(inner.x0 + x, inner.y0 + y, inner.x1 + x, inner.y1 + y)

    def patched() -> Iterator[Image]:
        for at, filled in enumerate(engine.fill(reel, reel.masks)):
            number = reel.low + at
            if number >= reel.stop or stopped():
                return
            if number >= reel.first:
                check.look(number, filled)
                yield crop(_merged(reel.planar[at], filled, reel.masks[at]), inner)

    count = write_patch(target, patched(), inner.width, inner.height, reel.picture.rate)
    span = Span(frame_start(reel.first, reel.picture.rate), frame_start(reel.first + count, reel.picture.rate))
    return Erasure(target, box, reel.first, count, span, tuple(check.found))


def _merged(planar: Image, filled: Image, mask: Image) -> Image:
    """The planes of the source with those of the fill where the mask is set.

    The fill went to BGR and back by the same matrix, so its colours are the source's whatever its own matrix
    is."""
    out = planar.copy()
    if not mask.any():
        return out
    new = np.asarray(cv2.cvtColor(filled, cv2.COLOR_BGR2YUV_I420), np.uint8)
    cells = mask[::2, ::2] > 0
    for target, source, where in zip(planes(out), planes(new), (mask > 0, cells, cells), strict=True):
        target[where] = source[where]
    return out

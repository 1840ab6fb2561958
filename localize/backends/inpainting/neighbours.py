"""Filling from neighbouring frames of the shot that show what the caption hides, and from the edges where
none does.

A neighbour is trusted at a pixel as far as it agrees with the frame in the open picture around: same camera,
nothing moved.  On captions over a still picture 31 dB, where filling from the edges alone gives 25."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.roles import READY, Backend

if TYPE_CHECKING:
    from localize.roles import Image

_REACH = 45
"""Frames to either side in which a neighbour is looked for.  ``fill`` never asks for frames farther away."""
_CANDIDATES = 4
_AROUND = 41
"""Side in pixels of the surroundings whose agreement decides."""
_TRUST = 14.0
"""Mean difference in levels of the surroundings above which a neighbour shows something else."""
_SURE, _SPATIAL = 1 / (1 + 4.0) ** 3, 1 / (1 + 9.0) ** 3
"""Weight from which neighbours decide alone (they are off by 4 levels around), and that of the fill from the edges."""
_LEAST = 5
"""Judging pixels around a point below which nothing can be said."""
_MEAN = np.full((1, 3), 1 / 3, np.float32)
_CLOSE, _FAR = ((0.75, 1.0), (2.0, 1e-3)), ((1.5, 1e-6), (6.0, 1e-9))
"""Reach in pixels, and share, of what flows in at half and at an eighth of the size: 26.3 dB on its own, where
Navier–Stokes gives 26.0 in eight times the time."""
_SHIFT = 12.0
"""Levels by which a neighbour may be made lighter or darker to fit."""
_SETTLE = 0.5
"""Share of the frame before that goes into a fill when nothing around it moves: it stops flicker."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """Of a hole and a neighbour's mask, at every other pixel of the window: what is ``open`` in both pictures (three
    times), the ``share`` a judging pixel has around each point (four times), where there are too ``few`` of them; which
    pixels of the hole the neighbour has ``opened``, and whether these are ``worth`` a look.
    """

    open: NDArray[np.float32]
    share: NDArray[np.float32]
    few: NDArray[np.bool_]
    opened: NDArray[np.bool_]
    worth: bool


class _Hole:
    """One mask with what never changes while it stays: the window around it and its pixels in there.

    Agreement is judged on every other pixel of the window: it is an average over many."""

    def __init__(self, mask: Image) -> None:
        self.mask = mask
        rows, columns = (np.flatnonzero(mask.max(axis=axis)) for axis in (1, 0))
        self.rows, self.columns = _around(rows), _around(columns)
        self.inside = self.cut(mask) > 0
        self.at = np.flatnonzero(self.inside)
        across = -(-self.inside.shape[1] // 2)
        down, right = np.divmod(self.at, self.inside.shape[1])
        self.judged = down // 2 * across + right // 2
        self.open = (~self.inside[::2, ::2]).astype(np.float32)
        self.area = 1 / (_sum(self.open) + np.float32(1e-3))
        self.size = int(np.count_nonzero(mask))
        self._shared: dict[int, _Shared] = {}

    def cut(self, image: Image) -> Image:
        return image[self.rows, self.columns]

    def shared(self, other: Image) -> _Shared:
        """What this hole has to do with a neighbour's mask."""
        if id(other) not in self._shared:
            covered = self.cut(other) > 0
            open_ = self.open * ~covered[::2, ::2]
            area = _sum(open_)
            opened = ~covered.reshape(-1)[self.at]
            share = np.asarray(1 / (area + np.float32(1e-3)), np.float32)
            worth = int(np.count_nonzero(opened)) > 0.03 * self.size
            thrice, four = np.repeat(open_[..., None], 3, axis=2), np.repeat(share[..., None], 4, axis=2)
            self._shared[id(other)] = _Shared(thrice, four, area < _LEAST, opened, worth)
        return self._shared[id(other)]

    def half(self, image: Image) -> Image:
        """Every other pixel of the window."""
        return np.ascontiguousarray(image[self.rows, self.columns][::2, ::2])

    def spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values known at every other pixel of the window, for each pixel of the hole: they are means over 41 pixels,
        so that of the pixel beside will do.
        """
        return np.asarray(values.reshape(self.open.size, -1).take(self.judged, axis=0), np.float32)


def _around(places: NDArray[np.int64]) -> slice:
    pad = _AROUND // 2
    return slice(max(0, int(places[0]) - pad) // 2 * 2, (int(places[-1]) + pad + 2) // 2 * 2)


class Neighbours:
    """Keeps nothing between shots."""

    def fill(self, frames: Sequence[Image], masks: Sequence[Image]) -> Iterator[Image]:
        """Consecutive crops of one shot and their masks (255 = replace) → filled crops.

        Frames are asked for in order and at most 45 away from the one being filled; masks that show the same
        caption are the same object."""
        hole: _Hole | None = None
        known: Image | None = None
        before: tuple[Image, Image] | None = None  # the fill and the judged pixels of the frame before
        for at, mask in enumerate(masks):
            if mask is not known:
                known, before = mask, None
                hole = _Hole(mask) if mask.any() else None
            frame = frames[at]
            if hole is None:
                yield frame
                continue
            half = hole.half(frame)
            patch = _filled(frames, masks, at, hole, half)
            if before is not None:
                _settle(patch, half, before[0], before[1], hole)
            before = (patch, half)
            filled = frame.copy()
            filled[hole.rows, hole.columns] = patch
            yield filled


def _filled(frames: Sequence[Image], masks: Sequence[Image], at: int, hole: _Hole, half: Image) -> Image:
    """The window with its hole filled; ``half`` is every other pixel of it."""
    window = hole.cut(frames[at])
    total = np.zeros((len(hole.at), 3), np.float32)
    weight = np.zeros(len(hole.at), np.float32)
    for other in _candidates(masks, at, hole):
        pixels, trust = _offer(half, hole, hole.cut(frames[other]), masks[other])
        total += pixels * trust[:, None]
        weight += trust
    patch = window.copy()
    flat = patch.reshape(-1, 3)
    sure = weight >= _SURE
    flat[hole.at[sure]] = np.clip(total[sure] / weight[sure, None], 0, 255)
    if not sure.all():
        rest = hole.at[~sure]
        total, weight = total[~sure] + _spatial(patch, rest) * _SPATIAL, weight[~sure] + _SPATIAL
        flat[rest] = np.clip(total / weight[:, None], 0, 255)
    return patch


def _offer(half: Image, hole: _Hole, other: Image, covered: Image) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a neighbour shows in the hole, pixel for pixel in place, and how far each pixel is trusted, 0–1; ``half`` is
    every other pixel of the window.

    This is where an engine that follows motion adds the same neighbour moved by the flow.
    """
    shared = hole.shared(covered)
    difference = cv2.subtract(half, np.ascontiguousarray(other[::2, ::2]), dtype=cv2.CV_32F)
    difference = cv2.multiply(difference, shared.open)
    apart = cv2.transform(np.abs(difference), _MEAN)
    summed = _sum(np.asarray(cv2.merge([*cv2.split(difference), apart]), np.float32))
    around = np.asarray(cv2.multiply(summed, shared.share), np.float32)
    around[..., 3][shared.few] = 2 * _TRUST
    spread = hole.spread(around)
    near = 1 / (1 + spread[:, 3])
    trust = near * near * near * (shared.opened & (spread[:, 3] < _TRUST))
    shift = np.minimum(np.maximum(spread[:, :3], -_SHIFT), _SHIFT)
    pixels = np.ascontiguousarray(other).reshape(-1, 3).take(hole.at, axis=0)
    return np.asarray(pixels + shift, np.float32), np.asarray(trust, np.float32)


def _spatial(patch: Image, rest: NDArray[np.int64]) -> NDArray[np.float32]:
    """Pixels ``rest`` (flat places) from what is around them: means over wider and wider surroundings, the near ones
    counting by far the most.  At half size: what flows in from the edges has no detail anyway."""
    height, width = patch.shape[:2]
    known = np.ones((height, width), np.float32)
    known.reshape(-1)[rest] = 0
    half = (width // 2, height // 2)
    colours = cv2.multiply(patch, cv2.merge([known, known, known]), dtype=cv2.CV_32F)
    small = _shrunk(cv2.merge([*cv2.split(colours), known]), *half)
    tiny = _shrunk(small, max(1, half[0] // 4), max(1, half[1] // 4))
    far = _flowing(tiny, _FAR) + small.mean(axis=(0, 1)) * np.float32(1e-12)
    total = _flowing(small, _CLOSE) + cv2.resize(far, half, interpolation=cv2.INTER_LINEAR)
    mixed = total[..., :3] / np.maximum(total[..., 3:], 1e-20)
    full = cv2.resize(mixed, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full.reshape(-1, 3)[rest], np.float32)


def _shrunk(values: Any, width: int, height: int) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _flowing(small: NDArray[np.float32], reaches: Sequence[tuple[float, float]]) -> NDArray[np.float32]:
    """The sum of blurred pictures, each with its share."""
    parts = [cv2.GaussianBlur(small, (0, 0), sigma) * np.float32(share) for sigma, share in reaches]
    return np.asarray(sum(parts), np.float32)


def _sum(values: NDArray[np.float32]) -> NDArray[np.float32]:
    side = _AROUND // 2 | 1
    return np.asarray(cv2.boxFilter(values, -1, (side, side), normalize=False), np.float32)


def _candidates(masks: Sequence[Image], at: int, hole: _Hole) -> list[int]:
    """The nearest frames of each other caption, or of none, that open enough of the hole."""
    found: list[int] = []
    seen: set[tuple[int, bool]] = set()
    for distance in range(1, _REACH + 1):
        for other in (at - distance, at + distance):
            if not 0 <= other < len(masks):
                continue
            side = (id(masks[other]), other < at)
            if masks[other] is hole.mask or side in seen:
                continue
            seen.add(side)
            if hole.shared(masks[other]).worth:
                found.append(other)
            if len(found) == _CANDIDATES:
                return found
    return found


def _settle(patch: Image, half: Image, last: Image, half_before: Image, hole: _Hole) -> None:
    """Blend the fill with the one before, in place, as far as the open picture around stands still."""
    apart = cv2.absdiff(half, half_before).astype(np.float32)
    moved = cv2.transform(apart, _MEAN) * hole.open
    still = np.exp(-((_sum(moved) * hole.area / 3) ** 2))
    share = _SETTLE * hole.spread(still)
    new, old = patch.reshape(-1, 3), last.reshape(-1, 3).take(hole.at, axis=0)
    new[hole.at] = new.take(hole.at, axis=0) * (1 - share) + old * share + 0.5


def _load(options: Mapping[str, str]) -> Neighbours:
    return Neighbours()


BACKEND = Backend(
    role="inpainting",
    name="neighbours",
    version="noflow-4",
    summary="Fills from frames of the shot that show what is hidden, the rest from the edges; no weights",
    licence="Apache-2.0 (this project and OpenCV)",
    commercial_use=True,
    load=_load,
    available=lambda options: READY,
)

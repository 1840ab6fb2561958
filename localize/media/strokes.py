"""Which pixels of a picture are the strokes of a caption, whatever its colour.

Pictures here are ``Planes``: uint8 arrays of shape (height, width, 3) holding Y, U and V at full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box
from localize.media.patch import planes

Planes: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.uint8]

_PLAIN = 60
"""Levels by which strokes stand out in brightness alone: writing meant to be read mostly does, by 100 and more."""
_NEAR = 65
"""How far, in levels of luma, a stroke may be from the ink: anti-aliasing and compression move it by up to
60."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How captions are drawn: ``colour`` (Y, U, V), the ``height`` of a row in pixels, and whether an outline
    of opposite brightness surrounds every stroke."""

    colour: tuple[int, int, int]
    height: int
    outlined: bool


def even(box: Box, width: int, height: int, margin: int = 0) -> Box:
    """``box`` grown by ``margin`` px to even edges inside a picture of ``width`` × ``height`` px."""
    x0, y0 = max(0, box.x0 - margin) // 2 * 2, max(0, box.y0 - margin) // 2 * 2
    x1, y1 = min(width, box.x1 + margin + 1) // 2 * 2, min(height, box.y1 + margin + 1) // 2 * 2
    return Box(x0, y0, x1, y1)


def crop(frame: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The even ``box`` of a yuv420p ``frame`` (shape (3/2 height, width)) as a smaller yuv420p picture."""
    out = np.empty((box.height * 3 // 2, box.width), np.uint8)
    for target, plane, by in zip(planes(out), planes(frame), (1, 2, 2), strict=True):
        target[:] = plane[box.y0 // by : box.y1 // by, box.x0 // by : box.x1 // by]
    return out


def stacked(frame: NDArray[np.uint8]) -> Planes:
    """A yuv420p picture with its chroma brought to full size."""
    y, u, v = planes(frame)
    size = (y.shape[1], y.shape[0])
    return np.asarray(cv2.merge([y, cv2.resize(u, size), cv2.resize(v, size)]), np.uint8)


def bgr(picture: Planes) -> NDArray[np.uint8]:
    """``picture`` in the colours an OCR engine expects (BT.601; the exact matrix does not matter for
    reading)."""
    small = picture[::2, ::2, 1:].transpose(2, 0, 1).reshape(picture.shape[0] // 2, picture.shape[1])
    return np.asarray(cv2.cvtColor(np.concatenate([picture[..., 0], small]), cv2.COLOR_YUV2BGR_I420), np.uint8)


def distance(picture: Planes, ink: Ink) -> NDArray[np.uint8]:
    """How far every pixel is from the ink, 0–255.

    Chroma counts less for white ink, because 4:2:0 smears it over thin strokes, and more for coloured ink,
    because it is what tells yellow from a white shirt."""
    coloured = max(abs(ink.colour[1] - 128), abs(ink.colour[2] - 128)) > 25
    y, u, v = cv2.split(cv2.absdiff(picture, np.array((*ink.colour, 0), np.float64)))
    chroma = cv2.convertScaleAbs(cv2.max(u, v), alpha=1.2 if coloured else 0.7)
    return np.asarray(cv2.max(y, chroma), np.uint8)


def strokes(far: NDArray[np.uint8], ink: Ink) -> Mask:
    """0/1 mask of thin shapes of the ink's colour, from ``distance``; with the outline beside them if there
    is one."""
    size = max(9, int(ink.height * 0.27) | 1)
    like = cv2.bitwise_not(far)
    thin = cv2.morphologyEx(like, cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8))
    mask = (far < _NEAR) & (thin > (70 if ink.outlined else 35))
    if ink.outlined:
        mask &= cv2.dilate(far, np.ones((9, 9), np.uint8)) > 110
    return mask.astype(np.uint8)


def ink_of(samples: Sequence[tuple[Planes, Box]]) -> Ink:
    """The ink of texts cut out with some surrounding; each box says where in its picture the text stands.

    Bright and dark strokes are both tried: those whose colour is the same in every sample are the fill.  An
    outline is as constant as the fill, so bright ink wins unless it is clearly less so."""
    height = int(np.median([min(box.width, box.height) for _, box in samples]))
    cuts = [picture[box.y0 : box.y1, box.x0 : box.x1] for picture, box in samples]
    bright, unsteady = _fill(cuts, height, cv2.MORPH_TOPHAT)
    dark, unsteady_dark = _fill(cuts, height, cv2.MORPH_BLACKHAT)
    colour = bright if unsteady <= unsteady_dark + 15 else dark
    draft = Ink(colour, height, False)
    edges = [_edge(picture, box, draft) for picture, box in samples]
    return Ink(colour, height, float(np.percentile(edges, 10)) > 0.8)


def _fill(cuts: Sequence[Planes], height: int, hat: int) -> tuple[tuple[int, int, int], float]:
    """The colour of the strongest thin strokes, bright or dark, and how much it varies, in levels of luma."""
    size = max(9, int(height * 0.27) | 1)
    colours, spreads = [], []
    for cut in cuts:
        strength = _strength(cut, size, hat)
        strong = cut[strength >= max(40.0, 0.75 * float(np.percentile(strength, 98)))].astype(np.float32)
        if len(strong) >= 20:
            middle = np.median(strong, axis=0)
            colours.append(middle)
            spreads.append(float(np.median(np.abs(strong[:, 0] - middle[0]))))
    if not colours:
        return (235, 128, 128), 255.0
    y, u, v = np.median(colours, axis=0)
    # The median: a caption may have been caught half faded.
    apart = float(np.median([abs(float(c[0]) - y) for c in colours]))
    return (int(y), int(u), int(v)), apart + float(np.median(spreads))


def _strength(cut: Planes, size: int, hat: int) -> NDArray[np.uint8]:
    """How much every pixel stands out as a thin stroke, by brightness or, where that is weak, by colour: on a white
    shirt it is the gaps of yellow writing that are bright."""
    kernel = np.ones((size, size), np.uint8)
    y, u, v = cv2.split(cut)
    ways = [(y, hat)]
    if hat == cv2.MORPH_TOPHAT:
        ways += [(c, either) for c in (u, v) for either in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)]
    if float(np.percentile(cv2.morphologyEx(y, hat, kernel), 98)) >= _PLAIN:
        ways = ways[:1]
    strengths = [np.asarray(cv2.morphologyEx(channel, way, kernel), np.uint8) for channel, way in ways]
    return max(strengths, key=lambda s: float(np.percentile(s, 98)))


def _edge(picture: Planes, box: Box, ink: Ink) -> float:
    """Share of the pixels just outside the ink that differ clearly from it in brightness."""
    cut = picture[box.y0 : box.y1, box.x0 : box.x1]
    near = (distance(cut, ink) < _NEAR).astype(np.uint8)
    ring = (cv2.dilate(near, np.ones((9, 9), np.uint8)) > 0) & (cv2.dilate(near, np.ones((3, 3), np.uint8)) == 0)
    if not ring.any():
        return 0.0
    return float((np.abs(cut[..., 0][ring].astype(np.int16) - ink.colour[0]) > 75).mean())

"""The colour a text in the picture is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from localize.episode import Box, OnScreenText, Picture
from localize.media.glyphs import frame_of
from localize.media.strokes import Planes, bgr, crop, even, ink_of, stacked
from localize.media.video import frames

Rgb = tuple[int, int, int]

_LOOKS = (0.4, 0.5, 0.6)
"""Where in a text's time it is looked at: faded in, not yet fading out, and close together to decode little."""


def inks(path: Path, picture: Picture, texts: Sequence[OnScreenText]) -> Mapping[str, Rgb]:
    """Red, green and blue (0–255) of every text, by its id.  Raises ``InputError`` as ``frames`` does."""
    boxes = {text.id: even(text.box, picture.width, picture.height, text.box.height // 3) for text in texts}
    return {text.id: _ink(cuts, text.box, boxes[text.id]) for text, cuts in looks(path, picture, texts, boxes)}


def looks(
    path: Path, picture: Picture, texts: Sequence[OnScreenText], boxes: Mapping[str, Box],
    when: Callable[[OnScreenText], Sequence[float]] = lambda text: _LOOKS,
) -> Iterator[tuple[OnScreenText, list[Planes]]]:  # fmt: skip
    """Each text with pictures of its even box at parts (0–1) of its time, those that are shown together at once.

    Only the pictures of such a group are held.  Raises ``InputError``.
    """
    wanted = {text.id: _numbers(text, picture, when(text)) for text in texts}
    for group in _groups(sorted(texts, key=lambda text: wanted[text.id])):
        cuts: dict[str, list[Planes]] = {text.id: [] for text in group}
        only = {number for text in group for number in wanted[text.id]}
        for number, _, frame in frames(path, picture, min(only), max(only) + 1, format="yuv420p", only=only):
            for text in group:
                if number in wanted[text.id]:
                    cuts[text.id].append(stacked(crop(frame, boxes[text.id])))
        yield from ((text, cuts[text.id]) for text in group if cuts[text.id])


def _numbers(text: OnScreenText, picture: Picture, parts: Sequence[float]) -> tuple[int, ...]:
    at = (text.span.start + look * text.span.length for look in parts)
    return tuple(sorted({min(frame_of(int(one), picture.rate), picture.frames - 1) for one in at}))


def _groups(texts: Sequence[OnScreenText]) -> list[list[OnScreenText]]:
    """Texts that are shown together are looked at together."""
    groups: list[list[OnScreenText]] = []
    for text in texts:
        if groups and groups[-1][-1].span.overlap(text.span):
            groups[-1].append(text)
        else:
            groups.append([text])
    return groups


def _ink(cuts: Sequence[Planes], box: Box, around: Box) -> Rgb:
    import numpy as np

    inner = Box(box.x0 - around.x0, box.y0 - around.y0, box.x1 - around.x0, box.y1 - around.y0)
    colour = ink_of([(cut, inner) for cut in cuts]).colour
    blue, green, red = (int(one) for one in bgr(np.full((2, 2, 3), colour, np.uint8))[0, 0])
    return red, green, blue

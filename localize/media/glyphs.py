"""The exact pixels of burned-in texts, and the frames they cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, OnScreenText, Picture
from localize.media.patch import planes
from localize.media.strokes import Mask, Planes, crop, distance, even, ink_of, stacked, strokes
from localize.media.tape import Tape
from localize.media.video import frames
from localize.media.watching import edges

_SAMPLES = 9
"""Pictures of one text from which its strokes are taken; what moves behind is gone after about seven."""
_FADE = 10
"""Frames before and after a text in which it may be fading."""
_VISIBLE = 0.35
"""Correlation with the text's own edges above which a fading text still shows."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A text as pixels: the thin ``strokes`` (0/1) inside the even ``box``, on frames ``first`` … ``stop``
    (out)."""

    text: OnScreenText
    box: Box
    strokes: Mask
    first: int
    stop: int
    row: int
    kept: Mask | None = None

    def mask(self, more: float = 1.0) -> Mask:
        """The strokes with outline and shadow, 0/1, without what is ``kept``; ``more`` widens the margin."""
        size = max(5, round(_MARGIN * self.row * more) | 1)
        brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        brushed = np.asarray(cv2.dilate(self.strokes, brush), np.uint8)
        return brushed if self.kept is None else np.asarray(brushed * (self.kept == 0), np.uint8)


_RULE = 1.4
"""Of a row's height: strokes end before it; what runs on straight belongs to the design and stays."""
_PIECES = 0.35
"""Share of a line that must stand out for the gaps to be taken for it as well."""
_MARGIN = 0.3
"""Width of the brush, as a share of the height of a row, that takes in outline, shadow and compression
ringing."""


@dataclass(slots=True)
class _Gathering:
    """Pictures of one text, until there are enough."""

    text: OnScreenText
    box: Box
    first: int
    stop: int
    wanted: frozenset[int]
    pictures: list[NDArray[np.uint8]] = field(default_factory=list)
    around: dict[int, NDArray[np.uint8]] = field(default_factory=dict)

    def needed(self) -> frozenset[int]:
        """The frames to be looked at, and the last one, which ends it."""
        before, after = range(self.first - _FADE, self.first), range(self.stop, self.stop + _FADE + 1)
        return self.wanted | frozenset(before) | frozenset(after)

    def looks_at(self, number: int) -> bool:
        faded = self.first - _FADE <= number < self.first or self.stop <= number < self.stop + _FADE
        return faded or number in self.wanted

    def look(self, number: int, part: NDArray[np.uint8]) -> None:
        """Take in what its box shows, in yuv420p."""
        if number in self.wanted:
            self.pictures.append(stacked(part))
        else:
            self.around[number] = planes(part)[0].copy()


def frame_of(at: int, rate: Fraction) -> int:
    """The number of the frame that starts at ``at`` ms, which was rounded to whole milliseconds."""
    return round(Fraction(at, 1000) * rate)


def glyphs(path: Path, picture: Picture, texts: Iterable[OnScreenText]) -> Mapping[str, Glyphs]:
    """The pixels of every text, by its id.  One pass over the frames; a few small pictures per text are
    held."""
    waiting = sorted((_gathering(text, picture) for text in texts), key=lambda g: g.first)
    done: dict[str, Glyphs] = {}
    for low, high, group in _stretches(waiting):
        open_ = list(group)
        needed = frozenset[int]().union(*(gathering.needed() for gathering in group))
        for number, _, frame in frames(path, picture, max(0, low), high, format="yuv420p", only=needed):
            for gathering in open_:
                if gathering.looks_at(number):
                    gathering.look(number, crop(frame, gathering.box))
            for gathering in [g for g in open_ if number >= g.stop + _FADE]:
                open_.remove(gathering)
                done[gathering.text.id] = _finish(gathering)
        done.update({g.text.id: _finish(g) for g in open_})
    return done


def taped(tape: Tape, texts: Iterable[OnScreenText]) -> Mapping[str, Glyphs]:
    """The same from a tape, of texts that come and go while it runs and stand on its places."""
    done: dict[str, Glyphs] = {}
    for text in texts:
        gathering = _gathering(text, tape.picture)
        for number in range(max(tape.start, gathering.first - _FADE), min(tape.stop, gathering.stop + _FADE)):
            if gathering.looks_at(number):
                gathering.look(number, tape.part(gathering.box, number))
        done[text.id] = _finish(gathering)
    return done


def box_of(text: OnScreenText, picture: Picture) -> Box:
    """The even part of the picture in which a text's strokes are looked for."""
    return even(text.box, picture.width, picture.height, margin=max(8, text.box.height // 3))


def frames_of(text: OnScreenText, picture: Picture) -> tuple[int, int]:
    """The first frame of a text and the one after its last."""
    first = min(frame_of(text.span.start, picture.rate), picture.frames - 1)
    return first, max(first + 1, min(frame_of(text.span.end, picture.rate), picture.frames))


def _stretches(waiting: list[_Gathering]) -> Iterator[tuple[int, int, list[_Gathering]]]:
    """Texts close in time together: reading on is cheaper than seeking."""
    group: list[_Gathering] = []
    for gathering in waiting:
        if group and gathering.first > max(g.stop for g in group) + 150:
            yield group[0].first - _FADE, max(g.stop for g in group) + _FADE, group
            group = []
        group.append(gathering)
    if group:
        yield group[0].first - _FADE, max(g.stop for g in group) + _FADE, group


def _gathering(text: OnScreenText, picture: Picture) -> _Gathering:
    first, stop = frames_of(text, picture)
    inner = (first + 1, stop - 2) if stop - first > 5 else (first, stop - 1)
    wanted = frozenset(int(n) for n in np.linspace(*inner, _SAMPLES))
    return _Gathering(text, box_of(text, picture), first, stop, wanted)


def _finish(gathering: _Gathering) -> Glyphs:
    text, box = gathering.text, gathering.box
    inner = Box(text.box.x0 - box.x0, text.box.y0 - box.y0, text.box.x1 - box.x0, text.box.y1 - box.y0)
    if not gathering.pictures:
        everywhere = np.ones((box.height, box.width), np.uint8)
        return Glyphs(text, box, everywhere, gathering.first, gathering.stop, inner.height)
    ink = ink_of([(p, inner) for p in gathering.pictures])
    # A box may hold several rows; strokes are as thick as those of one.
    rows = max(1, round(inner.height / max(1, min(inner.height, _row_height(text)))))
    ink = type(ink)(ink.colour, inner.height // rows, ink.outlined)
    far = [distance(p, ink) for p in gathering.pictures]
    farthest = np.max(far, axis=0)
    mask = strokes(farthest, ink)
    # Strokes thicker than the brush, and those without outline, count by colour alone.
    like = cv2.morphologyEx(cv2.bitwise_not(farthest), cv2.MORPH_TOPHAT, np.ones((15, 15), np.uint8))
    mask |= ((farthest < 60) & (like > 45)).astype(np.uint8)
    if text.kind != "subtitle":
        mask |= _standing_out(gathering.pictures, ink.height)
    inside = np.zeros_like(mask)
    y0, y1, x0, x1 = max(0, inner.y0 - 6), inner.y1 + 6, max(0, inner.x0 - 8), inner.x1 + 8
    inside[y0:y1, x0:x1] = mask[y0:y1, x0:x1]
    kept = None if text.kind == "subtitle" else _rules(gathering.pictures, inner, ink.height)
    if kept is not None:
        near = np.ones((max(9, round(_MARGIN * ink.height) | 1),) * 2, np.uint8)
        inside[cv2.dilate(kept, near) > 0] = 0  # neither a line in the ink of the text nor its edge is a stroke of it
    steady = np.median(np.stack([p[..., 0] for p in gathering.pictures]), axis=0).astype(np.uint8)
    first, stop = _faded(gathering, steady, inside, ink.height)
    return Glyphs(text, box, inside, first, stop, ink.height, kept)


def _standing_out(pictures: list[Planes], height: int) -> Mask:
    """Thin shapes brighter than their surroundings in every picture: titles are drawn in gradients, not in one ink."""
    kernel = np.ones((max(9, int(height * 0.27) | 1),) * 2, np.uint8)
    steady = np.min([cv2.morphologyEx(p[..., 0], cv2.MORPH_TOPHAT, kernel) for p in pictures], axis=0)
    return np.asarray(steady > 40, np.uint8)


def _rules(pictures: list[Planes], text: Box, height: int) -> Mask:
    """Lines outside ``text`` that run on longer than any stroke: ornaments above, below and beside a title."""
    standing, along = _standing_out(pictures, height), max(12, round(_RULE * height))
    standing[text.y0 : text.y1, text.x0 : text.x1] = 0
    found = _lines(standing, along, text.width) | _lines(standing.T, along, text.height).T
    return np.asarray(cv2.dilate(found, np.ones((5, 5), np.uint8)), np.uint8)


def _lines(standing: Mask, along: int, gap: int) -> Mask:
    """Of thin shapes those that run level for ``along`` pixels or more.

    Over something as bright as itself a line does not stand out: pieces on one level, ``gap`` apart at most, are one
    line when they make up a good part of it.
    """
    short = np.ones((1, max(8, along // 4)), np.uint8)
    pieces = cv2.morphologyEx(np.ascontiguousarray(standing), cv2.MORPH_OPEN, short)
    whole = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((1, max(1, gap)), np.uint8))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, along), np.uint8))
    count, labels = cv2.connectedComponents(whole)
    seen = np.bincount(labels.ravel(), weights=pieces.ravel(), minlength=count)
    good = seen >= _PIECES * np.bincount(labels.ravel(), minlength=count)
    good[0] = False
    return np.asarray(good[labels], np.uint8)


def _row_height(text: OnScreenText) -> int:
    """The height of one row of a text that fills its box: characters are about square."""
    box, count = text.box, max(1, len(text.text))
    side = float(box.width * box.height / count) ** 0.5
    return max(12, min(box.height, int(1.15 * side)))


def _faded(gathering: _Gathering, steady: NDArray[np.uint8], mask: Mask, height: int) -> tuple[int, int]:
    """The frames of a text with those in which it is still coming or already going."""
    where = cv2.dilate(mask, np.ones((7, 7), np.uint8)) > 0
    own = edges(steady, height)[where]

    def shows(number: int) -> bool:
        here = gathering.around.get(number)
        if here is None or where.sum() < 50:
            return False
        there = edges(here, height)[where]
        return bool(np.corrcoef(own, there)[0, 1] > _VISIBLE) if there.std() > 1 else False

    first, stop = gathering.first, gathering.stop
    while shows(first - 1):
        first -= 1
    while shows(stop):
        stop += 1
    return first, stop

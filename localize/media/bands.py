"""Where the dialogue captions stand: their bands, found in sparse reads of whole frames.

A band is a strip in which different texts of one height come and go on one axis.  Most shows have one; some put a
second speaker, or a caption that would cover a face, elsewhere; some write from top to bottom.  Columns are looked at
with x and y exchanged ("flat"), so that they are rows like the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from statistics import median

from localize.episode import Box
from localize.media.kinds import by_words
from localize.media.rows import (
    Align,
    Row,
    axis,
    centre_of,
    different,
    end_of,
    flat,
    is_at,
    is_column,
    is_level,
    middle,
    rows_of,
    share,
)
from localize.media.sightings import Sighting, around, is_han
from localize.media.strokes import Ink
from localize.roles import ReadText

InkOf = Callable[[Sequence[Sighting]], Ink | None]

_SECOND = (0.35, 0.92)
"""The height of a second script's rows, as a share of the dialogue's."""
_REACH = 1.8
"""Lines between the centres of two rows of one caption, at most."""
_CENTRED, _LOW = 0.06, (0.5, 0.93)
"""How far off the middle a single text may be, and how far down it must stand, to be taken for dialogue."""
_LARGE = 0.04
"""Height of a line of dialogue as a share of the picture's shorter side, at least; most have 0.05 to 0.08."""
_MOST = 4
"""Bands beside the main one; what moves about more often is no caption."""


@dataclass(frozen=True, slots=True)
class Band:
    """A home of dialogue captions, in pixels.

    ``strip`` is the part of the picture that holds it; ``height`` a line's, ``second`` that of the same line in another
    script (0: there is none); ``anchor`` is where the lines' left ends, middles or right ends stand, ``rows`` the
    centres of the first and last row.  The last two are flat where captions are ``upright``.
    """

    strip: Box
    height: int
    align: Align
    anchor: int
    rows: tuple[int, int]
    upright: bool
    sightings: tuple[Sighting, ...]
    second: int = 0

    def holds(self, box: Box, length: int) -> bool:
        """Whether ``box`` alone can be a line of dialogue; ``length`` is the picture's along the lines, in pixels."""
        box = flat(box, self.upright)
        return self._on_row(box) and is_at(box, self.align, self.anchor, self.height, length)

    def lines(self, reads: Iterable[ReadText]) -> tuple[list[ReadText], list[ReadText]]:
        """What of the readings in the strip is dialogue, in reading order, and what is its second script."""
        rows: list[list[ReadText]] = []
        for read in sorted(reads, key=lambda r: centre_of(flat(r.box, self.upright))):
            if rows and is_level(flat(read.box, self.upright), flat(rows[-1][-1].box, self.upright)):
                rows[-1].append(read)
            else:
                rows.append([read])
        first, second = [], []
        spoken = any(is_han(r.text) for r in chain(*rows))
        for row in reversed(rows) if self.upright else rows:  # columns are read from right to left
            if self.second and not is_han("".join(r.text for r in row)) and (spoken or not self._tall(row)):
                second += self._line(row, self.second)
            else:
                first += self._line([r for r in row if self._on_row(flat(r.box, self.upright))], self.height)
        return first, second

    def _tall(self, row: Sequence[ReadText]) -> bool:
        tall = median(flat(r.box, self.upright).height for r in row)
        return abs(tall - self.height) < abs(tall - self.second)

    def _on_row(self, box: Box) -> bool:
        low, high = self.rows[0] - 0.45 * self.height, self.rows[1] + 0.45 * self.height
        return low < centre_of(box) < high and 0.7 * self.height <= box.height <= 1.45 * self.height

    def _line(self, row: Sequence[ReadText], height: int) -> list[ReadText]:
        """Of readings side by side on one row those that make a line.

        A pattern beside a caption is now and then read as a letter: an end that pulls the line off its axis goes."""
        line = sorted(row, key=lambda r: flat(r.box, self.upright).x0)
        while line:
            off = self._off(line)
            shorter = min((line[1:], line[:-1]), key=self._off)
            if off < 0.5 * height or (shorter and self._off(shorter) > off - 0.4 * height):
                return line if off < 2 * height else []
            line = shorter
        return []

    def _off(self, line: Sequence[ReadText]) -> float:
        if not line:
            return 1e9
        whole = flat(around([r.box for r in line]), self.upright)
        return abs(end_of(whole, self.align) - self.anchor)


def dialogue_bands(sightings: Sequence[Sighting], width: int, height: int, ink: InkOf) -> list[Band]:
    """The bands of the dialogue, the main one first; none when no text behaves like captions.

    ``sightings`` are without the standing texts; ``ink`` tells what a row is written with, if that can be told.
    """
    wide = rows_of(s for s in sightings if not is_column(s.text))
    columns = {id(turned): (turned, s) for s in sightings if is_column(s.text) for turned in [_turned(s)]}
    tall = rows_of(turned for turned, _ in columns.values())
    best_wide = max(((_score(row, width, height, False), i) for i, row in enumerate(wide)), default=(0.0, 0))
    best_tall = max(((_score(row, height, width, True), i) for i, row in enumerate(tall)), default=(0.0, 0))
    if max(best_wide, best_tall)[0] <= 0:
        return []
    if best_wide[0] >= best_tall[0]:
        return _all_bands(wide, best_wide[1], (width, height), False, ink)

    def ink_of(row: Sequence[Sighting]) -> Ink | None:
        return ink([columns[id(s)][1] for s in row])

    return [
        replace(band, strip=flat(band.strip, True), sightings=tuple(columns[id(s)][1] for s in band.sightings))
        for band in _all_bands(tall, best_tall[1], (height, width), True, ink_of)
    ]


def is_like_dialogue(text: ReadText, width: int, height: int) -> bool:
    """Whether a text alone stands where captions mostly do, is as large and may be said."""
    box = text.box
    centred, at = abs((box.x0 + box.x1) / 2 - width / 2) < _CENTRED * width, centre_of(box) / height
    large = box.height > _LARGE * min(width, height)
    return centred and _LOW[0] < at < _LOW[1] and large and not is_column(text) and by_words(text.text) is None


def _turned(seen: Sighting) -> Sighting:
    return replace(seen, text=replace(seen.text, box=flat(seen.text.box, True)))


def _all_bands(rows: list[Row], best: int, size: tuple[int, int], upright: bool, ink: InkOf) -> list[Band]:
    main = _band([rows[best]], rows, size, upright)
    return [main, *_more(main, [r for r in rows if not _taken(r, [main])], size, upright, ink)]


def _band(rows: list[Row], every: Sequence[Row], size: tuple[int, int], upright: bool) -> Band:
    """The band around ``rows``, with the neighbours of ``every`` that are further rows of its captions."""
    line = int(median(s.text.box.height for row in rows for s in row))
    align, anchor = axis([s for row in rows for s in row], size[0])
    grown = True
    while grown:
        beside = [r for r in every if r not in rows and _belongs(r, rows, line, align, anchor, size[0])]
        grown = bool(beside)
        rows = rows + beside
    seconds = [r for r in every if r not in rows and _is_second(r, rows, line, align, anchor, size[0])]
    centres = sorted(middle(row) for row in rows)
    edges = sorted([*centres, *(middle(row) for row in seconds)])
    margin = round(1.1 * line)
    strip = Box(0, max(0, round(edges[0]) - margin), size[0], min(size[1], round(edges[-1]) + margin))
    second = int(median(s.text.box.height for row in seconds for s in row)) if seconds else 0
    own = tuple(s for row in (*rows, *seconds) for s in row)
    return Band(strip, line, align, anchor, (round(centres[0]), round(centres[-1])), upright, own, second)


def _belongs(row: Row, rows: Sequence[Row], line: int, align: Align, anchor: int, length: int) -> bool:
    """Whether ``row`` is another row of the captions in ``rows``: next to them, as tall, on their axis."""
    tall = median(s.text.box.height for s in row)
    near = min(abs(middle(row) - middle(other)) for other in rows) < _REACH * line
    fits = share(row, lambda s: is_at(s.text.box, align, anchor, line, length)) >= 0.8
    return near and 0.75 < tall / line < 1.33 and fits and share(row, _is_said) >= 0.8


def _is_second(row: Row, rows: Sequence[Row], line: int, align: Align, anchor: int, length: int) -> bool:
    """Whether ``row`` says the same in another script: lower, beside the captions and only ever with them."""
    said = [s for other in rows for s in other]
    if share(row, lambda s: is_han(s.text.text)) > 0.3 or share(said, lambda s: is_han(s.text.text)) < 0.7:
        return False
    tall, reads = median(s.text.box.height for s in row), {s.read for s in said}
    near = min(abs(middle(row) - middle(other)) for other in rows) < 2.2 * line
    together = share(row, lambda s: s.read in reads) >= 0.8
    fits = share(row, lambda s: is_at(s.text.box, align, anchor, line, length)) >= 0.7
    return near and together and fits and _SECOND[0] < tall / line < _SECOND[1] and len(row) >= 2


def _more(main: Band, rows: Sequence[Row], size: tuple[int, int], upright: bool, ink: InkOf) -> list[Band]:
    """Bands elsewhere whose captions look like the main one's."""
    colour = ink(main.sightings)
    found: list[Band] = []
    for row in sorted(rows, key=len, reverse=True):
        if len(found) < _MOST and not _taken(row, found) and _is_dialogue(row, rows, main, size[0], colour, ink):
            beside = [r for r in rows if not _taken(r, found) and _is_dialogue(r, rows, main, size[0], colour, ink)]
            found.append(_band([row], beside, size, upright))
    return found


def _is_dialogue(row: Row, rows: Sequence[Row], main: Band, length: int, colour: Ink | None, ink: InkOf) -> bool:
    """Whether ``row`` holds dialogue that moved away from ``main``: as tall, on its axis, in its ink, instead of it."""
    tall = median(s.text.box.height for s in row)
    fits = share(row, lambda s: is_at(s.text.box, main.align, main.anchor, main.height, length, 0.035)) == 1
    if not fits or not 0.82 < tall / main.height < 1.22 or not all(_is_said(s) for s in row):
        return False
    if any(_crowded(s, other, main.height) for s in row for r in rows for other in r):
        return False
    reads = {s.read for s in main.sightings}
    together, texts = share(row, lambda s: s.read in reads), different(row)
    if together > 0.2 and texts < 2:
        return False
    return texts >= 3 or _same_ink(colour, ink(row))


def _crowded(seen: Sighting, other: Sighting, line: int) -> bool:
    """Whether another text, of another size, stands close by at the same time: rows of a plate or a screen."""
    a, b = seen.text.box, other.text.box
    if seen is other or seen.read != other.read or 0.82 < b.height / max(1, a.height) < 1.22:
        return False
    return max(a.y0 - b.y1, b.y0 - a.y1) < line and max(a.x0 - b.x1, b.x0 - a.x1) < 2 * line


def _same_ink(a: Ink | None, b: Ink | None) -> bool:
    if a is None or b is None or a.outlined != b.outlined:
        return False
    near = [abs(x - y) for x, y in zip(a.colour, b.colour, strict=True)]
    return near[0] < 45 and max(near[1:]) < 22


def _score(row: Row, width: int, height: int, upright: bool) -> float:
    """How much a row behaves like dialogue: different texts, on one axis, large, in the lower part."""
    texts, reads = different(row), len({s.read for s in row})
    align, anchor = axis(row, width)
    at, off = middle(row) / height, abs(anchor - width / 2) / width if align == "centre" else 0.1
    if upright and (texts < 3 or reads < 3):
        return 0.0
    if not upright and (off > 0.2 or (texts == 1 and (off > _CENTRED or not _LOW[0] < at < _LOW[1]))):
        return 0.0
    tall = median(s.text.box.height for s in row) / max(height, width)
    low = 0.4 if upright or at <= 0.45 else 1.0
    return texts**2 / reads * (1 - 2 * min(off, 0.3)) * tall * low


def _is_said(seen: Sighting) -> bool:
    """Whether the words may be dialogue: a notice, a credit or "three years later" is known by them."""
    return by_words(seen.text.text) is None


def _taken(row: Row, bands: Sequence[Band]) -> bool:
    own = {id(s) for band in bands for s in band.sightings}
    return any(id(s) in own for s in row)

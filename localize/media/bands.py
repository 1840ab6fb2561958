"""Where burned-in text stands: the band of the dialogue captions, and everything else.

Works on sparse reads of whole frames.  Sizes are shares of the picture unless they are called pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from rapidfuzz import fuzz

from localize.episode import Box
from localize.roles import ReadText

_ROW_GAP = 0.018
"""Share of the height by which two rows' centres differ at least: about 0.8 of a caption row at any usual
size."""
_STANDING = 0.6
"""A text at the same place in more than this share of the reads belongs to the picture: a watermark, a
disclaimer."""
_ALIKE = 70


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text in the whole-frame read number ``read``."""

    read: int
    text: ReadText


@dataclass(slots=True)
class Track:
    """One text seen at one place, perhaps several times; ``closer`` is a later reading of it in large."""

    sightings: list[Sighting] = field(default_factory=list)
    closer: ReadText | None = None

    @property
    def best(self) -> ReadText:
        """The reading most often made, the most certain of these."""
        if self.closer is not None:
            return self.closer
        texts = [s.text for s in self.sightings]
        count = {t.text: sum(o.text == t.text for o in texts) for t in texts}
        return max(texts, key=lambda t: (count[t.text], t.confidence))

    @property
    def reads(self) -> tuple[int, int]:
        return self.sightings[0].read, self.sightings[-1].read


@dataclass(frozen=True, slots=True)
class Band:
    """The dialogue captions' home: ``rows`` are the centres of its lines, ``height`` a line's, ``centre`` the
    horizontal middle, ``top`` and ``bottom`` the strip that holds it all; pixels."""

    top: int
    bottom: int
    centre: int
    height: int
    rows: tuple[int, ...]
    sightings: tuple[Sighting, ...]

    def on_row(self, box: Box) -> bool:
        """Whether ``box`` stands on one of the rows and is a line high."""
        middle = (box.y0 + box.y1) / 2
        placed = any(abs(middle - row) < 0.45 * self.height for row in self.rows)
        return placed and 0.7 * self.height <= box.height <= 1.45 * self.height

    def holds(self, box: Box, width: int) -> bool:
        """Whether ``box`` alone can be a line of dialogue: on a row, across the middle."""
        across = box.x0 < self.centre < box.x1 or abs((box.x0 + box.x1) / 2 - self.centre) < 0.06 * width
        return self.on_row(box) and across

    def centred(self, boxes: Sequence[Box]) -> list[Box]:
        """Of boxes side by side on one row those that make a line about the middle.

        A pattern beside a caption is now and then read as a letter: an end that pulls the line off the middle
        goes."""
        line = sorted(boxes, key=lambda b: b.x0)
        while line:
            off = self._off(line)
            shorter = min((line[1:], line[:-1]), key=self._off)
            if off < 0.5 * self.height or (shorter and self._off(shorter) > off - 0.4 * self.height):
                return line if off < 2 * self.height else []
            line = shorter
        return []

    def _off(self, line: Sequence[Box]) -> float:
        return abs((line[0].x0 + line[-1].x1) / 2 - self.centre) if line else 1e9


def tracks(sightings: Iterable[Sighting]) -> list[Track]:
    """Sightings of the same text at the same place joined, in order of appearance."""
    found: list[Track] = []
    for seen in sightings:
        for track in reversed(found):
            last = track.sightings[-1]
            if last.read < seen.read and same_place(last.text.box, seen.text.box) and _same(last.text, seen.text):
                track.sightings.append(seen)
                break
        else:
            found.append(Track([seen]))
    return found


def standing(found: Iterable[Track], reads: int) -> list[Track]:
    """The texts that are part of the picture: there in most of the reads, early and late ones."""
    most = [t for t in found if len(t.sightings) >= max(3, _STANDING * reads)]
    return [t for t in most if t.reads[0] < 0.25 * reads and t.reads[1] >= 0.75 * reads]


def dialogue_band(sightings: Sequence[Sighting], width: int, height: int) -> Band | None:
    """The band where many different texts appear across the middle; None when no text behaves like captions.

    ``sightings`` are without the standing texts.
    """
    rows = _rows(sightings, height)
    scored = sorted(((_score(row, width, height), i) for i, row in enumerate(rows)), reverse=True)
    if not scored or scored[0][0] <= 0:
        return None
    main = rows[scored[0][1]]
    line = int(median(s.text.box.height for s in main))
    chosen = [main] + [r for r in rows if r is not main and _second_row(r, main, line, width)]
    sightings = tuple(s for row in chosen for s in row)
    centres = sorted(round(_middle(row)) for row in chosen)
    margin = round(1.1 * line)
    centre = round(median((s.text.box.x0 + s.text.box.x1) / 2 for s in main))
    return Band(
        max(0, centres[0] - margin),
        min(height, centres[-1] + margin),
        centre,
        line,
        tuple(centres),
        sightings,
    )


def same_place(a: Box, b: Box) -> bool:
    """Whether two boxes share most of their area."""
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    if wide <= 0 or high <= 0:
        return False
    return wide * high > 0.4 * max(a.width * a.height, b.width * b.height)


def alike(a: str, b: str) -> bool:
    """Whether two readings are of the same text."""
    return fuzz.ratio(a, b) > _ALIKE


def _same(a: ReadText, b: ReadText) -> bool:
    return fuzz.ratio(a.text, b.text) > 60


def _middle(row: Sequence[Sighting]) -> float:
    return median((s.text.box.y0 + s.text.box.y1) / 2 for s in row)


def _rows(sightings: Sequence[Sighting], height: int) -> list[list[Sighting]]:
    """Sightings with nearly the same vertical centre and size, grouped."""
    rows: list[list[Sighting]] = []
    for seen in sorted(sightings, key=lambda s: s.text.box.y0 + s.text.box.y1):
        box = seen.text.box
        for row in rows:
            tall = median(s.text.box.height for s in row)
            near = abs((box.y0 + box.y1) / 2 - _middle(row)) < _ROW_GAP * height
            if near and 0.7 < box.height / tall < 1.45:
                row.append(seen)
                break
        else:
            rows.append([seen])
    return rows


def _score(row: Sequence[Sighting], width: int, height: int) -> float:
    """How much a row behaves like dialogue: different texts, across the middle, large, in the lower part."""
    different: list[str] = []
    for text in (s.text.text for s in row):
        if not any(alike(text, other) for other in different):
            different.append(text)
    off = median(abs((s.text.box.x0 + s.text.box.x1) / 2 - width / 2) for s in row) / width
    at = _middle(row) / height
    if off > 0.2 or (len(different) == 1 and (off > 0.06 or not 0.5 < at < 0.93)):
        return 0.0
    tall = median(s.text.box.height for s in row) / height
    return len(different) ** 2 / len({s.read for s in row}) * (1 - 2 * off) * tall * (1.0 if at > 0.45 else 0.4)


def _second_row(row: Sequence[Sighting], main: Sequence[Sighting], line: int, width: int) -> bool:
    """Whether ``row`` is the other line of two-line captions: next to ``main``, as tall, only ever together
    with it."""
    tall = median(s.text.box.height for s in row)
    reads = {s.read for s in main}
    together = sum(s.read in reads for s in row) >= 0.8 * len(row)
    off = median(abs((s.text.box.x0 + s.text.box.x1) / 2 - width / 2) for s in row) / width
    return 0.75 < tall / line < 1.33 and abs(_middle(row) - _middle(main)) < 1.8 * line and together and off < 0.1

"""Texts seen in sparse reads of whole frames, and which of them are one text seen several times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from localize.episode import Box
from localize.han import HAN
from localize.roles import ReadText

_STANDING = 0.6
"""A text at the same place in more than this share of the reads belongs to the picture: a watermark, a
disclaimer."""
_ALIKE = 70
_PLAIN = frozenset("口一二三十工日田曰回中丨丶丿山门川人八心O0oIl1TLDHUC□")
"""What windows, lamps, poles and folds are read as."""
_LATIN = 2
"""Letters and digits that noise is read as now and then; with a Chinese character beside them they are writing."""
_CERTAIN = 0.9


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
        """The reading that the others bear out most, the most certain of these.

        One that misses a character at an end bears out the whole: detectors lose characters more than they add any."""
        if self.closer is not None:
            return self.closer
        texts = [s.text for s in self.sightings]
        return max(texts, key=lambda t: (sum(_bears_out(o, t) for o in texts), t.confidence))

    @property
    def reads(self) -> tuple[int, int]:
        return self.sightings[0].read, self.sightings[-1].read


def _bears_out(other: ReadText, text: ReadText) -> bool:
    if other.text == text.text:
        return True
    more = text.text.replace(other.text, "", 1)
    return other.text in text.text and text.confidence > _CERTAIN and all(is_han(sign) for sign in more)


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


def same_place(a: Box, b: Box) -> bool:
    """Whether two boxes share most of their area, or one holds the other and is not much larger."""
    small, large = sorted((a.width * a.height, b.width * b.height))
    return shared(a, b) > 0.4 * large or shared(a, b) > max(0.8 * small, 0.2 * large)


def shared(a: Box, b: Box) -> int:
    """Pixels that two boxes have in common."""
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return wide * high if wide > 0 and high > 0 else 0


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them."""
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes),
               max(b.x1 for b in boxes), max(b.y1 for b in boxes))  # fmt: skip


def alike(a: str, b: str) -> bool:
    """Whether two readings are of the same text."""
    return fuzz.ratio(a, b) > _ALIKE


def bare(text: str) -> str:
    """The letters, characters and digits alone."""
    return "".join(sign for sign in text if sign.isalnum())


def is_han(text: str) -> bool:
    """Whether there is a Chinese character in ``text``."""
    return bool(HAN.search(text))


def is_writing(text: str) -> bool:
    """Whether a reading is text at all: a ring or a pole is read as a single letter."""
    return len(text) > 1 or bool(HAN.match(text))


def is_certain(track: Track) -> bool:
    """Whether a text was seen well enough to be one.

    A pattern is read as a single plain sign or as two Latin ones, once, or without confidence; writing is longer, and
    the next read sees it too.
    """
    signs = [mark for mark in track.best.text if mark.isalnum()]
    long = len(signs) > (1 if is_han(track.best.text) else _LATIN)
    if long and not _PLAIN.issuperset(signs):
        return True
    sure = [s for s in track.sightings if s.text.confidence > _CERTAIN]
    if not signs or len(sure) < 2:
        return False
    return len(signs) > 1 or (is_han(track.best.text) and not _PLAIN.issuperset(signs))


def columns(texts: Sequence[ReadText]) -> list[ReadText]:
    """Single characters that stand below each other joined to the column they are; all else as it was."""
    single = sorted((t for t in texts if len(t.text) == 1 and is_han(t.text)), key=lambda t: t.box.y0)
    joined: list[list[ReadText]] = []
    for one in single:
        for column in joined:
            if _below(column[-1].box, one.box):
                column.append(one)
                break
        else:
            joined.append([one])
    taken = {id(t) for column in joined if len(column) > 1 for t in column}
    return [t for t in texts if id(t) not in taken] + [_column(c) for c in joined if len(c) > 1]


def _below(upper: Box, lower: Box) -> bool:
    size = max(upper.width, upper.height)
    straight = abs((upper.x0 + upper.x1) - (lower.x0 + lower.x1)) < 0.6 * size
    like = 0.7 < max(lower.width, lower.height) / size < 1.4
    return straight and like and -0.3 * size < lower.y0 - upper.y1 < 1.1 * size


def _column(texts: Sequence[ReadText]) -> ReadText:
    words = "".join(t.text for t in texts)
    return ReadText(around([t.box for t in texts]), words, min(t.confidence for t in texts))


def _same(a: ReadText, b: ReadText) -> bool:
    return fuzz.ratio(a.text, b.text) > 60

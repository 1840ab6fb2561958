"""The sparse reads: whole frames, evenly through the picture, that show where text stands and what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, Picture
from localize.media.glimpses import Glimpse, Glimpses
from localize.media.onscreen import Watch, completed
from localize.media.side_by_side import in_order
from localize.media.sightings import (
    Sighting,
    Track,
    alike,
    columns,
    is_writing,
    same_place,
    tracks,
)
from localize.media.strokes import Ink, crop, even, ink_of, stacked
from localize.media.video import frames
from localize.roles import Ocr, ReadText
from localize.timing import Span, frame_at

Frame = NDArray[np.uint8]
Progress = Callable[[float, float], None]

READERS, ALIVE = 2, 3
"""Threads that read, and pictures read or waiting at once: reading is most of the work, decoding keeps them fed."""
_SAMPLES = 40
"""Pictures of captions from which their ink is taken, at most about twice as many."""
SURE = 0.6
"""Below this confidence the reader sees letters in cloth and leaves."""
_EVERY = 1500
"""Milliseconds between whole-frame reads: a name plate or "three years later" stands two seconds or more."""
_LEAST = 12
"""Reads of a short clip, so that a 5-second one still shows each of its captions."""
_KNOWN, _OPEN = 4, 5
"""A text seen in four reads is covered in the next ones; every fifth read covers nothing."""


@dataclass(slots=True)
class Glance:
    """What the sparse reads saw.

    ``numbers`` are their frames, ``partial`` the reads of a part of a frame; ``cuts`` the yuv420p pictures around the
    texts, and where in them these stand; ``glimpses`` what came and went unread.
    """

    numbers: list[int]
    partial: set[int] = field(default_factory=set)
    glimpses: list[Glimpse] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    cuts: dict[tuple[int, Box], tuple[NDArray[np.uint8], Box]] = field(default_factory=dict)

    def ink(self, sightings: Sequence[Sighting]) -> Ink | None:
        """What these texts are written with; None when no picture of them was kept."""
        # One that was painted over while looking around has no picture.
        kept = [self.cuts[key] for s in sightings if (key := (s.read, s.text.box)) in self.cuts]
        kept = kept[:: max(1, len(kept) // _SAMPLES)]
        return ink_of([(stacked(cut), box) for cut, box in kept]) if kept else None

    def closer(self, track: Track, reader: Ocr) -> ReadText | None:
        """A track's text read again in large, unless its one picture was read differently from the rest."""
        seen = self._pictured(track)
        cut, inner = self.cuts[seen.read, seen.text.box]
        return completed(seen.text, cut, inner, reader) if seen.text.text == track.best.text else None

    def watch(self, track: Track, picture: Picture) -> Watch:
        """What follows a track's text through the frames around the reads that saw it."""
        first, last = track.sightings[0], track.sightings[-1]
        numbers = self.numbers
        patterns = []
        for seen in (first, last):
            kept = seen if (seen.read, seen.text.box) in self.cuts else self._pictured(track)
            cut, box = self.cuts[kept.read, kept.text.box]
            patterns.append(cut[box.y0 : box.y1, box.x0 : box.x1].copy())
        whole = [read for read in range(len(numbers)) if read not in self.partial]
        before = [numbers[read] for read in whole if read < first.read]
        # A long text is covered in four reads of five: not seen there does not mean gone.
        steps = _OPEN if len(track.sightings) >= _KNOWN else 1
        after = [numbers[read] for read in whole if read > last.read][steps - 1 :]
        low, high = before[-1] if before else 0, after[0] if after else picture.frames - 1
        ends = (numbers[first.read], numbers[last.read], low, high)
        return Watch(track.best.box, *ends, patterns[0], patterns[1], (bool(before), bool(after)))

    def read_glimpses(self, wanted: Sequence[Glimpse], reader: Ocr) -> None:
        """Read parts of frames between the reads, as further reads."""
        old = self.numbers
        self.numbers = sorted({*old, *(glimpse.number for glimpse in wanted)})
        place = {number: read for read, number in enumerate(self.numbers)}
        self.partial = set(place.values()) - {place[number] for number in old}
        self.sightings = [Sighting(place[old[s.read]], s.text) for s in self.sightings]
        self.cuts = {(place[old[read]], box): cut for (read, box), cut in self.cuts.items()}

        def look(glimpse: Glimpse) -> tuple[Glimpse, tuple[ReadText, ...]]:
            return glimpse, reader.read(np.asarray(cv2.cvtColor(glimpse.picture, cv2.COLOR_YUV2BGR_I420), np.uint8))

        for glimpse, texts in in_order(wanted, look, READERS, ALIVE):
            strip = glimpse.place
            whole = [t for t in texts if t.box.y0 > 1 and t.box.y1 < strip.height - 1]  # a row cut through is misread
            self.see(place[glimpse.number], whole, glimpse.picture, strip.x0, strip.y0)
        self.sightings.sort(key=lambda s: s.read)

    def see(self, read: int, texts: Sequence[ReadText], frame: Frame, left: int = 0, top: int = 0) -> None:
        """Take in what was read in ``frame``, whose upper left corner stands at ``left``, ``top`` of the picture."""
        for text in columns([text for text in texts if text.confidence > SURE]):
            if is_writing(text.text):
                box = Box(text.box.x0 + left, text.box.y0 + top, text.box.x1 + left, text.box.y1 + top)
                self.sightings.append(Sighting(read, replace(text, box=box)))
                self.cuts[read, box] = _cut(frame, text.box)

    def _pictured(self, track: Track) -> Sighting:
        return next(s for s in track.sightings if (s.read, s.text.box) in self.cuts)


def look_around(path: Path, picture: Picture, shots: Sequence[Span], reader: Ocr, progress: Progress) -> Glance:
    """Whole frames read evenly through the picture and once in every shot."""
    glance = Glance(_numbers(picture, shots))
    wanted = {number: i for i, number in enumerate(glance.numbers)}
    glimpses, hidden = Glimpses(), list[Sighting]()
    seen = {*wanted, *glimpses.numbers(picture)}

    def looks() -> Iterator[tuple[int, Frame, Frame]]:
        for number, _, frame in frames(path, picture, 0, glance.numbers[-1] + 1, format="yuv420p", only=seen):
            progress(0.5 * number, picture.frames)
            glimpses.feed(number, frame, number in wanted, glance.sightings)
            if number not in wanted:
                continue
            read = wanted[number]
            image = np.asarray(cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420), np.uint8)
            if read % _OPEN != _OPEN - 1 and read + 1 < len(glance.numbers):
                hidden.extend(_cover(image, read, glance.sightings))
            yield read, frame, image

    def look(one: tuple[int, Frame, Frame]) -> tuple[int, Frame, tuple[ReadText, ...]]:
        return one[0], one[1], reader.read(one[2])

    for read, frame, texts in in_order(looks(), look, READERS, ALIVE):
        glance.see(read, texts, frame)
    glance.glimpses = glimpses.kept
    glance.sightings += [s for s in hidden if _confirmed(s, glance.sightings)]
    glance.sightings.sort(key=lambda s: s.read)
    return glance


def _numbers(picture: Picture, shots: Sequence[Span]) -> list[int]:
    count = max(_LEAST, -(-picture.length // _EVERY))
    numbers = {int((i + 0.5) * picture.frames / count) for i in range(count)}
    for shot in shots:
        inside = range(frame_at(shot.start, picture.rate), frame_at(shot.end, picture.rate))
        if shot.length > 600 and not numbers.intersection(inside):
            numbers.add(inside[len(inside) // 2])
    return sorted(n for n in numbers if n < picture.frames)


def _cover(image: NDArray[np.uint8], read: int, sightings: Sequence[Sighting]) -> list[Sighting]:
    """Paint over what stood in most of the last reads: reading a watermark thirty times takes half of all
    time.

    Every fifth read looks again, so a text that went away is noticed.
    """
    covered = []
    for track in tracks(sightings):
        if len(track.sightings) >= _KNOWN and read - track.sightings[-1].read <= _OPEN:
            box = track.best.box
            image[box.y0 : box.y1, box.x0 : box.x1] = image[box.y0 : box.y1, box.x0 : box.x1].mean(axis=(0, 1))
            covered.append(Sighting(read, track.best))
    return covered


def _confirmed(hidden: Sighting, sightings: Sequence[Sighting]) -> bool:
    """Whether the covered text was there both before and after."""
    box, text = hidden.text.box, hidden.text.text
    reads = [s.read for s in sightings if same_place(s.text.box, box) and alike(s.text.text, text)]
    return bool(reads) and min(reads) < hidden.read < max(reads)


def _cut(frame: NDArray[np.uint8], box: Box) -> tuple[NDArray[np.uint8], Box]:
    """The picture around a text, wide enough for a missed character at either end, and where in it the text stands."""
    height, width, line = frame.shape[0] * 2 // 3, frame.shape[1], min(box.width, box.height)
    wide = Box(max(0, box.x0 - 3 * line // 2), max(0, box.y0 - line // 2),
               min(width, box.x1 + 3 * line // 2), min(height, box.y1 + line // 2))  # fmt: skip
    place = even(wide, width, height)
    inner = Box(box.x0 - place.x0, box.y0 - place.y0, box.x1 - place.x0, box.y1 - place.y0)
    return crop(frame, place), inner

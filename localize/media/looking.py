"""The sparse reads: whole frames, evenly through the picture, that show where text stands and what it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, Picture
from localize.media.glimpses import Glimpse, Glimpses
from localize.media.onscreen import completed, is_short
from localize.media.side_by_side import in_order
from localize.media.sightings import (
    Sighting,
    Track,
    alike,
    bare,
    columns,
    is_writing,
    same_place,
    tracks,
)
from localize.media.strokes import Ink, ink_of, stacked
from localize.media.video import frames_near
from localize.media.watching import Watch, around
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
_SHORT_LOOKS = 2
"""Pictures of a short text that are read again in large, at most."""
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

    def closer(self, track: Track, watch: Watch, reader: Ocr) -> ReadText | None:
        """A track's text read again in large, where it is seen best; a short one, of which a missed character is much,
        in two of its pictures.  None when no picture of it was read like the rest."""
        seen = [s for s in self._pictured(track) if bare(s.text.text) == bare(track.best.text)]
        pictures = [(s.text, *self.cuts[s.read, s.text.box]) for s in seen[len(seen) // 2 :] + seen[: len(seen) // 2]]
        if watch.best is not None:
            pictures.insert(0, (track.best, *watch.best))
        for text, cut, inner in pictures[: _SHORT_LOOKS if is_short(track.best) else 1]:
            whole = completed(text, cut, inner, reader)
            if bare(whole.text) != bare(text.text):
                return whole
        return pictures[0][0] if pictures else None

    def watch(self, track: Track, picture: Picture) -> Watch:
        """What follows a track's text through the frames around the reads that saw it."""
        first, last = track.sightings[0], track.sightings[-1]
        numbers = self.numbers
        patterns = [self._pattern(seen, track) for seen in (first, last)]
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
                self.cuts[read, box] = around(frame, text.box)

    def _pattern(self, seen: Sighting, track: Track) -> NDArray[np.uint8]:
        """The track's text in luma, as this read saw it, or as another did."""
        kept = seen if (seen.read, seen.text.box) in self.cuts else self._pictured(track)[0]
        cut, inner = self.cuts[kept.read, kept.text.box]
        box, right, down = track.best.box, inner.x0 - kept.text.box.x0, inner.y0 - kept.text.box.y0
        whole = Box(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)
        inside = whole.x0 >= 0 and whole.y0 >= 0 and whole.x1 <= cut.shape[1] and whole.y1 <= cut.shape[0] * 2 // 3
        place = whole if inside else inner
        return cut[place.y0 : place.y1, place.x0 : place.x1].copy()

    def _pictured(self, track: Track) -> list[Sighting]:
        return [s for s in track.sightings if (s.read, s.text.box) in self.cuts]


def look_around(path: Path, picture: Picture, shots: Sequence[Span], reader: Ocr, progress: Progress) -> Glance:
    """Whole frames read evenly through the picture and once in every shot."""
    wanted = deque(_numbers(picture, shots))
    glance, glimpses, hidden = Glance([]), Glimpses(), list[Sighting]()
    last = wanted[-1]
    looks = sorted({*wanted, *(n for n in glimpses.numbers(picture) if n < last)})

    def pictures() -> Iterator[tuple[int, Frame, Frame]]:
        for number, _, frame in frames_near(path, picture, looks):
            progress(0.5 * number, picture.frames)
            due = bool(wanted) and wanted[0] <= number
            glimpses.feed(number, frame, due, glance.sightings)
            if not due:
                continue
            while wanted and wanted[0] <= number:
                wanted.popleft()
            read = len(glance.numbers)
            glance.numbers.append(number)
            image = np.asarray(cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420), np.uint8)
            if read % _OPEN != _OPEN - 1 and number < last:
                hidden.extend(_cover(image, read, glance.sightings))
            yield read, frame, image

    def look(one: tuple[int, Frame, Frame]) -> tuple[int, Frame, tuple[ReadText, ...]]:
        return one[0], one[1], reader.read(one[2])

    for read, frame, texts in in_order(pictures(), look, READERS, ALIVE):
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

"""Burned-in text of a whole picture: sparse reads, the caption band frame by frame, everything else by its
kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from localize.episode import Box, OnScreenText, Picture
from localize.media import bands
from localize.media.bands import Band, Sighting, Track
from localize.media.onscreen import Watch, completed, gathered, is_writing, kind_of
from localize.media.segments import Segment, segments
from localize.media.side_by_side import in_order
from localize.media.strokes import Ink, Planes, bgr, crop, even, ink_of, stacked, strokes
from localize.media.video import frames
from localize.roles import Ocr, ReadText
from localize.timing import Ms, Span, frame_at, frame_start, span

Progress = Callable[[float, float], None]

_EVERY = 1500
"""Milliseconds between whole-frame reads: a name plate or "three years later" stands two seconds or more."""
_LEAST = 12
"""Reads of a short clip, so that a 5-second one still shows each of its captions."""
_READERS, _ALIVE = 2, 3
"""Threads that read, and pictures read or waiting at once: reading is most of the work, decoding keeps them fed."""
_CLEAR = 0.95
"""A caption read with less confidence is read a second time from the ink alone."""
_KNOWN, _OPEN = 4, 5
"""A text seen in four reads is covered in the next ones; every fifth read covers nothing."""
_SURE = 0.6
"""Below this confidence the reader sees letters in cloth and leaves."""


@dataclass(slots=True)
class Glance:
    """What the sparse reads saw.  ``numbers`` are their frames; ``cuts`` the pictures around the texts."""

    numbers: list[int]
    sightings: list[Sighting] = field(default_factory=list)
    cuts: dict[tuple[int, Box], tuple[Planes, Box]] = field(default_factory=dict)


def read_all(
    path: Path,
    picture: Picture,
    shots: Sequence[Span],
    reader: Ocr,
    progress: Progress = lambda done, total: None,
) -> list[OnScreenText]:
    """Every burned-in text, ids empty.  No text at all is a good answer, not an error."""
    glance = look_around(path, picture, shots, reader, progress)
    found = bands.tracks(glance.sightings)
    still = bands.standing(found, len(glance.numbers))
    passing = [s for t in found if t not in still for s in t.sightings]
    band = bands.dialogue_band(passing, picture.width, picture.height)
    lines = [s for s in band.sightings if band.holds(s.text.box, picture.width)] if band else []
    others = bands.tracks(s for s in sorted(passing, key=lambda s: s.read) if s not in lines)
    watches = [_watch(t, glance, picture) for t in others]
    closer = in_order(others, lambda track: _closer(track, glance, reader), _READERS, _ALIVE)
    for track, text in zip(others, list(closer), strict=True):
        track.closer = text
    texts = _standing_texts(still, picture)
    if band is not None and lines:
        seen = ((s.read, s.text.box) for s in lines)  # one that was painted over while looking around has no picture
        ink = ink_of([glance.cuts[one] for one in seen if one in glance.cuts])
        texts += _dialogue(path, picture, band, ink, watches, reader, progress)
    elif watches:
        for number, at, frame in frames(path, picture, format="yuv420p"):
            _look(watches, number, at, frame)
    return texts + gathered([_text(t, w, others, band, picture) for t, w in zip(others, watches, strict=True)])


def _closer(track: Track, glance: Glance, reader: Ocr) -> ReadText | None:
    """A track's text read again in large, unless its one picture was read differently from the rest."""
    read, place = _any_cut(track, glance)
    cut, inner = glance.cuts[read, place]
    first = next(s.text for s in track.sightings if (s.read, s.text.box) == (read, place))
    return completed(first, cut, inner, reader) if first.text == track.best.text else None


def _text(track: Track, watch: Watch, others: Sequence[Track], band: Band | None, picture: Picture) -> OnScreenText:
    rest = watch.high + 1 < picture.frames
    start, end = watch.span(frame_start(watch.high + 1, picture.rate) if rest else picture.length)
    kind = kind_of(track, others, band, (picture.width, picture.height), False)
    return OnScreenText("", span(start, end), track.best.box, track.best.text, kind, track.best.confidence)


def look_around(path: Path, picture: Picture, shots: Sequence[Span], reader: Ocr, progress: Progress) -> Glance:
    """Whole frames read evenly through the picture and once in every shot."""
    glance = Glance(_numbers(picture, shots))
    wanted = {number: i for i, number in enumerate(glance.numbers)}
    hidden: list[Sighting] = []

    def looks() -> Iterator[tuple[int, Planes, NDArray[np.uint8]]]:
        for number, _, frame in frames(path, picture, 0, glance.numbers[-1] + 1, format="yuv420p", only=wanted):
            progress(0.5 * number, picture.frames)
            read = wanted[number]
            image = np.asarray(cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420), np.uint8)
            if read % _OPEN != _OPEN - 1 and read + 1 < len(glance.numbers):
                hidden.extend(_cover(image, read, glance.sightings))
            yield read, frame, image

    def look(one: tuple[int, Planes, NDArray[np.uint8]]) -> tuple[int, Planes, tuple[ReadText, ...]]:
        return one[0], one[1], reader.read(one[2])

    for read, frame, texts in in_order(looks(), look, _READERS, _ALIVE):
        for text in texts:
            if text.confidence > _SURE and is_writing(text.text):
                glance.sightings.append(Sighting(read, text))
                glance.cuts[read, text.box] = _cut(frame, text.box)
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
    for track in bands.tracks(sightings):
        if len(track.sightings) >= _KNOWN and read - track.sightings[-1].read <= _OPEN:
            box = track.best.box
            image[box.y0 : box.y1, box.x0 : box.x1] = image[box.y0 : box.y1, box.x0 : box.x1].mean(axis=(0, 1))
            covered.append(Sighting(read, track.best))
    return covered


def _confirmed(hidden: Sighting, sightings: Sequence[Sighting]) -> bool:
    """Whether the covered text was there both before and after."""
    box, text = hidden.text.box, hidden.text.text
    reads = [s.read for s in sightings if bands.same_place(s.text.box, box) and bands.alike(s.text.text, text)]
    return bool(reads) and min(reads) < hidden.read < max(reads)


def _cut(frame: NDArray[np.uint8], box: Box) -> tuple[Planes, Box]:
    """The picture around a text, and where in it the text stands."""
    around = even(box, frame.shape[1], frame.shape[0] * 2 // 3, margin=3 * box.height // 2)
    inner = Box(box.x0 - around.x0, box.y0 - around.y0, box.x1 - around.x0, box.y1 - around.y0)
    return stacked(crop(frame, around)), inner


def _watch(track: Track, glance: Glance, picture: Picture) -> Watch:
    first, last = track.sightings[0], track.sightings[-1]
    numbers = glance.numbers
    patterns = []
    for seen in (first, last):
        cut, box = glance.cuts.get((seen.read, seen.text.box)) or glance.cuts[_any_cut(track, glance)]
        patterns.append(cut[box.y0 : box.y1, box.x0 : box.x1, 0].copy())
    low = numbers[first.read - 1] if first.read else 0
    # A long text is covered in four reads of five: not seen there does not mean gone.
    beyond = last.read + (_OPEN if len(track.sightings) >= _KNOWN else 1)
    high = numbers[beyond] if beyond < len(numbers) else picture.frames - 1
    return Watch(track.best.box, numbers[first.read], numbers[last.read], low, high, patterns[0], patterns[1])


def _any_cut(track: Track, glance: Glance) -> tuple[int, Box]:
    return next((s.read, s.text.box) for s in track.sightings if (s.read, s.text.box) in glance.cuts)


def _look(watches: Sequence[Watch], number: int, at: Ms, frame: NDArray[np.uint8]) -> None:
    for watch in watches:
        watch.look(number, at, frame)


def _standing_texts(still: Sequence[Track], picture: Picture) -> list[OnScreenText]:
    """Watermarks and disclaimers: from end to end, for they are faint and single reads miss them."""
    size, whole = (picture.width, picture.height), span(0, picture.length)
    texts = []
    for track in still:
        best, kind = track.best, kind_of(track, still, None, size, True)
        texts.append(OnScreenText("", whole, best.box, best.text, kind, best.confidence))
    return texts


def _dialogue(
    path: Path,
    picture: Picture,
    band: Band,
    ink: Ink,
    watches: Sequence[Watch],
    reader: Ocr,
    progress: Progress,
) -> list[OnScreenText]:
    strip = even(Box(0, band.top, picture.width, band.bottom), picture.width, picture.height)

    def strips() -> Iterator[tuple[int, Ms, Planes]]:
        for number, at, frame in frames(path, picture, format="yuv420p"):
            progress(0.5 * (picture.frames + number), picture.frames)
            _look(watches, number, at, frame)
            yield number, at, stacked(crop(frame, strip))

    def line(segment: Segment) -> tuple[Segment, OnScreenText | None]:
        return segment, _line(segment, strip, band, ink, reader)

    lines: list[tuple[Segment, OnScreenText]] = []
    for segment, text in in_order(segments(strips(), ink, picture.length), line, _READERS, _ALIVE):
        if text is None:
            continue
        if lines and _continues(lines[-1], segment, text):
            before = lines[-1][1]
            better = max(before, text, key=lambda t: (len(t.text), t.confidence))
            whole = Span(before.span.start, text.span.end)
            text = OnScreenText("", whole, better.box, better.text, "subtitle", better.confidence)
            lines.pop()
        lines.append((segment, text))
    return [text for _, text in lines]


def _continues(before: tuple[Segment, OnScreenText], segment: Segment, text: OnScreenText) -> bool:
    """Whether a caption is the one before, torn apart by a moving background or a cut."""
    gap, ratio = segment.first - before[0].stop, fuzz.ratio(text.text, before[1].text)
    return (gap <= 4 and ratio > 75) or (gap <= 12 and ratio > 90)


def _line(segment: Segment, strip: Box, band: Band, ink: Ink, reader: Ocr) -> OnScreenText | None:
    """The caption a segment shows, or None."""
    if segment.composite is None or segment.far is None or segment.stop - segment.first < 4:
        return None
    mask = strokes(segment.far, ink)
    if mask.sum() < 0.05 * ink.height**2:
        return None
    rows: list[ReadText] = []
    for image in (bgr(segment.composite), _inked(segment.far)):
        again = _rows(reader.read(image), mask, strip, band)
        rows = max(rows, again, key=lambda found: sum(r.confidence * len(r.text) for r in found))
        if ink.outlined and rows and min(r.confidence for r in rows) > _CLEAR:
            break
    if not rows:
        return None
    box = Box(min(r.box.x0 for r in rows), min(r.box.y0 for r in rows),
              max(r.box.x1 for r in rows), max(r.box.y1 for r in rows))  # fmt: skip
    sure = sum(r.confidence * len(r.text) for r in rows) / sum(len(r.text) for r in rows)
    text = "".join(r.text for r in rows)
    return OnScreenText("", Span(segment.start, segment.end), box, text, "subtitle", round(sure, 4))


def _inked(far: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink alone, dark on white: for thin letters that hardly stand out from what is behind them."""
    return np.asarray(cv2.cvtColor(cv2.convertScaleAbs(far, alpha=2.0), cv2.COLOR_GRAY2BGR), np.uint8)


def _rows(reads: Sequence[ReadText], mask: NDArray[np.uint8], strip: Box, band: Band) -> list[ReadText]:
    """What of a strip's reading is dialogue (sure, in place, in the captions' ink), line by line, in the
    picture's coordinates."""
    placed = []
    for read in reads:
        box = read.box
        whole = Box(box.x0, box.y0 + strip.y0, box.x1, box.y1 + strip.y0)
        inked = float(mask[box.y0 : box.y1, box.x0 : box.x1].mean())
        if read.confidence > _SURE and inked > 0.04 and band.on_row(whole):
            placed.append(replace(read, box=whole))
    rows = []
    for row in band.rows:
        here = [r for r in placed if abs((r.box.y0 + r.box.y1) / 2 - row) < 0.45 * band.height]
        kept = band.centred([r.box for r in here])
        rows += sorted((r for r in here if r.box in kept), key=lambda r: r.box.x0)
    return rows

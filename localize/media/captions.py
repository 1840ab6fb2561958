"""Burned-in text of a whole picture: sparse reads, the caption bands frame by frame, everything else by its
kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from localize.episode import Box, OnScreenText, Picture
from localize.han import SIGNS
from localize.media.bands import Band, dialogue_bands, is_like_dialogue
from localize.media.glimpses import Glimpse
from localize.media.kinds import company, is_strayed, kind_of
from localize.media.looking import ALIVE, READERS, SURE, Glance, Progress, look_around
from localize.media.onscreen import gathered
from localize.media.rows import different, worth
from localize.media.segments import Cutter, Segment, holds_writing
from localize.media.side_by_side import in_order
from localize.media.sightings import Sighting, Track, alike, around, is_certain, same_place, shared, standing, tracks
from localize.media.strokes import Ink, Mask, bgr, crop, even, stacked, strokes
from localize.media.variants import is_simplified, simplified
from localize.media.video import frames
from localize.media.watching import Watch
from localize.roles import Ocr, ReadText
from localize.timing import Span, frame_start, span

_CLEAR = 0.95
"""A caption read with less confidence is read a second time from the ink alone."""
_EXCLAIMED = re.compile(rf"(?<=[{SIGNS}])[il|]$")
"""An exclamation mark taken for a letter, as in columns."""
_LONGEST = 8000
"""Milliseconds a caption stands at most; subtitling guidelines allow seven seconds."""
_GLIMPSES = 4
"""Parts of frames read between the whole-frame reads; in a long episode a fifth of those."""
_ENGLISH = re.compile(
    r"\b(the|you|your|is|are|was|it|that|this|to|of|and|my|me|we|he|she|not|what|i'm|no|have)\b", re.I
)
"""Words of which most English subtitles have one, and those in other languages with Latin letters few."""


@dataclass(slots=True)
class _Home:
    """A band with what cuts it into stretches: ``strip`` has even edges."""

    band: Band
    ink: Ink
    strip: Box
    cutter: Cutter


@dataclass(slots=True)
class _Said:
    """A caption read in one stretch of a home, and its ``second`` script if there is one."""

    home: _Home
    segment: Segment
    line: OnScreenText
    second: OnScreenText | None


def read_all(
    path: Path,
    picture: Picture,
    shots: Sequence[Span],
    reader: Ocr,
    progress: Progress = lambda done, total: None,
) -> list[OnScreenText]:
    """Every burned-in text, ids empty.  No text at all is a good answer, not an error."""
    glance = look_around(path, picture, shots, reader, progress)
    still = _standing(glance, picture)
    passing, bands = _passing(glance, still, picture)
    unread = _worth_reading(glance, still, bands)
    if unread:
        glance.read_glimpses(unread, reader)
        passing, bands = _passing(glance, still, picture)
    homes = [home for band in bands if (home := _home(band, glance, picture)) is not None]
    of_bands = {id(s) for band in bands for s in band.sightings if _is_line(band, s.text.box, picture)}
    others = [t for t in tracks(s for s in passing if id(s) not in of_bands) if is_certain(t)]
    watches = [glance.watch(t, picture) for t in others]
    lines = _scanned(path, picture, homes, watches, reader, progress) if homes or watches else []
    both = list(zip(others, watches, strict=True))
    closer = in_order(both, lambda one: glance.closer(*one, reader), READERS, ALIVE)
    for track, text in zip(others, list(closer), strict=True):
        track.closer = text
    line = bands[0].height if bands else 0
    texts = [_text(t, w, others, line, picture) for t, w in zip(others, watches, strict=True)]
    texts = [_strayed(text, t, others, lines, homes, glance) for text, t in zip(texts, others, strict=True)]
    found = _standing_texts(still, picture) + lines + gathered([t for t in texts if not _repeats(t, lines)])
    if is_simplified(text.text for text in found):
        return [replace(text, text=simplified(text.text)) for text in found]
    return found


def _standing(glance: Glance, picture: Picture) -> list[Track]:
    """Watermarks and the like.  A caption that fills a short clip is none: it stands where captions do, and no captions
    come and go while it stays."""
    found, size = standing(tracks(glance.sightings), len(glance.numbers)), (picture.width, picture.height)
    held = picture.length / len(glance.numbers) if found else 0.0
    brief = [t for t in found if len(t.sightings) * held <= _LONGEST and is_like_dialogue(t.best, *size)]
    if not brief:
        return found
    passing, bands = _passing(glance, [t for t in found if not any(t is one for one in brief)], picture)
    own = {id(s) for t in brief for s in t.sightings}
    if different(s for s in passing if id(s) not in own and is_like_dialogue(s.text, *size)) >= 2:
        return found
    said = {id(s) for band in bands for s in band.sightings}
    return [t for t in found if not any(id(s) in said for s in t.sightings)]


def _passing(glance: Glance, still: Sequence[Track], picture: Picture) -> tuple[list[Sighting], list[Band]]:
    """What does not stand all the time, in order, and the bands of the dialogue in it."""
    places = [(t.best.box, t.best.text) for t in still]
    passing = [
        s for s in glance.sightings
        if not any(same_place(s.text.box, box) and alike(s.text.text, text) for box, text in places)
    ]  # fmt: skip
    return passing, dialogue_bands(passing, picture.width, picture.height, glance.ink)


def _worth_reading(glance: Glance, still: Sequence[Track], bands: Sequence[Band]) -> list[Glimpse]:
    """Of the strokes that no read saw those that are not where captions, or texts that stand, are looked for anyway."""
    known = [*(t.best.box for t in still), *(band.strip for band in bands if not band.upright)]
    strange = [
        g for g in glance.glimpses
        if not any(box.y0 < (g.place.y0 + g.place.y1) / 2 < box.y1 for box in known)
    ]  # fmt: skip
    return strange[: max(_GLIMPSES, len(glance.numbers) // 5)]


def _is_line(band: Band, box: Box, picture: Picture) -> bool:
    return band.holds(box, picture.height if band.upright else picture.width) or bool(band.second)


def _home(band: Band, glance: Glance, picture: Picture) -> _Home | None:
    ink = glance.ink([s for s in band.sightings if not band.second or s.text.box.height > 0.8 * band.height])
    if ink is None:
        return None
    return _Home(band, ink, even(band.strip, picture.width, picture.height), Cutter(ink))


def _text(track: Track, watch: Watch, others: Sequence[Track], line: int, picture: Picture) -> OnScreenText:
    rest = watch.high + 1 < picture.frames
    start, end = watch.span(frame_start(watch.high + 1, picture.rate) if rest else picture.length)
    kind = kind_of(track, others, line, (picture.width, picture.height), False)
    return OnScreenText("", span(start, end), track.best.box, track.best.text, kind, track.best.confidence)


def _strayed(
    text: OnScreenText, track: Track, others: Sequence[Track], lines: Sequence[OnScreenText], homes: Sequence[_Home],
    glance: Glance,
) -> OnScreenText:  # fmt: skip
    """The text, as dialogue when it is a line that only moved."""
    if not homes or homes[0].band.upright or company(track, others):
        return text
    ink = glance.ink(track.sightings)
    inks = (ink.colour, homes[0].ink.colour) if ink else None
    moved = is_strayed(text, lines, homes[0].band.height, inks)
    return replace(text, kind="subtitle") if moved else text


def _repeats(text: OnScreenText, lines: Sequence[OnScreenText]) -> bool:
    """Whether a text is part of a caption that was read as a whole."""
    own = text.box.width * text.box.height
    return any(
        shared(text.box, line.box) > 0.6 * own and text.span.overlap(line.span) > 0.5 * text.span.length
        for line in lines
    )


def _standing_texts(still: Sequence[Track], picture: Picture) -> list[OnScreenText]:
    """Watermarks and disclaimers: from end to end, for they are faint and single reads miss them."""
    size, whole = (picture.width, picture.height), span(0, picture.length)
    texts = []
    for track in still:
        best, kind = track.best, kind_of(track, still, 0, size, True)
        texts.append(OnScreenText("", whole, best.box, best.text, kind, best.confidence))
    return texts


def _scanned(
    path: Path,
    picture: Picture,
    homes: Sequence[_Home],
    watches: Sequence[Watch],
    reader: Ocr,
    progress: Progress,
) -> list[OnScreenText]:
    """Every frame looked at once: the captions of all bands, and how long the other texts stand."""

    def over() -> Iterator[tuple[_Home, Segment]]:
        for number, at, frame in frames(path, picture, format="yuv420p"):
            progress(0.5 * (picture.frames + number), picture.frames)
            for watch in watches:
                watch.look(number, at, frame)
            for home in homes:
                for segment in home.cutter.feed(number, at, stacked(crop(frame, home.strip))):
                    yield home, segment
        for home in homes:
            for segment in home.cutter.finish(picture.length):
                yield home, segment

    said: list[_Said] = []
    for one in in_order(over(), lambda cut: _said(*cut, reader), READERS, ALIVE):
        if one is None:
            continue
        before = next((s for s in reversed(said) if s.home is one.home), None)
        if before is not None and _continues(before, one):
            said[said.index(before)] = _joined(before, one)
        else:
            said.append(one)
    return [one.line for one in said] + _told([one.second for one in said if one.second is not None])


def _continues(before: _Said, after: _Said) -> bool:
    """Whether a caption is the one before, torn apart by a moving background or a cut."""
    gap, ratio = after.segment.first - before.segment.stop, fuzz.ratio(after.line.text, before.line.text)
    return (gap <= 4 and ratio > 75) or (gap <= 12 and ratio > 90)


def _joined(before: _Said, after: _Said) -> _Said:
    whole = Span(before.line.span.start, after.line.span.end)
    better = max(before, after, key=lambda s: (len(s.line.text), s.line.confidence))
    second = better.second or before.second or after.second
    return _Said(after.home, after.segment, replace(better.line, span=whole), second and replace(second, span=whole))


def _said(home: _Home, segment: Segment, reader: Ocr) -> _Said | None:
    """The caption a segment shows, or None."""
    ink, best, upright = home.ink, None, home.band.upright
    if segment.composite is None or segment.far is None or segment.stop - segment.first < 4:
        return None
    mask = strokes(segment.far, ink)
    if not holds_writing(mask, ink):
        return None
    for image in (bgr(segment.composite), _inked(segment.far)):
        again = _lines(reader.read(image), mask, home)
        best = again if best is None else max(best, again, key=lambda lines: worth(lines[0], upright))
        if ink.outlined and worth(best[0], upright) > (True, 0.0) and min(r.confidence for r in best[0]) > _CLEAR:
            break
    if best is None or not best[0]:
        return None
    when = Span(segment.start, segment.end)
    line = _whole(best[0], when, "")
    second = _whole(best[1], when, " ") if best[1] else None
    return _Said(home, segment, line, second)


def _lines(reads: Sequence[ReadText], mask: Mask, home: _Home) -> tuple[list[ReadText], list[ReadText]]:
    """What of a strip's reading is dialogue (sure, in place, in the captions' ink), and its second script, in the
    picture's coordinates."""
    placed = []
    for read in reads:
        box, left, top = read.box, home.strip.x0, home.strip.y0
        inked = float(mask[box.y0 : box.y1, box.x0 : box.x1].mean())
        if read.confidence > SURE and inked > 0.04:
            placed.append(replace(read, box=Box(box.x0 + left, box.y0 + top, box.x1 + left, box.y1 + top)))
    return home.band.lines(placed)


def _whole(rows: Sequence[ReadText], when: Span, between: str) -> OnScreenText:
    sure = sum(r.confidence * len(r.text) for r in rows) / sum(len(r.text) for r in rows)
    text, box = between.join(r.text for r in rows), around([r.box for r in rows])
    return OnScreenText("", when, box, _EXCLAIMED.sub("！", text), "subtitle", round(sure, 4))


def _told(second: Sequence[OnScreenText]) -> list[OnScreenText]:
    """The second script's lines with their language, which is one for all of them: a single line may lack every word
    it is told by."""
    english = sum(bool(_ENGLISH.search(text.text)) for text in second)
    return [replace(text, language="en" if 2 * english > len(second) else "und-Latn") for text in second]


def _inked(far: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink alone, dark on white: for thin letters that hardly stand out from what is behind them."""
    return np.asarray(cv2.cvtColor(cv2.convertScaleAbs(far, alpha=2.0), cv2.COLOR_GRAY2BGR), np.uint8)

"""When a line really begins and ends: word times and caption times held against the edges of speech activity."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from localize.timing import Ms, Span

NEAR_WORD = 300
"""How far, in ms, an edge of speech activity may lie from the word it is the beginning or end of."""
NEAR_CAPTION = 600
"""The same for a caption nobody was recognised under: captions are set by hand, more loosely than words."""
SHORTEST = 200
"""No line is shorter, in ms: the shortest caption anybody sets is longer, a syllable takes about as long."""


Known = tuple[float | None, float | None]
"""Start and end of what was recognised of a line, in ms; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Where somebody talks: ``starts`` and ``ends`` of the stretches in ms, rising."""

    spans: tuple[Span, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @staticmethod
    def of(spans: Sequence[Span]) -> Activity:
        ordered = tuple(sorted(spans))
        return Activity(ordered, tuple(s.start for s in ordered), tuple(sorted(s.end for s in ordered)))

    def share(self, span: Span) -> float:
        """The share of ``span`` in which somebody talks, 0–1."""
        first = max(bisect_left(self.starts, span.start) - 1, 0)
        total = 0
        for one in self.spans[first:]:
            if one.start >= span.end:
                break
            total += one.overlap(span)
        return round(min(total / span.length, 1.0), 4)


def nearest(edges: Sequence[int], at: float, within: float) -> int | None:
    """The edge nearest to ``at``, None when none lies ``within`` ms."""
    place = bisect_left(edges, at)
    near = [edge for edge in edges[max(place - 1, 0) : place + 1] if abs(edge - at) <= within]
    return min(near, key=lambda edge: abs(edge - at), default=None)


def settled(caption: int | None, word: float | None, edge: int | None) -> int:
    """One time from up to three: the middle one of three, else the edge, the word's, the caption's."""
    known = [float(one) for one in (caption, word, edge) if one is not None]
    if len(known) == 3:
        return round(sorted(known)[1])
    return edge if edge is not None else round(known[-1])


def times(caption: Span | None, words: Known, activity: Activity, loose: tuple[bool, bool] = (False, False)) -> Span:
    """When a line is said.  ``words`` are start and end of what was recognised of it; caption or both are there.

    Where words tell nothing the caption keeps its time, unless its start or its end is ``loose``: speech tells then.
    """
    shown = (caption.start, caption.end) if caption is not None else (None, None)
    start = _edge(shown[0], words[0], activity.starts, loose[0])
    end = _edge(shown[1], words[1], activity.ends, loose[1])
    return Span(Ms(max(start, 0)), Ms(max(end, start + SHORTEST)))


def _edge(caption: int | None, word: float | None, edges: Sequence[int], loose: bool) -> int:
    if word is not None:
        return settled(caption, word, nearest(edges, word, NEAR_WORD))
    assert caption is not None
    return settled(caption, None, nearest(edges, caption, NEAR_CAPTION) if loose else None)


def _meeting(start: int, end: int, start2: int, end2: int) -> int | None:
    """Where two overlapping lines meet, in ms; None when the second is said while the first goes on.

    One inside the other that shares its edge (both were moved to one edge of speech) keeps its time, the longer one
    gives way; else they meet in the middle of what they share.
    """
    if end - end2 > NEAR_CAPTION:
        return None
    if end2 <= end and start2 - start >= SHORTEST:
        return start2
    if start == start2 and end2 - end >= SHORTEST:
        return end
    return (start2 + min(end, end2)) // 2


def apart(spans: Sequence[Span], length: int) -> list[Span]:
    """Spans, by their starts, none over ``length`` and none reaching into the next, but for one said while another
    goes on: that overlap is true and stays.
    """
    starts, ends = [int(s.start) for s in spans], [int(s.end) for s in spans]
    last = 0  # the one that goes on longest
    for place in range(1, len(spans)):
        for before in dict.fromkeys((last, place - 1)):
            if ends[before] > starts[place]:
                meet = _meeting(starts[before], ends[before], starts[place], ends[place])
                if meet is not None:
                    ends[before] = max(meet, starts[before] + 1)
                    starts[place] = ends[before]
                    ends[place] = max(ends[place], starts[place] + 1)
        last = max((last, place), key=lambda one: ends[one])
    return [Span(Ms(min(a, length - 1)), Ms(min(b, length))) for a, b in zip(starts, ends, strict=True)]

"""The cues of ``.srt`` and ``.vtt``: one at a time, dialogue first.

Players stack cues that overlap, over each other or in an order of their own, so none do.  What is written in the
picture is a forced narrative, after the Netflix Timed Text Style Guide: a cue of its own, never in one with dialogue,
in capitals, as long as it can be read; where dialogue leaves no time for it, it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from localize.formats.rows import Limits, clean, length, split
from localize.market import SubtitleLimits
from localize.timing import Ms, Span
from localize.version import Cue, Finding

LINGER = 500
"""Milliseconds a forced narrative may stay after its original went, as a cue after its speech."""
TOGETHER = 500
"""Milliseconds between two texts that appear as one: a name and a title, the rows of a screen."""


def sidecar(
    cues: Sequence[Cue], limits: SubtitleLimits, language: str, duration: int, first: frozenset[str] = frozenset()
) -> tuple[Cue, ...]:
    """The cues in time order, no two at once: dialogue whole, forced ones where there is time to read them.

    ``duration`` is that of the picture in ms: no forced cue outlasts it.  Of texts that appear together and cannot all
    be read those in ``first`` (ids) stay longest.
    """
    spoken = _apart([cue for cue in cues if not cue.forced], limits)
    taken = list(spoken)
    for group in _groups([cue for cue in cues if cue.forced]):
        if found := _narrative(group, taken, limits, language, duration, first):
            taken = sorted([*taken, found], key=lambda cue: cue.span)
    return tuple(taken)


def left_out(cues: Sequence[Cue], kept: Sequence[Cue]) -> Iterator[Finding]:
    """One word about the texts of ``cues`` that ``kept`` has no room for."""
    there = {name for cue in kept for name in cue.lines}
    gone = dict.fromkeys(name for cue in cues for name in cue.lines if name not in there)
    if gone:
        told = f"not in the .srt and .vtt, where dialogue leaves no time to read them: {', '.join(gone)}"
        yield Finding("sidecar", "", "note", told, "the picture and the .ass show them")


# ── dialogue ────────────────────────────────────────────────────────────────────────────────────────────────
def _apart(cues: Sequence[Cue], limits: SubtitleLimits) -> list[Cue]:
    """Of two at once the earlier gives way; where too little is left of it, they share one cue."""
    done: list[Cue] = []
    for cue in sorted(cues, key=lambda one: (one.span, one.id)):
        last = done[-1] if done else None
        if last is None or last.span.end <= cue.span.start:
            done.append(cue)
        elif (end := cue.span.start - limits.gap) - last.span.start >= limits.shortest:
            done[-1:] = [replace(last, span=Span(last.span.start, Ms(end))), cue]
        else:
            both = Span(last.span.start, max(last.span.end, cue.span.end))
            done[-1] = replace(last, span=both, rows=(*last.rows, *cue.rows), lines=(*last.lines, *cue.lines))
    return done


# ── what is written in the picture ──────────────────────────────────────────────────────────────────────────
def _groups(cues: Sequence[Cue]) -> list[list[Cue]]:
    """Texts that appear together, in reading order: as the cues are."""
    groups: list[list[Cue]] = []
    for cue in sorted(cues, key=lambda one: one.span.start):
        first = groups[-1][0] if groups else None
        if first and cue.span.start - first.span.start <= TOGETHER and cue.span.overlap(first.span):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return groups


def _narrative(
    group: Sequence[Cue],
    taken: Sequence[Cue],
    limits: SubtitleLimits,
    language: str,
    duration: int,
    first: frozenset[str],
) -> Cue | None:
    """One cue for as many texts of a group as there is time and room for, those in ``first`` and then the longest
    first; None for none."""
    window = Span(group[0].span.start, max(cue.span.end for cue in group))
    free = _free(window, taken, limits.gap, duration)
    left = list(group)
    while free and left:
        shown = _rows(left, limits, language)
        needed = max(limits.shortest, _reading(shown, limits))
        if len(shown) <= limits.rows and needed <= free.length:
            end = min(max(free.start + needed, min(free.end, window.end)), free.start + limits.longest)
            names = tuple(name for cue in left for name in cue.lines)
            return Cue(left[0].id, Span(free.start, Ms(end)), shown, names, forced=True)
        left.remove(min(left, key=lambda cue: (not first.isdisjoint(cue.lines), len(" ".join(cue.rows)))))
    return None


def _free(window: Span, taken: Sequence[Cue], gap: int, duration: int) -> Span | None:
    """The longest stretch of ``window``, and of what may follow it, that no cue takes."""
    found: list[Span] = []
    at, last = int(window.start), min(window.end + LINGER, duration)
    for cue in (cue for cue in taken if cue.span.end + gap > window.start and cue.span.start - gap < last):
        if cue.span.start - gap > at:
            found.append(Span(Ms(at), Ms(cue.span.start - gap)))
        at = max(at, cue.span.end + gap)
    if at < last:
        found.append(Span(Ms(at), Ms(last)))
    inside = [one for one in found if one.start < window.end]
    return max(inside, key=lambda one: one.length, default=None)


def _rows(texts: Sequence[Cue], limits: SubtitleLimits, language: str) -> tuple[str, ...]:
    room = Limits(limits.row_chars, limits.rows, limits.row_chars, length, language)
    parts = (split(clean(" ".join(" ".join(cue.rows).split())).upper(), room) for cue in texts)
    return tuple(row for part in parts for rows in part for row in rows)


def _reading(shown: Sequence[str], limits: SubtitleLimits) -> int:
    """Milliseconds it takes to read the rows."""
    return -int(-1000 * (sum(map(length, shown)) + len(shown) - 1) // limits.chars_per_second)

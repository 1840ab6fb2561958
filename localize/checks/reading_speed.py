"""Cues that go faster than the market reads."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import below, gate
from localize.formats.rows import length
from localize.version import Cue, Finding


def chars(cue: Cue) -> int:
    """Characters of a cue; a row's end counts as the space it replaces."""
    return sum(map(length, cue.rows)) + len(cue.rows) - 1


def _look(seen: Seen) -> Iterator[Finding]:
    limit = seen.market.subtitles.chars_per_second
    cues = [cue for cue in seen.cues if not cue.forced]
    fast = [cue for cue in cues if chars(cue) * 1000 / cue.span.length > limit * gate("reading_speed")["tolerance"]]
    for cue in fast:
        speed, room = chars(cue) * 1000 / cue.span.length, int(limit * cue.span.length / 1000)
        told = f"{speed:.0f} characters a second, {limit:g} can be read: {' '.join(cue.rows)}"
        yield Finding(CHECK.id, cue.lines[0], "note", told, f"shorten this part of the subtitle to {room} characters")
    passed = 1 - len(fast) / len(cues) if cues else 1.0
    if severity := below("reading_speed", passed):
        told = f"only {passed:.0%} of the cues can be read in time"
        yield Finding(CHECK.id, "", severity, told, "shorten the subtitles listed under this check")


CHECK = Check("reading_speed", "Reading speed", "A cue is gone before it can be read.", "block", _look)

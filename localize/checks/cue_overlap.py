"""Two subtitles at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from localize.checks import Check, Seen
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    cues = sorted((cue for cue in seen.cues if not cue.forced), key=lambda cue: cue.span)
    for one, other in pairwise(cues):
        if shared := one.span.overlap(other.span):
            told = f"{one.id} and {other.id} share {shared} ms"
            yield Finding(CHECK.id, other.lines[0], "block", told, "move the times of one of the two lines apart")


CHECK = Check("cue_overlap", "Overlapping cues", "Two subtitles stand on each other.", "block", _look)

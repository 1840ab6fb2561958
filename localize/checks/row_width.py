"""Cues with more rows, characters or pixels than fit."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import below
from localize.formats.rows import length
from localize.version import Cue, Finding


def _why(cue: Cue, seen: Seen, pixels: int) -> str:
    limits = seen.market.subtitles
    longest = max(map(length, cue.rows))
    if len(cue.rows) > limits.rows:
        return f"{len(cue.rows)} rows, {limits.rows} fit"
    if longest > limits.row_chars:
        return f"a row of {longest} characters, {limits.row_chars} fit"
    if seen.width and pixels > seen.width:
        return f"a row of {pixels} px, {seen.width} px fit"
    return ""


def _look(seen: Seen) -> Iterator[Finding]:
    pixels = dict(seen.widths)
    cues = [cue for cue in seen.cues if not cue.forced]
    bad = [(cue, why) for cue in cues if (why := _why(cue, seen, pixels.get(cue.id, 0)))]
    for cue, why in bad:
        yield Finding(CHECK.id, cue.lines[0], "warn", f"{why}: {' / '.join(cue.rows)}", "use shorter words")
    passed = 1 - len(bad) / len(cues) if cues else 1.0
    if below("row_width", passed) == "block":
        yield Finding(CHECK.id, "", "block", f"only {passed:.0%} of the cues fit the screen", "use shorter words")


CHECK = Check("row_width", "Rows and width", "A cue does not fit between the platform's buttons.", "block", _look)

"""Dub lines that music and effects drown, although these step back."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    least = gate("audibility")["warn_below"]
    for line, above in seen.audible:
        if above < least:
            told = f"the dub stands only {above:.1f} dB above music and effects, which step back as far as they may"
            yield Finding(CHECK.id, line, "warn", told, "listen to it; a clean M&E track (--me) can be quieter there")


CHECK = Check("audibility", "Drowned speech", "A dub line is lost in music and effects.", "warn", _look)

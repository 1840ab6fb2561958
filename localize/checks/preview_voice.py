"""Voices that are good for listening in, not for release."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    voices = sorted({one.voice.engine for one in seen.castings if one.voice.grade == "preview"})
    if voices:
        told = f"the voices ({', '.join(voices)}) are preview grade: for judging text and timing only"
        yield Finding(
            CHECK.id, "", "note", told, "cast voices of a delivery-grade engine; localize doctor lists the engines"
        )


CHECK = Check("preview_voice", "Preview voices", "The voices are not good enough to release.", "note", _look)

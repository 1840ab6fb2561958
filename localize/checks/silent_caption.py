"""Dubbed captions under which nobody speaks in the original."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding

FIX = "empty its dub in lines.csv and set the status to reviewed: it is then read and not voiced"


def _look(seen: Seen) -> Iterator[Finding]:
    texts = {line.id: line.text for line in seen.lines}
    voiced = {one.line for one in seen.placed}
    for one in seen.evidence:
        if one.silent(gate("silent_caption")["warn_below"]) and one.line in voiced:
            yield Finding(CHECK.id, one.line, "warn", f"nobody speaks under this caption: {texts[one.line]}", FIX)


CHECK = Check("silent_caption", "Captions without speech", "A dub would speak where nobody does.", "warn", _look)

"""Lines that were heard and shown nowhere: their words are a recogniser's, nobody has read them."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding

FIX = "listen; correct its text in transcript.csv, or empty it there if nobody says it"


def _look(seen: Seen) -> Iterator[Finding]:
    texts = {line.id: line.text for line in seen.lines}
    for one in seen.evidence:
        if one.only_heard() and one.line in texts:
            score = "" if one.heard is None else f" (the recogniser's own score: {one.heard:.2f})"
            told = f"heard, and shown in no caption{score}: {texts[one.line]}"
            yield Finding(CHECK.id, one.line, "warn", told, FIX)


CHECK = Check("heard_only", "Lines without a caption", "A line rests on speech recognition alone.", "warn", _look)

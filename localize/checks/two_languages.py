"""Lines that hold a sentence in another script beside the Chinese: a translation of it would be spoken as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.han import HAN
from localize.version import Finding

SENTENCE = re.compile(r"[^\W\d_]+(?:[\s,;:'’-]+[^\W\d_]+){2,}")
"""Three words in a row: two are mostly a name, and names stay as they are written."""
FIX = (
    "if it is a translation, take it out of the line's text in transcript.csv; else silence this: ignore-two_languages"
)


def _look(seen: Seen) -> Iterator[Finding]:
    for line in seen.lines:
        if not HAN.search(line.text):
            continue
        found = next((part for part in map(str.strip, HAN.split(line.text)) if SENTENCE.search(part)), "")
        if found:
            told = f"two languages in one line, and both count as spoken: {found.strip(' /|｜，。！？、')}"
            yield Finding(CHECK.id, line.id, "warn", told, FIX)


CHECK = Check("two_languages", "Two languages in a line", "A line holds a sentence beside its Chinese.", "warn", _look)

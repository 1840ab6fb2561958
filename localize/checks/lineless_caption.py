"""Burned-in captions that no line of the transcript stands for."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.timing import clock
from localize.version import Finding

FIX = "add it to transcript.csv in a row with an empty id, or to the subtitle file; or leave the file out"


def _look(seen: Seen) -> Iterator[Finding]:
    stays = "it stays in the picture" + (" and its original voice in the sound" if seen.castings else "")
    for text in seen.lineless:
        told = f"a burned-in caption at {clock(text.span.start)} belongs to no line: {stays}: {text.text}"
        yield Finding(CHECK.id, "", "warn", told, FIX)


CHECK = Check(
    "lineless_caption", "Captions without a line", "A line of dialogue is missing from the transcript.", "warn", _look
)

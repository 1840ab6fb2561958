"""Burned-in captions that no line of the transcript stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.episode import OnScreenText, dialogue
from localize.timing import clock
from localize.version import Finding

FIX = "add it to transcript.csv in a row with an empty id, or to the subtitle file; or leave the file out"
ALL = "complete the subtitle file, or take --transcript captions, or add rows with an empty id to transcript.csv"
TOLD = 6
"""How many of many captions are quoted in one finding; each has a finding of its own besides."""


def _look(seen: Seen) -> Iterator[Finding]:
    limits, lacking = gate("lineless_caption"), dialogue(seen.lineless)
    missing = [text for text in lacking if not any(text.span.overlap(span) for span in seen.dropped)]  # meant to be so
    if len(missing) >= limits["least"] and len(missing) > limits["block_above"] * seen.captions:
        yield Finding(CHECK.id, "", "block", _many(missing, seen.captions), ALL)
    stays = "it stays in the picture" + (" and its original voice in the sound" if seen.castings else "")
    for text in seen.lineless:
        told = f"a burned-in caption at {clock(text.span.start)} belongs to no line: {stays}: {text.text}"
        yield Finding(CHECK.id, "", "warn", told, FIX)


def _many(missing: Sequence[OnScreenText], count: int) -> str:
    quoted = ", ".join(f"{clock(text.span.start)} {text.text}" for text in missing[:TOLD])
    more = f" and {len(missing) - TOLD} more" if len(missing) > TOLD else ""
    return f"{len(missing)} of {count} burned-in captions belong to no line and stay Chinese: {quoted}{more}"


CHECK = Check(
    "lineless_caption", "Captions without a line", "Lines of dialogue are missing from the transcript.", "block", _look
)

"""Recognised stretches that something speaks against: which are no lines until a person says so, and what is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from localize.episode import Line
from localize.roles import Doubt, Heard
from localize.stages._said_again import said_again
from localize.timing import Ms, clock
from localize.version import Finding

REASONS: dict[Doubt, str] = {
    "loop": "turns in a circle", "boilerplate": "is what recognisers write over music and silence",
    "silence": "stands where nobody speaks", "damaged": "came without times or words from the recogniser",
}  # fmt: skip
"""Doubts that make a stretch no line.  What is sung is a line, and so is what was timed too short (``pace``)."""
_ROUNDS = re.compile(r"(.{2,60}?)\1{3,}", re.DOTALL)
FEWEST = 4
"""Rounds from which a whole stretch that repeats itself is cut to one, as in ``backends/asr/guards.toml``."""
SLOWEST = 600
"""Milliseconds a syllable may take for one round to fill its stretch: half the pace of slow speech."""
NAMED, SHOWN = 5, 24


def unlooped(heard: Heard) -> Heard:
    """A stretch that is one phrase again and again, and nothing else: the phrase once, where it can fill the time.

    It keeps the stretch's time, and no words: the recogniser's times are those of its circle.
    """
    said = heard.text.strip()
    found = _ROUNDS.fullmatch(said) if set(heard.doubts) <= {"loop", "pace"} and "loop" in heard.doubts else None
    if found is None or sum(c.isalnum() for c in found[1]) * SLOWEST < heard.span.length:
        return heard
    return replace(heard, text=found[1].strip(), words=(), doubts=())


def reason(heard: Heard) -> str:
    """Why this is no line, in words; empty where it is one."""
    return next((told for doubt, told in REASONS.items() if doubt in heard.doubts), "")


def reasons(once: Sequence[Heard], heard: Sequence[Heard]) -> list[str]:
    """Why each stretch is no line, in words, empty where it is one; ``once`` are those ``heard``, unlooped.

    Only what is a line otherwise can hold the words of another.
    """
    found = [reason(one) for one in once]
    lines = [number for number, why in enumerate(found) if not why]
    again = said_again([once[n] for n in lines], [once[n] is not heard[n] for n in lines])
    for number, why in zip(lines, again, strict=True):
        found[number] = why
    return found


def told(lines: Sequence[Line], doubted: Sequence[str], cut: Sequence[Heard]) -> Iterator[Finding]:
    """That stretches were not taken for lines, and that circles were ``cut`` to one round, with their times."""
    left = [(line, why) for line, why in zip(lines, doubted, strict=True) if why]
    if left:
        named = "; ".join(f"{clock(line.span.start)} {_short(line.text)} ({why})" for line, why in left[:NAMED])
        what = f"{_stretches(len(left))} not taken for lines: {named}{' …' if len(left) > NAMED else ''}"
        fix = "listen; what is said there after all goes into the empty row's text in transcript.csv"
        yield Finding("source", "", "warn", what, fix)
    if cut:
        named = "; ".join(f"{clock(Ms(one.span.start))} {_short(one.text)}" for one in cut[:NAMED])
        what = f"{_stretches(len(cut))} turned in a circle and cut to one round: {named}"
        yield Finding("source", "", "warn", f"{what}{' …' if len(cut) > NAMED else ''}", "listen there")


def _stretches(count: int) -> str:
    return "1 recognised stretch was" if count == 1 else f"{count} recognised stretches were"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

"""Dub lines that had to be hurried, or still do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding, Placed, Severity

CUT_OFF = 1000
"""Milliseconds a dub may stick out of its slot: more talks over what follows, and no voice grade excuses that."""

QUOTED = 40
"""Characters of a line that are quoted: enough to know it by; all of it is in the line table."""


def _look(seen: Seen) -> Iterator[Finding]:
    limits, total = gate("stretch"), len(seen.placed)
    hurried = [one for one in seen.placed if one.stretch > limits["listed"] + 0.005]
    lost = [one for one in seen.placed if one.stretch > limits["never"] + 0.005 or one.over > 0]
    for one in seen.placed:
        if one in lost or one in hurried:
            severity: Severity = "block" if one.over > CUT_OFF else "warn"
            yield Finding(CHECK.id, one.line, severity, _told(one), "shorten the dub text or fill in the short column")
    if lost and len(lost) > limits["block_above"] * total:
        told = f"{len(lost)} of {total} dub lines do not fit their slots"
        yield Finding(CHECK.id, "", "warn" if seen.preview() else "block", told, "shorten the lines listed here")
    elif len(hurried) > limits["warn_above"] * total:
        told = f"{len(hurried)} of {total} dub lines are spoken more than {limits['listed']:g}× as fast"
        yield Finding(CHECK.id, "", "warn", told, "shorten the lines listed here")


def _told(one: Placed) -> str:
    late = f" and still sticks out by {one.over} ms" if one.over > 0 else ""
    said = one.take.text if len(one.take.text) <= QUOTED else f"{one.take.text[: QUOTED - 2].rstrip()} …"
    return f"spoken {one.stretch:.2f}× as fast as the voice would{late}: {said}"


CHECK = Check("stretch", "Hurried speech", "A dub line is too long for its slot.", "block", _look)

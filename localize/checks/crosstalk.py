"""Lines that stand over each other in the original."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.episode import Line
from localize.version import Finding

OTHER = "listen to both; where one of them does not matter, empty its dub in lines.csv and set its status to reviewed"
SAME = "listen; if somebody else says it: localize cast EPISODE assign {} WHO; else correct the times in transcript.csv"


def _look(seen: Seen) -> Iterator[Finding]:
    least = gate("crosstalk")["above"]
    voiced = {one.line for one in seen.placed}
    earlier: list[Line] = []
    for line in sorted((one for one in seen.lines if one.id in voiced), key=lambda one: one.span):
        earlier = [one for one in earlier if one.span.end > line.span.start]
        yield from (_told(one, line) for one in earlier if one.span.overlap(line.span) > least)
        earlier.append(line)


def _told(before: Line, line: Line) -> Finding:
    """Two speakers may talk at once, in the dub as in the original; nobody talks over themselves."""
    shared = f"{before.span.overlap(line.span) / 1000:.1f} s"
    if before.speaker != line.speaker:
        return Finding(CHECK.id, line.id, "note", f"said over {before.id} for {shared}, and dubbed over it", OTHER)
    told = f"{line.speaker} would talk over themselves: {shared} of {before.id}; a dub says one after the other"
    return Finding(CHECK.id, line.id, "warn", told, SAME.format(line.id))


CHECK = Check("crosstalk", "Crosstalk", "Two people talk over each other.", "warn", _look)

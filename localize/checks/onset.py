"""Dub lines that do not start with the mouth."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    starts = {line.id: line.span.start for line in seen.lines}
    for one in seen.placed:
        off = one.start - starts.get(one.line, one.start)
        if abs(off) > gate("onset")["warn_above"]:
            told = f"the dub starts {abs(off)} ms {'after' if off > 0 else 'before'} the source"
            yield Finding(CHECK.id, one.line, "warn", told, "shorten the line before it, or this one")


CHECK = Check("onset", "Onset", "A dub line does not start when the mouth does.", "warn", _look)

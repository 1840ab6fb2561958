"""Lines that people wrote or signed while the pivot language, English as a rule, still said something else."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    for line, was, now in seen.pivots:
        told = f"it was written or signed when the pivot said “{was}”; now it says “{now}”"
        yield Finding(CHECK.id, line, "warn", told, "change the line, or set its status to reviewed again")


CHECK = Check("pivot", "Changed pivot", "The pivot changed after people settled this line.", "warn", _look)

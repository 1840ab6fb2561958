"""Chinese captions that can still be read where they were erased."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.timing import clock
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    for text in seen.residue:
        told = f"“{text.text}” can still be read at {clock(text.span.start)}"
        yield Finding(CHECK.id, text.id, "warn", told, "use a better inpainting backend for this shot")


CHECK = Check("residue", "Caption residue", "An erased caption still shows.", "warn", _look)

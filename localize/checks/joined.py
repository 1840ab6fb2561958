"""A line that people joined and whose words were put together of those of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.corrections import JOINED
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    for line, one in seen.translated():
        if one.status == "draft" and one.reference.startswith(JOINED):
            fix = "read the line, then set its status to reviewed"
            yield Finding(CHECK.id, line.id, "note", f"{one.reference}: read it", fix)


CHECK = Check("joined", "Joined words", "The words of a joined line are those of its parts, unread.", "note", _look)

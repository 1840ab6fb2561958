"""What was changed in an engine's words for the sake of approved terms."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    for line, one in seen.translated():
        if one.origin == "machine" and one.status == "draft":
            for told in one.mended:
                yield Finding(CHECK.id, line.id, "note", told, "read the line, then set its status to reviewed")


CHECK = Check("mended", "Mended terms", "A machine's words were changed to keep an approved term.", "note", _look)

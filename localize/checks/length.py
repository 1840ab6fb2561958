"""Sound and picture of the delivered file end together."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding, Severity


def _look(seen: Seen) -> Iterator[Finding]:
    if not seen.frames or not seen.audio_ms:
        return
    off = float(abs(seen.audio_ms * seen.picture.rate / 1000 - seen.frames))
    if off > gate("length")["warn_above"] + 0.01:
        severity: Severity = "block" if off > gate("length")["block_above"] else "warn"
        told = f"sound ({seen.audio_ms} ms) and picture ({seen.frames} frames) end {off:.1f} frames apart"
        yield Finding(CHECK.id, "", severity, told, "check the source file's sound track, or report this")


CHECK = Check("length", "Length", "Sound and picture do not end together.", "block", _look)

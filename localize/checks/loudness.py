"""Loudness of the encoded file."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding, Severity


def _look(seen: Seen) -> Iterator[Finding]:
    if seen.loudness is None:
        return
    limits, off = gate("loudness"), seen.loudness.integrated - seen.target_lufs
    if abs(off) > limits["warn_above"]:
        severity: Severity = "block" if abs(off) > limits["block_above"] else "warn"
        told = f"{seen.loudness.integrated:.1f} LUFS is {abs(off):.1f} LU from the target {seen.target_lufs:g}"
        yield Finding(CHECK.id, "", severity, told, "report this: the mix should have met it")
    if seen.loudness.true_peak > seen.ceiling_dbtp + limits["peak_tolerance"]:
        told = f"true peak {seen.loudness.true_peak:.1f} dBTP is above {seen.ceiling_dbtp:g}"
        yield Finding(CHECK.id, "", "block", told, "report this: the mix should have met it")


CHECK = Check("loudness", "Loudness", "The file is too loud, too quiet or may clip.", "block", _look)

"""Lines without a translation, and Chinese left inside one."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.han import HAN, writes_han
from localize.version import Finding, Rendering


def _leak(one: Rendering, names: set[str]) -> str:
    texts = (one.dub.normal, one.dub.short, one.dub.long, one.subtitle)
    return next((run for text in texts for run in HAN.findall(text) if run not in names), "")


def _look(seen: Seen) -> Iterator[Finding]:
    if writes_han(seen.market.language):
        return
    for one in seen.renderings:
        if one.status == "missing" and one.origin != "source":
            yield Finding(CHECK.id, one.line, "block", "the line has no translation", "fill in dub and subtitle")
    kept = {target for _, target in seen.names}
    leaks = [(line, run) for line, one in seen.translated() if (run := _leak(one, kept))]
    blocks = len(leaks) > gate("untranslated")["block_above"] * len(seen.lines)
    for line, run in leaks:
        told = f"Chinese is left in the translation: {run}"
        yield Finding(CHECK.id, line.id, "block" if blocks else "warn", told, "translate it")


CHECK = Check("untranslated", "Untranslated text", "Viewers would see or hear Chinese.", "block", _look)

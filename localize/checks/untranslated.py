"""Lines without a translation, and Chinese left inside one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.episode import Line
from localize.han import HAN, chinese_left
from localize.version import Finding, Rendering


def _leak(one: Rendering, line: Line, language: str, names: set[str]) -> str:
    """The first Chinese that is left, in any length; an approved name in Chinese characters is none."""
    said = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)")
    texts = (one.dub.normal, one.dub.short, one.dub.long, one.subtitle)
    return next(filter(None, (chinese_left(said.sub("", text), line.text, language) for text in texts)), "")


def _look(seen: Seen) -> Iterator[Finding]:
    for one in seen.renderings:
        if one.status == "missing" and one.origin != "source":
            yield Finding(CHECK.id, one.line, "block", "the line has no translation", "fill in dub and subtitle")
    kept = {target for _, target in seen.names if HAN.search(target)}
    language = seen.market.language
    leaks = [(line, run) for line, one in seen.translated() if (run := _leak(one, line, language, kept))]
    blocks = len(leaks) > gate("untranslated")["block_above"] * len(seen.lines)
    for line, run in leaks:
        told = f"Chinese is left in the translation: {run}"
        yield Finding(CHECK.id, line.id, "block" if blocks else "warn", told, "translate it")


CHECK = Check("untranslated", "Untranslated text", "Viewers would see or hear Chinese.", "block", _look)

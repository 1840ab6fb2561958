"""Words that the same character said otherwise before, to the same person: recaps and cold opens must not differ."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    said = {line.id: one for line, one in seen.translated()}
    for line, where, words in seen.repeats:
        if line in said:
            told = f"{where} says “{words}” for the same words; here it is “{said[line].dub.normal}”"
            yield Finding(CHECK.id, line, "note", told, f"use the same words, or note ignore-{CHECK.id}")


CHECK = Check("repeat", "Repeated lines", "A line that comes again is translated otherwise.", "note", _look)

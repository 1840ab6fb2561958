"""Words this market must not see."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.inflection import occurs
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    for line, one in seen.translated():
        for source, target in seen.forbidden:
            if not target or (source and source not in line.text):
                continue
            for field, text in (("dub", one.dub.normal), ("subtitle", one.subtitle)):
                if occurs(target, text, seen.market.code):
                    told = f"the {field} says “{target}”, which is forbidden here: {text}"
                    yield Finding(CHECK.id, line.id, "block", told, "say it differently")


CHECK = Check("forbidden", "Forbidden words", "A word is used that this market or series rules out.", "block", _look)

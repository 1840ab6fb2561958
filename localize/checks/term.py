"""Approved words that a translation does not use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import below
from localize.inflection import occurs
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    wanted = dict(seen.terms)
    asked = missed = 0
    for line, one in seen.translated():
        forms: dict[str, list[str]] = defaultdict(list)
        for source, target in wanted.get(line.id, ()):
            if source in line.text:
                forms[source].append(target)
        for source, targets in forms.items():
            for field, text in (("dub", one.dub.normal), ("subtitle", one.subtitle)):
                if not text:
                    continue
                asked += 1
                if not any(occurs(target, text, seen.market.code) for target in targets):
                    missed += 1
                    told = f"the {field} does not say {source} as agreed ({' or '.join(targets)}): {text}"
                    yield Finding(CHECK.id, line.id, "warn", told, f"use {targets[0]}")
    if asked and below("term", 1 - missed / asked) == "block":
        told = f"only {1 - missed / asked:.0%} of the agreed terms are used"
        yield Finding(CHECK.id, "", "block", told, "correct the lines listed under this check, or the term list")


CHECK = Check("term", "Agreed terms", "A term is not translated the way the series agreed on.", "block", _look)

"""A sum of money that is worded in two ways within one version."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.figures import said_sum
from localize.sums import sums
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    first: dict[tuple[object, str], tuple[str, str, tuple[object, str]]] = {}
    for line, one in seen.translated():
        meant = sums(line.text)
        said = said_sum(line.text, one.subtitle, seen.market.code)
        if len(meant) != 1 or said is None:
            continue
        sum_ = (meant[0].value, meant[0].currency or "yuan")
        known = first.setdefault(sum_, (line.id, said[0], said[1:]))
        if known[2] != said[1:]:
            written = line.text[meant[0].start : meant[0].end]
            told = f"{written} is “{said[0]}” here and “{known[1]}” in {known[0]}"
            yield Finding(CHECK.id, line.id, "note", told, "word the same sum the same way everywhere")


CHECK = Check("same_sum", "The same sum", "A sum of money is worded in two ways.", "note", _look)

"""A machine's line that addresses somebody otherwise than the address matrix says."""

from __future__ import annotations

from collections.abc import Iterator

from localize.address_words import other_address_words
from localize.checks import Check, Seen
from localize.version import Finding

SIGNED = ("reviewed", "locked")
FIX = "put the line right, sign it if it is meant so, or change addresses.csv"


def _look(seen: Seen) -> Iterator[Finding]:
    forms = dict(seen.forms)
    for line, one in seen.translated():
        if line.id not in forms or line.kind != "speech" or one.status in SIGNED or one.origin == "person":
            continue
        texts = dict.fromkeys((one.dub.normal, one.subtitle))
        told = next(filter(None, (other_address_words(text, forms[line.id], seen.market.code) for text in texts)), "")
        if told:
            yield Finding(CHECK.id, line.id, "warn", f"the line {told}", FIX)


CHECK = Check("address", "Form of address", "A line addresses somebody otherwise than agreed.", "warn", _look)

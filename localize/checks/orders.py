"""Lines that read like an order to a language model, translated by a machine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from localize.checks import Check, Seen
from localize.hanzi import simplified
from localize.version import Finding

SIGNED = ("reviewed", "locked")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    table = tomllib.loads((files("localize.checks") / "orders.toml").read_text("utf-8"))
    return re.compile("|".join(f"(?:{one})" for one in table["patterns"]), re.IGNORECASE)


def _look(seen: Seen) -> Iterator[Finding]:
    for line, one in seen.translated():
        if one.origin != "machine" or one.status in SIGNED:
            continue
        found = _pattern().search(simplified(line.text))
        if found:
            told = f"“{found[0]}” reads like an order to a language model, which may have obeyed instead of translating"
            yield Finding(CHECK.id, line.id, "warn", told, "read the translation, mend it, and sign the line")


CHECK = Check("orders", "Orders in a line", "A machine may have obeyed a line, not translated it.", "warn", _look)

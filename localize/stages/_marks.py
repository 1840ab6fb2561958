"""Lines without a word: marks and emoji, which nobody says and no engine is asked about."""

from __future__ import annotations

import re

_NARROW = str.maketrans("！？。，、：；～（）", "!?.,,:;~()")
_WIDE = ("ja", "zh")


def marks(text: str, market: str) -> str:
    """The line as it is read in ``market``: ``……？！`` → ``…?!``; full width stays where people write it so."""
    if market.partition("-")[0] in _WIDE:
        return text.strip()
    return re.sub("…+", "…", text.translate(_NARROW)).strip()

"""Which language a script is in, as far as its letters and commonest words tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from localize.han import SIGNS

ENOUGH = 30
"""Words below which nothing is said: a handful of names and cries fits any language."""
CLEAR = 2.0
"""How many times as many function words another language must have."""
NAMES = {"zh": "Chinese", "ja": "Japanese", "ko": "Korean", "th": "Thai", "en": "English", "es": "Spanish",
         "id": "Indonesian", "pt": "Portuguese"}  # fmt: skip


@cache
def table() -> dict[str, Any]:
    text = (files("localize.formats") / "target_script.toml").read_text("utf-8")
    return tomllib.loads(text.replace("{han}", SIGNS))


def other_language(texts: Sequence[str], market: str) -> str:
    """The language the texts are in where that is clearly not the market's; empty when it is, or cannot be told."""
    whole, wanted = " ".join(texts).casefold(), market.partition("-")[0].casefold()
    letters = sum(char.isalpha() for char in whole)
    shares = {code: len(re.findall(block, whole)) / max(1, letters) for code, block in table()["scripts"].items()}
    written = next((code for code in ("ja", "ko", "th", "zh") if shares[code] > (0.05 if code == "ja" else 0.3)), "")
    if written or wanted in shares:
        own = wanted == written or (letters < ENOUGH and not written)
        return "" if own else NAMES.get(written, "in Latin letters")
    words = re.findall(r"[^\W\d_]+(?:'[a-z]+)?", whole.replace("’", "'"))
    counts = {code: _count(words, code) for code in table()["words"]}
    if len(words) < ENOUGH or wanted not in counts:
        return ""
    best = max(counts, key=lambda code: counts[code])
    return NAMES[best] if counts[best] > CLEAR * max(counts[wanted], len(words) / 50) else ""


def _count(words: Sequence[str], language: str) -> int:
    known = frozenset(table()["words"][language].split())
    return sum(word in known for word in words)

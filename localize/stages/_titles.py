"""Title candidates of a market: its grammar filled with the series' own tropes, nothing else."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

GOOD_LENGTH = (25, 55)
"""Characters of titles seen in catalogues (domain facts §6.2)."""

FIRST_LOOK = 40
"""Characters of a title that a Shorts feed shows."""


def candidates(
    table: Mapping[str, Any], tropes: Sequence[str], lane: str, synopsis: str, most: int = 7
) -> tuple[str, ...]:
    """Titles for a series with ``tropes``, best first.

    ``table`` is the market's part of ``titles.toml``; ``lane`` the audience, ``""`` when unknown.  Better is:
    keeps what the synopsis promises, names status and relation early, has a usual length.
    """
    found = dict(_filled(table, tropes, lane))
    plot = synopsis.casefold()

    def rank(text: str) -> int:
        words = found[text]
        early = sum(text.casefold().find(word.casefold()) in range(FIRST_LOOK) for word in words)
        kept = any(word.casefold() in plot for word in words)
        return early + kept + (GOOD_LENGTH[0] <= len(text) <= GOOD_LENGTH[1])

    return tuple(sorted(found, key=lambda text: -rank(text))[:most])


def _filled(table: Mapping[str, Any], tropes: Collection[str], lane: str) -> Iterator[tuple[str, list[str]]]:
    words = {
        slot: next((word for trope, word in table[slot].items() if trope in tropes), "")
        for slot in ("he", "she", "his", "hers")
    }
    for frame in table["frames"]:
        if frame["engine"] not in tropes or (lane and frame.get("lane", lane) != lane):
            continue
        used = [name for _, name, _, _ in string.Formatter().parse(frame["text"]) if name]
        if all(words[name] for name in used):
            yield cased(frame["text"].format(**words), table), [words[name] for name in used]


def cased(text: str, table: Mapping[str, Any]) -> str:
    """``text`` in the market's title case; words that hold a capital already keep theirs."""
    if table["case"] == "sentence":
        return text[:1].upper() + text[1:]
    small, parts = set(table.get("small", ())), text.split(" ")
    last = len(parts) - 1
    return " ".join(
        word if word in small and 0 < place < last and not parts[place - 1].endswith(":") else _capital(word)
        for place, word in enumerate(parts)
    )


def _capital(word: str) -> str:
    return re.sub(r"(^|-)(\w)", lambda found: found.group(1) + found.group(2).upper(), word)

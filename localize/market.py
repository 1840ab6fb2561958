"""Markets and platforms: what a place reads, how fast, in which register, and what its platforms accept."""

from __future__ import annotations

import difflib
import logging
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from localize.errors import InputError

log = logging.getLogger(__name__)
CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
"""BCP 47 as market files are named: language, perhaps script, perhaps region."""
_told: set[tuple[str, str]] = set()
"""Files and codes that were warned about."""


@dataclass(frozen=True, slots=True)
class SubtitleLimits:
    """What fits on a vertical screen: characters a row, rows, characters a second, milliseconds."""

    row_chars: int
    rows: int
    chars_per_second: float
    shortest: int
    longest: int
    gap: int
    dash: str

    def characters(self, ms: int) -> int:
        """How many characters can be shown and read in ``ms``, at least one."""
        return min(self.rows * self.row_chars, max(1, int(ms / 1000 * self.chars_per_second)))


@dataclass(frozen=True, slots=True)
class Platform:
    """One place that shows the episode: safe area as fractions of the picture, field limits in characters."""

    id: str
    name: str
    left: float
    top: float
    right: float
    bottom: float
    fields: tuple[tuple[str, int], ...]
    tags: int
    hashtags: int


@dataclass(frozen=True, slots=True)
class Market:
    """``code`` is BCP 47, ``voice_language`` what the dub speaks (es-419, never Spain)."""

    code: str
    name: str
    language: str
    subtitles: SubtitleLimits
    font: str
    script: str
    voice_language: str
    syllables_per_second: float
    register: str
    money: str
    units: str
    platforms: tuple[str, ...]
    rules: tuple[str, ...] = ()
    rating: str = ""
    quotes: str = "“”"


ALIASES = {
    "en": "en-US", "es": "es-419", "id": "id-ID", "in": "id-ID",
    "pt": "pt-BR", "th": "th-TH", "ja": "ja-JP", "jp": "ja-JP", "ko": "ko-KR", "kr": "ko-KR",
}  # fmt: skip


def _tables() -> dict[str, dict[str, Any]]:
    folder = files("localize.markets")
    found = (entry for entry in folder.iterdir() if entry.name.endswith(".toml") and "-" in entry.name)
    return {entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8")) for entry in found}


@lru_cache(maxsize=1)
def markets() -> dict[str, Market]:
    """Every market this installation knows, by BCP 47 code."""
    return {code: _market(code, table) for code, table in sorted(_tables().items())}


def _market(code: str, table: dict[str, Any]) -> Market:
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    plain["subtitles"] = SubtitleLimits(**table["subtitles"])
    return Market(code=code, **plain)


@lru_cache(maxsize=1)
def platforms() -> dict[str, Platform]:
    """Every platform, by id, from ``markets/platforms.toml``."""
    table = tomllib.loads((files("localize.markets") / "platforms.toml").read_text("utf-8"))
    return {
        name: Platform(id=name, **{k: v for k, v in row.items() if k not in ("fields", "source", "date")},
                       fields=tuple(row["fields"].items()))
        for name, row in table.items()
    }  # fmt: skip


def resolve(code: str) -> Market:
    """``"es"`` → the es-419 market.  Raises ``InputError`` listing what exists."""
    wanted = ALIASES.get(code.strip(), code.strip())
    for known, market in markets().items():
        if known.lower() == wanted.lower():
            return market
    raise _unknown(code, "", " (or all)")


def is_market(code: str, place: str) -> bool:
    """Whether a market has exactly this code, in a table that people wrote.

    False, with a warning once a file, when no market speaks that language: such a table may serve other houses too.
    Raises ``InputError`` with the likeliest code when it must be a slip: it would be lost without a word.
    """
    if code in markets():
        return True
    if nearest(code) or not CODE.fullmatch(code):
        raise _unknown(code, place)
    file = place.partition(", line ")[0]
    if (file, code) not in _told:
        _told.add((file, code))
        log.warning("%s: no market is called %r here; it is left alone", place, code)
    return False


def _unknown(code: str, place: str, more: str = "") -> InputError:
    near = nearest(code)
    fix = f"{f'did you mean {near}? ' if near else ''}known markets: {', '.join(markets())}{more}"
    return InputError(f"no market is called {code!r}", place, fix)


def nearest(code: str) -> str:
    """The market whose code is written, or whose language is meant; empty when it is none of them."""
    tidy = code.strip().replace("_", "-").casefold()
    known = {one.casefold(): one for one in markets()}
    if tidy in known or tidy in ALIASES:
        return known.get(tidy) or ALIASES[tidy]
    language = tidy.partition("-")[0]
    same = [one for one in known.values() if one.partition("-")[0] == language]
    close = [known[one] for one in difflib.get_close_matches(tidy, known, 1, 0.75)]
    return next(iter((*same, *close)), "")

"""What an ASS style name says about its events: speech, song, narration, thought or a sign in the picture."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from localize.episode import LineKind
from localize.formats._subtitle_events import Event

Kind = LineKind | Literal["sign"]


def kinds(events: Sequence[Event]) -> list[Kind]:
    """One kind per event.

    A name counts only while most events are left as dialogue: somebody's main style may be called anything.  A style
    without a telling name is one of signs when all its events stand at places of their own and most others do not.
    """
    named: dict[str, Kind] = {style: _named(style) for style in {event.style for event in events}}
    if sum(named[event.style] == "sign" for event in events) > len(events) / 2:
        named = {style: "speech" if kind == "sign" else kind for style, kind in named.items()}
    placed = _placed(events, named)
    return ["sign" if event.style in placed else named[event.style] for event in events]


def _placed(events: Sequence[Event], named: Mapping[str, Kind]) -> set[str]:
    total = Counter(event.style for event in events)
    apart = Counter(event.style for event in events if event.placed)
    if sum(apart.values()) > len(events) / 2:
        return set()
    return {style for style, count in apart.items() if count == total[style] and named[style] == "speech"}


def _named(style: str) -> Kind:
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", style[:100])}
    for kind, names in _table().items():
        if any((name in words) if name.isascii() else (name in style) for name in names):
            return cast(Kind, kind)
    return "speech"


@cache
def _table() -> dict[str, list[str]]:
    table = tomllib.loads((files("localize.formats") / "subtitle_words.toml").read_text("utf-8"))
    return cast("dict[str, list[str]]", table["styles"])

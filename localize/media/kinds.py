"""What sort of text something burned in is: from its words, and else from its size, place and company."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import cast

from localize.episode import OnScreenText, TextKind
from localize.media.sightings import Track

Colour = tuple[int, int, int]

_TITLE = 0.05
"""Share of the height; centred text as tall as this is a title, a caption is lower."""
_PLATE = 12
"""Characters; a name with a title is shorter."""
_PAUSE = 700
"""Milliseconds between captions of one conversation, at most."""
_AS_TALL, _AS_BRIGHT = 0.12, 24
"""By how much, of the height and in levels, the same lettering differs from one read to the next."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[TextKind, re.Pattern[str]], ...]:
    table = tomllib.loads(resources.files("localize.media").joinpath("kinds.toml").read_text("utf-8"))
    return tuple((cast(TextKind, row["name"]), re.compile("|".join(row["patterns"]))) for row in table["kind"])


def by_words(text: str) -> TextKind | None:
    """The kind that the words alone tell; None when they do not."""
    return next((kind for kind, pattern in _patterns() if pattern.search(text)), None)


def kind_of(track: Track, others: Sequence[Track], line: int, size: tuple[int, int], always: bool) -> TextKind:
    """What sort of text a track is, in the company of ``others``.

    ``line`` is the height of a line of dialogue (0: there is none), ``size`` the picture's, in pixels; ``always``
    says that it stands through most of the episode.
    """
    words = by_words(track.best.text)
    if words == "legal":
        return "legal"
    if always:
        return "watermark"
    beside = company(track, others)
    if words in ("credits", "title_card"):
        return words
    if any(by_words(other.best.text) == "credits" for other in beside):
        return "credits"
    if len(beside) >= 2:
        return "screen"
    return words or _by_looks(track, beside, line, size)


def _by_looks(track: Track, company: Sequence[Track], line: int, size: tuple[int, int]) -> TextKind:
    width, height = size
    text, box = track.best.text, track.best.box
    centred = abs((box.x0 + box.x1) / 2 - width / 2) < 0.06 * width
    tall = min(box.width, box.height)
    if centred and tall > _TITLE * height:
        return "title_card"
    if centred and not company and len(text) <= 10 and tall > 0.8 * line:
        return "caption"
    return "nameplate" if len(text) <= _PLATE else "screen"


def is_strayed(
    text: OnScreenText, lines: Sequence[OnScreenText], line: int, inks: tuple[Colour, Colour] | None
) -> bool:
    """Whether a text that stands alone is a line of the conversation, moved out of somebody's face: lettered like the
    dialogue, one row as tall as its ``line`` px, in its pause between two captions that follow each other closely.

    ``inks`` are the colours (Y, U, V) of the text and of the dialogue, None when one is not known.
    """
    if text.kind not in ("caption", "nameplate", "screen") or by_words(text.text) or inks is None:
        return False
    apart = max(abs(a - b) for a, b in zip(*inks, strict=True))
    if abs(text.box.height - line) > _AS_TALL * line or apart > _AS_BRIGHT:
        return False
    if any(other.span.overlap(text.span) > _PAUSE // 2 for other in lines):
        return False
    before = any(0 <= text.span.start - other.span.end + _PAUSE // 2 < 1.5 * _PAUSE for other in lines)
    after = any(0 <= other.span.start - text.span.end + _PAUSE // 2 < 1.5 * _PAUSE for other in lines)
    return before and after


def company(track: Track, others: Sequence[Track]) -> list[Track]:
    """The other texts that are rows of the same thing: seen together, each close to the next."""
    group, left = [track], [o for o in others if o is not track and by_words(o.best.text) != "legal"]
    for member in group:
        beside = [o for o in left if _rows_of_one(member, o)]
        group += beside
        left = [o for o in left if o not in beside]
    return group[1:]


def _rows_of_one(a: Track, b: Track) -> bool:
    one, two = a.best.box, b.best.box
    tall = max(min(one.width, one.height), min(two.width, two.height))
    gap = max(two.y0 - one.y1, one.y0 - two.y1)
    aside = max(two.x0 - one.x1, one.x0 - two.x1)
    together = {s.read for s in a.sightings} & {s.read for s in b.sightings}
    return bool(together) and gap < 1.7 * tall and aside < 4 * tall

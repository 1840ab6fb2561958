"""What goes into each field of a platform's upload form, within its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from localize.errors import InputError
from localize.market import Platform
from localize.stages._synopsis import cut, told


@dataclass(frozen=True, slots=True)
class Copy:
    """The texts every field is made from.  ``note`` says what must be said about the version's voices."""

    title: str
    episode: str
    catalogue: str
    hook: str
    synopsis: str
    note: str
    tags: tuple[str, ...]
    hashtags: tuple[str, ...]
    abbreviations: tuple[str, ...]


def filled(platform: Platform, copy: Copy) -> tuple[tuple[str, str], ...]:
    """The fields of ``platform`` in its own order, empty ones left out.

    Raises ``InputError`` when ``platforms.toml`` names a field nobody knows how to fill.
    """
    found = []
    for name, limit in platform.fields:
        if name not in WRITERS:
            raise InputError(f"nobody knows how to fill the field {name!r}", f"platforms.toml, {platform.id}",
                             f"fields: {', '.join(WRITERS)}")  # fmt: skip
        text = WRITERS[name](platform, copy, limit).replace("<", "").replace(">", "")
        if text:
            found.append((name, text))
    return tuple(found)


def _title(platform: Platform, copy: Copy, limit: int) -> str:
    catalogue = any(name == "summary" for name, _ in platform.fields)
    whole = copy.catalogue if catalogue else copy.episode
    over = len(whole) - limit
    if over <= 0:
        return whole
    return whole.replace(copy.title, cut(copy.title, max(2, len(copy.title) - over)), 1)[:limit]


def _description(platform: Platform, copy: Copy, limit: int) -> str:
    tail = [copy.note, " ".join(copy.hashtags[: platform.hashtags])]
    return _stacked([], tail, copy, limit)


def _caption(platform: Platform, copy: Copy, limit: int) -> str:
    tail = [copy.episode, copy.note, " ".join(copy.hashtags[: platform.hashtags])]
    return _stacked([copy.hook] if copy.hook else [], tail, copy, limit)


def _stacked(head: Sequence[str], tail: Sequence[str], copy: Copy, limit: int) -> str:
    """Head or synopsis above ``tail``, blank lines between; the text in front gives way."""
    below = "\n\n".join(part for part in tail if part)
    room = limit - len(below) - 2
    front = (
        head[0] if head and len(head[0]) <= room else told(copy.hook, copy.synopsis, room, copy.abbreviations)
    )
    return "\n\n".join(part for part in (front, below) if part)[:limit]


def _summary(platform: Platform, copy: Copy, limit: int) -> str:
    return told(copy.hook, copy.synopsis, limit, copy.abbreviations)


def _headline(platform: Platform, copy: Copy, limit: int) -> str:
    return cut(copy.title, limit)


def _tags(platform: Platform, copy: Copy, limit: int) -> str:
    taken: list[str] = []
    for label in copy.tags[: platform.tags]:
        if len(", ".join([*taken, label])) <= limit:
            taken.append(label)
    return ", ".join(taken)


WRITERS: Mapping[str, Callable[[Platform, Copy, int], str]] = {
    "title": _title, "description": _description, "caption": _caption, "summary": _summary,
    "short_summary": _summary, "primary_text": _summary, "headline": _headline, "tags": _tags,
}  # fmt: skip
"""Every field name ``platforms.toml`` may use."""

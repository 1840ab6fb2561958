"""Who a subtitle file's labels name: a member of the cast, a stranger with that name, or nobody that can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path

from localize.addressing import called_in
from localize.errors import InputError
from localize.formats._subtitle_text import decoded
from localize.formats._subtitle_voices import folded
from localize.hanzi import simplified
from localize.roles import Attribution
from localize.series import Character
from localize.tables import read_bytes

_MARKUP = re.compile(r"<[^>\n]*>|\{[^}\n]*\}")

SEVERAL = "、"
"""Stands between the names of a label that names several; the reader of subtitles puts it there."""

_PLACE = re.compile(r"[Ll]?\d+(?:_\d+)?")
"""What strangers without a name are called after (``?1``, ``?L0005``)."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A ``name`` in a file that nobody of the cast has: ``id`` is the speaker it stands for, ``lines`` in order."""

    name: str
    id: str
    lines: tuple[str, ...]


def spellings(cast: Sequence[Character]) -> tuple[str, ...]:
    """Every way in which a file may write the names of the cast."""
    names = (name for one in cast for name in (one.name, *one.aliases, one.id, *(own for _, own in one.names)))
    return tuple(dict.fromkeys(name for name in names if name))


@lru_cache(maxsize=64)
def in_file(names: tuple[str, ...], path: Path | None, digest: str) -> tuple[str, ...]:
    """The names that stand in a subtitle file: no other can be a label in it, so that what a market calls somebody
    reads no file anew.  An empty one comes first where there are any names at all.

    All of them without a ``path`` and where it cannot be read; ``digest`` is there so that other bytes are asked again.
    """
    known = sorted(names)
    try:
        text = decoded(read_bytes(path), str(path)) if path is not None else ""
    except (InputError, OSError):
        path = None
    if path is not None:
        plain = folded(unescape(f"{_MARKUP.sub('', text)}\n{text}"))  # voice tags and agents hold names, too
        known = [name for name in known if folded(name) in plain]
    return ("", *known) if names else ()


def speakers(labels: Mapping[str, str], cast: Sequence[Character]) -> tuple[dict[str, str], tuple[Stranger, ...]]:
    """By line who its label names: ids of the cast, ``?`` and the name for others; and who those others are.

    A name that fits several members, or none for sure, is nobody's: such a line is told by its voice.  So is a line
    with several names (``together``); they make no strangers.
    """
    found, others = dict[str, str](), dict[str, list[str]]()
    for line, name in labels.items():
        if several(name, cast):
            continue
        fitting = members(name, cast)
        if len(fitting) == 1:
            found[line] = fitting[0]
        elif not fitting and any(map(str.isalpha, name)) and not _PLACE.fullmatch(name):
            found[line] = f"?{name}"
            others.setdefault(name, []).append(line)
    return found, tuple(Stranger(name, f"?{name}", tuple(lines)) for name, lines in others.items())


def several(name: str, cast: Sequence[Character]) -> tuple[str, ...]:
    """The names of a label that has more than one, as written; empty for all others."""
    parts = tuple(part for part in name.split(SEVERAL) if part)
    return parts if len(parts) > 1 and _folded(name) not in map(_folded, spellings(cast)) else ()


def together(labels: Mapping[str, str], cast: Sequence[Character]) -> dict[str, tuple[str, ...]]:
    """By line of a label with several names who may say it: members of the cast, and strangers named elsewhere."""
    known = {one.name: one.id for one in speakers(labels, cast)[1]}
    told = {line: parts for line, name in labels.items() if (parts := several(name, cast))}
    return {line: tuple(dict.fromkeys(who for part in parts if (who := _one(part, cast) or known.get(part, ""))))
            for line, parts in told.items()}  # fmt: skip


def _one(name: str, cast: Sequence[Character]) -> str:
    fitting = members(name, cast)
    return fitting[0] if len(fitting) == 1 else ""


def members(name: str, cast: Sequence[Character]) -> tuple[str, ...]:
    """Who of the cast may be meant by a label: by name, alias, id or a market's name, else by surname and title."""
    wanted = _folded(name)
    named = tuple(one.id for one in cast if wanted in map(_folded, spellings([one])))
    if named:
        return named
    titled = called_in(name, cast, ())
    return (titled,) if titled else ()


def _folded(name: str) -> str:
    return " ".join(simplified(name).casefold().split())


def against(told: Mapping[str, str], heard: Mapping[str, Attribution], cast: Sequence[Character]) -> dict[str, str]:
    """Lines whose clear voice is another's than the label says, with whose it is.

    A voice can contradict only where it is known: it is that of another member's clips, or the one named has clips and
    it is not theirs.
    """
    known = {one.id for one in cast if one.references}
    return {
        line: heard[line].speaker for line, who in told.items()
        if line in heard and heard[line].speaker not in ("", "?0", who) and clear(heard[line])
        and (heard[line].speaker in known or who in known)
    }  # fmt: skip


def clear(voice: Attribution) -> bool:
    """Whether a voice is told by more than the engine's clear margin."""
    return voice.clear > 0 and voice.margin >= voice.clear


def alike(told: Mapping[str, str], heard: Mapping[str, Attribution]) -> tuple[tuple[str, str], ...]:
    """Strangers by voice whose labelled lines all name one person, and who have others: (``?1``, who)."""
    named: dict[str, set[str]] = {}
    for line, voice in heard.items():
        if voice.speaker.startswith("?") and voice.speaker != "?0" and line in told:
            named.setdefault(voice.speaker, set()).add(told[line])
    open_ones = {voice.speaker for line, voice in heard.items() if line not in told}
    return tuple((voice, next(iter(who))) for voice, who in named.items() if len(who) == 1 and voice in open_ones)

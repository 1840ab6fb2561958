"""Whom a line is said to, guessed from names and titles in the text and from who else speaks in the scene."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from localize.episode import Line, Scene
from localize.titles import bare_titles, surname_titles

if TYPE_CHECKING:
    from localize.series import Character

PARTS = re.compile(r"[^，,。.！!？?…、；;：:\s]+[，,。.！!？?…、；;：:\s]*")


def addressed(lines: Sequence[Line], scenes: Sequence[Scene], cast: Sequence[Character]) -> tuple[Line, ...]:
    """Lines with ``addressee`` filled where it can be told; thoughts, narration and songs address nobody.

    An addressee that is already known stays.  Speakers must be known; a scene with one voice gives no guess.
    """
    heard = zip(lines, listeners(lines, scenes, cast), strict=True)
    return tuple(
        replace(line, addressee=(*possible, None)[0])
        if line.kind == "speech" and not line.addressee
        else line
        for line, possible in heard
    )


def listeners(
    lines: Sequence[Line], scenes: Sequence[Scene], cast: Sequence[Character]
) -> tuple[tuple[str, ...], ...]:
    """Per line everybody it may be said to, the likeliest first; one name only when the line calls it."""
    by_id = {line.id: line for line in lines}
    found: dict[str, tuple[str, ...]] = {}
    for scene in scenes:
        inside = [by_id[name] for name in scene.lines if name in by_id]
        for at, line in enumerate(inside):
            called = _called(line, inside, cast)
            found[line.id] = (called,) if called else _others(at, inside)
    return tuple(found.get(line.id, ()) for line in lines)


def _called(line: Line, inside: Sequence[Line], cast: Sequence[Character]) -> str | None:
    """Whom the line calls: a part between punctuation marks that is nothing but a name or a title."""
    parts = list(PARTS.findall(line.text))
    for at, part in enumerate(parts):
        asks = part.rstrip().endswith(("？", "?"))
        word = re.sub(r"[^\w]+$", "", part)
        if asks and at + 1 < len(parts) and parts[at + 1].startswith(("他", "她")):
            continue  # "The young master? How old is he?" talks about somebody
        found = _by_name(word, line.speaker, cast) or _by_title(word, line.speaker, inside, cast)
        if found:
            return found
    return None


def _by_name(word: str, speaker: str, cast: Sequence[Character]) -> str | None:
    named = [one.id for one in cast if word in (one.name, *one.aliases) and one.id != speaker]
    if len(named) == 1:
        return named[0]
    title = surname_titles().get(word[1:])
    if title is None:
        return None
    wanted = title.gender
    kin = [
        one.id for one in cast if one.name[:1] == word[0] and one.id != speaker and wanted in ("", one.gender)
    ]
    return kin[0] if len(kin) == 1 else None


def _by_title(word: str, speaker: str, inside: Sequence[Line], cast: Sequence[Character]) -> str | None:
    """A bare title means the one other voice of the scene whose gender it fits."""
    title = bare_titles().get(word)
    if title is None:
        return None
    wanted, voices = title.gender, {line.speaker for line in inside} - {speaker, ""}
    fitting = [one.id for one in cast if one.id in voices and wanted in ("", one.gender)]
    return fitting[0] if len(fitting) == 1 else None


def _others(at: int, inside: Sequence[Line]) -> tuple[str, ...]:
    """The other voices of the scene, nearest first: the one before, who is answered, outranks the one
    after.
    """
    around = (*reversed(inside[:at]), *inside[at + 1 :])
    voices = (line.speaker for line in around if line.kind == "speech")
    return tuple(dict.fromkeys(who for who in voices if who and who != inside[at].speaker))

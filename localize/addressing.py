"""Whom a line is said to, guessed from names and titles in the text and from who else speaks in the scene."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from localize.episode import Line, Scene
from localize.hanzi import simplified
from localize.titles import bare_titles, surname_titles

if TYPE_CHECKING:
    from localize.series import Character

PARTS = re.compile(r"[^，,。.！!？?…、；;：:\s]+[，,。.！!？?…、；;：:\s]*")


def addressed(lines: Sequence[Line], scenes: Sequence[Scene], cast: Sequence[Character]) -> tuple[Line, ...]:
    """Lines with ``addressee`` filled where the scene tells it; thoughts, narration and songs address nobody.

    It tells it where the line calls somebody, where two people talk, where the same other voice speaks before and
    after, and for a scene's first voice, whom somebody answers.  Between two different voices nobody is guessed.  An
    addressee that is already known stays.  Speakers must be known; a scene with one voice gives no guess.
    """
    by_id = {line.id: line for line in lines}
    told: dict[str, str | None] = {}
    for scene in scenes:
        inside = [by_id[name] for name in scene.lines if name in by_id]
        voices = _voices(inside)
        for at, (line, others) in enumerate(zip(inside, _others(inside), strict=True)):
            told[line.id] = called_in(line.text, cast, voices, line.speaker) or _answered(at, inside, others)
    return tuple(
        replace(line, addressee=told.get(line.id)) if line.kind == "speech" and not line.addressee else line
        for line in lines
    )


def listeners(
    lines: Sequence[Line], scenes: Sequence[Scene], cast: Sequence[Character]
) -> tuple[tuple[str, ...], ...]:
    """Per line everybody it may be said to, the likeliest first; one name only when the line calls it."""
    by_id = {line.id: line for line in lines}
    found: dict[str, tuple[str, ...]] = {}
    for scene in scenes:
        inside = [by_id[name] for name in scene.lines if name in by_id]
        voices = _voices(inside)
        for line, others in zip(inside, _others(inside), strict=True):
            called = called_in(line.text, cast, voices, line.speaker)
            found[line.id] = (called,) if called else others
    return tuple(found.get(line.id, ()) for line in lines)


def called_in(text: str, cast: Sequence[Character], voices: Collection[str], speaker: str = "") -> str | None:
    """Whom ``text`` calls: a part between punctuation marks that is nothing but a name or a title.

    ``voices`` are who speaks in the scene, which a bare title is matched with; nobody calls the ``speaker``.
    """
    parts = list(PARTS.findall(simplified(text)))
    for at, part in enumerate(parts):
        asks = part.rstrip().endswith(("？", "?"))
        word = re.sub(r"[^\w]+$", "", part)
        if asks and at + 1 < len(parts) and parts[at + 1].startswith(("他", "她")):
            continue  # "The young master? How old is he?" talks about somebody
        found = _by_name(word, speaker, cast) or _by_title(word, speaker, voices, cast)
        if found:
            return found
    return None


def _by_name(word: str, speaker: str, cast: Sequence[Character]) -> str | None:
    named = [one.id for one in cast if word in map(simplified, (one.name, *one.aliases)) and one.id != speaker]
    if len(named) == 1:
        return named[0]
    title = surname_titles().get(word[1:])
    if title is None:
        return None
    wanted = title.gender
    others = [one for one in cast if one.id != speaker and wanted in ("", one.gender)]
    kin = [one.id for one in others if simplified(one.name[:1]) == word[0]]
    return kin[0] if len(kin) == 1 else None


def _by_title(word: str, speaker: str, voices: Collection[str], cast: Sequence[Character]) -> str | None:
    """A bare title means the one other voice of the scene whose gender it fits."""
    title = bare_titles().get(word)
    if title is None:
        return None
    fitting = [
        one.id for one in cast if one.id in voices and one.id != speaker and title.gender in ("", one.gender)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _others(inside: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    """Per line the other voices of the scene, nearest first: who spoke before, and is answered, outranks the next."""
    later: list[tuple[str, ...]] = []
    met: dict[str, None] = {}
    for line in reversed(inside):
        later.append(tuple(reversed(met)))
        _meet(met, line)
    met.clear()
    for line, after in zip(inside, reversed(later), strict=True):
        yield tuple(who for who in dict.fromkeys((*reversed(met), *after)) if who != line.speaker)
        _meet(met, line)


def _voices(inside: Sequence[Line]) -> set[str]:
    """Who speaks in a scene: a narrator is not there."""
    return {one.speaker for one in inside if one.kind != "narration"}


def _meet(met: dict[str, None], line: Line) -> None:
    """Whoever speaks was met last."""
    if line.kind == "speech" and line.speaker:
        met.pop(line.speaker, None)
        met[line.speaker] = None


def _answered(at: int, inside: Sequence[Line], others: tuple[str, ...]) -> str | None:
    """Who else can be meant: the only other voice, the one on both sides, or the one that answers a scene's first.

    On 20 generated conversations and the sample these were right for all 170 lines of scenes with three voices and
    more; the voice before alone for one line in two.
    """
    if len(others) < 2:
        return others[0] if others else None
    speaker = inside[at].speaker
    before, after = (
        next((one.speaker for one in side if one.kind == "speech" and one.speaker not in ("", speaker)), None)
        for side in (reversed(inside[:at]), inside[at + 1 :])
    )
    return after if before in (None, after) else None

"""Who speaks: what a person says about it, and the cast that later episodes are told by.

What concerns one episode's lines goes into its log of edits; who the characters are goes into ``cast.toml``, whose
comments and order stay as the person wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from localize import edit_log
from localize.edits import Edit
from localize.engine.order import Order
from localize.engine.store import Store
from localize.engine.table import log_path
from localize.episode import Age, Episode, Gender, Line
from localize.errors import InputError
from localize.series import Character, SeriesBible, digest_of, locked, write

if TYPE_CHECKING:
    from localize.roles import Sound

REFERENCE = 12_000
"""Most milliseconds of a character's reference clip; six to twelve seconds are what voices are told by."""
LEAST = 1_000
"""Least milliseconds of speech a reference clip is made from."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One voice of an episode: its lines, how long they are together (ms), and those told by a narrow margin."""

    speaker: str
    name: str
    lines: tuple[str, ...]
    length: int
    unsure: tuple[str, ...]


def voices(episode: Episode, unsure: Iterable[str]) -> tuple[Heard, ...]:
    """The voices of an episode, who says most first; ``unsure`` are ids of lines whose speaker is in doubt."""
    doubted = set(unsure)
    found = []
    for speaker in episode.speakers:
        own = [line for line in episode.lines if line.speaker == speaker.id]
        names = tuple(line.id for line in own)
        length = sum(line.span.length for line in own)
        found.append(Heard(speaker.id, speaker.name, names, length, tuple(n for n in names if n in doubted)))
    return tuple(sorted(found, key=lambda one: (-one.length, one.speaker)))


def assign(order: Order, bible: SeriesBible, lines: Sequence[str], speaker: str, known: Episode) -> None:
    """From now on ``speaker`` says these lines.  Raises ``InputError`` for unknown lines or speakers."""
    ids = {line.id for line in known.lines}
    strange = [name for name in lines if name not in ids]
    if strange:
        fix = f"localize cast {order.episode} lists them"
        raise InputError(f"no line {', '.join(strange)} in {order.stem}", fix=fix)
    _known(bible, known, speaker)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    told = [Edit(order.stem, name, "", "speaker", speaker, order.by, at, "") for name in lines]
    edit_log.append(log_path(order, bible), told)


def merge(order: Order, bible: SeriesBible, speaker: str, into: str, known: Episode) -> tuple[str, ...]:
    """Every line of ``speaker`` is ``into``'s; the lines' ids."""
    _known(bible, known, speaker)
    lines = _of(known, speaker)
    assign(order, bible, lines, into, known)
    return lines


def split(order: Order, bible: SeriesBible, speaker: str, lines: Sequence[str], known: Episode) -> str:
    """These lines of ``speaker`` belong to somebody nobody has named yet; the new one's id, ``?3`` for instance."""
    own = _of(known, speaker)
    strange = [name for name in lines if name not in own]
    if strange or not lines:
        what = f"{', '.join(strange)} is not said by {speaker}" if strange else "no line was named"
        raise InputError(what, fix=f"lines of {speaker}: {', '.join(own) or 'none'}")
    taken = {line.speaker for line in known.lines}
    fresh = next(f"?{number}" for number in range(1, len(taken) + 2) if f"?{number}" not in taken)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    edit_log.append(
        log_path(order, bible), [Edit(order.stem, name, "", "speaker", fresh, order.by, at, "") for name in lines]
    )
    return fresh


def _known(bible: SeriesBible, episode: Episode, speaker: str) -> None:
    cast = [one.id for one in bible.cast]
    names = cast + sorted({line.speaker for line in episode.lines}.difference(cast))
    if speaker not in names:
        raise InputError(f"nobody is called {speaker!r}", fix=f"choose from {', '.join(names)}")


def _of(episode: Episode, speaker: str) -> tuple[str, ...]:
    return tuple(line.id for line in episode.lines if line.speaker == speaker)


# ── the series' cast ────────────────────────────────────────────────────────────────────
def rename(bible: SeriesBible, character: str, name: str) -> None:
    """Give a member of the cast another Chinese name; the id stays, so casting, consents and edits do."""
    import tomlkit

    path = bible.root / "cast.toml"
    with locked(bible.root):
        seen, document = digest_of(path), tomlkit.parse(path.read_text("utf-8"))
        for row in document["character"]:
            if row["id"] == character:
                row["name"] = name
        write(path, tomlkit.dumps(document), seen)


def introduce(
    order: Order, bible: SeriesBible, speaker: str, name: str, gender: Gender, age: Age, known: Episode, store: Store
) -> Character:
    """Make the stranger ``speaker`` a member of the cast, with a reference clip cut from the lines of this episode.

    Later episodes are told by that clip.  Raises ``InputError`` when the name is taken or too little is heard.
    """
    import tomlkit

    if any(name in (one.name, *one.aliases) for one in bible.cast):
        raise InputError(f"{name} is in the cast already", fix=f"localize cast {order.episode} merge {speaker} ID")
    lines = [line for line in known.lines if line.speaker == speaker]
    if sum(line.span.length for line in lines) < LEAST:
        fix = "name them in an episode they say more in"
        raise InputError(f"{speaker} says too little here to be told by it", fix=fix)
    character = Character(_slug(name, bible), name, gender=gender, age=age)
    clip = bible.root / "cast" / f"{character.id}.wav"
    _reference(known, lines, store, clip)
    path = bible.root / "cast.toml"
    with locked(bible.root):
        text = path.read_text("utf-8") if path.exists() else ""
        seen, document = digest_of(path), tomlkit.parse(text)
        row = tomlkit.table()
        row.update({"id": character.id, "name": name, "gender": gender, "age": age})
        row["references"] = [f"cast/{clip.name}"]
        rows = document.get("character") or tomlkit.aot()
        rows.append(row)
        document["character"] = rows
        write(path, tomlkit.dumps(document), seen)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    told = [Edit(order.stem, line.id, "", "speaker", character.id, order.by, at, "") for line in lines]
    edit_log.append(log_path(order, bible), told)
    return character


def _slug(name: str, bible: SeriesBible) -> str:
    """An id from a name: 林婆 → lin_po; numbered when taken."""
    from pypinyin import lazy_pinyin

    plain = re.sub(r"[^a-z0-9]+", "_", "_".join(lazy_pinyin(name)).lower()).strip("_") or "character"
    taken = {one.id for one in bible.cast}
    return next(one for one in (plain, *(f"{plain}_{n}" for n in range(2, 99))) if one not in taken)


def _reference(episode: Episode, lines: Sequence[Line], store: Store, clip: Path) -> None:
    """The longest lines of the dialogue stem, one after another."""
    import numpy as np

    from localize.media import audio

    stem, length = store.path(episode.stems.dialogue), 0
    parts: list[Sound] = []
    for line in sorted(lines, key=lambda one: -one.span.length):
        if parts and length + line.span.length > REFERENCE:
            continue
        until = min(line.span.end, line.span.start + REFERENCE)
        sound, _ = audio.read(stem, audio.at(line.span.start), audio.at(until))
        parts.append(audio.faded(audio.mono(sound), 10, 10))
        length += line.span.length
    clip.parent.mkdir(parents=True, exist_ok=True)
    audio.write(clip, np.concatenate(parts))

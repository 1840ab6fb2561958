"""Reference clips that the program cut from an episode's lines, and cutting them anew when lines are somebody else's.

Beside each clip stands what it was cut from (``cast/<id>.cut.json``).  A clip without that, or with other bytes than it
says, is a person's and never touched.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize.engine.events import Event, Listener
from localize.engine.local import Runner
from localize.engine.store import write_whole
from localize.episode import Line, Stems
from localize.errors import InputError
from localize.series import Character, SeriesBible, digest_of, locked
from localize.timing import Span, span

if TYPE_CHECKING:
    from localize.roles import Sound

REFERENCE = 12_000
"""Most milliseconds of a character's reference clip; six to twelve seconds are what voices are told by."""
LEAST = 1_000
"""Least milliseconds of speech a reference clip is made from."""
SAME = 0.8
"""Share of the time a line had in the clip that it must still have; a line that was split has less."""


def cut(clip: Path, stem: Path, lines: Sequence[Line], episode: str, source: str) -> tuple[str, ...]:
    """The longest of ``lines`` in the dialogue stem, one after another, as ``clip``, which appears whole; their ids.

    ``source`` is the digest of the episode's file: the times of the lines are times of that one.
    Call inside the series' lock.
    """
    chosen = _chosen(lines)
    clip.parent.mkdir(parents=True, exist_ok=True)
    _record(clip).unlink(missing_ok=True)  # a run that dies here leaves a clip that nobody takes for the old one
    unfinished = clip.with_name(f".{secrets.token_hex(4)}.wav")
    try:
        _write(unfinished, stem, chosen)
        unfinished.replace(clip)
    finally:
        unfinished.unlink(missing_ok=True)
    told = {"sha256": digest_of(clip), "episode": episode, "source": source,
            "lines": [[line.id, int(line.span.start), int(line.span.end)] for line in chosen]}  # fmt: skip
    write_whole(_record(clip), json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return tuple(line.id for line in chosen)


def remove(clip: Path) -> None:
    """Take a clip away that was just cut, with what is written of it."""
    for path in (clip, _record(clip)):
        path.unlink(missing_ok=True)


def cut_from(clip: Path) -> str:
    """The episode a clip was cut from; empty for a person's own."""
    told = _read(clip)
    return str(told["episode"]) if told and told["sha256"] == digest_of(clip) else ""


def renewed(bible: SeriesBible, runner: Runner, stems: Stems, lines: Sequence[Line], episode: str, source: str) -> None:
    """Cut those clips anew that hold a line of this episode which people have given to somebody else, or cut up.

    ``lines`` have the speakers that people set.  Where too little is left the clip stays, and that is told.  Nothing is
    done where somebody is only looking.
    """
    if runner.looking:
        return
    for member in bible.cast:
        for clip in member.references:
            gone = _gone(clip, member, lines, episode, source)
            if gone:
                own = [line for line in lines if line.speaker == member.id]
                _renew(
                    bible, clip, runner.store.path(stems.dialogue), own, (member.id, episode, source, gone), runner.tell
                )


def _renew(
    bible: SeriesBible, clip: Path, stem: Path, own: Sequence[Line], why: tuple[str, str, str, Sequence[str]],
    tell: Listener,
) -> None:  # fmt: skip
    member, episode, source, gone = why
    lost = f"which {member} says no more, or no more whole"
    told = f"{clip.name} was cut from {', '.join(gone)} of {episode} as well, {lost}"
    if sum(line.span.length for line in own) < LEAST:
        left = "too little is left to cut it anew: put a recording of that voice alone in its place"
        tell(Event("warning", message=f"{told}; {left}"))
        return
    with locked(bible.root):
        if cut_from(clip) != episode:  # somebody put a recording there meanwhile
            return
        kept = cut(clip, stem, own, episode, source)
    tell(Event("warning", message=f"{told}: cut anew from {', '.join(kept)}"))


def _gone(clip: Path, member: Character, lines: Sequence[Line], episode: str, source: str) -> tuple[str, ...]:
    """The lines a machine-cut clip holds that are its speaker's no more; empty for a person's own clip."""
    if cut_from(clip) != episode:
        return ()
    now, told = {line.id: line for line in lines}, _read(clip)
    same = told["source"] in ("", source)  # in another file of the episode the times of its lines are others
    return tuple(name for name, was in _lines(told) if not _still(now.get(name), was if same else None, member.id))


def _still(line: Line | None, was: Span | None, who: str) -> bool:
    if line is None:
        return was is None  # not found in another file of the episode: nobody has said that it is somebody else's
    return line.speaker == who and (was is None or line.span.overlap(was) >= SAME * was.length)


def _read(clip: Path) -> dict[str, Any]:
    """What a clip was cut from; nothing where that is not known or cannot be read: it counts as a person's then."""
    try:
        told = json.loads(_record(clip).read_text("utf-8"))
        list(_lines(told))
        named = {key: str(told[key]) for key in ("sha256", "episode")}
        return {**named, "source": str(told.get("source", "")), "lines": told["lines"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError, InputError):
        return {}


def _lines(told: dict[str, Any]) -> Iterator[tuple[str, Span]]:
    for name, start, end in told["lines"]:
        yield str(name), span(int(start), int(end))


def _record(clip: Path) -> Path:
    return clip.with_suffix(".cut.json")


def _chosen(lines: Sequence[Line]) -> list[Line]:
    chosen: list[Line] = []
    for line in sorted(lines, key=lambda one: -one.span.length):
        if not chosen or sum(one.span.length for one in chosen) + line.span.length <= REFERENCE:
            chosen.append(line)
    return chosen


def _write(path: Path, stem: Path, lines: Sequence[Line]) -> None:
    import numpy as np

    from localize.media import audio

    parts: list[Sound] = []
    for line in lines:
        until = min(line.span.end, line.span.start + REFERENCE)
        sound, _ = audio.read(stem, audio.at(line.span.start), audio.at(until))
        parts.append(audio.faded(audio.mono(sound), 10, 10))
    audio.write(path, np.concatenate(parts))

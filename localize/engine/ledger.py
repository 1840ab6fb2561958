"""Line ids, minted once and kept for ever in ``SERIES/lines/<episode>.json``.

A new transcription is laid over the old one by order, time and sound (pinyin without tones): what matches keeps its id,
what is new gets a fresh one, what vanished is marked retired with its history and comes back under its id when it is
read again.
"""

from __future__ import annotations

import json
import secrets
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from localize.engine.store import write_whole
from localize.episode import Line, OnScreenText
from localize.errors import InputError
from localize.series import locked
from localize.timing import Ms, Span

SAME = 0.55
"""Score above which two lines are the same line: text counts 0.7, time 0.3."""

REACH = 3000
"""How far, in ms, a line may have moved before its time says nothing any more."""


@dataclass(frozen=True, slots=True)
class Minted:
    """What minting did: the lines with their ids, and which ids are new or retired."""

    lines: tuple[Line, ...]
    fresh: tuple[str, ...]
    retired: tuple[str, ...]


@lru_cache(maxsize=4096)
def sound_of(text: str) -> tuple[str, ...]:
    """Pinyin without tones, one string a syllable; letters and digits as they are; punctuation dropped."""
    from pypinyin import lazy_pinyin

    return tuple(part.lower() for part in lazy_pinyin("".join(c for c in text if c.isalnum())))


@dataclass(frozen=True, slots=True)
class _Known:
    """A line as far as it is compared: when it begins (ms), and how it sounds."""

    start: int
    sound: tuple[str, ...]


def _likeness(old: _Known, new: _Known) -> float:
    """0–1: how surely both are the same line."""
    from rapidfuzz.distance import Levenshtein

    text = float(Levenshtein.normalized_similarity(old.sound, new.sound))
    return 0.7 * text + 0.3 * max(0.0, 1.0 - abs(old.start - new.start) / REACH)


def mint(path: Path, lines: Sequence[Line], letter: str = "L", looking: bool = False) -> Minted:
    """Give every line its id, ``letter`` and four digits; ``path`` lies in a folder of the series directory.

    The file is rewritten (atomically) only when it changed, under the series' lock: two runs never mint
    one id twice.  With ``looking`` the ids are those a run would give, and nothing is written.
    Raises ``InputError`` when the ledger is damaged, cannot be written, or another run holds the lock too long.
    """
    try:
        if looking:
            return _minted(path, lines, letter)[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent.parent):
            minted, entries = _minted(path, lines, letter)
            write(path, entries)
            return minted
    except OSError as error:
        fix = "make it readable and writable, or choose a writable series folder with --series DIR"
        raise InputError(f"the ledger of line ids cannot be kept: {error.strerror}", str(path), fix) from error


def _minted(path: Path, lines: Sequence[Line], letter: str) -> tuple[Minted, list[dict[str, Any]]]:
    """What minting does, and the ledger after it."""
    entries: list[dict[str, Any]] = read(path)
    read_before = (entry for entry in entries if entry["state"] in ("active", "retired"))
    pairs = _align(sorted(read_before, key=lambda entry: entry["start"]), lines)
    number = max((int(entry["id"][1:]) for entry in entries), default=0)
    named: list[Line] = []
    fresh: list[str] = []
    kept: set[str] = set()
    for index, line in enumerate(lines):
        entry = pairs.get(index)
        if entry is None:
            number += 1
            entry = {"id": f"{letter}{number:04}", "state": "active", "history": []}
            entries.append(entry)
            fresh.append(entry["id"])
        entry["state"] = "active"
        kept.add(entry["id"])
        _record(entry, line)
        named.append(replace(line, id=entry["id"]))
    retired = [entry for entry in entries if entry["state"] == "active" and entry["id"] not in kept]
    for entry in retired:
        entry["state"] = "retired"
    return Minted(tuple(named), tuple(fresh), tuple(entry["id"] for entry in retired)), entries


def reserve(path: Path, span: Span, text: str, state: str, of: str = "", letter: str = "L") -> str:
    """A fresh id for a line a person made: ``state`` is "split" (off the line ``of``) or "added".

    Call inside the series' lock.  No transcription ever matches or retires such a line.
    """
    entries = read(path)
    name = f"{letter}{max((int(entry['id'][1:]) for entry in entries), default=0) + 1:04}"
    times = {"start": int(span.start), "end": int(span.end)}
    entries.append({"id": name, "state": state, "history": [], "of": of, **times, "text": text})
    write(path, entries)
    return name


def _record(entry: dict[str, Any], line: Line) -> None:
    now = {"start": int(line.span.start), "end": int(line.span.end), "text": line.text}
    before = {name: entry.get(name) for name in now}
    if before["text"] is not None and before != now:
        entry["history"].append(before)
    entry.update(now)


def _align(old: list[dict[str, Any]], lines: Sequence[Line]) -> dict[int, dict[str, Any]]:
    """Order-keeping alignment of greatest total likeness; only pairs above ``SAME`` count.  Both sides in time order.

    Only lines within ten ``REACH`` of each other are compared, so time and memory grow with the length of the episode,
    not with its square.
    """
    if [(entry["start"], entry["text"]) for entry in old] == [(line.span.start, line.text) for line in lines]:
        return dict(enumerate(old))  # as nearly always: the tables of sounds take half a second to load
    was = [_Known(entry["start"], sound_of(entry["text"])) for entry in old]
    now = [_Known(line.span.start, sound_of(line.text)) for line in lines]
    table = _Band.of(was, now)
    pairs: dict[int, dict[str, Any]] = {}
    i = j = 0
    while i < len(old) and j < len(lines):
        if table.best(i, j) == table.best(i + 1, j):
            i += 1
        elif table.best(i, j) == table.best(i, j + 1):
            j += 1
        else:
            pairs[j] = old[i]
            i, j = i + 1, j + 1
    return pairs


@dataclass(frozen=True, slots=True)
class _Band:
    """Greatest likeness of everything from old line i and new line j on, for pairs that may be the same line.

    ``rows[i][j - first[i]]``; left of a row nothing more can be matched than at its first cell, right of it nothing of
    this old line.
    """

    first: list[int]
    rows: list[list[float]]

    @staticmethod
    def of(was: Sequence[_Known], now: Sequence[_Known]) -> _Band:
        earliest = list(accumulate((one.start for one in reversed(now)), min))[::-1]  # from here on: both only grow
        latest = list(accumulate((one.start for one in now), max))
        first = [bisect_left(latest, one.start - 10 * REACH) for one in was]
        until = [bisect_right(earliest, one.start + 10 * REACH) for one in was]
        band = _Band(first, [[] for _ in was])
        for i in range(len(was) - 1, -1, -1):
            band.rows[i] = [band.best(i + 1, until[i])]
            for j in range(until[i] - 1, first[i] - 1, -1):
                best = max(band.best(i + 1, j), band.rows[i][-1])
                score = _likeness(was[i], now[j]) if abs(was[i].start - now[j].start) <= 10 * REACH else 0.0
                if score >= SAME:
                    best = max(best, score + band.best(i + 1, j + 1))
                band.rows[i].append(best)
            band.rows[i].reverse()
        return band

    def best(self, i: int, j: int) -> float:
        while i < len(self.rows):
            at = max(0, j - self.first[i])
            if at < len(self.rows[i]):
                return self.rows[i][at]
            i += 1
        return 0.0


def read(path: Path) -> list[dict[str, Any]]:
    """The ledger's entries; empty when there is none.  Raises ``InputError`` when it is damaged."""
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["lines"]
        for entry in entries:
            Ms(int(entry["start"]))
            int(entry["id"][1:])
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        fix = "restore the file from your backup or version control; it holds the ids of a person's edits"
        raise InputError("the ledger of line ids is damaged", str(path), fix) from error
    return entries


def write(path: Path, entries: list[dict[str, Any]]) -> None:
    """Replace the ledger whole, when it changed.  Call inside the series' lock."""
    replace_whole(path, encode(entries))


def encode(entries: list[dict[str, Any]]) -> str:
    """A ledger as a file's text."""
    return json.dumps({"lines": entries}, ensure_ascii=False, indent=1) + "\n"


def replace_whole(path: Path, text: str) -> None:
    """Put ``text`` in the place of what the file holds, all or nothing; untouched when it says so already."""
    if path.exists() and path.read_bytes() == text.encode("utf-8"):
        return
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_whole(temporary, text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def named(path: Path, texts: tuple[OnScreenText, ...], looking: bool) -> tuple[OnScreenText, ...]:
    """On-screen texts with ids of the series' own ledger, so that an edit stays with its text when reading changes."""
    as_lines = [Line("", text.span, text.text) for text in texts]
    minted = mint(path, as_lines, "T", looking).lines
    return tuple(replace(text, id=line.id) for text, line in zip(texts, minted, strict=True))

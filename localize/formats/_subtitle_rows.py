"""Subtitle formats made of rows: SubRip, WebVTT, MicroDVD, MPL2 and SubViewer 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from localize.errors import InputError
from localize.formats._subtitle_events import LONGEST_RAW, STRAY, Event, Gathered, clock, rows, times, voiced


# ── SubRip ──────────────────────────────────────────────────────────────────────────────────────────────────
def subrip(text: str, where: str) -> Iterator[Event]:
    """Cues are told by their times, not by empty rows or numbers: both are often missing or stand inside a text."""
    cue: Gathered | None = None
    number: int | None = None
    for line, row in rows(text):
        found = times(row, where, line, cue is None or _ended(cue.rows))
        if found is not None:
            if cue is not None:
                number = _taken_number(cue.rows, number)
                yield cue.event()
            cue = Gathered(where, line, *found)
        elif cue is not None:
            cue.add(row)
        elif _number(row) is not None:
            number = _number(row)
        elif row.strip():
            yield Event(line, 0, 0, row.strip()[:60], left=STRAY)
    if cue is not None:
        yield cue.event()


def _number(row: str) -> int | None:
    bare = row.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 9 else None


def _ended(last: list[str]) -> bool:
    """Whether another cue may begin after these rows of one: after an empty row, or a number under other rows."""
    return bool(last) and (not last[-1].strip() or (len(last) > 1 and _number(last[-1]) is not None))


def _taken_number(last: list[str], before: int | None) -> int | None:
    """The next cue's number, taken off the end of this one's rows; a figure that is said stays."""
    number = _number(last[-1]) if last else None
    apart = len(last) > 1 and not last[-2].strip()
    again = len(last) > 1 and number == 1  # files put one behind the other begin to count anew
    if number is None or not (apart or (before is not None and (number == before + 1 or again))):
        return None if before is None else before + 1
    last.pop()
    return number


# ── WebVTT ──────────────────────────────────────────────────────────────────────────────────────────────────
_NO_CUE = ("WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP")


def webvtt(text: str, where: str) -> Iterator[Event]:
    """Blocks between empty rows: a cue's times stand in the first row or, under its id, in the second."""
    block: list[str] = []
    cue: Gathered | None = None
    for line, row in rows(text):
        if not row.strip():
            if cue is not None:
                yield cue.event()
            block, cue = [], None
        elif cue is not None:
            cue.add(row)
        elif not (block and block[0].startswith(_NO_CUE)):
            found = times(row, where, line) if len(block) < 2 else None
            cue = Gathered(where, line, *found) if found else None
            block.append(row.strip())
            if len(block) == 2 and cue is None:
                yield Event(line, 0, 0, block[0][:60], left=STRAY)
    if cue is not None:
        yield cue.event()


# ── SubViewer 2 ─────────────────────────────────────────────────────────────────────────────────────────────
SUBVIEWER = re.compile(r"\s*(\d{1,2}:\d{2}:\d{2}[.:]\d{1,3}),\s?(\d{1,2}:\d{2}:\d{2}[.:]\d{1,3})\s*$")


def subviewer(text: str, where: str) -> Iterator[Event]:
    """Times, then rows up to an empty one; ``[br]`` parts rows too."""
    cue: Gathered | None = None
    for line, row in rows(text):
        found = SUBVIEWER.match(row[:80])
        if found is not None or not row.strip():
            if cue is not None:
                yield cue.event()
            cue = found and Gathered(where, line, *map(clock, found.groups()))
        elif cue is not None:
            cue.add(row)
    if cue is not None:
        yield cue.event()


# ── frames and tenths ───────────────────────────────────────────────────────────────────────────────────────
MICRODVD = re.compile(r"\s*\{\s*(\d{1,9})\s*\}\s*\{\s*(\d{0,9})\s*\}(.*)")
MPL2 = re.compile(r"\s*\[\s*(\d{1,9})\s*\]\s*\[\s*(\d{0,9})\s*\](.*)")
_RATE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*(?:fps)?\s*$", re.IGNORECASE)
_NTSC = tuple(Fraction(whole * 1000, 1001) for whole in (24, 30, 60, 120))


def microdvd(text: str, where: str, rate: Fraction) -> Iterator[Event]:
    """Frames of ``rate``, unless the first cue, ``{1}{1}23.976``, names another."""
    first = True
    for line, start, end, said in _numbered(text, where, MICRODVD):
        named = _RATE.match(said) if first and end is not None and end <= 1 else None
        first = False
        if named is not None:
            rate = _named_rate(named[1], where, line)
        else:
            until = None if end is None else round(Fraction(end * 1000) / rate)
            yield _timed(line, round(Fraction(start * 1000) / rate), until, said)


def mpl2(text: str, where: str) -> Iterator[Event]:
    """Tenths of a second; ``/`` slants a row."""
    for line, start, end, said in _numbered(text, where, MPL2):
        upright = "|".join(row.strip().removeprefix("/") for row in said.split("|"))
        yield _timed(line, start * 100, None if end is None else end * 100, upright)


def _timed(line: int, start: int, end: int | None, said: str) -> Event:
    """An event without an end lasts no time yet; whoever reads the whole file gives it some."""
    return voiced(line, start, start if end is None else end, said.replace("|", "\n"))


def _numbered(text: str, where: str, form: re.Pattern[str]) -> Iterator[tuple[int, int, int | None, str]]:
    """``(line, first number, second number, text)`` of every row."""
    any_cue = False
    for line, row in rows(text):
        if not row.strip():
            continue
        if len(row) > LONGEST_RAW:
            raise InputError(f"one subtitle of {len(row):,} characters", f"{where}, line {line}", "part it")
        found = form.match(row)
        if found is None:
            if row.lstrip().startswith(("{DEFAULT}", "{HEADER}")) or not any_cue:
                continue
            raise InputError(f"not a subtitle: {row.strip()[:60]!r}", f"{where}, line {line}", "mend or delete the row")
        any_cue = True
        yield line, int(found[1]), int(found[2]) if found[2] else None, found[3]


def _named_rate(text: str, where: str, line: int) -> Fraction:
    rate = Fraction(text.replace(",", "."))
    rate = next((exact for exact in _NTSC if abs(exact - rate) < Fraction(1, 100)), rate)
    if not 5 <= rate <= 240:
        raise InputError(f"{text} frames a second", f"{where}, line {line}", "write the rate of the picture")
    return rate

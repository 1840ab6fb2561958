"""Subtitle files, read: SubRip, WebVTT, ASS/SSA, TTML, MicroDVD, MPL2 and SubViewer 2.

What a file is goes by its content, then by its name: an ``.srt`` may hold ASS, a ``.sub`` one of four formats.
Everything odd is either told in ``notes`` or refused with its line.  Time and memory grow with the file and no faster.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast

from localize.episode import LineKind
from localize.errors import InputError
from localize.formats import _subtitle_ass, _subtitle_rows, _subtitle_said, _subtitle_text, _subtitle_ttml
from localize.formats._subtitle_events import SOUND, STRAY, Event, rows, times
from localize.formats._subtitle_styles import Kind, kinds
from localize.tables import read_bytes
from localize.timing import Span

Format = Literal["srt", "vtt", "ass", "ttml", "microdvd", "mpl2", "subviewer"]
SUFFIXES: dict[str, Format] = {
    ".srt": "srt", ".vtt": "vtt", ".ass": "ass", ".ssa": "ass", ".ttml": "ttml", ".dfxp": "ttml", ".itt": "ttml",
    ".xml": "ttml", ".sub": "microdvd", ".mpl": "mpl2", ".mpl2": "mpl2",
}  # fmt: skip

MOST_CUES = 20_000
"""More subtitles than three hours of talk have (a line every two seconds is 5400), copies and effects included."""
MOST_ROWS = 1_000_000
LONGEST_TEXT = 500
"""Characters of one subtitle; two full rows have 40."""
SYLLABLE = 1000 / 5.2
"""Milliseconds a Mandarin syllable takes: 5.2 a second, Pellegrino et al. 2011, Language 87(3)."""
_SHORTEST = 500  # ms given to a subtitle of no length at least
_FRAME = 50  # ms between two events that are drawn frame by frame: one frame at 20 and more a second
GIVEN = " with --subtitles"
"""How a run is given another file; whoever reads for another command says something else, or nothing."""
_FIX = "open it in a subtitle editor and save it again as SubRip (.srt, UTF-8)"


@dataclass(frozen=True, slots=True)
class Subtitle:
    """What one voice says in a subtitle: plain ``text``, rows joined by ``\\n``; ``line`` is where it stands there.

    ``speaker`` is the name the file gives, as it is written there, ``emotion`` what a manner in brackets tells; both
    are empty where it says nothing.
    """

    span: Span
    text: str
    line: int
    kind: LineKind = "speech"
    speaker: str = ""
    emotion: str = ""


@dataclass(frozen=True, slots=True)
class SubtitleFile:
    """Subtitles in time order.  ``notes`` say what was left out or given: one sentence each."""

    format: Format
    subtitles: tuple[Subtitle, ...]
    notes: tuple[str, ...] = ()


def read(path: Path, rate: Fraction, names: Collection[str] = (), given: str = GIVEN) -> SubtitleFile:
    """The subtitles of a file.  ``rate`` is the picture's, for files that count frames without saying which; ``names``
    are the cast's in all spellings, for telling labels of speakers from other words before a colon.  ``given`` ends
    the advice to give another file.

    Raises ``InputError``: unknown format or encoding, odd times (with their line), more than ``MOST_CUES``, or nothing
    that is said.
    """
    data, where = read_bytes(path), str(path)
    if data[:4] == b"\x00\x00\x01\xba" or data[:2] == b"PG":
        what = "holds pictures of subtitles (VobSub or PGS), no text"
        raise InputError(what, where, "read them with an OCR tool first, or choose another source of the lines")
    return parse(_subtitle_text.decoded(data, where), where, rate, names, given)


def parse(text: str, where: str, rate: Fraction, names: Collection[str] = (), given: str = GIVEN) -> SubtitleFile:
    """``read`` for text in hand; ``where`` names it in errors and tells by its suffix what the content does not."""
    form = _format(text, Path(where))
    _countable(text, form, where, given)
    return _finished(form, _events(form, text, where, rate), where, names, given)


def embedded(events: Iterable[tuple[int, int, str]], where: str, names: Collection[str] = ()) -> SubtitleFile:
    """The subtitles of a container's track, from what ``media.subtitle_track`` reads; errors as with ``read``."""
    found: list[Event] = []
    for number, (start, end, fields) in enumerate(events, start=1):
        if number > MOST_CUES:
            raise InputError(f"its subtitle track holds more than {MOST_CUES:,} subtitles", where)
        found.append(_subtitle_ass.embedded(number, start, end, fields))
    return _finished("ass", iter(found), where, names, GIVEN)


def _events(form: Format, text: str, where: str, rate: Fraction) -> Iterator[Event]:
    if form == "microdvd":
        return _subtitle_rows.microdvd(text, where, rate)
    readers = {
        "srt": _subtitle_rows.subrip, "vtt": _subtitle_rows.webvtt, "ass": _subtitle_ass.substation,
        "ttml": _subtitle_ttml.timed_text, "mpl2": _subtitle_rows.mpl2, "subviewer": _subtitle_rows.subviewer,
    }  # fmt: skip
    return readers[form](text, where)


# ── which format, how many ──────────────────────────────────────────────────────────────────────────────────
def _format(text: str, path: Path) -> Format:
    head = text[:4096].lstrip()
    folded = head.lower()
    if head.startswith("WEBVTT"):
        return "vtt"
    if any(mark in folded for mark in ("[script info]", "[v4+ styles]", "[v4 styles]", "[events]")):
        return "ass"
    if folded.startswith(("<?xml", "<tt", "<!doctype")) and "<sami" not in folded:
        return "ttml"
    told: Format | None = next(
        filter(None, (_row_format(row[:300], path, line) for line, row in rows(text[:40_000]))), None
    )
    known = told or SUFFIXES.get(path.suffix.lower())
    if known is None or not text.strip():
        what = "holds nothing" if not text.strip() else "not a subtitle file of a known format"
        raise InputError(what, str(path), f"known are SubRip, WebVTT, ASS, TTML, MicroDVD, MPL2, SubViewer; {_FIX}")
    return known


def _row_format(row: str, path: Path, line: int) -> Format | None:
    if _subtitle_rows.MICRODVD.match(row):
        return "microdvd"
    if _subtitle_rows.MPL2.match(row):
        return "mpl2"
    if _subtitle_rows.SUBVIEWER.match(row):
        return "subviewer"
    return "srt" if times(row, str(path), line) else None


_MARKS: dict[Format, str] = {
    "srt": "-->", "vtt": "-->", "ass": r"(?im)^[ \t]*dialogue:", "ttml": r"<(?:\w{1,20}:)?p[\s>]",
    "microdvd": r"(?m)^[ \t]*\{\d", "mpl2": r"(?m)^[ \t]*\[\d", "subviewer": r"(?m)^[ \t]*\d\d?:\d\d:\d\d[.:]\d{1,3},",
}  # fmt: skip


def _countable(text: str, form: Format, where: str, given: str) -> None:
    """Counting costs a hundredth of reading: a file no episode can have is refused before any of it is read."""
    cues = sum(1 for _ in re.finditer(_MARKS[form], text))
    if cues > MOST_CUES:
        what = f"holds {cues:,} subtitles; no episode has that many (at most {MOST_CUES:,})"
        raise InputError(what, where, f"give the file of this episode alone{given}")
    lines = text.count("\n")
    if lines > MOST_ROWS:
        raise InputError(f"holds {lines:,} rows; no subtitle file has that many", where, _FIX)


# ── from events to subtitles ────────────────────────────────────────────────────────────────────────────────
def _finished(form: Format, events: Iterator[Event], where: str, names: Collection[str], given: str) -> SubtitleFile:
    kept: list[Event] = []
    sounds: list[Event] = []
    aside: list[tuple[int, str]] = []
    left: Counter[str] = Counter()
    notes: list[str] = []
    for event in events:
        aside += [(event.line, remark) for remark in event.remarks if not event.left]
        if event.left == STRAY:
            notes.append(f"line {event.line}: {STRAY} is left out: {event.text}")
        elif event.left == SOUND:
            sounds.append(event)
        elif event.left:
            left[event.left] += 1
        elif event.text:
            kept.append(_judged(event, where))
    if not kept and not sounds:
        raise InputError("holds no subtitles", where, f"give another file{given}, or remove this one")
    kept.sort(key=_order)
    kept, timed = _given_time(kept)
    if form == "ass":
        kept = _merged(kept)
    kept.sort(key=_order)
    told = {"copy made by an effect": "copies made by effects"}
    notes = notes[:3] + ([f"{len(notes) - 3} more rows before the first times"] if len(notes) > 3 else [])
    notes += [f"{count} {told.get(why, why)} left out" for why, count in left.items() if why in told]
    notes += [f"{timed} subtitles had no length and got the time their words take"] if timed else []
    notes += _told(aside)
    return _with_kinds(form, kept, notes, where, (names, sounds), given)


def _told(aside: Sequence[tuple[int, str]]) -> Iterator[str]:
    if aside:
        shown = "; ".join(f"{remark} (line {line})" for line, remark in aside[: _subtitle_said.MOST_TOLD])
        more = f" … {len(aside) - _subtitle_said.MOST_TOLD} more" if len(aside) > _subtitle_said.MOST_TOLD else ""
        yield f"remarks in braces left out, no player shows them: {shown}{more}"


def _order(event: Event) -> tuple[int, int, int]:
    return event.start, event.end, event.line


def _judged(event: Event, where: str) -> Event:
    if event.end < event.start:
        fix = "write times as 00:00:01,200 --> 00:00:03,400"
        raise InputError("a cue ends before it starts", f"{where}, line {event.line}", fix)
    if len(event.text) > LONGEST_TEXT:
        what = f"one subtitle of {len(event.text)} characters"
        raise InputError(what, f"{where}, line {event.line}", "part it, or look whether a time is missing in it")
    return event


def _given_time(events: Sequence[Event]) -> tuple[list[Event], int]:
    """Subtitles of no length get what their syllables take, up to the next one's start; and how many there were."""
    result, given = [], 0
    starts = sorted({event.start for event in events})
    after = dict(pairwise(starts))
    for event in events:
        if event.end == event.start:
            given += 1
            wanted = event.start + max(_SHORTEST, round(SYLLABLE * sum(char.isalnum() for char in event.text)))
            event = replace(event, end=min(wanted, after.get(event.start, wanted)))
        result.append(event)
    return result, given


def _merged(events: Sequence[Event]) -> list[Event]:
    """Layers (fill, outline, glow) and frame-by-frame copies of one text as one event."""
    result: list[Event] = []
    latest: dict[str, int] = {}
    for event in events:
        known = latest.get(event.text)
        before = result[known] if known is not None else None
        if known is not None and before is not None and _one_text(before, event):
            result[known] = replace(before, end=max(before.end, event.end), placed=before.placed and event.placed)
        else:
            latest[event.text] = len(result)
            result.append(event)
    return result


def _one_text(one: Event, other: Event) -> bool:
    flash = min(one.end - one.start, other.end - other.start) <= 10 * _FRAME
    return other.start < one.end or (flash and other.start - one.end <= _FRAME)


def _with_kinds(
    form: Format, events: Sequence[Event], notes: Sequence[str], where: str, aside: tuple[Collection[str], list[Event]],
    given: str,
) -> SubtitleFile:  # fmt: skip
    """Exact doubles go, ASS styles tell songs, narration and signs; signs are in the picture, nobody says them."""
    told: Sequence[Kind] = kinds(events) if form == "ass" else ["speech"] * len(events)
    found: dict[tuple[int, int, str, str], Subtitle] = {}
    said = _subtitle_said.Said([e for e, kind in zip(events, told, strict=True) if kind != "sign"], *aside)
    for event, kind in zip(events, told, strict=True):
        for part, span in said.parts(event) if kind != "sign" else ():
            own = part.kind if part.kind != "speech" else event.kind or kind
            one = Subtitle(span, part.text, event.line, cast(LineKind, own), part.speaker, part.emotion)
            found.setdefault((span.start, span.end, part.text, part.speaker), one)
    signs = sum(kind == "sign" for kind in told)
    more = [f"{signs} signs and titles left out: they are in the picture, nobody says them"] if signs else []
    more += said.notes()
    if not found:
        what = f"holds nothing that is said: {more[0]}" if more else "holds no subtitles"
        raise InputError(what, where, f"give another file{given}, or remove this one")
    return SubtitleFile(form, tuple(found.values()), (*notes, *more))

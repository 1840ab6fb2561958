"""Scripts in a market's language as other people hand them in: subtitle files, spreadsheets, Word documents.

They have their own segmentation, perhaps times, perhaps the Chinese beside it, and no ids.  What a file is goes by its
content where that can be told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from localize.errors import InputError
from localize.formats import _script_columns, _script_words, docx, sheet, subtitle_files
from localize.formats._subtitle_names import can_be
from localize.formats._subtitle_sounds import NOTES, undescribed
from localize.formats._subtitle_voices import folded
from localize.han import could_be_chinese, is_chinese, writes_han
from localize.tables import decoded, read_bytes
from localize.timing import Ms, Span, parse_clock

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".sub", ".xlsx", ".docx", ".csv", ".tsv")
MOST = 20_000
"""More passages than three hours of talk have; a whole season in one file has no place here."""
LONGEST = 1000
"""Characters of one passage; a spoken minute has about 900."""
_DASHED = re.compile(r"^\s*[-–—‐]\s*(?=\S)")
_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,:;]\d{1,3})?"
_TIMES = re.compile(rf"[\[(]?\s*({_TIME})\s*(?:(?:-->|[-–—→>~])\s*({_TIME}))?\s*[\])]?\s*[-–—:|]?\s*")
_NAMED = re.compile(r"([^\s:：.!?¡¿,][^:：.!?¡¿,\n]{0,28}?)\s*[:：]\s*(?=\S)")
_MARKS = re.compile(rf"</?(?:[biu]|em|strong|font|span|c)(?:[\s.][^<>]*)?>|[{NOTES}]+", re.IGNORECASE)
_BESIDE = 0.2
"""Share of paragraphs that are surely Chinese from which a document has Chinese beside every text.  Judged: half of
them would be Chinese then, and not every one holds a character that tells it from Japanese."""
_OFTEN = 0.4
"""Share of paragraphs that begin with a name from which ``NAME: text`` is how the document is written."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What a script says at one place: ``line`` is its row or paragraph, from 1.

    ``span`` is None where the script gives no times, ``source`` the Chinese it shows beside the text.
    """

    line: int
    text: str
    span: Span | None = None
    speaker: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TargetScript:
    """The passages in the order of their times, else of the file.  ``notes`` say what was left out."""

    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        return all(one.span is not None for one in self.passages)


def read(path: Path, market: str, rate: Fraction = Fraction(25), names: Collection[str] = ()) -> TargetScript:
    """The script of a file for a market (BCP 47).  ``rate`` is the picture's, for times that count frames; ``names``
    are the cast's, for telling labels of speakers in a subtitle file.

    Raises ``InputError``: nobody's format or encoding, another language, more than ``MOST`` passages, nothing said.
    """
    suffix, where = path.suffix.lower(), str(path)
    if suffix in (".doc", ".xls", ".pdf", ".rtf", ".txt", ".odt", ".ods"):
        raise InputError(f"a script cannot be taken from {suffix}", where, f"save it as {', '.join(SUFFIXES[:7])}")
    if suffix == ".docx":
        found, notes = _document(docx.read(read_bytes(path), where), market, where, rate, names)
    elif suffix == ".xlsx":
        found, notes = _script_columns.passages(sheet.grid(read_bytes(path), where), market, where, rate), ()
    elif suffix in (".csv", ".tsv"):
        rows = _script_columns.rows(decoded(read_bytes(path), where))
        found, notes = _script_columns.passages(rows, market, where, rate), ()
    else:
        file = subtitle_files.read(path, rate, names, given="")
        found, notes = _subtitles(file), file.notes
        return _finished(found, notes, market, where)
    bare = [replace(one, text=_MARKS.sub("", one.text).strip()) for one in found]
    taken_off = [one.line for one, was in zip(bare, found, strict=True) if one.text != was.text]
    if taken_off:
        notes = (*notes, f"tags and notes of music taken off the words, in line {', '.join(map(str, taken_off))}")
    return _finished(bare, (*notes, *_open(bare, names)), market, where)


def _open(found: Sequence[Passage], names: Collection[str]) -> Iterator[str]:
    """A note of what may be a description in a table or a document: there it stays, for a person wrote it."""
    heard = [(one.line, undescribed(one.text, names)) for one in found]
    told = [(line, sign) for line, one in heard for sign in (*one.gone, *one.open)]
    if told:
        rows = "; ".join(f"{sign} (line {line})" for line, sign in told)
        yield f"brackets that may be descriptions nobody says, kept as words: {rows}"


def _subtitles(file: subtitle_files.SubtitleFile) -> list[Passage]:
    return [Passage(one.line, one.text, one.span, one.speaker) for one in file.subtitles]


def _finished(found: Iterable[Passage], notes: Sequence[str], market: str, where: str) -> TargetScript:
    parted = [part for one in found for part in _by_voice(_bilingual(one, market))]
    kept = [one for one in parted if any(char.isalnum() for char in one.text)]
    if not kept:
        raise InputError("says nothing", where, "give the script of this episode")
    if len(kept) > MOST:
        what = f"holds {len(kept):,} passages; no episode has that many (at most {MOST:,})"
        raise InputError(what, where, "give the script of this episode alone")
    long = next((one for one in kept if len(one.text) > LONGEST), None)
    if long is not None:
        what = f"one passage of {len(long.text):,} characters"
        raise InputError(what, f"{where}, line {long.line}", "part it into what is said at once")
    wrong = _script_words.other_language([one.text for one in kept], market)
    if wrong:
        raise InputError(f"is {wrong}, not the language of {market}", where, f"give the script for {market}, or --to")
    if all(one.span is not None for one in kept):
        kept.sort(key=lambda one: (one.span.start if one.span else 0, one.line))
    elif any(one.span is not None for one in kept):
        lost = sum(one.span is None for one in kept)
        notes = (*notes, f"{lost} of {len(kept)} passages have no times: none are used")
        kept = [replace(one, span=None) for one in kept]
    return TargetScript(tuple(kept), tuple(notes))


def _bilingual(one: Passage, market: str) -> Passage:
    """Chinese rows of a passage are its source; where the market itself writes such characters, surely Chinese ones and
    what else stands beside them without a letter of the market's own.
    """
    rows = one.text.split("\n")
    chinese = [row for row in rows if could_be_chinese(row, market)]
    if writes_han(market):
        sure = [row for row in chinese if is_chinese(row, market)]
        chinese = sure if not sure or len(chinese) == len(rows) else chinese
    if not chinese:
        return one
    said = "\n".join(row for row in rows if row not in chinese)
    return replace(one, text=said, source=one.source or "".join(chinese))


def _by_voice(one: Passage) -> Iterator[Passage]:
    """``- Who? / - Me.``: two people in one subtitle are two passages, each with its share of the time."""
    rows = one.text.split("\n")
    begins = [number for number, row in enumerate(rows) if _DASHED.match(row)]
    if len(begins) < 2 or begins[0] != 0 or one.source:
        yield replace(one, text=" ".join(one.text.split()))
        return
    ends = [*begins[1:], len(rows)]
    said = [_DASHED.sub("", " ".join(rows[first:last])) for first, last in zip(begins, ends, strict=True)]
    for text, span in zip(said, shared(one.span, [len(text) for text in said]), strict=True):
        yield replace(one, text=" ".join(text.split()), span=span)


def shared(span: Span | None, shares: Sequence[int]) -> list[Span | None]:
    """A stretch of time divided in proportion; every part has a millisecond at least."""
    if span is None or span.length < len(shares):
        return [span] * len(shares)
    total, at, found, before = max(1, sum(shares)), 0, list[Span | None](), int(span.start)
    for number, share in enumerate(shares, start=1):
        at += share
        end = span.end - (len(shares) - number) if number == len(shares) else span.start + span.length * at // total
        end = max(before + 1, min(end, span.end - (len(shares) - number)))
        found.append(Span(Ms(before), Ms(end)))
        before = end
    return found


# ── documents ───────────────────────────────────────────────────────────────────────────────────────────────
def _document(
    blocks: Sequence[docx.Paragraph | docx.Grid], market: str, where: str, rate: Fraction, names: Collection[str]
) -> tuple[list[Passage], tuple[str, ...]]:
    """The tables of a document where it has such with words in them, else its paragraphs."""
    grids = [block for block in blocks if isinstance(block, docx.Grid) and len(block.rows) > 1]
    if grids and sum(len(one.rows) for one in grids) >= sum(isinstance(block, docx.Paragraph) for block in blocks) // 4:
        cells = [row for one in grids for row in one.rows]
        return _script_columns.passages(cells, market, where, rate), ()
    paragraphs = [block for block in blocks if isinstance(block, docx.Paragraph)]
    heads = [one for one in paragraphs if re.match(r"(?i)heading|title|subtitle$|\d$", one.style) and one.text]
    rows = [(number, row) for number, one in enumerate(paragraphs, start=1) if one not in heads
            for row in one.text.split("\n") if row.strip()]  # fmt: skip
    if sum("-->" in row for _, row in rows) >= 2:
        text = "\n".join(row for _, row in rows)
        cues = "\n\n".join(re.split(r"\n(?=\d+\n[^\n]*-->)", text))
        file = subtitle_files.parse(cues, where, rate, names, given="")
        return _subtitles(file), file.notes
    notes = (f"{len(heads)} heading{'s' if len(heads) > 1 else ''} left out",) if heads else ()
    found = list(_paragraphs(rows, market, rate))
    return found, (*notes, *_labels_told(found))


def _labels_told(found: Sequence[Passage]) -> Iterator[str]:
    called: dict[str, list[int]] = {}
    for one in found:
        if one.speaker:
            called.setdefault(one.speaker, []).append(one.line)
    if called:
        told = ", ".join(f"{name} (line {', '.join(map(str, dict.fromkeys(rows)))})" for name, rows in called.items())
        yield f"names of speakers taken off the words, as evidence of who speaks: {told}"


def _paragraphs(rows: Sequence[tuple[int, str]], market: str, rate: Fraction) -> Iterator[Passage]:
    """``00:12 NAME: text``, each part of it optional; a row of times alone belongs to the next, so does Chinese.

    A name before a colon is a label behind a time, and everywhere in a document that labels its paragraphs.
    """
    cut = [(number, *_timed(row.strip(), rate)) for number, row in rows]
    names = [found[1].strip() for *_, text in cut if (found := _NAMED.match(text))]
    said_rows = sum(bool(text) for *_, text in cut)
    named = len(names) >= max(2, _OFTEN * said_rows) and (len(set(names)) < len(names) or len(names) == said_rows)
    sure = sum(is_chinese(text, market) for *_, text in cut)
    beside = writes_han(market) and sure > _BESIDE * len(cut)
    begin = end = None
    source = ""
    made: list[Passage] = []
    for number, first, last, text in cut:
        begin, end = (first, last) if first is not None else (begin, end)
        who = _NAMED.match(text) if named or first is not None else None
        who = who if who and (named or can_be(folded(who[1]))) else None
        said = text[who.end() :] if who else text
        if not said:
            continue
        # What both could have written is Chinese where Chinese is due: before the row that has none yet.
        if is_chinese(said, market) or (beside and not source and could_be_chinese(said, market)):
            source = said
            continue
        span = Span(begin, end if end is not None and end > begin else Ms(begin + 1)) if begin is not None else None
        made.append(Passage(number, said, span, who[1].strip() if who else "", source))
        begin, end, source = None, None, ""
    yield from lasting(made)


def _timed(row: str, rate: Fraction) -> tuple[Ms | None, Ms | None, str]:
    found = _TIMES.match(row)
    if found is None:
        return None, None, row
    return moment(found[1], rate), moment(found[2], rate) if found[2] else None, row[found.end() :]


def moment(text: str, rate: Fraction) -> Ms | None:
    """``00:01:02,345``, ``01:02.3`` or ``00:01:02:12`` (frames) in ms; None for anything else."""
    text = text.strip()
    frames = re.fullmatch(r"(\d{1,2}):(\d{2}):(\d{2})[:;](\d{2,3})", text)
    try:
        if frames:
            return Ms(parse_clock(f"{frames[1]}:{frames[2]}:{frames[3]}") + round(1000 * int(frames[4]) / rate))
        return parse_clock(text) if re.fullmatch(r"[\d:.,]+", text) else None
    except InputError:
        return None


def lasting(made: Sequence[Passage]) -> Iterator[Passage]:
    """Passages that only begin last until the next, three seconds at most."""
    for at, one in enumerate(made):
        later = made[at + 1].span if at + 1 < len(made) else None
        if one.span is not None and one.span.length == 1:
            until = later.start if later is not None and later.start > one.span.start + 1 else one.span.start + 3000
            one = replace(one, span=Span(one.span.start, Ms(min(until, one.span.start + 3000))))
        yield one

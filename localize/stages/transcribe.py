"""What is said and when: from a subtitle file, an embedded track, captions, speech recognition or an earlier cut.

Labels of speakers in a file come off the words and are handed on as written: one more sign of who speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from localize.episode import Line, OnScreenText, Scene, Shot, dialogue
from localize.errors import InputError
from localize.han import HAN
from localize.roles import Heard
from localize.stages import Desk, Stage, _doubted, _unfit
from localize.stages._labels import in_file
from localize.stages._line_text import clean, kind_of
from localize.stages._subtitle_lines import in_series_language, lines_of, mixed
from localize.stages._two_languages import apart
from localize.stages._unfit import Ear, in_language, listened, passed_over, speech, unheard
from localize.timing import Ms, Span
from localize.version import Finding

Origin = Literal["sidecar", "embedded", "captions", "asr", "carried"]
SIDECARS = (".srt", ".ass", ".ssa", ".vtt", ".ttml", ".dfxp", ".sub")
LANGUAGES = ("", ".zh", ".zh-CN", ".zh-Hans", ".chs", ".zh-TW", ".zh-Hant", ".cht", ".chi", ".zho")
LONGEST_TEXT = 500
SCENE_GAP = 2000
"""Silence, in ms, that ends a scene; where a cut falls into the silence, ``CUT_GAP`` is enough."""
CUT_GAP = 1200
SAME_CAPTION = 200
"""Two readings of one caption may be this far apart, in ms."""
TOGETHER = 0.7
"""Share of their time that rows of one caption are on screen together; readings begin and end some frames apart."""
MOST_AT_ONCE = 4
"""Captions among which a row's own is looked for: so many stand on screen at once at most."""
SPEAKER_DASH = re.compile(r"^\s*[-–—]\s*")


@dataclass(frozen=True, slots=True)
class Job:
    """``path`` with ``digest`` is the subtitle file, or the episode for an embedded track (``stream``).

    ``on_screen`` serves captions, ``heard`` (what ``listen`` came to) speech recognition.  Subtitles are held against
    ``on_screen`` or, where too little was read, against the sound track ``track`` of ``episode``, which tells as well
    whether anybody says what was read; ``rate`` is the picture's, and ``chosen`` tells that somebody named this source.
    ``earlier`` are the lines of another cut, ``earlier_of`` (its stem), already laid over this one.
    ``names`` are the cast's in every spelling, for telling labels of speakers from other words.
    """

    origin: Origin
    path: Path | None
    digest: str
    stream: int
    on_screen: tuple[OnScreenText, ...]
    language: str
    length: Ms
    heard: tuple[Heard, ...] = ()
    episode: Path | None = None
    episode_digest: str = ""
    track: int = -1
    rate: Fraction = Fraction(25)
    chosen: bool = False
    earlier: tuple[Line, ...] = ()
    earlier_of: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """Lines without ids and speakers, in time order; ``findings`` tell what the source had wrong and what was done.

    ``labels`` are empty, or one for each line: the name that the file gives its speaker, empty where it gives none.
    ``doubted`` likewise: why a recognised line is none unless a person says so, empty where it is one.
    """

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    labels: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()


def find_sidecar(episode: Path) -> Path | None:
    """The subtitle file beside the episode: same stem, a subtitle suffix, optionally ``.zh`` before it."""
    names = (f"{episode.stem}{language}{suffix}" for suffix in SIDECARS for language in LANGUAGES)
    found = (path for name in names if (path := episode.with_name(name)).is_file())
    return next((path for path in found if not (path.suffix == ".sub" and path.with_suffix(".idx").exists())), None)


def require_subtitles(path: Path | None, rate: Fraction, language: str) -> None:
    """Raise the ``InputError`` that reading this subtitle file would end in, whatever the episode is like."""
    from localize.formats import subtitle_files

    if path is not None:
        in_series_language(subtitle_files.read(path, rate).subtitles, language, str(path))


def scenes(lines: Sequence[Line], shots: Sequence[Shot] = ()) -> tuple[Scene, ...]:
    """Lines without a long pause between them; a shorter pause is enough where the picture cuts in it."""
    groups: list[list[Line]] = []
    end = 0
    for line in sorted(lines, key=lambda line: line.span):
        gap = line.span.start - end
        cut = any(end <= shot.span.start <= line.span.start for shot in shots)
        if not groups or gap >= SCENE_GAP or (gap >= CUT_GAP and cut):
            groups.append([])
        groups[-1].append(line)
        end = max(end, line.span.end)
    return tuple(
        Scene(f"S-{group[0].id}", Span(group[0].span.start, max(line.span.end for line in group)),
              tuple(line.id for line in group))
        for group in groups
    )  # fmt: skip


def recipe(job: Job) -> dict[str, Any]:
    own: dict[str, Any] = {"origin": job.origin, "language": job.language, "length": job.length}
    if job.origin == "asr":
        return own | {"heard": list(job.heard)}
    own |= {"sound": job.episode_digest, "track": job.track}
    if job.origin == "carried":
        return own | {"earlier": list(job.earlier), "of": job.earlier_of}
    if job.origin == "captions":
        taken = in_language(list(_captions(job.on_screen)), job.language, job.chosen)[0]
        return own | {"captions": list(dialogue(job.on_screen)), "taken": bool(taken)}
    own |= {"captions": [(text.text, text.span) for text in dialogue(job.on_screen)], "chosen": job.chosen}
    names = in_file(job.names, job.path if job.origin == "sidecar" else None, job.digest)
    return own | {"digest": job.digest, "stream": job.stream, "rate": job.rate, "names": names}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Transcript]]:
    for job in jobs:
        yield job, _transcript(job, desk)


def _transcript(job: Job, desk: Desk) -> Transcript:
    """Lines of the job's source.  A track in the file that cannot serve is passed over unless somebody named it."""
    if job.origin == "asr":
        return _heard(job)
    ear = cache(lambda: _listened(job, desk))
    if job.origin == "captions":
        said, beside = apart(list(_captions(job.on_screen)), job.language)
        read, findings = in_language(said, job.language, job.chosen)
        findings = (*findings, *beside) if read else findings
    elif job.origin == "carried":
        read, findings = list(job.earlier), (_unfit.unconfirmed(len(job.earlier), job.earlier_of),)
    else:
        try:
            read, findings = _from_file(job, lambda: speech(ear()))
        except InputError as error:
            if job.origin == "sidecar" or job.chosen:
                raise
            return Transcript((), (passed_over(job.stream, error),))
    lines = tuple(_tidy(read, job))
    labels: tuple[str, ...] = ()
    if job.origin in ("sidecar", "embedded"):
        lines, labels = tuple(replace(line, speaker="") for line in lines), tuple(line.speaker for line in lines)
    if job.origin == "captions" and not read and not findings and job.length <= _unfit.LISTENED:
        findings = tuple(_unfit.silence(ear()))
    return Transcript(lines, (*findings, *unheard(lines, ear())) if lines else findings, labels if any(labels) else ())


# ── subtitle files ──────────────────────────────────────────────────────────────────────
def _from_file(job: Job, talk: Callable[[], Sequence[Span]]) -> tuple[list[Line], tuple[Finding, ...]]:
    """A subtitle file's or an embedded track's lines, set on the episode's clock; ``talk`` is where somebody speaks."""
    from localize.formats import subtitle_files
    from localize.media.subtitle_track import read_track

    assert job.path is not None
    if job.origin == "embedded":
        file = subtitle_files.embedded(read_track(job.path, job.stream), str(job.path), job.names)
    else:
        file = subtitle_files.read(job.path, job.rate, job.names)
    return lines_of(file, str(job.path), job.language, job.on_screen, talk, job.length, job.chosen)


def _listened(job: Job, desk: Desk) -> Ear | None:
    """What there is to hear in the episode, through a file on disk; None when it was not given."""
    from localize.media import audio

    if job.episode is None or job.track < 0:
        return None
    wav = desk.scratch(".wav")
    audio.decode_to_wav(job.episode, job.track, 1, wav, job.length)
    found = listened(audio.Tape(wav), audio.RATE)
    wav.unlink(missing_ok=True)
    return found


# ── burned-in captions ──────────────────────────────────────────────────────────────────
def _captions(texts: Sequence[OnScreenText]) -> Iterator[Line]:
    """Subtitle texts in time order; rows shown together are one caption, from top to bottom, parted by ``\\n``."""
    rows = sorted(dialogue(texts), key=lambda text: (text.span, text.box.y0))
    groups: list[list[OnScreenText]] = []
    for row in rows:
        latest = reversed(groups[-MOST_AT_ONCE:])
        group = next((group for group in latest if _shown_together(group[0], row)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    before: Line | None = None
    for group in groups:
        text = "\n".join(row.text for row in sorted(group, key=lambda row: (row.box.y0, row.box.x0)))
        span = Span(min(row.span.start for row in group), max(row.span.end for row in group))
        if before is not None and before.text == text and span.start - before.span.end <= SAME_CAPTION:
            before = replace(before, span=Span(before.span.start, max(before.span.end, span.end)))
            continue
        if before is not None:
            yield before
        before = Line("", span, text)
    if before is not None:
        yield before


def _shown_together(one: OnScreenText, other: OnScreenText) -> bool:
    """Rows of one caption: one above the other, and they come and go together.

    A row that stays while others come and go beside it is another caption.
    """
    shared = one.span.overlap(other.span)
    shorter, longer = sorted((one.span.length, other.span.length))
    edges = (abs(one.span.start - other.span.start), abs(one.span.end - other.span.end))
    together = shared >= TOGETHER * (shorter if max(edges) <= SAME_CAPTION else longer)
    return together and abs(one.box.y0 - other.box.y0) > min(one.box.height, other.box.height) // 2


# ── speech recognition ──────────────────────────────────────────────────────────────────
def _heard(job: Job) -> Transcript:
    """Recognised stretches as lines; what is sung is a song; what turns in a circle or comes twice is said once."""
    once = [_doubted.unlooped(one) for one in job.heard]
    reasons = _doubted.reasons(once, job.heard)
    lines = [Line("", one.span, one.text, "", None, one.words, "song" if "song" in one.doubts else "speech")
             for one in once]  # fmt: skip
    list(_tidy(lines, job))  # whether any of them lies in the episode at all
    sorted_out = sorted(zip(lines, reasons, strict=True), key=lambda pair: pair[0].span)
    tidied = [(line, why) for read, why in sorted_out if read.span.start < job.length for line in _tidy([read], job)]
    found, whys = tuple(line for line, _ in tidied), tuple(why for _, why in tidied)
    cut = [one for one, was, why in zip(once, job.heard, reasons, strict=True) if one is not was and not why]
    taken = [line for line, why in tidied if not why]
    strange = mixed(taken, job.language, "recognised lines", _unfit.CHECK)
    return Transcript(found, (*_doubted.told(found, whys, cut), *strange), (), whys if any(whys) else ())


# ── tidying ─────────────────────────────────────────────────────────────────────────────
def _tidy(lines: Iterable[Line], job: Job) -> Iterator[Line]:
    """Lines inside the episode, in order, with clean text and a kind; raises when none of them falls
    inside.
    """
    read = list(lines)
    inside = [
        replace(line, span=Span(line.span.start, Ms(min(line.span.end, job.length))))
        for line in sorted(read, key=lambda line: line.span)
        if line.span.start < job.length
    ]
    if read and not inside:
        what = "every subtitle starts after the episode ends; it belongs to another episode"
        raise InputError(what, str(job.path or job.origin), "give the right file with --subtitles")
    for line in inside:
        for part in _speeches(line):
            text, kind = kind_of(part.text) if part.kind == "speech" else (part.text, part.kind)
            if any(c.isalnum() for c in text):
                yield replace(part, text=text[:LONGEST_TEXT], kind=kind)


def _speeches(line: Line) -> Iterator[Line]:
    """One line, or one per dash when two people share a subtitle."""
    rows = [row for row in (clean(row) for row in re.split(r"\n|\\N", line.text)) if row]
    chinese = any(HAN.search(row) for row in rows)
    if len(rows) > 1 and all(SPEAKER_DASH.match(row) for row in rows):
        yield from _shared_out(line, [SPEAKER_DASH.sub("", row) for row in rows])
    else:
        yield replace(line, text="".join(rows) if chinese else " ".join(rows))


def _shared_out(line: Line, rows: Sequence[str]) -> Iterator[Line]:
    """The line's time, divided by how much each of the speakers says."""
    total, at = sum(map(len, rows)), line.span.start
    for number, row in enumerate(rows, start=1):
        last = number == len(rows)
        end = line.span.end if last else Ms(at + max(1, line.span.length * len(row) // total))
        if at < end <= line.span.end:
            yield replace(line, span=Span(at, end), text=row, words=())
        at = end


STAGE = Stage("transcribe", revision=15, answer=Transcript, recipe=recipe, work=work, shared=True,
              title=lambda job: job.origin)  # fmt: skip

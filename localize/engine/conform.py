"""A re-delivered or censored cut of an episode takes over the earlier one's line ids, and with them every approved
text, note and take.

The ledger of line ids moves to the new times; ids of lines that were cut are retired, not reused; the log of edits is
carried over when the new file has another name.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from localize import edit_log
from localize.corrections import parts, times, told_parts, told_times
from localize.edits import Edit
from localize.engine import carried_words, ledger, table, transcript
from localize.engine.analysis import lines_of, probed
from localize.engine.carried import Carried, carried, completed, handed_over, kind_of, read_record, record_path
from localize.engine.events import Listener
from localize.engine.labelled import kept
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import draw
from localize.engine.soundtracks import track_of
from localize.engine.store import Store
from localize.episode import Line, Piece, Source
from localize.errors import InputError
from localize.formats import transcript_csv
from localize.series import SeriesBible, find_series, is_series, locked, open_series
from localize.stages import conform as stage
from localize.timing import Ms, Span, span

Fate = Literal["kept", "moved", "cut", "lost", "new"]
WHOLE = 0.9
"""Share of a line's time that one piece must show for the line to have survived whole."""
PART = 0.3
"""Below this share a line is lost: what is left of it cannot be understood."""
LEAST_NEW = 500
"""Milliseconds; shorter stretches without a counterpart are frames dropped at a join."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one line.  ``before`` and ``now`` are its times in the old and the new cut."""

    id: str
    fate: Fate
    text: str
    before: Span | None
    now: Span | None


def follow(entries: Sequence[dict[str, Any]], pieces: Sequence[Piece]) -> tuple[Followed, ...]:
    """Every active line of a ledger, in its old order, laid over the new cut."""
    ordered = sorted((e for e in entries if e["state"] == "active"), key=lambda e: (e["start"], e["id"]))
    steady = _steady(pieces)
    return tuple(_followed(entry, pieces, steady) for entry in ordered)


def _steady(pieces: Sequence[Piece]) -> frozenset[Piece]:
    """The most of the film that is still in its old order; the rest was moved."""
    best: list[tuple[int, tuple[Piece, ...]]] = []
    for piece in sorted(pieces, key=lambda one: one.old):
        before = [one for one in best if one[1][-1].new.end <= piece.new.start]
        length, chain = max(before, key=lambda one: one[0], default=(0, ()))
        best.append((length + piece.new.length, (*chain, piece)))
    return frozenset(max(best, key=lambda one: one[0])[1]) if best else frozenset()


def _followed(entry: dict[str, Any], pieces: Sequence[Piece], steady: frozenset[Piece]) -> Followed:
    before = span(entry["start"], entry["end"])
    piece, share = _shown_by(pieces, before)
    if piece is None or share < PART:
        return Followed(entry["id"], "lost", entry["text"], before, None)
    fate: Fate = "cut" if share < WHOLE else "kept" if piece in steady else "moved"
    return Followed(entry["id"], fate, entry["text"], before, _laid(piece, before))


def _shown_by(pieces: Sequence[Piece], line: Span) -> tuple[Piece | None, float]:
    """The piece that shows most of ``line``, and how much of it."""
    piece = max(pieces, key=lambda p: _shared(p, line), default=None)
    return piece, _shared(piece, line) / line.length if piece else 0.0


def _laid(piece: Piece, line: Span) -> Span:
    start = max(piece.to_new(line.start), piece.new.start)
    return span(start, max(start + 1, min(piece.to_new(line.end), piece.new.end)))


def _shared(piece: Piece, line: Span) -> int:
    return max(0, min(piece.old_end, line.end) - max(piece.old, line.start))


def unmatched(pieces: Sequence[Piece], length: Ms) -> tuple[Span, ...]:
    """Stretches of the new cut that the old one does not hold."""
    edges = [Ms(0), *(ms for piece in sorted(pieces, key=lambda p: p.new) for ms in (piece.new.start, piece.new.end))]
    edges.append(length)
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple(span(start, end) for start, end in gaps if end - start >= LEAST_NEW)


# ── the series directory ────────────────────────────────────────────────────────────────
def entries_of(bible: SeriesBible, stem: str, letter: str = "L") -> list[dict[str, Any]]:
    """The ledger of an episode's lines, or of its on-screen texts (``letter`` T).  Raises ``InputError`` when the
    episode has no lines yet.
    """
    found = ledger.read(_ledger(bible, stem, letter))
    if not found and letter == "L":
        fix = f"localize transcribe the earlier cut first, with --series {bible.root}"
        raise InputError(f"no lines of {stem} are known", str(_ledger(bible, stem, letter)), fix)
    return found


def _ledger(bible: SeriesBible, stem: str, letter: str) -> Path:
    return bible.root / "lines" / f"{stem}{'.texts' if letter == 'T' else ''}.json"


def require_free(bible: SeriesBible, stems: tuple[str, str], digests: tuple[str, str]) -> None:
    """Raise ``InputError`` when a person already worked on the new cut."""
    log = bible.root / "edits" / f"{stems[1]}.jsonl"
    done = read_record(record_path(bible, stems[1]))
    if stems[0] != stems[1] and log.exists() and list(digests) not in [*done["done"], done.get("now")]:
        fix = f"give the new cut a name of its own, or put {log.name} aside first"
        raise InputError(f"{stems[1]} has edits of its own", str(log), fix)


def carry(
    bible: SeriesBible, stems: tuple[str, str], digests: tuple[str, str], pieces: Sequence[Piece],
    said: Mapping[str, Mapping[str, str]] | None = None,
) -> bool:  # fmt: skip
    """Move ids, history and edits from the first of ``stems`` to the second; False when that was done before.

    ``said`` is kept with them: speaker and kind each line had, for a cut that tells neither by itself.  Everything is
    written down first (``<new>.conformed.json``), so that a run that died half-way is completed by the next one.
    Raises ``InputError`` when a person already worked on the new cut: nothing is changed then.
    """
    old, new = stems
    _finished(bible, new)
    with locked(bible.root):
        done = completed(bible, new)
        if list(digests) in done:
            return False
        require_free(bible, stems, digests)
        entries = ledger.read(_ledger(bible, old, "L"))
        told = {"from": old, "done": done, "now": list(digests), "pieces": [_plain(piece) for piece in pieces],
                "said": said or {}, "labels": kept(bible, old)}  # fmt: skip
        if old != new:
            told["kept"] = [one.id for one in follow(entries, pieces) if one.now is not None]
        files = _files(bible, stems, digests, pieces, entries)
        ledger.replace_whole(record_path(bible, new), json.dumps(told | {"files": files}, ensure_ascii=False, indent=1))
    _finished(bible, new)
    return True


def _files(
    bible: SeriesBible, stems: tuple[str, str], digests: tuple[str, str], pieces: Sequence[Piece],
    entries: Sequence[dict[str, Any]],
) -> dict[str, str]:  # fmt: skip
    """Texts of everything that is written for the new cut, by place in the series."""
    old, new = stems
    files = {f"lines/{_ledger(bible, new, letter).name}": _moved(bible, old, letter, pieces) for letter in "LT"}
    files |= carried_words.files(bible, stems, digests[0], pieces, entries)
    log = edit_log.read(bible.root / "edits" / f"{old}.jsonl")
    if log and old == new:  # what was said about the earlier cut is kept as it was said
        files[f"edits/{old}.{digests[0][:8]}.jsonl"] = edit_log.encode(log)
    if log:
        files[f"edits/{new}.jsonl"] = edit_log.encode(carried_edits(log, pieces, new))
    return {name: text for name, text in files.items() if text}


def _finished(bible: SeriesBible, stem: str) -> None:
    """Do all that the record of ``stem`` holds to be done, the tables of the whole series last: they have locks of
    their own.
    """
    with locked(bible.root):
        completed(bible, stem)
        told = read_record(record_path(bible, stem))
    if "kept" in told:
        carried_words.hand_over(bible, (told["from"], stem), told["kept"])
        with locked(bible.root):
            handed_over(bible, stem, told["kept"])


def carried_edits(edits: Sequence[Edit], pieces: Sequence[Piece], stem: str) -> tuple[Edit, ...]:
    """The log of the new cut: times that people set are moved with the picture; those of what was cut out are left."""
    values = ((edit, _carried(edit, pieces)) for edit in edits)
    return tuple(replace(edit, episode=stem, value=value) for edit, value in values if value is not None)


def _carried(edit: Edit, pieces: Sequence[Piece]) -> str | None:
    """The value in the new cut; None when its moment is not there."""
    if edit.market or edit.field not in ("span", "add", "split"):
        return edit.value
    if edit.field == "split":
        name, at, first, second = parts(edit.value)
        piece, _ = _shown_by(pieces, span(at, at + 1))
        return told_parts(name, piece.to_new(at), first, second) if piece and _shared(piece, span(at, at + 1)) else None
    line = times(edit.value)
    piece, share = _shown_by(pieces, line)
    return told_times(_laid(piece, line)) if piece and share >= PART else None


def _moved(bible: SeriesBible, old: str, letter: str, pieces: Sequence[Piece]) -> str:
    """The ledger of ``old`` with the times of the new cut, as a file's text; empty when there is none."""
    entries = ledger.read(_ledger(bible, old, letter))
    fates = {one.id: one for one in follow(entries, pieces)}
    for entry in entries:
        fate = fates.get(entry["id"])
        if fate is None:
            continue
        entry["history"].append({name: entry[name] for name in ("start", "end", "text")})
        if fate.now is None:
            entry["state"] = "retired"
        else:
            entry |= {"start": int(fate.now.start), "end": int(fate.now.end)}
    return ledger.encode(entries) if entries else ""


def _plain(piece: Piece) -> dict[str, Any]:
    return {"new": [piece.new.start, piece.new.end], "old": piece.old, "speed": piece.speed}


# ── the whole job ───────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Conformed:
    """``lines`` in the new order, lost ones last; ``fresh`` are stretches the old cut did not hold; ``origin`` is where
    the lines of the new cut came from, ``carried`` over where nothing can be read or heard in it; ``left`` are script
    rows of what was cut out.
    """

    pieces: tuple[Piece, ...]
    lines: tuple[Followed, ...]
    fresh: tuple[Span, ...]
    carried: bool
    origin: str = ""
    left: tuple[str, ...] = ()


def conform(old: Order, new: Order, store: Store, tell: Listener, stop: threading.Event) -> Conformed:
    """Lay the lines of ``old``'s episode over ``new``'s, and find what the new cut says besides.

    Edits waiting in the old line tables are taken in first; otherwise nothing is written before the new cut was read.
    Raises ``InputError`` when the two have nothing in common.
    """
    runner, plan = Runner(store, tell, stop), draw(new)
    found = find_series(new.episode, new.series) or find_series(old.episode, old.series)
    if found is None or not is_series(found):
        raise InputError("no series was found", str(new.episode), "name the show's series directory with --series DIR")
    bible = open_series(found)
    table.import_all(old, bible)
    transcript.import_transcript(old, bible)
    entries = entries_of(bible, old.stem)
    sources = probed(old, runner), probed(new, runner)
    films = [_film(order, source) for order, source in zip((old, new), sources, strict=True)]
    pieces = runner.one(stage.STAGE, stage.Job(films[0], films[1]))
    if not pieces:
        fix = "check that both are cuts of the same episode"
        raise InputError(f"nothing of {old.episode.name} was found in it", str(new.episode), fix)
    digests = (sources[0].digest, sources[1].digest)
    require_free(bible, (old.stem, new.stem), digests)
    before, said = follow(entries, pieces), _said(old)
    earlier = carried(bible, new.stem, digests[1]) or Carried(old.stem, _survived(before, said))
    origin, lines = lines_of(new, plan, bible, sources[1], runner, earlier)
    left = carried_words.left_behind(bible, (old.stem, new.stem), pieces, entries)
    fresh = carry(bible, (old.stem, new.stem), digests, pieces, said)
    minted = ledger.mint(_ledger(bible, new.stem, "L"), lines)
    new_parts = unmatched(pieces, sources[1].picture.length)
    return Conformed(pieces, _reported(before, minted), new_parts, fresh, origin, left if fresh else ())


def _said(old: Order) -> dict[str, dict[str, str]]:
    """Who said each line of the earlier cut and how, as its transcript has it; empty where none was written."""
    path = transcript.transcript_path(old)
    rows = transcript_csv.decode(path.read_bytes(), path) if path.exists() else ()
    return {row.id: {"speaker": row.speaker, "kind": row.kind} for row in rows if row.id}


def _survived(before: Sequence[Followed], said: Mapping[str, Mapping[str, str]]) -> tuple[Line, ...]:
    """What the new cut still shows of the earlier one's lines, in its own order."""
    kinds = {line: kind_of(one["kind"]) for line, one in said.items()}
    ordered = sorted(((one.now, one) for one in before if one.now), key=lambda each: (each[0], each[1].id))
    return tuple(Line("", now, one.text, kind=kinds.get(one.id, "speech")) for now, one in ordered)


def _film(order: Order, source: Source) -> stage.Film:
    return stage.Film(order.media, source.digest, source.picture, track_of(source).index if source.audio else None)


def _reported(followed: Sequence[Followed], minted: ledger.Minted) -> tuple[Followed, ...]:
    """What was followed, as the new cut's own reading confirms it, and its new lines."""
    now = {line.id: line for line in minted.lines}
    known = {one.id for one in followed}
    there = [(one, now.get(one.id)) for one in followed]
    told = [replace(one, now=line.span) if line else replace(one, fate="lost", now=None) for one, line in there]
    told += [Followed(line.id, "new", line.text, None, line.span) for line in minted.lines if line.id not in known]
    return tuple(sorted(told, key=lambda one: (one.now is None, one.now or one.before, one.id)))

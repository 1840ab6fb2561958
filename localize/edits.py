"""People's words: edits and how they change what the machine made.

An edit is an input.  It is logged (``edit_log``) before any work starts and never rewritten; the latest edit of
a field wins. ``Edit.seen`` is the hash of what the person looked at, so that a text which changed meanwhile shows as
a conflict.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from localize.episode import Line
from localize.errors import InputError
from localize.spreadsheet import is_error, same_time, visible
from localize.timing import clock
from localize.version import Rendering, Status, Variants

Field = Literal[
    "dub", "subtitle", "short", "long", "status", "note",
    "text", "span", "speaker", "addressee", "kind", "split", "merge", "add",
]  # fmt: skip
EDITABLE: tuple[Field, ...] = ("dub", "subtitle", "short", "long", "status", "note")
CORRECTABLE: tuple[Field, ...] = ("text", "span", "speaker", "addressee", "kind", "split", "merge", "add")
"""Fields of edits without a market: what is said in the source, when and by whom (``corrections``)."""
TEXTS: tuple[Field, ...] = ("dub", "subtitle", "short", "long")
READ_ONLY = ("id", "start", "end", "speaker", "source", "offer", "origin", "seen", "match", "pivot")
UNREAD = ("offer", "seen", "match", "pivot")
"""Read-only cells whose change is no damage here: remarks, and what has its own words."""
STATUSES: tuple[Status, ...] = ("missing", "draft", "reviewed", "locked")
ANEW = "move this file away and run again: a fresh lines.csv appears that you can copy your changes into"
SHOWN = 8  # how many offenders one error lists before it only counts the rest

@dataclass(frozen=True, slots=True)
class Edit:
    """One cell a person changed.  ``at`` is ISO 8601 with a zone; ``seen`` hashes what they looked at."""

    episode: str
    line: str
    market: str
    field: Field
    value: str
    by: str
    at: str
    seen: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the editable table.  Times are text, so that a spreadsheet's reformatting shows.

    ``number`` is the row's first line in the file, 1-based; 0 when it did not come from a file.
    """

    id: str
    start: str
    end: str
    speaker: str
    source: str
    dub: str
    subtitle: str
    short: str
    long: str
    offer: str
    origin: str
    status: str
    note: str
    seen: str
    match: str = ""
    pivot: str = ""
    number: int = field(default=0, compare=False)


def seen_of(source: str, machine: Rendering) -> str:
    """Twelve letters naming what there is to look at: the source text and the machine's own rendering of
    it.
    """
    shown = [source, machine.dub.normal, machine.dub.short, machine.dub.long, machine.subtitle]
    return _letters(hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:12])


def _letters(digest: str) -> str:
    """A digest without digits: one in a hundred looks like a number, and a spreadsheet would round it."""
    return digest.translate(str.maketrans("0123456789", "ghijklmnop"))


def row_of(line: Line, machine: Rendering, shown: Rendering, note: str = "", pivot: str = "") -> Row:
    """The table row of ``line``: ``machine`` is the rendering before people's edits, ``shown`` the one after
    them.
    """
    return Row(
        id=line.id, start=clock(line.span.start), end=clock(line.span.end), speaker=line.speaker,
        source=line.text, dub=shown.dub.normal, subtitle=shown.subtitle, short=shown.dub.short,
        long=shown.dub.long, offer=_offered(shown), origin=shown.origin, status=shown.status, note=note,
        seen=seen_of(line.text, machine), match=matched(shown), pivot=pivot,
    )  # fmt: skip


def matched(shown: Rendering) -> str:
    """What filled the line, how alike its Chinese is and where it is from: ``memory 100: ep01 L0007``.

    Memory and phrasebook fill lines only where the Chinese is the same.
    """
    return f"{shown.origin} 100: {shown.reference}" if shown.origin in ("memory", "phrasebook") else ""


def _offered(shown: Rendering) -> str:
    """The closest translation that was found and not filled in, with the reason why it was not."""
    texts = (shown.dub.normal, shown.subtitle)
    best = max((one for one in shown.offers if one.text not in texts), key=lambda one: one.score, default=None)
    if best is None:
        return ""
    match = f"{best.origin} {best.score:.0f}" if best.score else best.origin
    return f"{best.text} ({match}: {best.why_not})"


# ── the table against its snapshot ──────────────────────────────────────────────────────────────────────────
def differences(
    base: Sequence[Row], rows: Sequence[Row], *, episode: str, market: str, by: str, at: str, where: str = ""
) -> tuple[Edit, ...]:
    """What a person changed in ``rows`` since ``base`` was written, in the order of ``base``.

    Rows may be sorted differently.  Raises ``InputError`` for missing, unknown or duplicate ids, changed
    read-only cells, a spreadsheet's errors, an unknown status, and rows whose ``seen`` is older than ``base``.
    """
    before, after = {row.id: row for row in base}, {row.id: row for row in rows}
    keep = "keep every row and id as it was; to drop a line, empty its dub and subtitle and set it to locked"
    _refuse(where, _lost(before, after, rows), keep)
    _refuse(where, _stale(before, rows), ANEW)
    fix = "save it again as “CSV UTF-8” from a spreadsheet that still shows the Chinese, or " + ANEW
    _refuse(where, _unreadable(before, rows), fix)
    _refuse(where, _damage(before, rows), f"only {', '.join(EDITABLE)} may change; undo the rest, or {ANEW}")
    _refuse(where, _wordless(before, rows), "put the text back; widen a cell that is too narrow before saving")
    return tuple(
        Edit(episode, old.id, market, name, _plain(getattr(new, name)), by, at, old.seen)
        for old in base
        for new in (after[old.id],)
        for name in EDITABLE
        if _plain(getattr(new, name)) != _plain(getattr(old, name))
    )


def _plain(text: str) -> str:
    """Spreadsheets change line ends and Macs decompose accents; neither is an edit."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _lost(before: Mapping[str, Row], after: Mapping[str, Row], rows: Sequence[Row]) -> list[str]:
    missing = [f"{name} is missing" for name in before if name not in after]
    unknown = [f"line {row.number}: id {row.id!r} is unknown" for row in rows if row.id not in before]
    double = [f"line {row.number}: id {row.id} stands twice" for row in rows if after[row.id] is not row]
    return missing + unknown + double


def _stale(before: Mapping[str, Row], rows: Sequence[Row]) -> list[str]:
    """Rows whose ``seen`` is not what was last written: nobody knows what their words are about."""
    older = "written before the last run, or for another market (stale seen)"
    changed = [row for row in rows if row.seen != before[row.id].seen]
    return [
        f"line {row.number}: {row.id} was {older}"
        if row.seen.isalnum() and len(row.seen) == len(before[row.id].seen)
        else f"line {row.number}: {row.id} seen was {before[row.id].seen!r}, is now {row.seen!r}"
        for row in changed
    ]


def _unreadable(before: Mapping[str, Row], rows: Sequence[Row]) -> list[str]:
    """Question marks where the Chinese was: the file went through an encoding that has none."""
    return [
        f"line {row.number}: {row.id} has question marks instead of Chinese"
        for row in rows
        if row.source != before[row.id].source
        and row.source in (before[row.id].source.encode(name, "replace").decode(name) for name in ("cp1252", "ascii"))
    ]


def _damage(before: Mapping[str, Row], rows: Sequence[Row]) -> list[str]:
    found = []
    for row in rows:
        old = before[row.id]
        for name in READ_ONLY:
            was, now = _plain(getattr(old, name)), _plain(getattr(row, name))
            respelt = name in ("start", "end") and same_time(was, now)
            if name not in UNREAD and was != now and not respelt:
                found.append(f"line {row.number}: {row.id} {name} was {was!r}, is now {now!r}")
        if row.status not in STATUSES:
            found.append(f"line {row.number}: {row.id} status {row.status!r} is none of {STATUSES}")
        if row.status == "missing" != old.status and (row.dub.strip() or row.subtitle.strip()):
            found.append(f"line {row.number}: {row.id} has words, so its status cannot be missing: set it to draft")
    return found


def _wordless(before: Mapping[str, Row], rows: Sequence[Row]) -> list[str]:
    return [
        f"line {row.number}: {row.id} {name} is {getattr(row, name)!r}, a spreadsheet's sign and no text"
        for row in rows
        for name in (*TEXTS, "note")
        if is_error(getattr(row, name)) and getattr(row, name) != getattr(before[row.id], name)
    ]


def _refuse(where: str, found: Sequence[str], fix: str) -> None:
    if found:
        rest = f" … and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise InputError("; ".join(found[:SHOWN]) + rest, where, fix)


# ── edits over what the machine made ────────────────────────────────────────────────────────────────────────
def apply(renderings: Iterable[Rendering], edits: Iterable[Edit]) -> tuple[Rendering, ...]:
    """The renderings as people want them.  Later edits win; ``dub`` and ``subtitle`` never touch each other,
    but for a line that was missing: who fills in one text of it means both until they edit the other.

    A new ``dub`` clears ``short`` and ``long``, which are lengths of the old words, unless they come later in
    the log.  Any edited text makes the origin ``person``.  It counts as reviewed only when a person set the
    status.  A line without any text is ``missing``, unless a person emptied both and signed that as reviewed,
    or locked it: such a line is dropped.
    """
    told: dict[tuple[str, str], list[Edit]] = {}
    for edit in edits:
        told.setdefault((edit.market, edit.line), []).append(edit)
    return tuple(_edited(one, told.get((one.market, one.line), [])) for one in renderings)


def _edited(one: Rendering, told: Sequence[Edit]) -> Rendering:
    found = {edit.field: edit.value for edit in told if edit.field != "note"}
    if not found:
        return one
    texts, edited = _texts(one, told), found.keys() & set(TEXTS)
    status = cast(Status, found.get("status", "draft" if edited else one.status))
    dropped = found.get("status") == "locked" or ({"dub", "subtitle"} <= edited and status in ("reviewed", "locked"))
    if not texts["dub"] and not texts["subtitle"] and not dropped:
        status = "missing"
    dub = Variants(texts["dub"], texts["short"], texts["long"])
    origin = "person" if edited else one.origin
    return replace(one, dub=dub, subtitle=texts["subtitle"], status=status, origin=origin)


def _texts(one: Rendering, told: Sequence[Edit]) -> dict[str, str]:
    """The four texts after ``told``; a cell with nothing but blanks and invisible characters is empty."""
    texts = {
        "dub": one.dub.normal, "subtitle": one.subtitle, "short": one.dub.short, "long": one.dub.long,
    }  # fmt: skip
    own = {edit.field for edit in told}
    for edit in told:
        if edit.field not in TEXTS:
            continue
        value = edit.value if visible(edit.value) else ""
        texts[edit.field] = value
        if edit.field == "dub":
            texts["short"] = texts["long"] = ""
        other = {"dub": "subtitle", "subtitle": "dub"}.get(edit.field, "")
        # What was shown in the other cell stays there when this one is emptied later: the person saw it.
        if one.status == "missing" and other and other not in own and value:
            texts[other] = value
    return texts


def notes(edits: Iterable[Edit], market: str) -> dict[str, str]:
    """The latest note per line."""
    return {edit.line: edit.value for edit in edits if edit.market == market and edit.field == "note"}


def conflicts(edits: Iterable[Edit], market: str, now: Mapping[str, str]) -> tuple[Edit, ...]:
    """The last word on each line of ``market`` that was said about something else than the machine has now.

    ``now`` maps line ids to ``seen_of`` of today's machine renderings.  One newer edit of a line, for example
    of its status, with today's ``seen`` settles every older edit of it.  Edits of lines that are not there
    any more wait in the log and stop nobody.
    """
    last = {edit.line: edit for edit in edits if edit.market == market and edit.field != "note"}
    return tuple(edit for line, edit in last.items() if line in now and _letters(edit.seen) != _letters(now[line]))


def filled_in(lines: Sequence[Line], edits: Iterable[Edit], market: str) -> frozenset[str]:
    """The lines that nothing had a translation for when a person wrote one: no engine need be asked for them, and none
    may, or other words would come to stand under the person's.
    """
    log = tuple(edits)
    empty = {line.id: Rendering(line.id, market, Variants(""), "", "source", "missing") for line in lines}
    seen = {line.id: seen_of(line.text, empty[line.id]) for line in lines}
    about_others = {edit.line for edit in conflicts(log, market, seen)}
    return frozenset(
        one.line for one in apply(empty.values(), log) if one.status != "missing" and one.line not in about_others
    )


def refuse_conflicts(found: Sequence[Edit], where: str = "") -> None:
    """Raise ``InputError`` listing ``found`` (see ``conflicts``), when there are any."""
    told = [f"{one.line} {one.field} was edited by {one.by or 'someone'} on {one.at[:10]}" for one in found]
    if told:
        told[0] = f"the text under a person's edit has changed (stale seen): {told[0]}"
    _refuse(where, told, "look at these lines in lines.csv and set their status again")

"""Rows of the transcript table: what a split or a join makes of times that nobody typed, and which row is which line.

A run that takes rows in names the new lines, but may not come to write the names down: it dies, or the table was
changed meanwhile.  The rows are then still those of the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from localize.corrections import parts
from localize.edits import Edit
from localize.formats.transcript_csv import COLUMNS, Row
from localize.timing import Span, clock


def halves(old: Row, first: Row, second: Row) -> tuple[Span, Span]:
    """The times of both parts of ``old``: as typed, and up to the second where nobody touched the first one's end."""
    end = second.span.start if first.span.end == old.span.end else first.span.end
    return Span(first.span.start, end), second.span


def whole(old: Row, other: Row, row: Row) -> Span:
    """The times of two lines as one: a begin or an end that is one of theirs is that of both together."""
    start, end = min(old.span.start, other.span.start), max(old.span.end, other.span.end)
    return Span(
        start if row.span.start in (old.span.start, other.span.start) else row.span.start,
        end if row.span.end in (old.span.end, other.span.end) else row.span.end,
    )


def together(old: Row, other: Row, row: Row) -> str:
    """The words of two lines as one: as typed, or both in order of time where the row has those of one."""
    first, second = sorted((old, other), key=lambda one: one.span)
    both = first.text + second.text
    return both if row.text in (old.text, other.text) else row.text


def timed(row: Row, span: Span) -> Row:
    return replace(row, start=clock(span.start), end=clock(span.end))


# ── rows whose lines have no row of their own yet ───────────────────────────────────────────────────────────
def taken(rows: Sequence[Row], before: Mapping[str, Row], made: Sequence[Edit]) -> tuple[Row, ...]:
    """The rows with the ids, times and words that ``made`` of them gave their lines, in the same order."""
    ids = {f"{edit.line}+": parts(edit.value)[0] for edit in made if edit.field == "split"}
    seconds = {row.id[:-1]: row for row in rows if row.id.endswith("+")}
    added = (edit.line for edit in made if edit.field == "add")
    return tuple(_taken(row, before, ids, seconds.get(row.id), added) for row in rows)


def _taken(
    row: Row, before: Mapping[str, Row], ids: Mapping[str, str], second: Row | None, added: Iterator[str]
) -> Row:
    first, _, other = row.id.partition(" ")
    if other:
        old, gone = before[first], before[other]
        return replace(timed(row, whole(old, gone, row)), id=first, text=together(old, gone, row))
    if second is not None:
        return timed(row, halves(before[row.id], row, second)[0])
    return replace(row, id=ids.get(row.id, row.id) or next(added))


def recognised(rows: Sequence[Row], old: Sequence[Row], now: Sequence[Row]) -> tuple[Row, ...]:
    """``rows`` with the ids of their lines, and in cells nobody touched what became of them.

    ``old`` are the rows of the table as it was last taken in, ``now`` what became of each (see ``taken``).
    """
    pairs = {one.id: (one, as_now) for one, as_now in zip(old, now, strict=True) if one.id}
    nameless = [(one, as_now) for one, as_now in zip(old, now, strict=True) if not one.id]
    for column in (COLUMNS, ("text",), ("start",)):
        for number, row in enumerate(rows):
            free = not row.id and f"#{number}" not in pairs
            found = next((pair for pair in nameless if free and _same(row, pair[0], column)), None)
            if found is not None:
                pairs[f"#{number}"] = found
                nameless.remove(found)
    keys = (row.id or f"#{number}" for number, row in enumerate(rows))
    return tuple(_as_now(row, *pairs[key]) if key in pairs else row for row, key in zip(rows, keys, strict=True))


def _same(row: Row, other: Row, columns: Sequence[str]) -> bool:
    return all(getattr(row, name) == getattr(other, name) for name in columns)


def _as_now(row: Row, old: Row, now: Row) -> Row:
    typed = {name: getattr(row, name) for name in COLUMNS if getattr(row, name) != getattr(old, name)}
    return replace(now, **typed, number=row.number)

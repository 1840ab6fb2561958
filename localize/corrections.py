"""What people correct in the transcript itself: words, times, speakers, and where one line ends and the next begins.

Corrections are edits without a market, kept in the same log.  They are laid over what the machine read and heard, in
the order they were made, so that a new reading never undoes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from localize.edits import TEXTS, Edit
from localize.episode import Line, LineKind, Word
from localize.timing import Ms, Span, clock, parse_clock

KINDS: tuple[LineKind, ...] = ("speech", "thought", "narration", "song")
Parts = tuple[str, Ms, str, str]
"""Of a split: the second part's id, when it begins, the words of the first and of the second."""
JOINED = "joined from"
"""How the reference begins of words that were put together of those of several lines."""


NUMBERED = re.compile(r"\?[1-9][0-9]*")
"""What diarization calls a stranger.  The number is a place in one answer: it passes to somebody else when the cast
grows, so no edit may hold it.
"""


def sayable(speaker: str, said: Mapping[str, str]) -> str:
    """What to call ``speaker`` in a command: a numbered stranger after a line of theirs, everybody else as they are.

    A number is good until somebody gets a name; ``?L0009``, who says L0009, is good as long as the line is theirs.
    ``said`` maps the lines, in time order, to who says them.
    """
    names = (f"?{line}" for line, who in said.items() if who == speaker)
    return next((one for one in names if one not in said.values()), speaker) if NUMBERED.fullmatch(speaker) else speaker


@dataclass(frozen=True, slots=True)
class Former:
    """What a line was before ``edit`` split it off or joined it: one line that was split, or two that were joined.

    ``parts`` stand in time order as they were just before, each with its own ``Former`` where it had one.
    """

    edit: Edit
    parts: tuple[tuple[Line, Former | None], ...]

    @property
    def joined(self) -> bool:
        return self.edit.field == "merge"

    def since(self, line: str) -> Edit | None:
        """The join that last made ``line`` another line under the same id; what was said of it before is not of it."""
        if self.joined:
            return self.edit
        own = next((former for part, former in self.parts if part.id == line), None)
        return own.since(line) if own is not None else None


def corrected(lines: Sequence[Line], edits: Iterable[Edit], dropped: bool = False) -> tuple[Line, ...]:
    """The lines as people want them, in time order.

    A line whose text a person emptied is left out, unless ``dropped`` ones are wanted too.  Corrections of lines that
    are not there (any more) wait in the log and stop nobody.
    """
    found = _laid_over(lines, edits).lines
    return tuple(
        sorted((line for line in found.values() if line.text or dropped), key=lambda line: (line.span, line.id))
    )


def formers(lines: Sequence[Line], edits: Iterable[Edit]) -> dict[str, Former]:
    """By the id of a line that people split or joined: what it was before."""
    return _laid_over(lines, edits).formers


def with_people(lines: Sequence[Line], edits: Iterable[Edit]) -> tuple[Line, ...]:
    """The lines with the speakers and addressees that people set, whatever was made of them since ``corrected``."""
    told = {(edit.line, edit.field): edit.value for edit in edits if edit.field in ("speaker", "addressee")}
    said = ((line, told.get((line.id, "speaker")), told.get((line.id, "addressee"))) for line in lines)
    return tuple(
        replace(
            line, speaker=line.speaker if by is None else by, addressee=line.addressee if to is None else to or None
        )
        for line, by, to in said
    )


@dataclass
class _Transcript:
    """The lines by id while corrections are laid over them, and what those were that people split or joined."""

    lines: dict[str, Line]
    formers: dict[str, Former] = field(default_factory=dict)

    def take(self, edit: Edit) -> None:
        line = self.lines[edit.line]
        if edit.field == "split":
            first, second = _split(line, parts(edit.value))
            self._remember(edit, (line,), (first, second))
        elif edit.field == "merge":
            other = self.lines.pop(edit.value, None)
            if other is not None:
                self._remember(edit, (line, other), (_merged(line, other),))
                self.formers.pop(other.id, None)
        else:
            self.lines[line.id] = _changed(line, edit)

    def _remember(self, edit: Edit, old: tuple[Line, ...], new: tuple[Line, ...]) -> None:
        before = sorted(old, key=lambda line: line.span)
        former = Former(edit, tuple((line, self.formers.get(line.id)) for line in before))
        self.lines |= {line.id: line for line in new}
        self.formers |= {line.id: former for line in new}


def standing(log: Iterable[Edit]) -> tuple[Edit, ...]:
    """The log without the joins that people took back, and without what was said of those lines while they were joined.

    A join is taken back by a split that gives the second line its old id again.  Who speaks, and to whom, stays: of
    that the latest word counts; so do notes.  What was written for a market is in ``set_aside``.
    """
    edits = tuple(log)
    gone: set[int] = set()
    for join, at, _ in _taken_back(edits):
        meanwhile = (n for n in range(join, at) if edits[n].line == edits[at].line)
        gone |= {at, *(n for n in meanwhile if edits[n].field not in ("speaker", "addressee", "note"))}
    return tuple(edit for at, edit in enumerate(edits) if at not in gone)


def set_aside(log: Iterable[Edit]) -> dict[tuple[str, str], tuple[Edit, ...]]:
    """By line and market, what people wrote of two lines while they were one, oldest first; both have it now that they
    are apart again.
    """
    edits = tuple(log)
    found: dict[tuple[str, str], tuple[Edit, ...]] = {}
    for join, at, name in _taken_back(edits):
        for edit in edits[join:at]:
            if edit.line == edits[at].line and edit.market and edit.field in TEXTS:
                for half in ((edit.line, edit.market), (name, edit.market)):
                    found[half] = (*found.get(half, ()), edit)
    return found


def _taken_back(edits: Sequence[Edit]) -> Iterator[tuple[int, int, str]]:
    """Of every join that was taken back: its place, that of the split that did it, and the line that came back."""
    joins: dict[str, int] = {}
    for at, edit in enumerate(edits):
        if edit.field == "merge":
            joins[edit.value] = at
        elif edit.field == "split" and (name := parts(edit.value)[0]) in joins:
            yield joins.pop(name), at, name


def partings(line: str, former: Former | None, wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    """The joins to take back, the last one first, so that those of ``wanted`` that went into ``line`` are lines again:
    who stays and who comes back.
    """
    if former is not None and former.joined and former.edit.value in wanted:
        yield former.edit.line, former.edit.value
        for part, own in former.parts:
            yield from partings(part.id, own, wanted)


def _laid_over(lines: Sequence[Line], edits: Iterable[Edit]) -> _Transcript:
    found = _Transcript({line.id: line for line in lines})
    for edit in standing(edits):
        if edit.market:
            continue
        if edit.field == "add":
            found.lines[edit.line] = Line(edit.line, times(edit.value), "")
        elif edit.line in found.lines:
            found.take(edit)
    return found


def _changed(line: Line, edit: Edit) -> Line:
    if edit.field == "text":
        return replace(line, text=edit.value.strip(), words=())
    if edit.field == "span":
        return replace(line, span=times(edit.value))
    if edit.field == "speaker":
        return replace(line, speaker=edit.value)
    if edit.field == "addressee":
        return replace(line, addressee=edit.value or None)
    return replace(line, kind=cast(LineKind, edit.value)) if edit.field == "kind" else line


def _split(line: Line, told: Parts) -> tuple[Line, Line]:
    name, at, before, after = told
    at = Ms(min(max(at, line.span.start + 1), line.span.end - 1))
    words = _divided(line.words, at)
    first = replace(line, span=Span(line.span.start, at), text=before, words=words[0])
    return first, replace(line, id=name, span=Span(at, line.span.end), text=after, words=words[1])


def _divided(words: Sequence[Word], at: Ms) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    early = tuple(word for word in words if word.span.start + word.span.end < 2 * at)
    return early, tuple(words[len(early) :])


def _merged(line: Line, other: Line) -> Line:
    first, second = sorted((line, other), key=lambda one: one.span)
    span = Span(first.span.start, max(first.span.end, second.span.end))
    return replace(line, span=span, text=first.text + second.text, words=(*first.words, *second.words))


# ── values ──────────────────────────────────────────────────────────────────────────────
def told_times(span: Span) -> str:
    """A span as the value of an edit."""
    return f"{clock(span.start)} --> {clock(span.end)}"


def times(value: str) -> Span:
    """``told_times`` read back.  Raises ``ValueError``."""
    start, end = (parse_clock(part.strip()) for part in value.split("-->"))
    return Span(start, end)


def told_parts(name: str, at: Ms, before: str, after: str) -> str:
    """A split as the value of an edit."""
    return json.dumps({"id": name, "at": clock(at), "first": before, "second": after}, ensure_ascii=False)


def parts(value: str) -> Parts:
    """``told_parts`` read back.  Raises ``ValueError``."""
    told = json.loads(value)
    try:
        return str(told["id"]), parse_clock(told["at"]), str(told["first"]), str(told["second"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a split: {value!r}") from error

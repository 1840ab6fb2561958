"""What lines that people split or joined had in a market before: words are carried over or offered, never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from localize.corrections import JOINED, Former
from localize.edits import TEXTS, Edit, apply
from localize.episode import Line
from localize.glossary import normal
from localize.script import ScriptRow, match
from localize.version import Offer, Rendering, Status, Variants

Found = Callable[[Line, "ScriptRow | None"], Rendering]
"""What script, memory and phrasebook have for a line."""
Kept = Callable[[Line, Sequence[Edit]], "Rendering | None"]
"""An engine's words for a line that people signed in these edits."""
SIGNED: tuple[Status, ...] = ("reviewed", "locked")


@dataclass(frozen=True, slots=True)
class Had:
    """What each part of a line had, by the line's id; ``rows`` of the script are those of lines before."""

    parts: Mapping[str, tuple[Rendering, ...]] = field(default_factory=dict)
    rows: tuple[ScriptRow, ...] = ()

    def of(self, line: str) -> tuple[Rendering, ...]:
        return self.parts.get(line, ())

    def outdo(self, line: Line, row: ScriptRow | None, rows: Sequence[ScriptRow]) -> bool:
        """Whether the row found for ``line`` says less of it than its parts do: the row of one of them, or several
        that a person has to read together.
        """
        if row is None or line.id not in self.parts:
            return False
        if row in rows:
            return row in self.rows and normal(row.source) != normal(line.text)
        return len(self.of(line.id)) > 1 and settled(self.of(line.id))


@dataclass(frozen=True, slots=True)
class Before:
    """What lines were, by id, everything people said of the episode, oldest first, and engine's words they signed."""

    formers: Mapping[str, Former] = field(default_factory=dict)
    log: tuple[Edit, ...] = ()
    kept: Kept = lambda line, told: None

    def current(self, market: str) -> tuple[Edit, ...]:
        """The market's edits, less those of a line that meanwhile was joined with another: they went into its words."""
        since = {line: former.since(line) for line, former in self.formers.items()}
        return tuple(
            edit for at, edit in enumerate(self.log)
            if edit.market == market and at >= self._place(since.get(edit.line))
        )  # fmt: skip

    def had(self, lines: Sequence[Line], rows: Sequence[ScriptRow], market: str, found: Found) -> Had:
        """What the parts of the lines had that were split or joined, people's edits included."""
        if not self.formers:
            return Had()
        given = _scripted(lines, self.formers, rows)
        changed = [line for line in lines if line.id in self.formers]
        made = {line.id: self._parts(line, self.formers[line.id], market, given, found) for line in changed}
        return Had(made, tuple(given.values()))

    def scripted(self, lines: Sequence[Line], rows: Sequence[ScriptRow]) -> frozenset[ScriptRow]:
        """Rows of lines as they were before people split or joined them."""
        return frozenset(_scripted(lines, self.formers, rows).values()) if self.formers else frozenset()

    def _parts(
        self, line: Line, former: Former, market: str, given: Mapping[Line, ScriptRow], found: Found
    ) -> tuple[Rendering, ...]:
        until, gone = self._place(former.edit), former.edit.value if former.joined else ""
        return tuple(
            self._then(line, part, own, market, given, found, len(self.log) if part.id == gone else until)
            for part, own in former.parts
        )  # of the line that is no more everything counts: somebody may have filled in a table from before

    def _then(
        self, line: Line, part: Line, own: Former | None, market: str, given: Mapping[Line, ScriptRow], found: Found,
        until: int,
    ) -> Rendering:  # fmt: skip
        """What ``part`` of ``line`` had when the log was ``until`` edits long."""
        said = replace(part, speaker=line.speaker, addressee=line.addressee)
        words = found(said, given.get(part))
        if own is not None and own.joined and words.origin != "person":
            words = joined(words, self._parts(line, own, market, given, found)) or words
        since = self._place(own.since(part.id)) if own is not None else 0
        told = [edit for edit in self.log[since:until] if edit.market == market]
        if words.status == "missing":
            words = self.kept(part, told) or words
        return replace(apply((words,), told)[0], offers=(), terms=(), mended=())

    def _place(self, edit: Edit | None) -> int:
        return self.log.index(edit) if edit is not None and edit in self.log else 0


def _scripted(lines: Sequence[Line], formers: Mapping[str, Former], rows: Sequence[ScriptRow]) -> dict[Line, ScriptRow]:
    """The script's rows for the parts, matched as if nobody had split or joined anything."""
    whole = [part for line in lines for part in _undone(line, formers.get(line.id))]
    order = {str(at): line for at, line in enumerate(sorted(dict.fromkeys(whole), key=lambda line: line.span))}
    named = [replace(line, id=name) for name, line in order.items()]
    return {order[name]: row for name, row in match(named, rows).rows.items()}


def _undone(line: Line, former: Former | None) -> Iterator[Line]:
    if former is None:
        yield line
    else:
        yield from (part for part, _ in former.parts)


def settled(parts: Sequence[Rendering]) -> bool:
    """Whether a person stands behind the words of every part."""
    return all(_worded(one) and (one.origin == "person" or one.status in SIGNED) for one in parts)


def _worded(one: Rendering) -> bool:
    return one.status != "missing" and bool(one.dub.normal or one.subtitle)


def joined(line: Rendering, parts: Sequence[Rendering]) -> Rendering | None:
    """A person's words for all parts as a draft of ``line``; None where one of them has none."""
    if len(parts) < 2 or not settled(parts):
        return None
    dub, subtitle = _together(parts)
    names = f"{JOINED} {' and '.join(one.line for one in parts)}"
    return replace(line, dub=dub, subtitle=subtitle, origin="person", status="draft", reference=names)


def offered(parts: Sequence[Rendering]) -> tuple[Offer, ...]:
    """What the parts had, as one offer that says where it is from; the Chinese is the line's own, so it counts 100."""
    had = [one for one in parts if _worded(one)]
    if not had:
        return ()
    if len(parts) == 1:
        why = f"{had[0].line} before it was split"
    elif len(had) < len(parts):
        why = f"{had[0].line} alone, before it was joined: the other had no words"
    else:
        why = f"{JOINED} {' and '.join(f'{one.line} ({one.origin})' for one in had)}"
    dub, subtitle = _together(had)
    origin = next((one.origin for one in had if one.origin == "person"), had[0].origin)
    return (Offer(dub.normal or subtitle, origin, 100.0, why, had[0].reference),)


def while_joined(one: Rendering, told: Sequence[Edit]) -> Rendering:
    """``one`` with what people wrote of it and another line while both were joined (``told``) as its first offer."""
    last: dict[str, Edit] = {}
    for edit in told:
        if edit.field == "dub":  # other lengths of the words before it are none of these
            last = {name: kept for name, kept in last.items() if name not in ("short", "long")}
        if edit.field in TEXTS and edit.value.strip():
            last[edit.field] = edit
    fields = [name for name in TEXTS if name in last]
    if not fields:
        return one
    first, *others = (last[name] for name in fields)
    as_one = "" if first.field in ("dub", "subtitle") else f" as its {first.field} length"
    more = "".join(f"; {edit.field}: {edit.value}" for edit in others if edit.value != first.value)
    why = f"written of {first.line}{as_one} while both were joined{more}"
    return replace(one, offers=(Offer(first.value, "person", 100.0, why), *one.offers))


def _together(parts: Sequence[Rendering]) -> tuple[Variants, str]:
    """The texts of the parts with a blank between them; a length that one of them lacks is left out."""
    texts = [(one.dub.normal, one.dub.short, one.dub.long) for one in parts]
    normal, *lengths = zip(*texts, strict=True)
    short, long = (" ".join(length) if all(length) else "" for length in lengths)
    return Variants(" ".join(filter(None, normal)), short, long), " ".join(filter(None, (p.subtitle for p in parts)))

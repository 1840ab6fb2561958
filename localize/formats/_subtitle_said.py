"""From the events of a subtitle file to what is said: by voices, without descriptions, songs apart from talk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from localize.formats._subtitle_events import Event
from localize.formats._subtitle_sounds import by_song, is_description, undescribed
from localize.formats._subtitle_voices import Part, folded, labels_of, parted
from localize.timing import Ms, Span, clock

MOST_TOLD = 60
"""So many descriptions are named one by one; no episode of two minutes has more."""
NARRATED = ("【旁白】", "（旁白）")
"""Brackets before a line that say its kind: they are no words, and nobody need look."""


class Said:
    """What the events of one file say, and what was left out on the way.  ``names`` are the cast's."""

    def __init__(self, events: Sequence[Event], names: Collection[str], sounds: Sequence[Event] = ()) -> None:
        self.labels = labels_of(events, names)
        self.names = frozenset(map(folded, names))
        self.gone = [(event.start, event.line, event.text) for event in sounds]
        self.open: list[tuple[int, int, str]] = []
        self.called: dict[str, list[int]] = {}

    def parts(self, event: Event) -> Iterator[tuple[Part, Span]]:
        """What each voice says and when: several share the event's time by how much they say."""
        found = [part for one in parted(event, self.labels) for part in self._heard(one, event)]
        for name in dict.fromkeys(part.speaker for part in found if part.speaker):
            self.called.setdefault(name, []).append(event.line)
        weights = [max(1, sum(char.isalnum() for char in part.text)) for part in found]
        yield from zip(found, _shared(Span(Ms(event.start), Ms(event.end)), weights), strict=True)

    def _heard(self, part: Part, event: Event) -> Iterator[Part]:
        heard = undescribed(part.text, self.names)
        self.gone += [(event.start, event.line, one) for one in heard.gone]
        said = part.text.lstrip().startswith
        self.open += [(event.start, event.line, one) for one in heard.open if one not in NARRATED or not said(one)]
        if part.manner:
            self.gone.append((event.start, event.line, f"（{part.manner}）"))
        feeling = part.emotion or heard.emotion
        for text, sung in by_song(heard.text):
            if sung and (not text or is_description(text, strict=True, names=self.names)):
                self.gone.append((event.start, event.line, " ".join(f"♪ {text}".split())))
            elif any(char.isalnum() for char in text) or (text and not heard.gone):
                yield replace(part, text=text, emotion=feeling, kind="song" if sung else part.kind)

    def notes(self) -> list[str]:
        """A sentence for each kind of thing that was taken off, left out or left open; times are the file's."""
        found = []
        if self.gone:
            told = f"{len(self.gone)} descriptions of sounds and manner left out, nobody says them"
            found.append(f"{told}: {_listed(self.gone)}")
        if self.open:
            found.append(f"brackets that may be a description or a title, kept as words: {_listed(self.open)}")
        if self.called:
            most = sorted(self.called.items(), key=lambda one: -len(one[1]))[:MOST_TOLD]
            names = ", ".join(f"{name} ({_rows(rows)})" for name, rows in most)
            found.append(f"names of speakers taken off the words, as evidence of who speaks: {names}")
        if self.labels.left:
            words = ", ".join(f"{name} ({_rows(rows)})" for name, rows in self.labels.left[:MOST_TOLD])
            found.append(f"words before a colon that may be names of speakers, kept as words: {words}")
        return found


def _rows(lines: Sequence[int]) -> str:
    """``line 2``, ``lines 2, 6``: rows of the file, the first ``MOST_TOLD`` of them."""
    shown = ", ".join(map(str, lines[:MOST_TOLD])) + (f" … {len(lines)} in all" if len(lines) > MOST_TOLD else "")
    return f"line{'s' if len(lines) > 1 else ''} {shown}"


def _listed(told: Sequence[tuple[int, int, str]]) -> str:
    shown = "; ".join(f"{text} ({clock(Ms(start))}, line {line})" for start, line, text in sorted(told)[:MOST_TOLD])
    return shown + (f" … {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else "")


def _shared(span: Span, weights: Sequence[int]) -> list[Span]:
    """The time divided in proportion; where it is too short for that, everybody has all of it."""
    if len(weights) < 2 or span.length < 2 * len(weights):
        return [span] * len(weights)
    total, at, said = sum(weights), int(span.start), 0
    found = []
    for number, weight in enumerate(weights, start=1):
        said += weight
        least, last = at + 1, span.end - (len(weights) - number)
        end = max(least, min(last, span.start + span.length * said // total))
        found.append(Span(Ms(at), Ms(end)))
        at = end
    return found

"""One caption, two voices: where another may begin, and where among a line's words the speaker changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from localize.episode import Line, Word
from localize.roles import Attribution
from localize.timing import Span

LEAST = 250
"""A voice heard for less, in ms, divides nothing: so short a turn is a slip of the diarization."""
SURELY = 700
"""… and for so long where the cut would fall inside a clause."""
NEAR = 2
"""How many characters a cut may move to reach punctuation."""
PAUSE = 250
"""Silence between two words, in ms, after which another may be speaking; punctuation that ends a sentence tells it too,
and so do the spaces and dashes of captions without punctuation."""
_ENDS = re.compile(r"[。！？!?…；;\s—–-]")


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody (``speaker``, any name) holding the floor."""

    span: Span
    speaker: str


@dataclass(frozen=True, slots=True)
class Said:
    """Characters ``start``–``end`` of a line's text and when they are heard.

    ``word`` is false for a stretch the recogniser lost, which lies where it must have been said.
    """

    start: int
    end: int
    span: Span
    confidence: float | None = None
    word: bool = True


def clauses(line: Line) -> tuple[Span, ...]:
    """The stretches of a line that may have voices of their own, in order: at least one when its words have times."""
    groups: list[list[Word]] = []
    at = 0
    for word in line.words:
        found = line.text.find(word.text, at)
        between, at = line.text[at : max(found, at)], max(found, at) + len(word.text)
        if not groups or _ENDS.search(between) or word.span.start - groups[-1][-1].span.end >= PAUSE:
            groups.append([])
        groups[-1].append(word)
    return tuple(Span(own[0].span.start, max(word.span.end for word in own)) for own in groups)


def borders(text: str) -> tuple[int, ...]:
    """Where inside a text another voice may begin: before the character at each place a sentence has ended."""
    return tuple(
        at for at in range(1, len(text))
        if text[at].isalnum() and _ENDS.match(text[at - 1]) and any(c.isalnum() for c in text[:at])
    )  # fmt: skip


def told_apart(voices: Sequence[tuple[Span, Attribution]]) -> Iterator[Turn]:
    """The turns of one line's clauses, when two that follow each other surely have different voices; else none.

    Sure is a margin from which on the engine was not seen to err; an engine nobody measured divides nothing.
    """
    sure = [(span, one) for span, one in voices if one.margin >= one.clear > 0]
    if any(one.speaker != other.speaker for (_, one), (_, other) in pairwise(sure)):
        yield from (Turn(span, one.speaker) for span, one in sure)


def changes(text: str, said: Sequence[Said], turns: Sequence[Turn]) -> tuple[tuple[int, int], ...]:
    """``(word, character)`` at which each further voice begins, in order; empty when one voice says it all.

    The text is to be cut before the first word of the new voice, or at punctuation ``NEAR`` by.
    """
    found: list[tuple[int, int]] = []
    for word in _firsts(said, turns):
        cut, before = _cut(text, said[word].start), found[-1][1] if found else 0
        first = next((number for number, one in enumerate(said) if one.start >= cut), 0)
        last = found[-1][0] if found else 0
        clause = cut == 0 or text[cut - 1].isalnum()
        brief = min(said[first - 1].span.end - said[last].span.start, said[-1].span.end - said[first].span.start)
        if any(c.isalnum() for c in text[before:cut]) and last < first and not (clause and brief < SURELY):
            found.append((first, cut))
    return tuple(found)


def _firsts(said: Sequence[Said], turns: Sequence[Turn]) -> list[int]:
    """The word each further voice begins with.  Words in nobody's turn and slips go with the voice before."""
    voices: list[tuple[str, int, int]] = []
    for number, word in enumerate(said):
        who = _speaker(word.span, turns) or (voices[-1][0] if voices else "")
        if voices and who == voices[-1][0]:
            voices[-1] = (who, voices[-1][1], number)
        else:
            voices.append((who, number, number))
    long = [one for one in voices if said[one[2]].span.end - said[one[1]].span.start >= LEAST]
    return [one[1] for before, one in pairwise(long) if one[0] != before[0]]


def _speaker(span: Span, turns: Sequence[Turn]) -> str:
    shares: dict[str, int] = {}
    for turn in turns:
        if shared := span.overlap(turn.span):
            shares[turn.speaker] = shares.get(turn.speaker, 0) + shared
    return max(sorted(shares), key=lambda who: shares[who], default="")


def _cut(text: str, at: int) -> int:
    near = (at + step for step in sorted(range(-NEAR, NEAR + 1), key=abs))
    return next((p for p in near if 0 < p < len(text) and not text[p - 1].isalnum() and text[p].isalnum()), at)

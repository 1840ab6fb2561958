"""What a recogniser said, as syllables with times, and the parts of it that no caption shows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from localize.episode import Word
from localize.roles import Heard
from localize.stages._alignment import Sounding
from localize.stages._syllables import syllables
from localize.timing import Ms, Span

PAUSE = 500
"""Silence, in ms, that parts two stretches of recognised words."""


@dataclass(frozen=True, slots=True)
class Token:
    """A recognised word: which stretch (``line``) it stands in, and its characters ``start``–``end`` there.

    ``timed`` is false where the recogniser gave no word times and the stretch was shared out evenly.
    """

    text: str
    span: Span
    confidence: float | None
    line: int
    start: int
    end: int
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything recognised, in time order: ``tokens``, and their ``sounds``, whose ``word`` numbers a token."""

    lines: tuple[Heard, ...]
    tokens: tuple[Token, ...]
    sounds: tuple[Sounding, ...]

    def text(self, first: int, last: int) -> str:
        """The words ``first``–``last`` as the recogniser wrote them, with the punctuation after each."""
        parts: list[str] = []
        for number in range(first, last + 1):
            one = self.tokens[number]
            rest = self.tokens[number + 1] if number + 1 < len(self.tokens) else None
            whole = self.lines[one.line].text
            until = rest.start if rest is not None and rest.line == one.line else len(whole)
            parts.append(whole[one.start : until] if whole[one.start : one.end] == one.text else one.text)
        return "".join(parts).strip()

    def span(self, first: int, last: int) -> Span:
        tokens = self.tokens[first : last + 1]
        return Span(min(one.span.start for one in tokens), max(one.span.end for one in tokens))

    def syllables(self, first: int, last: int) -> tuple[Sounding, ...]:
        """What the words ``first``–``last`` sound like."""
        low = bisect_left(self.sounds, first, key=lambda one: one.word)
        return self.sounds[low : bisect_right(self.sounds, last, key=lambda one: one.word)]

    def score(self, first: int, last: int) -> float | None:
        """The mean of the words' own scores, each syllable counting once; a word without one has its stretch's.

        None when the recogniser gave neither.
        """
        tokens = [self.tokens[one.word] for one in self.syllables(first, last)]
        scores = [self.lines[one.line].confidence if one.confidence is None else one.confidence for one in tokens]
        known = [score for score in scores if score is not None]
        return round(sum(known) / len(known), 4) if known else None

    def sung(self, first: int, last: int) -> bool:
        """Whether all stretches of these words are sung."""
        return all("song" in self.lines[one.line].doubts for one in self.tokens[first : last + 1])

    def doubted(self, first: int, last: int) -> bool:
        """Whether something speaks against the stretches of these words: a loop, a song, boilerplate, silence."""
        return any(self.lines[one.line].doubts for one in self.tokens[first : last + 1])

    def placed(self, first: int, last: int) -> bool:
        """Whether anybody said when these words are: they have their own times, or are all of their stretch."""
        if all(one.timed for one in self.tokens[first : last + 1]):
            return True
        own = {one.line for one in self.tokens[first : last + 1]}
        before, after = self.tokens[max(first - 1, 0)], self.tokens[min(last + 1, len(self.tokens) - 1)]
        return (first == 0 or before.line not in own) and (last + 1 == len(self.tokens) or after.line not in own)


def hearing(lines: Sequence[Heard]) -> Hearing:
    """Recognised stretches (with their words, where the recogniser times them) as tokens and syllables."""
    ordered = tuple(sorted(lines, key=lambda line: line.span))
    tokens = [token for number, line in enumerate(ordered) for token in _tokens(number, line)]
    tokens.sort(key=lambda token: (token.span, token.line, token.start))
    sounds: list[Sounding] = []
    for number, token in enumerate(tokens):
        said = syllables(token.text)
        each = token.span.length / max(len(said), 1)
        start = token.span.start
        sounds += [Sounding(s.sound, start + i * each, start + (i + 1) * each, number) for i, s in enumerate(said)]
    return Hearing(ordered, tuple(tokens), tuple(sounds))


def _tokens(number: int, line: Heard) -> Iterator[Token]:
    at = 0
    for word in line.words or _shared_out(line):
        found = line.text.find(word.text, at)
        start = found if found >= 0 else at
        at = start + len(word.text)
        yield Token(word.text, word.span, word.confidence, number, start, at, bool(line.words))


def _shared_out(line: Heard) -> Iterator[Word]:
    """A stretch without word times: every syllable gets the same time."""
    said = syllables(line.text)
    for place, one in enumerate(said):
        start = line.span.start + place * line.span.length // len(said)
        end = line.span.start + (place + 1) * line.span.length // len(said)
        if end > start:
            yield Word(line.text[one.start : one.end], Span(Ms(start), Ms(end)))


def runs(heard: Hearing, taken: Collection[int]) -> Iterator[tuple[int, int]]:
    """``(first, last)`` words of every stretch none of whose words is ``taken``, parted at pauses and stretches."""
    first: int | None = None
    for number, token in enumerate(heard.tokens):
        before = heard.tokens[number - 1] if number else None
        parted = before is None or token.line != before.line or token.span.start - before.span.end >= PAUSE
        if first is not None and (number in taken or parted):
            yield first, number - 1
            first = None
        if first is None and number not in taken:
            first = number
    if first is not None:
        yield first, len(heard.tokens) - 1

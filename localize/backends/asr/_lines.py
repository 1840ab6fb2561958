"""Recognised stretches into lines: recognisers answer up to half a minute at once, a line is one breath of talk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from localize.episode import Word
from localize.roles import Heard
from localize.timing import Span

PAUSE = 500
"""Silence between two words, in ms, that parts two lines; inside a sentence pauses are shorter."""
LONGEST = 7000
"""Milliseconds: no subtitle stays longer (Netflix Timed Text Style Guide: 7 s)."""
_SENTENCE = re.compile(r"[。！？!?…]|(?<=[^\W\d])\.(?:\s|$)")
_CLAUSE = re.compile(r"[，,、；;：:]")


def divided(heard: Heard) -> Iterator[Heard]:
    """The lines of one stretch, cut after sentences, at pauses and, where one is still too long, at its best comma.

    A stretch without word times stays as it is.
    """
    words = heard.words
    if len(words) < 2:
        yield heard
        return
    pieces = _pieces(heard.text, words)
    gaps = [after.span.start - before.span.end for before, after in pairwise(words)]
    cuts = [number for number, gap in enumerate(gaps, start=1) if gap >= PAUSE or _SENTENCE.search(pieces[number - 1])]
    for first, last in pairwise([0, *cuts, len(words)]):
        for low, high in _shortened(words, pieces, first, last):
            yield _line(heard, pieces, low, high)


def _pieces(text: str, words: Sequence[Word]) -> list[str]:
    """``text`` cut at the start of every word: a word with the punctuation and space behind it."""
    starts, at = [0], 0
    for number, word in enumerate(words):
        found = text.find(word.text, at)
        if number:
            starts.append(found if found >= 0 else at)
        at = found + len(word.text) if found >= 0 else at
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def _shortened(words: Sequence[Word], pieces: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int]]:
    if last - first < 2 or words[last - 1].span.end - words[first].span.start <= LONGEST:
        yield first, last
        return
    middle = (words[first].span.start + words[last - 1].span.end) / 2

    def merit(number: int) -> tuple[bool, int, float]:
        gap = words[number].span.start - words[number - 1].span.end
        return bool(_CLAUSE.search(pieces[number - 1])), gap, -abs(words[number].span.start - middle)

    best = max(range(first + 1, last), key=merit)
    yield from _shortened(words, pieces, first, best)
    yield from _shortened(words, pieces, best, last)


def _line(heard: Heard, pieces: Sequence[str], first: int, last: int) -> Heard:
    words = heard.words[first:last]
    start = min(one.span.start for one in words)
    end = max(one.span.end for one in words)
    text, score = "".join(pieces[first:last]).strip(), mean(words)
    sure = heard.confidence if score is None else score
    return replace(heard, span=Span(start, end), text=text, words=words, confidence=sure)


def mean(words: Sequence[Word]) -> float | None:
    """The words' own confidence, each character counting once; None where no word has any."""
    scores = [(word.confidence, len(word.text)) for word in words if word.confidence is not None]
    count = sum(size for _, size in scores)
    return round(sum(score * size for score, size in scores) / count, 4) if count else None

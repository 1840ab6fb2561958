"""Recognised stretches into lines: recognisers answer up to half a minute at once, a line is one breath of talk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from localize.episode import Word
from localize.roles import Heard
from localize.timing import Ms, Span

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


def shared_out(heard: Heard, speech: Sequence[Span]) -> Iterator[Heard]:
    """One long stretch without word times, parted where nobody speaks: its text by how long is spoken on each side.

    Texts are cut after a clause where one ends near, so the pieces' words are near their time, not at it.
    """
    if heard.words or heard.span.length <= LONGEST or "damaged" in heard.doubts:
        yield heard
        return
    talk = list(_talks([one for one in speech if one.overlap(heard.span)], heard.span))
    for span, text in zip(talk, _texts(heard.text, [one.length for one in talk]), strict=True):
        if text:
            yield replace(heard, span=span, text=text)


def _talks(speech: Sequence[Span], within: Span) -> Iterator[Span]:
    """Where somebody talks inside, parted at pauses; what goes on for too long in equal parts."""
    joined: list[Span] = []
    for one in speech or [within]:
        own = Span(max(one.start, within.start), min(one.end, within.end))
        near = bool(joined) and own.start - joined[-1].end < PAUSE
        joined[-1:] = [Span(joined[-1].start, own.end)] if near else [*joined[-1:], own]
    for one in joined:
        count = -(-one.length // LONGEST)
        edges = [Ms(one.start + one.length * n // count) for n in range(count + 1)]
        yield from (Span(a, b) for a, b in pairwise(edges))


def _texts(text: str, lengths: Sequence[int]) -> list[str]:
    """``text`` in as many parts as ``lengths``, about as long."""
    ends, done, total = [0], 0, sum(lengths)
    clauses = [found.end() for found in re.finditer(r"[。！？!?…，,、；;：:\s]+", text)]
    for length in lengths[:-1]:
        done += length
        at = round(len(text) * done / total)
        near = min(clauses, key=lambda end: abs(end - at), default=at)
        most = len(text) * length / total / 2
        ends.append(max(ends[-1], near if abs(near - at) <= most else at))
    return [text[a:b].strip() for a, b in pairwise([*ends, len(text)])]


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

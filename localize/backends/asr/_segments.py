"""Segments and words as transcription servers write them, times in seconds of the piece that was sent.

``first`` is where the piece begins in its window, ``length`` the window's, both in ms; what comes back is in ms of the
window.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from localize.backends.asr._guards import unspoken
from localize.backends.asr._listening import clamped
from localize.episode import Word
from localize.errors import WorkError
from localize.timing import Ms, Span

UNREADABLE = "unreadable"
"""What stands for the words of a segment that came without any."""


def readable(
    listed: Sequence[Mapping[str, Any]], first: int, length: int, where: str
) -> list[tuple[Mapping[str, Any], Span]]:
    """Segments with text and time, either from its words where it has none of its own.

    One that lacks both stands between its neighbours, marked ``damaged``, so that a person is asked; where most lack
    them the answer is none (``WorkError``).
    """
    found: list[tuple[Mapping[str, Any], Span]] = []
    damaged, until = 0, [*(_begin(one, first, length) for one in listed[1:]), length][: len(listed)]
    for one, rest in zip(listed, until, strict=True):
        span, text = _told(one, first, length)
        if _outside(one, first, length) or (text is not None and not text.strip()):
            continue
        if span is None or text is None:
            damaged += 1
            before = min(found[-1][1].end if found else 0, length - 1)
            span = span or Span(Ms(before), Ms(max(before + 1, length if rest is None else rest)))
            one = {"damaged": True}
        found.append(({**one, "text": text or UNREADABLE}, span))
    if damaged * 2 > len(listed):
        what = f"{damaged} of the server's {len(listed)} segments lack times or words that can be read"
        raise WorkError(what, where, "see the server's log, or choose another model; nothing was taken")
    return found


def _told(one: Mapping[str, Any], first: int, length: int) -> tuple[Span | None, str | None]:
    """A segment's time and text, from its words where it has none of its own; None for what neither tells."""
    own = tuple(words_of(listed_in(one, "words"), first, length))
    span, text = _span(one, first, length), one.get("text")
    if own and span is None:
        span = Span(own[0].span.start, max(word.span.end for word in own))
    if own and not isinstance(text, str):
        text = "".join(word.text for word in own)
    return span, text if isinstance(text, str) else None


def _outside(one: Mapping[str, Any], first: int, length: int) -> bool:
    start, end = _seconds(one.get("start")), _seconds(one.get("end"))
    return start is not None and end is not None and (first + start * 1000 >= length or first + end * 1000 <= 0)


def _begin(one: Mapping[str, Any], first: int, length: int) -> Ms | None:
    span = _span(one, first, length)
    return span.start if span is not None else None


def listed_in(answer: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def words_of(listed: Sequence[Mapping[str, Any]], first: int, length: int) -> Iterator[Word]:
    for one in listed:
        span, text, score = _span(one, first, length), one.get("word"), one.get("probability")
        if span is not None and isinstance(text, str) and text.strip():
            yield Word(text.strip(), span, float(score) if isinstance(score, int | float) else None)


def _span(one: Mapping[str, Any], first: int, length: int) -> Span | None:
    """Seconds of the piece → ms of the window; None for anything that is no time inside it."""
    start, end = _seconds(one.get("start")), _seconds(one.get("end"))
    if start is None or end is None:
        return None
    start, end = min(start, end), max(start, end)
    return clamped(first + start * 1000, first + end * 1000, length)


def _seconds(told: Any) -> float | None:
    """A time, also one that is written as text; None for anything else."""
    try:
        value = float(told) if isinstance(told, int | float | str) else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def certainty(segment: Mapping[str, Any]) -> float | None:
    """The mean probability of a segment's tokens, from the mean log probability the server gives."""
    score = segment.get("avg_logprob")
    return round(min(1.0, math.exp(score)), 4) if isinstance(score, int | float) and math.isfinite(score) else None


def silent(segment: Mapping[str, Any]) -> bool:
    told = segment.get("no_speech_prob"), segment.get("avg_logprob")
    return all(isinstance(one, int | float) for one in told) and unspoken(*map(float, told))  # type: ignore[arg-type]

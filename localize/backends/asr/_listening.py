"""What every recogniser shares: long sounds in windows cut at silences, lines out of stretches, guards over both.

A window is at most five minutes, so that three hours of sound need no more memory than five minutes do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from localize.backends.asr._guards import Judge
from localize.backends.asr._lines import divided, shared_out
from localize.episode import Word
from localize.roles import Heard
from localize.timing import Ms, Span

if TYPE_CHECKING:
    from localize.media.audio import Tape
    from localize.roles import Sound

RATE = 16_000
"""Hz recognisers listen at."""
LONGEST = 300
"""Seconds in one window."""
_SILENCE = 300  # ms a window is cut in
_MARGIN = 200  # ms before and after a stretch in which the start or end of a word may lie

Activity = Callable[["Sound", int], tuple[Span, ...]]
"""Mono sound and rate → where somebody speaks, in order."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the sound: from ``start`` ms of the whole, mono at ``RATE``; ``speech`` is counted from its start."""

    start: Ms
    sound: Sound
    speech: tuple[Span, ...]

    @property
    def length(self) -> Ms:
        return Ms(len(self.sound) * 1000 // RATE)


def windows(sound: Sound | Tape, rate: int, activity: Activity, longest: int = LONGEST) -> Iterator[Window]:
    """The whole of ``sound`` in windows of at most ``longest`` seconds, cut in the last long silence of each.

    Where nobody pauses in the last third, the cut falls into the quietest moment there.
    """
    from localize.media.audio import mono, resample

    at = 0
    while at < len(sound):
        part = np.asarray(sound[at : at + longest * rate], np.float32)
        heard = resample(mono(part), rate, RATE)
        speech = activity(heard, RATE)
        whole = at + len(part) >= len(sound)
        cut = len(heard) * 1000 // RATE if whole else _cut(heard, speech)
        yield Window(Ms(at * 1000 // rate), heard[: cut * RATE // 1000] if not whole else heard, _within(speech, cut))
        at += len(part) if whole else cut * rate // 1000


def _cut(heard: Sound, speech: tuple[Span, ...]) -> int:
    """Milliseconds from the start of the window."""
    length = len(heard) * 1000 // RATE
    edges = [0, *(edge for span in speech for edge in (span.start, span.end)), length]
    gaps = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= _SILENCE]
    late = [(start + end) // 2 for start, end in gaps if (start + end) // 2 >= length * 2 // 3]
    if late:
        return late[-1]
    step = RATE // 10
    tail = heard[len(heard) * 2 // 3 // step * step :]
    power = (tail[: len(tail) // step * step].reshape(-1, step).astype(np.float64) ** 2).mean(axis=1)
    return (len(heard) * 2 // 3 // step + int(power.argmin())) * 100 + 50


def _within(speech: Iterable[Span], length: int) -> tuple[Span, ...]:
    return tuple(Span(one.start, Ms(min(one.end, length))) for one in speech if one.start < length)


def listened(
    sound: Sound | Tape,
    rate: int,
    decode: Callable[[Window], Iterable[Heard]],
    activity: Activity,
    prompt: str = "",
    longest: int = LONGEST,
) -> Iterator[Heard]:
    """What ``decode`` hears in every window somebody speaks in, as judged lines in the order of time.

    ``decode`` counts from the start of its window and may reach outside it; nothing that is yielded does.
    """
    judge = Judge(prompt)
    for window in windows(sound, rate, activity, longest):
        if not window.speech:
            continue
        lines = (_trimmed(line, window.speech) for stretch in decode(window) for one in divided(stretch)
                 for line in shared_out(one, window.speech))  # fmt: skip
        placed = (one for line in lines if (one := _inside(line, window.length)) is not None)
        for line in sorted(placed, key=lambda one: one.span):
            kept = judge.judged(line, _spoken(line.span, window), _held(line.span, window))
            if kept is not None:
                yield _moved(kept, window.start)


def _trimmed(line: Heard, speech: Iterable[Span]) -> Heard:
    """A line without word times begins and ends with the speech in it: recognisers answer for silence around it too."""
    inside = [one for one in speech if one.overlap(line.span)] if not line.words else []
    if not inside:
        return line
    start, end = max(line.span.start, inside[0].start), min(line.span.end, inside[-1].end)
    return replace(line, span=Span(start, end))


def _spoken(where: Span, window: Window) -> float:
    return sum(one.overlap(where) for one in window.speech) / where.length


def _held(where: Span, window: Window) -> float:
    from localize.media.singing import sung

    start, end = max(0, where.start - _MARGIN), where.end + _MARGIN
    return sung(window.sound[start * RATE // 1000 : end * RATE // 1000], RATE)


def _inside(heard: Heard, length: int) -> Heard | None:
    """The part of a line inside the first ``length`` ms; None when there is none, or no text."""
    span = clamped(heard.span.start, heard.span.end, length)
    if span is None or not heard.text.strip():
        return None
    words = ((word, clamped(word.span.start, word.span.end, length)) for word in heard.words)
    return replace(
        heard,
        span=span,
        text=heard.text.strip(),
        words=tuple(replace(word, span=where) for word, where in words if where is not None and word.text.strip()),
    )


def clamped(start: float, end: float, length: int) -> Span | None:
    """``start``–``end`` ms, rounded, inside the first ``length`` ms; None when nothing of it lies there."""
    first, last = max(0, round(start)), min(round(end), length)
    return Span(Ms(first), Ms(last)) if last > first else None


def _moved(heard: Heard, by: Ms) -> Heard:
    def later(span: Span) -> Span:
        return Span(Ms(span.start + by), Ms(span.end + by))

    words = tuple(Word(word.text, later(word.span), word.confidence) for word in heard.words)
    return replace(heard, span=later(heard.span), words=words)

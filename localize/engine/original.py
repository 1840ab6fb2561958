"""Where a version keeps the source's own voice: lines left in the original, captions that belong to no line."""

from __future__ import annotations

from collections.abc import Sequence

from localize.episode import Line, OnScreenText, dialogue
from localize.timing import Ms, Span

BREATH = 300
"""Milliseconds kept around such a stretch, because a separation takes breath and reverberation for voice, too."""


def lineless(texts: Sequence[OnScreenText], lines: Sequence[Line]) -> tuple[OnScreenText, ...]:
    """Burned-in dialogue captions that no line of the transcript stands for."""
    said = [line.span for line in lines]
    return tuple(
        text for text in texts if text.kind == "subtitle" and not any(text.span.overlap(span) for span in said)
    )


def partial(texts: Sequence[OnScreenText], lines: Sequence[Line]) -> str:
    """What a run is told at once when captions belong to no line; empty when each has one."""
    read = dialogue(texts)
    missing = lineless(read, lines)
    if not missing:
        return ""
    be, them = ("belongs to no line and stays", "it") if len(missing) == 1 else ("belong to no line and stay", "them")
    return (
        f"{len(missing)} of {len(read)} burned-in captions {be} Chinese ({missing[0].text} …) → complete the subtitle "
        f"file, take --transcript captions, or add {them} to transcript.csv in rows with an empty id"
    )


def original(texts: Sequence[OnScreenText], lines: Sequence[Line], drafts: Sequence[Line]) -> tuple[Span, ...]:
    """The spans of ``drafts`` (lines without translation) and of captions without a line, in time order."""
    return tuple(sorted({*(line.span for line in drafts), *(text.span for text in lineless(texts, lines))}))


def audible(kept: Sequence[Span], lines: Sequence[Line], length: Ms) -> tuple[Span, ...]:
    """``kept`` with ``BREATH`` around each, but never more than half of the silence to a line spoken anew."""
    anew = [line.span for line in lines if line.span not in kept]
    return tuple(_wider(span, anew, length) for span in kept)


def _wider(span: Span, anew: Sequence[Span], length: Ms) -> Span:
    before = max((one.end for one in anew if one.end <= span.start), default=-2 * BREATH)
    after = min((one.start for one in anew if one.start >= span.end), default=length + 2 * BREATH)
    start = max(0, span.start - min(BREATH, (span.start - before) // 2))
    return Span(Ms(start), Ms(max(span.end, min(length, span.end + min(BREATH, (after - span.end) // 2)))))

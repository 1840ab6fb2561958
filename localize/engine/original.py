"""Where a version keeps the source's own voice: lines left in the original, captions that belong to no line."""

from __future__ import annotations

from collections.abc import Sequence

from localize.episode import Line, OnScreenText
from localize.timing import Ms, Span

BREATH = 300
"""Milliseconds kept around such a stretch, because a separation takes breath and reverberation for voice, too."""


def lineless(texts: Sequence[OnScreenText], lines: Sequence[Line]) -> tuple[OnScreenText, ...]:
    """Burned-in dialogue captions that no line of the transcript stands for."""
    said = [line.span for line in lines]
    return tuple(
        text for text in texts if text.kind == "subtitle" and not any(text.span.overlap(span) for span in said)
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

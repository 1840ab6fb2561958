"""How much the dub talks when the source talks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from localize.checks import Check, Seen
from localize.checks._gates import below
from localize.timing import Span, span
from localize.version import Finding


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for one in sorted(spans):
        if found and one.start <= found[-1].end:
            found[-1] = span(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def shared(source: Iterable[Span], dub: Iterable[Span]) -> float:
    """Intersection over union of two talks on the timeline, 0–1; 1 when nobody talks in either."""
    one, other = _merged(source), _merged(dub)
    both = sum(a.overlap(b) for a in one for b in other)
    union = sum(a.length for a in one) + sum(b.length for b in other) - both
    return both / union if union else 1.0


def _look(seen: Seen) -> Iterator[Finding]:
    dubbed = {one.line for one in seen.placed}
    source = [line.span for line in seen.lines if line.id in dubbed]
    share = shared(source, (span(one.start, one.start + one.length) for one in seen.placed))
    severity = below("speech_overlap", share)
    if severity:
        told = f"dub and source speech share only {share:.0%} of their time"
        softened = "warn" if seen.preview() else severity
        yield Finding(CHECK.id, "", softened, told, "lengthen short dub lines or fill in the long column")


CHECK = Check(
    "speech_overlap",
    "Speech overlap",
    "Mouths move in silence, or rest while a voice speaks.",
    "block",
    _look,
)

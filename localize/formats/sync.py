"""How closely a dub follows the original's speech: the numbers of a report (domain facts §2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from localize.episode import Line
from localize.timing import Ms, Span
from localize.version import Placed

NATURAL, HARDEST = 1.2, 1.4
"""Speed-up nobody notices, and the most that is ever used (domain facts §2.3)."""


@dataclass(frozen=True, slots=True)
class Sync:
    """``overlap`` is shared ÷ united speech time (1 = mouth and voice agree); ``slc`` the share of lines
    whose length is within 20 % of the original's; ``hurried`` above 1.2×; ``fastest`` the
    strongest speed-up; ``source`` and ``dub`` are speech in ms.
    """

    lines: int
    source: Ms
    dub: Ms
    overlap: float
    slc: float
    hurried: float
    fastest: float


def measure(lines: Sequence[Line], placed: Sequence[Placed]) -> Sync | None:
    """Compare spoken lines with their takes; None when nothing was dubbed."""
    spans: Mapping[str, Span] = {line.id: line.span for line in lines}
    pairs = [(spans[one.line], one) for one in placed if one.line in spans and one.length > 0]
    if not pairs:
        return None
    ours = merged(span for span, _ in pairs)
    theirs = merged(Span(one.start, Ms(one.start + one.length)) for _, one in pairs)
    shared = sum(a.overlap(b) for a in ours for b in theirs)
    source, dub = (sum(span.length for span in spans) for spans in (ours, theirs))
    close = sum(0.8 <= one.length / span.length <= 1.2 for span, one in pairs)
    return Sync(
        len(pairs), Ms(source), Ms(dub), shared / (source + dub - shared), close / len(pairs),
        sum(one.stretch > NATURAL for _, one in pairs) / len(pairs), max(one.stretch for _, one in pairs),
    )  # fmt: skip


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found

"""One sentence that was recognised twice: overlapping stretches with the same words are one line.

Recognisers answer for half a minute at once and go over the seams again, so the same words come with nearly the same
times, or as a round of a circle inside the line they were taken from.  Two people do say the same words at once,
rarely: what is left out is told, and a person can give it back.
"""

from __future__ import annotations

from collections.abc import Sequence

from localize.roles import Heard
from localize.stages._syllables import alike, similarity, syllables
from localize.timing import Span, clock

SAME = 0.8
"""Likeness (0–1) from which two texts are the same words, as in ``_votes.PART``: a syllable of five may differ."""
OVER = 0.5
"""Share of the shorter stretch's time that lies in the other."""
TOUCHING = 300
"""… or milliseconds between the two, where nobody could have said both: in one breath pauses are shorter."""
QUICK = 96
"""Milliseconds a syllable takes at the least where somebody says a whole sentence twice: twice the pace of 5.2 a second
(Pellegrino, Coupé and Marsico 2011)."""
PART = 3
"""Syllables from which words inside a longer line are its own, and not another's cry of one or two."""


def said_again(heard: Sequence[Heard], rounds: Sequence[bool]) -> list[str]:
    """Per stretch why it is no line of its own, in words; empty where it is one.

    ``rounds`` tells which were cut to one round of a circle: they yield to whatever line holds their words.
    """
    told = [""] * len(heard)
    open_: list[int] = []
    for number in sorted(range(len(heard)), key=lambda n: heard[n].span):
        one = heard[number]
        open_ = [n for n in open_ if not told[n] and heard[n].span.end + TOUCHING >= one.span.start]
        for other in open_:
            less, more = sorted((number, other), key=lambda n: _worth(heard[n], rounds[n]))
            if _same(heard[less], heard[more], rounds[less]):
                told[less] = f"says again what {clock(heard[more].span.start)} says"
                break
        open_.append(number)
    return told


def _worth(heard: Heard, cut: bool) -> tuple[bool, int, bool, float, int]:
    """What of two stretches stays: more words, then those with times, then what the recogniser is surer of."""
    return (not cut, len(syllables(heard.text)), bool(heard.words), heard.confidence or 0.0, -heard.span.start)


def _same(less: Heard, more: Heard, cut: bool) -> bool:
    """Whether the words of the lesser stretch are those of the other, at its time."""
    own, whole = ([one.sound for one in syllables(heard.text)] for heard in (less, more))
    if not own:
        return False
    over = less.span.overlap(more.span) >= OVER * min(less.span.length, more.span.length)
    if similarity(own, whole) >= SAME:
        return over or _crowded(less, more, len(own) + len(whole))
    return over and (cut or len(own) >= PART) and _inside(own, whole)


def _crowded(one: Heard, other: Heard, sounds: int) -> bool:
    """Whether two stretches that touch are too short together for both, or one has no times of its own."""
    gap = max(one.span.start, other.span.start) - min(one.span.end, other.span.end)
    if gap > TOUCHING:
        return False
    both = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    return both.length < sounds * QUICK or bool(one.words) != bool(other.words)


def _inside(own: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether a run of ``whole`` sounds like ``own``."""
    size = len(own)
    return any(
        sum(alike(a, b) for a, b in zip(own, whole[at:], strict=False)) >= SAME * size
        for at in range(len(whole) - size + 1)
    )

"""What recognised words say about a caption: how far both agree, and whether they may tell when it is said.

A caption was timed by somebody who heard the line.  Words overrule that only where they are surely this line's: most
of it was recognised, the recogniser stands by it, and its words have times of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from localize.stages._alignment import Pairs
from localize.stages._edges import NEAR_CAPTION, Activity, Known, nearest
from localize.stages._hearing import Hearing
from localize.stages._syllables import alike, similarity, syllables
from localize.timing import Span

SYLLABLE = 192
"""Milliseconds of one Mandarin syllable at 5.2 a second (project domain facts §1.3): what one that the recogniser lost
at either end of a line is worth."""
AGREED = 0.5
"""Words time a caption when they sound like at least this share of it, 0–1.  Nonsense under the sample's captions
reaches 0.14, the simulated recogniser of docs/measured.md 0.55 where it heard the line (own judgement between)."""
PART = (4, 0.8)
"""… or, where another part of the line was lost, so many syllables or more sound like at least this share of them."""
UNSURE = 0.2
"""… and the recogniser's own score is not below this; nonsense of an untrained model scores 0.01."""
LOST = 3
"""… and at that end it lost no more syllables than this: farther than 0.6 s nobody's pace can be guessed."""
LINES = 5
"""As many captions must be timed by words before they tell how the others are to be timed."""
BETTER = 0.7
"""Edges of speech activity replace captions' own times when they lie this much nearer to the words, in the median."""
FRAME = 40
"""… and by a frame of a 25-frame picture, in ms, or more."""
NOBODY: Known = (None, None)


@dataclass(frozen=True, slots=True)
class Vote:
    """The words ``first``–``last`` of ``heard`` that are one caption's, and its ``pairs`` with them, maybe none.

    ``agreement`` is how alike both sound, ``score`` the recogniser's own, ``known`` the start and end in ms that the
    words give the caption, None where they cannot tell.
    """

    heard: Hearing
    first: int
    last: int
    pairs: Pairs
    agreement: float
    score: float | None
    known: Known

    @property
    def timed(self) -> bool:
        return self.known != NOBODY


def vote(text: str, pairs: Pairs, other: tuple[int, int] | None, heard: Hearing, doubted: bool = False) -> Vote | None:
    """What was heard of a caption: ``pairs``, or else the ``other`` words under it; None when neither is there.

    Words in a stretch that is ``doubted`` (a loop, boilerplate, silence) vote for the text and never time it.
    """
    words = (heard.sounds[pairs[0][1]].word, heard.sounds[pairs[-1][1]].word) if pairs else other
    if words is None:
        return None
    own, said = [one.sound for one in syllables(text)], heard.syllables(*words)
    total = sum(alike(own[mine], heard.sounds[theirs].sound) for mine, theirs in pairs)
    agreement = total / max(len(own), len(said)) if pairs else similarity(own, [one.sound for one in said])
    agreement, score = round(agreement, 4), heard.score(*words)
    surely = agreement >= AGREED or (len(pairs) >= PART[0] and total >= PART[1] * len(said))
    sure = surely and not doubted and (score is None or score >= UNSURE)
    known = _known(pairs, len(own), heard) if pairs and sure else NOBODY
    return Vote(heard, *words, pairs, agreement, score, known)


def _known(pairs: Pairs, size: int, heard: Hearing) -> Known:
    """Start and end by the words; a few syllables that were lost at either end are added at the usual pace."""
    first, last = heard.sounds[pairs[0][1]], heard.sounds[pairs[-1][1]]
    before, after = pairs[0][0], size - 1 - pairs[-1][0]
    return (
        first.start - before * SYLLABLE if before <= LOST and heard.tokens[first.word].timed else None,
        last.end + after * SYLLABLE if after <= LOST and heard.tokens[last.word].timed else None,
    )


def loose(captions: Sequence[Span], votes: Sequence[Vote | None], activity: Activity) -> tuple[bool, bool]:
    """Whether captions' starts, and their ends, lie farther from what is said than edges of speech activity do.

    The captions that words time tell it for those that none do; without such words captions stay as they were set.
    """
    own = [(span, one.known) for span, one in zip(captions, votes, strict=True) if one is not None]
    starts = [(span.start, known[0]) for span, known in own if known[0] is not None]
    ends = [(span.end, known[1]) for span, known in own if known[1] is not None]
    return _loose(starts, activity.starts), _loose(ends, activity.ends)


def _loose(told: Sequence[tuple[int, float]], edges: Sequence[int]) -> bool:
    found = [(at, word, edge) for at, word in told if (edge := nearest(edges, at, NEAR_CAPTION)) is not None]
    if len(found) < LINES:
        return False
    by_edge, by_caption = median(abs(e - w) for _, w, e in found), median(abs(a - w) for a, w, _ in found)
    return by_edge < BETTER * by_caption and by_caption - by_edge >= FRAME

"""Whether a subtitle file belongs to an episode, and its clock set right where it ran wrong.

Burned-in captions are the better witness: the same words at two times.  Where too few were read the speech of the
episode speaks, by who is captioned when somebody is heard.  A clock is changed only when the change explains far more;
a file is called another episode's only when the witness could not have missed a right one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log
from statistics import median
from typing import Literal

from localize.stages import _drift_sound, _drift_text
from localize.stages._clock import SAME, Clock, Piece, apart
from localize.stages._drift_text import NEAR, Match, Pair, Said
from localize.timing import Ms, Span

Verdict = Literal["fits", "repaired", "unsure", "foreign"]
Witness = Literal["captions", "speech", ""]

CLEAR = 12.0
"""Nats by which another clock must explain the speech better; of 300 wrong files none came so far, one came to 11."""
LIKELY = 5.0
"""… and by which it is worth a word."""
HEARD = 4.0
"""Nats from which the speech bears out a clock nobody searched for: one wrong file in a few hundred comes so far."""
USUAL = 0.3
"""Correlation of right files with the speech: 0.34–0.75 on generated talk with poor speech detection."""
BELONGS, FOREIGN = 0.5, 0.25
"""Share of the captions' syllables a right file has at least (0.8 and more with a tenth misread) and a wrong one of
the same series at most: what everybody says in every episode."""
_GAIN, _ENOUGH = 0.2, 0.8  # share of the pairs a clock must put in time more than none, and at all
_LESS = 0.05  # share of the pairs a simpler clock may be behind
_COARSER = 20  # ms a simpler clock may be further off on average: a film rate 1 % beside the slope is off by 100
_FEW_TEXTS, _FEW_CUES, _SHORT = 5, 8, 20_000  # captions, cues and ms below which nobody can tell
_MANY_TEXTS = 8  # captions it takes to call a file another episode's
_HALF = 0.5  # share of few captions in time from which a file is
_FEWEST, _REFUSED = 2, 3  # captions it takes to doubt a file that holds not one of them, and to refuse it
_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """``clock`` turns the file's times into the episode's.  ``before`` and ``after`` are how well file and witness
    agree without it and with it: share of the captions in time, or correlation with the speech, 0–1.

    ``maybe`` is a clock that fits better than ``clock``, with ``after``, but not clearly enough; ``uneven`` tells that
    one half of the file fits and the other does not; ``guess`` that too few captions were read to be sure of a verdict.
    """

    verdict: Verdict
    witness: Witness
    clock: Clock
    before: float = 0.0
    after: float = 0.0
    maybe: Clock = SAME
    uneven: bool = False
    guess: bool = False


def judge(
    cues: Sequence[Said], captions: Sequence[Said], speech: Callable[[], Sequence[Span]], length: int
) -> Judgement:
    """``cues`` and ``captions`` in time order, ``length`` in ms; ``speech`` is asked only when needed."""
    hours = _hours(cues, length)
    early = [Said(cue.text, Span(Ms(cue.span.start - hours), Ms(cue.span.end - hours))) for cue in cues]
    match = _drift_text.match(early, captions)
    found = _by_captions(match, early) or _strangers(match) or _by_speech(early, speech, length)
    if found.verdict != "repaired":
        found = _late(match, early) or found
    if not hours:
        return found
    clock = tuple(
        Piece(Ms(piece.start + hours if n else 0), piece.rate, piece.shift - round(piece.rate * hours))
        for n, piece in enumerate(found.clock)
    )
    verdict: Verdict = found.verdict if found.verdict == "foreign" else "repaired"
    return replace(found, verdict=verdict, clock=clock, maybe=SAME, uneven=False)


def _hours(cues: Sequence[Said], length: int) -> int:
    """Whole hours, in ms, that a file from a cutting room counts before its first picture (01:00:00, 10:00:00)."""
    first = min((cue.span.start for cue in cues), default=0)
    hours = first // _HOUR * _HOUR
    return hours if length <= hours else 0


# ── captions ────────────────────────────────────────────────────────────────────────────────────────────────
def _by_captions(found: Match, cues: Sequence[Said]) -> Judgement | None:
    """What the captions say; None when there are too few, or they neither bear the file out nor contradict it."""
    if min(found.texts) < _FEW_TEXTS:
        return None
    if found.share < BELONGS:
        foreign = found.share <= FOREIGN and min(found.texts) >= _MANY_TEXTS
        return Judgement("foreign", "captions", SAME, found.share, found.share) if foreign else None
    known = list(_drift_text.fits(found, cues))
    if not known:
        return None
    same = known[0]
    top = max(fit.share for fit in known)
    good = [fit for fit in known if fit.share >= top - _LESS]
    best = next(fit for fit in good if fit.off <= min(other.off for other in good) + _COARSER)
    far = apart(best.clock, [cue.span.start for cue in cues]) > NEAR
    if far and best.share >= _ENOUGH and best.share - same.share >= _GAIN:
        return Judgement("repaired", "captions", best.clock, same.share, best.share)
    return Judgement("fits" if same.share >= _ENOUGH else "unsure", "captions", SAME, same.share, same.share)


def _strangers(found: Match) -> Judgement | None:
    """Captions of which the file holds not one word: another episode's, from ``_REFUSED`` captions on surely."""
    cues, shown = found.texts
    if found.pairs or min(cues, shown) < _FEWEST:
        return None
    return Judgement("foreign", "captions", SAME, guess=shown < _REFUSED)


def _late(found: Match, cues: Sequence[Said]) -> Judgement | None:
    """Few captions that the file holds, most of them not in time; None when they are, or more were read."""
    offs = [_nearest(pair, cues) for pair in found.pairs if pair.once]
    if len(offs) < _FEWEST or min(found.texts) >= _FEW_TEXTS:
        return None
    share = sum(abs(off) <= NEAR for off in offs) / len(offs)
    if share >= _HALF:
        return None
    shift = round(median(offs))
    alike = sum(abs(off - shift) <= NEAR for off in offs) >= _FEWEST and abs(shift) > NEAR
    maybe: Clock = (Piece(Ms(0), 1.0, shift),) if alike else SAME
    return Judgement("unsure", "captions", SAME, share, share, maybe, guess=True)


def _nearest(pair: Pair, cues: Sequence[Said]) -> int:
    """By how many ms the caption is later than the cue, at whichever end they lie nearer."""
    ends = (pair.start - cues[pair.first].span.start, pair.end - cues[pair.last].span.end)
    return min(ends, key=abs)


# ── speech ──────────────────────────────────────────────────────────────────────────────────────────────────
def _by_speech(cues: Sequence[Said], speech: Callable[[], Sequence[Span]], length: int) -> Judgement:
    if len(cues) < _FEW_CUES or length < _SHORT:
        return Judgement("unsure", "", SAME)
    heard = _drift_sound.Speech(speech(), [cue.span for cue in cues], length)
    if not 0.02 < heard.mean < 0.98:
        return Judgement("unsure", "", SAME)
    same, *others = heard.fits()
    best = max(others, key=lambda fit: fit.weight)
    far = apart(best.clock, [cue.span.start for cue in cues]) > NEAR
    gain = best.weight - same.weight
    if far and best.weight >= CLEAR and gain >= CLEAR:
        return Judgement("repaired", "speech", best.clock, same.correlation, best.correlation)
    if far and best.weight >= LIKELY and gain >= LIKELY:
        return Judgement("unsure", "speech", SAME, same.correlation, best.correlation, best.clock)
    if same.weight >= HEARD or (not far and best.weight >= HEARD):
        uneven = heard.uneven()
        return Judgement(
            "unsure" if uneven else "fits", "speech", SAME, same.correlation, same.correlation, SAME, uneven
        )
    surely = -0.5 * log(1 - USUAL**2) / heard.chance**2 >= 2 * CLEAR
    return Judgement("foreign" if surely else "unsure", "speech", SAME, same.correlation, best.correlation)

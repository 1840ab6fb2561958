"""From points to people: lines that sound alike are one voice, and a voice that lies near a cast member's is theirs.

Shared by every engine that turns a line into a point.  ``Measure`` says what distances mean in an engine's space; the
numbers are the engine's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from localize.backends.diarization._groups import ROUNDS, Labels, Measure, Points, grouped, hidden_in, squared
from localize.roles import Attribution

_PRIOR = 3.0  # how many sure lines weigh as much as the reference clip
_MOOD = 1.0  # how much farther than a group one line alone must lie to be a stranger
_PART = 3  # lines from which on a group is no mood of somebody who has another
_MOVES = 0.5  # what a squared unit of shift costs: generated rooms move voices by 5 to 50, wrong pairs by 130 and more
_MAYBE = 0.25  # share of a clear margin that a line at the border of a clip's voice has over somebody new
_UNKNOWN = 1.5  # how much clearer a margin must be where voices are known from this episode alone
NOBODY = "?0"
NEW = "?new"
"""Somebody of whom no line was found, before they get a number."""


def attributed(
    points: Points, weights: Points, cast: Mapping[str, Points], measure: Measure, most: int = 0
) -> list[Attribution]:
    """One attribution per row of ``points``; ``weights`` say how much of a voice is behind each, ``cast`` is a point
    per member.  A margin is the distance from the border between two voices, in the unit of the points.
    """
    labels = grouped(points, weights, measure, most)
    names, voices = (
        _strangers(points, labels, np.unique(labels)) if not cast else _among(points, weights, labels, cast, measure)
    )
    apart = squared(points, voices)
    nearest = apart.argmin(axis=1)
    hidden = hidden_in(points, weights, nearest, measure)
    parts = sorted({part for part in hidden if part})
    *told, new = _renamed([names[at] for at in nearest], [*names, *(f"{NEW}{part}" for part in parts), NEW])
    told, others = told[: len(names)], dict(zip(parts, told[len(names) :], strict=True))
    clear = measure.clear * (1.0 if cast else _UNKNOWN)
    found = [_answer(told, apart[row], voices, clear, measure.enough, float(weights[row]))
             for row in range(len(points))]  # fmt: skip
    found = [_with(one, others[part], _MAYBE) if part and one.speaker.startswith("?") else one
             for one, part in zip(found, hidden, strict=True)]  # fmt: skip
    if not cast or not measure.other:
        return found
    given, local = _given(points, cast, measure)
    limits = {name: given[at] for at, name in enumerate(cast) if local[at]}
    return [_asked(one, point, limits, new, measure.other) for one, point in zip(found, points, strict=True)]


def nobody(known: Sequence[Attribution]) -> Attribution:
    """For a stretch without voice, among ``known`` answers: nobody, but it may be anybody."""
    everybody = dict.fromkeys(name for one in known for name in (one.speaker, *(rival for rival, _ in one.rivals)))
    return Attribution(NOBODY, 0.0, tuple((name, 0.0) for name in everybody))


def _answer(
    names: Sequence[str], squared: Points, voices: Points, clear: float, enough: float, weight: float
) -> Attribution:
    best = int(squared.argmin())
    between = np.sqrt(np.maximum(((voices - voices[best]) ** 2).sum(axis=1), 1e-12))
    gaps = (squared - squared[best]) / (2 * between)
    others = sorted((round(float(gaps[at]), 3), name) for at, name in enumerate(names) if at != best)
    needed = clear * float(np.sqrt(1 + enough / max(weight, 1.0)))
    margin = others[0][0] if others else 0.0
    return Attribution(names[best], margin, tuple((name, gap) for gap, name in others), round(needed, 3))


def _renamed(told: Sequence[str], names: Sequence[str]) -> list[str]:
    """``names`` with strangers numbered by their place among all who speak; who never speaks comes last.

    The cast counts too: so a stranger keeps the number when another one gets a name.
    """
    order = dict.fromkeys((*told, *(name for name in names if name.startswith("?"))))
    numbers = {name: f"?{number}" for number, name in enumerate(order, start=1) if name.startswith("?")}
    return [numbers.get(name, name) for name in names]


def _strangers(points: Points, labels: Labels, kinds: Labels) -> tuple[list[str], Points]:
    """Names and centres of groups nobody in the cast is meant by."""
    centres = np.array([points[labels == kind].mean(axis=0) for kind in kinds]).reshape(-1, points.shape[1])
    return [f"?group{kind}" for kind in kinds], centres


# ── with a cast ─────────────────────────────────────────────────────────────────────────────────────────────
def _among(
    points: Points, weights: Points, labels: Labels, cast: Mapping[str, Points], measure: Measure
) -> tuple[list[str], Points]:
    """Names and voices: the cast, moved toward the lines that are surely theirs, and the groups far from everybody."""
    given, local = _given(points, cast, measure)
    labels = _parted(points, weights, labels, given[local], measure)
    kinds, sizes = np.unique(labels, return_counts=True)
    centres = np.array([points[labels == kind].mean(axis=0) for kind in kinds])
    shift = np.where(local[:, None], 0.0, _shift(centres, given[~local], measure) if not local.all() else 0.0)
    placed = given + shift
    far = _far(squared(centres, placed), sizes, measure)
    own = points[~np.isin(labels, kinds[far])]
    names, voices = _strangers(points, labels, kinds[far])
    known = _moved(own, placed, measure) if len(own) else placed
    return [*cast, *names], np.concatenate([known, voices])


def _given(points: Points, cast: Mapping[str, Points], measure: Measure) -> tuple[Points, NDArray[np.bool_]]:
    """The cast's points, and whose clip was cut from this very sound: a line lies nearer to it than any line of another
    recording does.
    """
    given = np.array(list(cast.values()))
    return given, np.asarray(squared(points, given).min(axis=0) < measure.here)


def _parted(points: Points, weights: Points, labels: Labels, local: Points, measure: Measure) -> Labels:
    """The groups, with the lines of one that lie too far from a member whose clip is from this sound, and whose others
    are that member's, as a group of their own.
    """
    labels = labels.copy()
    for voice in local:
        apart = ((points - voice) ** 2).sum(axis=1)
        for kind in np.unique(labels[apart < measure.here]):
            far = (labels == kind) & (apart > measure.other) & (weights >= measure.enough)
            if far.sum() >= _PART:
                labels[far] = labels.max() + 1
    return labels


def _asked(one: Attribution, point: Points, voices: Mapping[str, Points], new: str, other: float) -> Attribution:
    """Somebody new may say what is far from the clip of who is named."""
    if one.speaker not in voices:
        return one
    apart = float(((point - voices[one.speaker]) ** 2).sum())
    if apart <= other:
        return one
    return _with(one, new, _MAYBE * other / apart)


def _with(one: Attribution, rival: str, share: float) -> Attribution:
    """With one more voice it may be, over which the best leads by ``share`` of a clear margin."""
    rivals = tuple(sorted([*one.rivals, (rival, round(share * one.clear, 3))], key=lambda each: each[1]))
    return replace(one, margin=rivals[0][1], rivals=rivals)


def _far(apart: Points, sizes: Labels, measure: Measure) -> NDArray[np.bool_]:
    """Which groups are nobody's: far from every member, or, where groups are more than members, so that either a voice
    is not in the cast or one fell apart, a way off from a member who has a nearer group.
    """
    nearest, least = apart.argmin(axis=1), apart.min(axis=1)
    far = least > measure.stranger * (1 + _MOOD / sizes)
    if measure.second and apart.shape[1] < len(apart):
        first = [least[nearest == who].min() for who in nearest]
        far |= (least > first) & (least > measure.second) & (sizes >= _PART)
    return np.asarray(far)


def _shift(centres: Points, given: Points, measure: Measure) -> Points:
    """What the episode's sound adds to every voice: found by pairing groups with the cast, one to one.

    With one pair any shift brings the two together, and pitch alone would choose; so a large shift costs.
    """
    from scipy.optimize import linear_sum_assignment

    none = np.zeros(given.shape[1])
    if not measure.room:
        return none
    best, cost = none, np.inf
    for start in (none, _room(centres.mean(axis=0) - given.mean(axis=0), measure)):
        shift = start
        for _ in range(ROUNDS):
            apart = np.minimum(squared(centres, given + shift), 2 * measure.stranger)
            pairs = [pair for pair in zip(*linear_sum_assignment(apart), strict=True) if apart[pair] < apart.max() + 1]
            pairs = [pair for pair in pairs if apart[pair] < 2 * measure.stranger]
            if not pairs:
                break
            shift = _room(np.mean([centres[a] - given[b] for a, b in pairs], axis=0), measure)
        total = float(apart[linear_sum_assignment(apart)].sum()) + _MOVES * float((shift**2).sum())
        if total < cost:
            best, cost = shift, total
    return best


def _room(away: Points, measure: Measure) -> Points:
    return np.where(np.arange(len(away)) < measure.room, away, 0.0)


def _moved(points: Points, placed: Points, measure: Measure) -> Points:
    """The cast's voices in this episode: part of the way from the clip to the lines that are surely theirs."""
    voices = placed
    for _ in range(ROUNDS):
        apart = squared(points, voices)
        nearest, trust = apart.argmin(axis=1), _trust(apart, measure)
        voices = np.array([
            (_PRIOR * placed[who] + trust[nearest == who] @ points[nearest == who])
            / (_PRIOR + trust[nearest == who].sum())
            for who in range(len(placed))
        ])  # fmt: skip
    return voices


def _trust(squared: Points, measure: Measure) -> Points:
    """0–1 per line: near to one voice and far from the others."""
    order = np.sort(squared, axis=1)
    near = np.exp(-0.5 * (order[:, 0] / (1.5 * measure.stranger)) ** 2)
    if squared.shape[1] == 1:
        return np.asarray(near)
    gap = order[:, 1] - order[:, 0]
    return np.asarray(near * np.clip(gap / max(float(np.median(gap)), 1e-9), 0.05, 1.0))

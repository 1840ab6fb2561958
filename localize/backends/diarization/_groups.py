"""Groups of lines that sound alike, and where their number is unsure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.int_]

_MOST = 8  # voices looked for when nobody says how many there can be
_CHEAP = 0.3  # share of all mergers that surely join lines of one voice
_FEW = 6  # mergers from which on that share of them tells anything
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Measure:
    """``merge``: Ward's cost of joining two groups, from which on they are two voices.  ``stranger``: squared distance
    from every cast member from which on a group is somebody else.  ``clear``: margin from which on the engine was not
    seen to err.  ``room``: how many leading values of a point the sound of the place moves.  ``enough``: weight
    (frames) from which on a line may found a group; lighter ones join the nearest.  ``noise``: how many times dearer
    than the cheap mergers of the episode itself one must be at least to divide two voices.  ``many``: lines from which
    on ``merge`` holds; it grows with the root of their number, as Ward's costs do.  ``second``: squared distance from a
    member who has a nearer group from which on another group is somebody else, where groups are more than members;
    0 where only ``stranger`` tells.  ``here``: squared distance of a line from a clip below which the clip was cut from
    this very sound, so that the place moves nothing; 0 where that cannot be known.  ``other``: squared distance from
    such a clip from which on a line may be somebody else's.  ``unsure``: Ward's cost from which on two groups that were
    joined all the same may be two voices, which a person is asked about; ``merge`` where 0.
    """

    merge: float
    stranger: float
    clear: float
    room: int = 0
    enough: float = 0.0
    noise: float = 0.0
    many: int = 0
    second: float = 0.0
    here: float = 0.0
    other: float = 0.0
    unsure: float = 0.0


def grouped(points: Points, weights: Points, measure: Measure, most: int = 0) -> Labels:
    """A group number per point, by Ward's agglomeration.

    Merging stops where it starts to cost more than two lines of one voice do: ``measure.merge``, or more when this
    episode's lines lie far apart anyway.  So one voice stays one group and no line is a voice of its own for a mood;
    ``most`` and half the lines bound the number from above.
    """
    from scipy.cluster.hierarchy import fcluster

    heavy = _heavy(weights, measure)
    if len(heavy) < 2:
        return np.zeros(len(points), int)
    tree = _tree(points[heavy])
    cut = measure.merge * _scale(len(heavy), measure)
    if len(tree) >= _FEW:
        cut = max(cut, measure.noise * float(np.quantile(tree[:, 2], _CHEAP)))
    parts = np.asarray(fcluster(tree, cut, "distance"))
    bound = min(most or _MOST, max(2, -(-len(heavy) // 2)))
    if parts.max() > bound:
        parts = np.asarray(fcluster(tree, bound, "maxclust"))
    centres = np.array([points[heavy[parts == part]].mean(axis=0) for part in np.unique(parts)])
    return _settled(points, weights, centres)


def _heavy(weights: Points, measure: Measure) -> Labels:
    """The points that may found a group."""
    heavy = np.flatnonzero(weights >= measure.enough)
    return heavy if len(heavy) >= 2 else np.arange(len(weights))


def _tree(points: Points) -> Points:
    from scipy.cluster.hierarchy import linkage

    return np.asarray(linkage(points, "ward"))


def _scale(count: int, measure: Measure) -> float:
    return min(1.0, float(np.sqrt(count / measure.many))) if measure.many else 1.0


def hidden_in(points: Points, weights: Points, voices: Labels, measure: Measure) -> list[int]:
    """Per point a number of its own for whom it may belong to besides its voice, 0 where nothing speaks for anybody.

    That is where one of ``voices`` holds groups that only the episode's noise, the number of lines or of voices let
    join: the heaviest of them is the voice, the others may each be somebody else.
    """
    from scipy.cluster.hierarchy import fcluster

    found, heavy = [0] * len(points), _heavy(weights, measure)
    if len(heavy) < 2:
        return found
    limit = (measure.unsure or measure.merge) * _scale(len(heavy), measure)
    parts = np.asarray(fcluster(_tree(points[heavy]), limit, "distance"))
    for voice in np.unique(voices[heavy]):
        own = voices[heavy] == voice
        sums = {int(part): float(weights[heavy][own & (parts == part)].sum()) for part in np.unique(parts[own])}
        largest = max(sums, key=lambda part: sums[part])
        for at in np.flatnonzero(own & (parts != largest)):
            found[heavy[at]] = int(voice) * (len(heavy) + 1) + int(parts[at])
    return found


def _settled(points: Points, weights: Points, centres: Points) -> Labels:
    """Every point with the nearest centre, which then moves to its points, until nothing changes."""
    labels = squared(points, centres).argmin(axis=1)
    for _ in range(ROUNDS):
        kinds = np.unique(labels)
        centres = np.array([np.average(points[labels == kind], axis=0, weights=weights[labels == kind] + 1e-9)
                            for kind in kinds])  # fmt: skip
        moved = kinds[squared(points, centres).argmin(axis=1)]
        if (moved == labels).all():
            break
        labels = moved
    return np.asarray(np.unique(labels, return_inverse=True)[1], int)


def squared(points: Points, voices: Points) -> Points:
    """Squared distances, ``(points, voices)``."""
    return np.asarray(((points[:, None] - voices[None]) ** 2).sum(axis=2))

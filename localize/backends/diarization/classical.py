"""Who says a line, by the sound of the voice alone: no weights, no labels.

Every line and every reference clip becomes a voiceprint (mean cepstra of its voiced frames, median pitch).
The rooms and the music residue of the episode shift all prints alike: that shift is learned from the lines
themselves, and each cast member's print moves part of the way to the lines that are surely theirs.  A voice
far from everybody in the cast is unknown; unknown voices, and all voices when there is no cast, are grouped
by likeness.

Measured on the dialogue stems of the ``centre`` engine: 115 of 115 lines of the sample and nine
generated episodes; with any one member missing from the cast, every line of that voice was called
unknown and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from localize.backends.diarization import _voiceprint
from localize.backends.diarization._voiceprint import CEPSTRA, Print
from localize.media import audio
from localize.media.audio import Sound
from localize.roles import READY, Attribution, Backend
from localize.timing import Span

Vectors = NDArray[np.float64]

_ROUNDS = 5
_PRIOR = 3.0  # how many sure lines weigh as much as the reference clip
_CEPSTRAL_WEIGHT = 3.0 / CEPSTRA  # all cepstra together count three times as much as the pitch
_PITCH_FLOOR = 1.5 / 12  # octaves an actor's median moves with the mood
_STRANGER = 6.0  # distance of a group of lines from which on nobody in the cast is meant: own voices measured at
# 0.3–4.7, others at 8.7 and more
_MOOD = 1.0  # how much farther one line alone must be
_MOST = 6  # voices looked for without a cast
_MARGIN = 40  # ms cut from both ends of a line: neighbours' tails


class Classical:
    """Statistics of one episode; answers depend on all its lines together."""

    def attribute(
        self, sound: Sound, rate: int, spans: Sequence[Span], references: Mapping[str, Sequence[Sound]]
    ) -> tuple[Attribution, ...]:
        """One attribution per span; reference clips are mono at ``rate``.  A line without voice gets
        ``"?0"``.
        """
        prints = [_voiceprint.take(_cut(sound, rate, span), rate) for span in spans]
        cast = {who: heard for who, clips in references.items() if (heard := _joined(clips, rate)) is not None}
        known = [heard for heard in prints if heard is not None]
        if not known:
            return tuple(Attribution("?0", 0.0) for _ in spans)
        points = np.array([heard.mean for heard in known])
        scale = _scale([*cast.values(), *known])
        answers = iter(_among(points, cast, scale) if cast else _grouped(points / scale))
        return tuple(Attribution("?0", 0.0) if heard is None else next(answers) for heard in prints)


def _cut(sound: Sound, rate: int, span: Span) -> Sound:
    edge = _MARGIN if span.length > 6 * _MARGIN else 0
    return sound[audio.at(span.start + edge, rate) : audio.at(span.end - edge, rate)]


def _joined(clips: Sequence[Sound], rate: int) -> Print | None:
    return _voiceprint.take(np.concatenate([audio.mono(clip) for clip in clips]), rate) if clips else None


def _scale(voices: Sequence[Print]) -> Vectors:
    """How much one voice wavers in each dimension, weighted so that distances add up."""
    away = [chunk - heard.mean for heard in voices for chunk in heard.chunks if len(heard.chunks) > 1]
    spread = np.var(away, axis=0) if len(away) >= 4 else np.ones(CEPSTRA + 1)
    spread[:CEPSTRA] = 0.5 * spread[:CEPSTRA] + 0.5 * spread[:CEPSTRA].mean()
    spread[:CEPSTRA] /= _CEPSTRAL_WEIGHT
    spread[CEPSTRA] = max(spread[CEPSTRA], _PITCH_FLOOR**2) + _PITCH_FLOOR**2
    return np.sqrt(spread)


# ── with a cast ─────────────────────────────────────────────────────────────────────────────────────────────
def _among(points: Vectors, cast: Mapping[str, Print], scale: Vectors) -> list[Attribution]:
    """Attributions to the cast; groups of lines that are far from everybody keep a name of their own."""
    given = np.array([heard.mean for heard in cast.values()])
    groups = np.array([found.speaker for found in _grouped(points / scale)])
    centres = np.array([points[groups == name].mean(axis=0) for name in sorted(set(groups))])
    shift = _shift(centres, given, scale)
    kinds, sizes = np.unique(groups, return_counts=True)
    far = _distances(centres, given + np.append(shift, 0.0), scale).min(axis=1) > _far(sizes)
    strange = np.isin(groups, kinds[far])
    answers = dict(zip(np.flatnonzero(~strange).tolist(), _known(points[~strange], cast, scale, shift), strict=True))
    names: dict[str, str] = {}
    for index in np.flatnonzero(strange):
        name = names.setdefault(str(groups[index]), f"?{len(names) + 1}")
        answers[int(index)] = Attribution(name, 0.0)
    return [answers[index] for index in range(len(points))]


def _shift(centres: Vectors, given: Vectors, scale: Vectors) -> Vectors:
    """What the episode's sound adds to every cepstrum: found by pairing groups of lines with the cast, one to
    one.
    """
    from scipy.optimize import linear_sum_assignment

    best, cost = np.zeros(CEPSTRA), np.inf
    for start in (np.zeros(CEPSTRA), (centres.mean(axis=0) - given.mean(axis=0))[:CEPSTRA]):
        shift = start
        for _ in range(_ROUNDS):
            apart = np.minimum(_distances(centres, given + np.append(shift, 0.0), scale), 2 * _STRANGER)
            pairs = [(a, b) for a, b in zip(*linear_sum_assignment(apart), strict=True) if apart[a, b] < 2 * _STRANGER]
            if not pairs:
                break
            shift = np.mean([centres[a] - given[b] for a, b in pairs], axis=0)[:CEPSTRA]
        total = float(apart[linear_sum_assignment(apart)].sum())
        if total < cost:
            best, cost = shift, total
    return best


def _known(points: Vectors, cast: Mapping[str, Print], scale: Vectors, shift: Vectors) -> list[Attribution]:
    """The nearest member of the cast for each line."""
    if not len(points):
        return []
    names, given = list(cast), np.array([heard.mean for heard in cast.values()])
    middle = (np.median(points, axis=0) - given.mean(axis=0))[:CEPSTRA]
    tried = (_settled(points, given, scale, start) for start in (shift, np.zeros(CEPSTRA), middle))
    distances = min(tried, key=lambda found: float(np.minimum(found.min(axis=1), 2 * _STRANGER).sum()))
    order = np.sort(distances, axis=1)
    margins = order[:, 1] - order[:, 0] if len(names) > 1 else np.zeros(len(points))
    return [Attribution(names[int(row.argmin())], round(float(gap), 3))
            for row, gap in zip(distances, margins, strict=True)]  # fmt: skip


def _settled(points: Vectors, given: Vectors, scale: Vectors, start: Vectors) -> Vectors:
    """Distances ``(lines, cast)`` after shift and cast have moved to the lines that are surely somebody's."""
    shift, voices = np.append(start, 0.0), given.copy()
    distances = _distances(points, voices + shift, scale)
    for _ in range(_ROUNDS):
        nearest = distances.argmin(axis=1)
        trust = _trust(distances)
        if trust.sum() <= 0:
            break
        away = np.average(points - given[nearest], axis=0, weights=trust)
        shift[:CEPSTRA] = away[:CEPSTRA]
        for who in range(len(given)):
            mine = nearest == who
            pull = (trust[mine, None] * (points[mine] - shift)).sum(axis=0)
            voices[who] = (_PRIOR * given[who] + pull) / (_PRIOR + trust[mine].sum())
        distances = _distances(points, voices + shift, scale)
    return distances


def _distances(points: Vectors, voices: Vectors, scale: Vectors) -> Vectors:
    return np.asarray((((points[:, None] - voices[None]) / scale) ** 2).sum(axis=2))


def _trust(distances: Vectors) -> Vectors:
    """0–1 per line: near to one voice and far from the others."""
    order = np.sort(distances, axis=1)
    near = np.exp(-0.5 * (order[:, 0] / (1.5 * _STRANGER)) ** 2)
    if distances.shape[1] == 1:
        return near
    gap = order[:, 1] - order[:, 0]
    return near * np.clip(gap / max(float(np.median(gap)), 1e-9), 0.05, 1.0)


# ── without ─────────────────────────────────────────────────────────────────────────────────────────────────
def _grouped(points: Vectors) -> list[Attribution]:
    """Names ``?1``, ``?2`` … in order of appearance; a margin is the line's silhouette in the last split.

    Groups are split again and again while their parts lie as far apart as two voices do.
    """
    labels, margins = np.zeros(len(points), int), np.zeros(len(points))
    waiting = [np.arange(len(points))]
    while waiting:
        members = waiting.pop()
        parts, silhouettes = _split(points[members], _MOST - len(set(labels.tolist())) + 1)
        for part in sorted(set(parts.tolist()))[1:]:
            labels[members[parts == part]] = labels.max() + 1
        if len(set(parts.tolist())) > 1:
            margins[members] = silhouettes
            waiting += [members[parts == part] for part in set(parts.tolist())]
    names: dict[int, str] = {}
    for label in labels:
        names.setdefault(int(label), f"?{len(names) + 1}")
    return [Attribution(names[int(label)], round(float(gap), 3)) for label, gap in zip(labels, margins, strict=True)]


def _split(points: Vectors, most: int) -> tuple[NDArray[np.int_], Vectors]:
    """The partition into 2–``most`` the silhouette likes best, by average linkage; one part when it is one voice."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist, squareform

    whole, score = (np.zeros(len(points), int), np.zeros(len(points))), _ONE_VOICE
    best = whole
    if len(points) < 3 or most < 2:
        return best
    apart = pdist(points)
    tree, matrix = linkage(apart, "average"), squareform(apart)
    for count in range(2, min(most, len(points) - 1) + 1):
        tried = np.asarray(fcluster(tree, count, "maxclust"))
        silhouettes = _silhouettes(matrix, tried)
        if silhouettes.mean() > score and _voices_apart(points, tried):
            best, score = (tried, silhouettes), float(silhouettes.mean())
    return best


def _voices_apart(points: Vectors, parts: NDArray[np.int_]) -> bool:
    """Whether every two parts are as far apart as two voices."""
    kinds, sizes = np.unique(parts, return_counts=True)
    centres = np.array([points[parts == kind].mean(axis=0) for kind in kinds])
    apart = _distances(centres, centres, np.ones(points.shape[1]))
    needed = _far(np.minimum(sizes[:, None], sizes[None]))
    return bool((apart > needed)[~np.eye(len(centres), dtype=bool)].all())


def _far(lines: NDArray[np.int_]) -> Vectors:
    """The distance from which on a group of so many lines is another voice: one line alone may be a mood."""
    return np.asarray(_STRANGER * (1 + _MOOD / lines))


_ONE_VOICE = 0.18  # silhouettes below this are one voice in several moods


def _silhouettes(matrix: Vectors, labels: NDArray[np.int_]) -> Vectors:
    """How much nearer each point is to its own group than to the next one, −1…1; 0 for groups of one."""
    result = np.zeros(len(labels))
    for index, label in enumerate(labels):
        own = labels == label
        if own.sum() == 1:
            continue
        inner = matrix[index, own].sum() / (own.sum() - 1)
        outer = min(matrix[index, labels == other].mean() for other in set(labels.tolist()) - {int(label)})
        result[index] = (outer - inner) / max(inner, outer, 1e-9)
    return result


BACKEND = Backend(
    role="diarization",
    name="classical",
    version="1",
    summary="voiceprints of each line against the cast's reference clips; no weights",
    licence="Apache-2.0",
    commercial_use=True,
    load=lambda options: Classical(),
    available=lambda options: READY,
)

"""Who says a line when the ear alone cannot tell: name plates, names called out, who answers whom, whose mouth moves.

The voice comes first.  A line whose voice is clear stays as it is; the other lines of a scene are told together, by the
likeliest way through them (``who.toml`` has the weights).  What is still a close call afterwards keeps the best guess
and is named as a question for a person, with everybody it may be.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from statistics import median

from localize.addressing import called_in
from localize.episode import Line, OnScreenText, Scene
from localize.roles import Attribution, Speaking
from localize.series import Character
from localize.stages._labels import against

NOBODY = "?0"
_HALF = 0.5  # of the usual margin is clear for an engine nobody measured
Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the picture tells about who says a line; a face is known within its ``shot`` only."""

    shot: str
    told: Speaking


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known besides the voices.  ``faces`` has what was seen of the lines that were watched; ``said`` maps
    lines to the speakers a person set, ``labels`` to those whom a subtitle file names, ``together`` to everybody of
    whom it names several.
    """

    cast: Sequence[Character] = ()
    texts: Sequence[OnScreenText] = ()
    faces: Mapping[str, Seen] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def told(self, line: str) -> str:
        """Who says a line without asking its voice; empty when nobody says so."""
        return self.said.get(line) or self.labels.get(line, "")


@dataclass(frozen=True, slots=True)
class Told:
    """Who says a line.  ``maybe`` is everybody it may be, likeliest first, when that is a close call or the line has no
    voice to tell anything by; else empty.
    """

    line: str
    speaker: str
    maybe: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """``who.toml``."""
    return tomllib.loads((files("localize.stages") / "who.toml").read_text("utf-8"))


def told(
    lines: Sequence[Line], scenes: Sequence[Scene], heard: Mapping[str, Attribution], signs: Signs
) -> tuple[Told, ...]:
    """Every line's speaker, in the order of ``lines``; ``heard`` has the voice of each."""
    ordered = sorted(lines, key=lambda line: (line.span, line.id))
    place = {name: scene.id for scene in scenes for name in scene.lines}
    first = {line.id: signs.told(line.id) or heard[line.id].speaker for line in ordered}
    called = {line.id: _called(line, ordered, place, first, signs.cast) for line in ordered}
    alone = [_alone(line, heard[line.id], called[line.id], _usual(heard), signs) for line in ordered]
    for at, line in enumerate(ordered):
        if heard[line.id].speaker == NOBODY and not signs.told(line.id) and not signs.together.get(line.id):
            here = [one.id for one in ordered if place.get(one.id) == place.get(line.id)]
            alone[at] = _voiceless(alone[at], {first[name] for name in here} | {called[name] for name in here})
    between = [_between(a, b, place, called, signs) for a, b in pairwise(ordered)]
    found = {
        line.id: _decided(
            line, scores, not signs.told(line.id) and heard[line.id].speaker == NOBODY,
            line.id in signs.labels or line.id in signs.together,
        )
        for line, scores in zip(ordered, _best_ways(alone, between), strict=True)
    }
    return tuple(found[line.id] for line in lines)


def doubted(heard: Mapping[str, Attribution]) -> frozenset[str]:
    """Lines whose voice is not clear, so that other signs decide between several people."""
    usual = _usual(heard)
    return frozenset(
        line for line, one in heard.items()
        if one.rivals and (one.speaker == NOBODY or one.margin < (one.clear or usual) or one.margin == 0)
    )  # fmt: skip


def _usual(heard: Mapping[str, Attribution]) -> float:
    margins = [one.margin for one in heard.values() if one.rivals or one.margin]
    return _HALF * median(margins) if margins else 0.0


def _decided(line: Line, scores: Scores, voiceless: bool, labelled: bool) -> Told:
    """A label and a voice that contradict each other are asked about whatever else tells between them."""
    best = max(scores, key=lambda who: scores[who])
    near = sorted(
        (name for name in scores if labelled or scores[best] - scores[name] < weights()["sure"]),
        key=lambda n: -scores[n],
    )
    return Told(line.id, best, tuple(near) if len(near) > 1 or voiceless else ())


# ── one line ────────────────────────────────────────────────────────────────────────────────────────────────
def _alone(line: Line, voice: Attribution, called: str, usual: float, signs: Signs) -> Scores:
    """The possible speakers and what speaks for each in the line itself."""
    weight = weights()
    if line.id in signs.said:
        return {signs.said[line.id]: 0.0}
    if line.id in signs.labels:
        return _labelled(line, voice, signs)
    if signs.together.get(line.id):
        return _any_of(signs.together[line.id], voice)
    clear = voice.clear or usual
    gaps = {voice.speaker: 0.0} | {name: gap for name, gap in voice.rivals if gap < clear}
    if voice.speaker == NOBODY:
        gaps = dict.fromkeys((name for name, _ in voice.rivals), 0.0) or gaps
    elif voice.margin >= clear:
        return {voice.speaker: 0.0}
    shown = _shown(line, signs)
    return {
        name: weight["plate"] * (name in shown) - weight["calls"] * (name == called)
        - (weight["voice"] * gap / clear if clear else 0.0)
        for name, gap in gaps.items()
    }  # fmt: skip


def _labelled(line: Line, voice: Attribution, signs: Signs) -> Scores:
    """Whom the file names, and whose voice it is where that is clearly another's: then a person is asked."""
    who = signs.labels[line.id]
    other = against({line.id: who}, {line.id: voice}, signs.cast)
    return {who: 0.0} | dict.fromkeys(other.values(), -weights()["label"])


def _any_of(people: Sequence[str], voice: Attribution) -> Scores:
    """Those whom the file names together, by how near the voice is to each: all of them are asked about."""
    gaps = {voice.speaker: 0.0, **dict(voice.rivals)}
    far = max(gaps.values()) or 1.0
    return {who: -weights()["voice"] * gaps.get(who, far) / far for who in people}


def _voiceless(scores: Scores, here: set[str]) -> Scores:
    """Of a line without voice: only who speaks or is called in its scene, when anybody is."""
    return {name: score for name, score in scores.items() if name in here and name != NOBODY} or scores


def _shown(line: Line, signs: Signs) -> set[str]:
    """Whose name plate is on screen while the line is said; it names who is in the picture, so nobody off screen."""
    if line.id in signs.faces and signs.faces[line.id].told.sight == "off_screen":
        return set()
    plates = (
        text for text in signs.texts
        if text.kind == "nameplate" and text.span.overlap(line.span) >= weights()["plate_overlap"]
    )  # fmt: skip
    return {one.id for text in plates for one in signs.cast if is_plate_of(text.text, one)}


def is_plate_of(plate: str, character: Character) -> bool:
    """Whether a name plate is this character's: it begins with the name, or is nothing but an alias."""
    return bool(character.name) and (plate.startswith(character.name) or plate.strip() in character.aliases)


def _called(
    line: Line, ordered: Sequence[Line], place: Mapping[str, str], first: Mapping[str, str], cast: Sequence[Character]
) -> str:
    """Whom the line calls by name, or by a title that fits one voice of the scene only; empty when nobody."""
    here = {first[one.id] for one in ordered if place.get(one.id) == place.get(line.id)}
    return called_in(line.text, cast, here) or ""


# ── two lines ───────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class _Pair:
    """What counts for two neighbouring lines: the same speaker, a certain second one, a certain first one."""

    same: float = 0.0
    answers: str = ""
    reply: float = 0.0
    spoke: str = ""
    back: float = 0.0

    def score(self, one: str, other: str) -> float:
        return self.same * (one == other) + self.reply * (other == self.answers) + self.back * (one == self.spoke)


def _between(one: Line, other: Line, place: Mapping[str, str], called: Mapping[str, str], signs: Signs) -> _Pair:
    weight = weights()
    same = -weight["overlap"] * (one.span.overlap(other.span) > 0)
    same += _by_sight(one, other, signs.faces, weight)
    if place.get(one.id) != place.get(other.id) or {one.kind, other.kind} != {"speech"}:
        return _Pair(same)
    same -= weight["change"] + weight["question"] * one.text.rstrip("”」』\"' ").endswith(("？", "?"))
    return _Pair(same, called[one.id], weight["reply"], called[other.id], weight["calls_back"])


def _by_sight(one: Line, other: Line, faces: Mapping[str, Seen], weight: Mapping[str, float]) -> float:
    """What the picture says for one person behind two lines of a shot, or against.

    The same face speaks for it, two faces that were seen side by side against it; a face that is only found again
    elsewhere in the shot may be anybody's.  Who speaks in one line and keeps still in the other may think aloud, as
    people in these dramas do all the time: that counts little, and nothing where a thought is known to be one.
    """
    a, b = faces.get(one.id), faces.get(other.id)
    if a is None or b is None or a.shot != b.shot:
        return 0.0
    sights = {a.told.sight, b.told.sight}
    if sights == {"speaks"}:
        apart = b.told.face in a.told.beside
        return weight["face"] * ((a.told.face == b.told.face) - apart)
    unseen = sights == {"speaks", "off_screen"} and {one.kind, other.kind} == {"speech"}
    return -weight["unseen"] * unseen


# ── the whole way ───────────────────────────────────────────────────────────────────────────────────────────
def _best_ways(alone: Sequence[Scores], between: Sequence[_Pair]) -> list[Scores]:
    """For every line and speaker the score of the best way through all lines that has this speaker there."""
    ahead: list[Scores] = []
    for at, scores in enumerate(alone):
        before, pair = (ahead[-1], between[at - 1]) if at else ({"": 0.0}, _Pair())
        ahead.append({who: own + max(b + pair.score(x, who) for x, b in before.items()) for who, own in scores.items()})
    after: Scores = {"": 0.0}
    pair, found = _Pair(), []
    for at in range(len(alone) - 1, -1, -1):
        behind = {who: max(a + pair.score(who, x) for x, a in after.items()) for who in alone[at]}
        found.append({who: ahead[at][who] + behind[who] for who in alone[at]})
        after = {who: alone[at][who] + behind[who] for who in alone[at]}
        pair = between[at - 1] if at else _Pair()
    return found[::-1]


# ── strangers ───────────────────────────────────────────────────────────────────────────────────────────────
def suggested(
    lines: Sequence[Line], scenes: Sequence[Scene], found: Sequence[Told], signs: Signs
) -> tuple[tuple[str, str], ...]:
    """Strangers who may be a member of the cast nobody heard, as (``?1``, character): what plates and calls say."""
    weight, speaker = weights(), {one.line: one.speaker for one in found}
    ordered = sorted(lines, key=lambda line: (line.span, line.id))
    place = {name: scene.id for scene in scenes for name in scene.lines}
    called = {line.id: _called(line, ordered, place, speaker, signs.cast) for line in ordered}
    votes: dict[str, Scores] = {}
    for line in ordered:
        if speaker[line.id].startswith("?"):
            for name in _shown(line, signs):
                _vote(votes, speaker[line.id], name, weight["plate"])
            _vote(votes, speaker[line.id], called[line.id], -weight["calls"])
    for one, other in pairwise(ordered):
        if place.get(one.id) == place.get(other.id) and speaker[other.id].startswith("?"):
            _vote(votes, speaker[other.id], called[one.id], weight["reply"])
    heard = {one.speaker for one in found}
    likely = (
        (who, max(names, key=lambda name: names[name]), max(names.values())) for who, names in votes.items() if names
    )
    return tuple((who, name) for who, name, score in likely if score >= weight["suggest"] and name not in heard)


def _vote(votes: dict[str, Scores], who: str, name: str, score: float) -> None:
    if name:
        own = votes.setdefault(who, {})
        own[name] = own.get(name, 0.0) + score

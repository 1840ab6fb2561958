"""Whom a line is said to when neither names nor turns tell it: to whom the speaker's head is turned.

Three things are told by heads.  A face beside the speaker, on the side they look to, is who is meant, once it is known
whose it is.  Two people cut against each other look at each other when one looks to the right and the other to the
left, because the camera stays on one side of both.  And who was on somebody's right stays there for the scene.  All of
it is evidence (``who.toml`` has the weights); where it does not agree, or speaks for two people, nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from localize.episode import Line, OnScreenText, Scene
from localize.roles import Look
from localize.series import Character
from localize.stages._who import is_plate_of, weights


@dataclass(frozen=True, slots=True)
class Faces:
    """What was seen while a line is said; a face is known within its ``shot`` only."""

    shot: str
    looks: tuple[Look, ...]

    @property
    def talker(self) -> Look | None:
        """Whose lips move with the line."""
        return next((look for look in self.looks if look.speaks), None)

    @property
    def side(self) -> int:
        """Where who says it looks: −1 left, 1 right, 0 when that is not clear or they are not seen."""
        face = self.talker
        return 0 if face is None or abs(face.yaw) < weights()["turned"] else (1 if face.yaw > 0 else -1)


@dataclass(frozen=True, slots=True)
class Facing:
    """To whom a line is said by what heads tell, and what that is, in a person's words."""

    line: str
    addressee: str
    why: str


def open_lines(lines: Sequence[Line]) -> tuple[str, ...]:
    """Lines somebody says to nobody known; thoughts, narration and songs address nobody."""
    return tuple(one.id for one in lines if one.kind == "speech" and one.speaker and not one.addressee)


def wanted(line: Line, scenes: Sequence[Scene], lines: Sequence[Line]) -> tuple[str, ...]:
    """Other lines of the scene that help to tell whom ``line`` is said to: the nearest of other voices before and after
    it, and the nearest that are known to be said by one of them to the speaker, or by the speaker to one of them.
    """
    inside = _inside(line, scenes, lines)
    near = [one.id for one in _neighbours(line, inside) if one]
    who = {one.speaker for one in inside if one.id in near}
    pairs = sorted(
        (one for one in inside if one.id not in near and _of_pair(one, line.speaker) in who),
        key=lambda one: (abs(one.span.start - line.span.start), one.id),
    )
    return (*near, *(one.id for one in pairs[: int(weights()["more"])]))


def facing(
    lines: Sequence[Line], scenes: Sequence[Scene], seen: Mapping[str, Faces], cast: Sequence[Character] = (),
    texts: Sequence[OnScreenText] = (),
) -> tuple[Facing, ...]:  # fmt: skip
    """The open lines whose addressee heads tell.  ``lines`` have speakers; ``seen`` has those that were looked at."""
    wide, found = weights(), []
    for name in open_lines(lines):
        line = next(one for one in lines if one.id == name)
        if name not in seen or not seen[name].side:
            continue
        signs = list(_signs(line, _inside(line, scenes, lines), seen, cast, texts))
        told = {who for who, _, _ in signs}
        scores = {who: sum(score for one, score, _ in signs if one == who) for who in told}
        for one in _neighbours(line, _inside(line, scenes, lines)):
            scores.setdefault(one.speaker if one else "", wide["unknown"])
        best = max(scores, key=lambda who: (scores[who], who))
        own = [score for who, score, _ in signs if who == best]
        lead = scores[best] - max((score for who, score in scores.items() if who != best), default=scores[best])
        if own and min(own) > 0 and lead >= wide["lead"]:
            found.append(Facing(name, best, "; ".join(why for who, _, why in signs if who == best)))
    return tuple(found)


def with_gaze(lines: Sequence[Line], told: Sequence[Facing]) -> tuple[Line, ...]:
    """The lines with those addressees."""
    to = {one.line: one.addressee for one in told}
    return tuple(replace(one, addressee=to[one.id]) if one.id in to else one for one in lines)


# ── evidence ────────────────────────────────────────────────────────────────────────────────────────────────
Sign = tuple[str, float, str]
"""Who it speaks for (or against, below 0), how much, and in words."""
_WAYS = {-1: "left", 1: "right"}


def _signs(
    line: Line, inside: Sequence[Line], seen: Mapping[str, Faces], cast: Sequence[Character],
    texts: Sequence[OnScreenText],
) -> Iterator[Sign]:  # fmt: skip
    own, wide = seen[line.id], weights()
    side, way = own.side, _WAYS[own.side]
    for who, where in _beside(line, inside, seen, cast, texts):
        yield who, wide["beside"] * (1 if where == side else -1), f"looks {way}, where {who} is in the picture"
    against = [
        one for one in _neighbours(line, inside)
        if one and _close(line, one) and one.id in seen and seen[one.id].shot != own.shot and seen[one.id].side
    ]  # fmt: skip
    for other in against:
        told = f"looks {way}, {other.speaker} in {other.id} the other way"
        yield other.speaker, -wide["reverse"] * side * seen[other.id].side, told
    for who, where in _places(line, [one for one in inside if one not in against], seen).items():
        yield who, wide["side"] * side * where, f"looks {way}, where {who} was in other lines"


def _beside(
    line: Line, inside: Sequence[Line], seen: Mapping[str, Faces], cast: Sequence[Character],
    texts: Sequence[OnScreenText],
) -> Iterator[tuple[str, int]]:  # fmt: skip
    """Who else is known to be in the picture, and on which side of the speaker."""
    own = seen[line.id]
    talker = own.talker
    if talker is None:
        return
    known: dict[int, set[str]] = {}
    for other in inside:
        face = seen[other.id].talker if other.id in seen and seen[other.id].shot == own.shot else None
        if face is not None and other.speaker != line.speaker:
            known.setdefault(face.face, set()).add(other.speaker)
    plated = {
        one.id for text in texts for one in cast if text.kind == "nameplate" and is_plate_of(text.text, one)
        and text.span.overlap(line.span) >= weights()["plate_overlap"]
    } - {line.speaker}  # fmt: skip
    others = [look for look in own.looks if look.face != talker.face]
    for look in others:
        names = known.get(look.face) or (plated if len(others) == 1 else set())
        if len(names) == 1:
            yield next(iter(names)), 1 if look.at > talker.at else -1


def _places(line: Line, inside: Sequence[Line], seen: Mapping[str, Faces]) -> dict[str, int]:
    """On which side of the speaker somebody was whenever one of the two looked at the other; nobody who moved."""
    votes: dict[str, set[int]] = {}
    for other in inside:
        who = _of_pair(other, line.speaker)
        side = seen[other.id].side if other.id in seen else 0
        if who and side:
            votes.setdefault(who, set()).add(side if other.speaker == line.speaker else -side)
    return {who: next(iter(sides)) for who, sides in votes.items() if len(sides) == 1}


def _of_pair(line: Line, who: str) -> str:
    """The other one, when ``line`` is said by ``who`` to somebody or by somebody to ``who``; else empty."""
    if line.kind != "speech" or not line.addressee or who not in (line.speaker, line.addressee):
        return ""
    return line.addressee if line.speaker == who else line.speaker


def _close(line: Line, other: Line) -> bool:
    """Whether two lines follow each other so closely that they are cut against each other."""
    apart = max(line.span.start, other.span.start) - min(line.span.end, other.span.end)
    return apart <= weights()["cut_against"]


def _neighbours(line: Line, inside: Sequence[Line]) -> tuple[Line | None, Line | None]:
    """The nearest lines of other voices before and after."""
    at = next(number for number, one in enumerate(inside) if one.id == line.id)
    before, after = (
        next((one for one in side if one.kind == "speech" and one.speaker not in ("", line.speaker)), None)
        for side in (reversed(inside[:at]), inside[at + 1 :])
    )
    return before, after


def _inside(line: Line, scenes: Sequence[Scene], lines: Sequence[Line]) -> list[Line]:
    """The lines of a line's scene, in time; it alone when it is in none."""
    scene = next((one for one in scenes if line.id in one.lines), None)
    names = set(scene.lines) if scene else {line.id}
    return sorted((one for one in lines if one.id in names), key=lambda one: (one.span, one.id))

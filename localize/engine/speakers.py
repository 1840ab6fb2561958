"""Who says each line and to whom, from the voices that were heard, the scene around them and what people said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from shlex import quote

from localize import addressing
from localize.corrections import sayable, with_people
from localize.edits import Edit
from localize.episode import Line, OnScreenText, Scene, Speaker
from localize.roles import Attribution, Sight
from localize.series import SeriesBible
from localize.stages._facing import Faces, Facing, facing, open_lines, with_gaze
from localize.stages._labels import Stranger, alike, speakers, together
from localize.stages._who import Seen, Signs, suggested, told
from localize.stages.share import Shared
from localize.timing import clock
from localize.version import Finding

IN_PICTURE: Mapping[Sight, str] = {
    "speaks": "; somebody in the picture is seen to say it", "off_screen": "; nobody in the picture is seen to say it",
    "unclear": "", "no_face": "; no face is seen",
}  # fmt: skip
"""What a person is told of the picture when they are asked who says a line."""


@dataclass(frozen=True, slots=True)
class People:
    """Lines with speakers and addressees, and who the speakers are.

    ``doubts`` maps a line whose speaker is a close call to everybody it may be, likeliest first.  ``suggestions`` are
    (stranger, member of the cast) that name plates and calls speak for.  ``faces`` is what was seen of the
    lines that were watched.  ``facing`` are the lines whose addressee is told by heads, ``unaddressed`` those whose
    addressee neither a person nor the scene tells, ``shared`` those that two voices seem to share.  ``labels`` maps
    lines to whom a subtitle file names, ``strangers`` are the names there that the cast does not know, and ``alike``
    (voice, who) strangers by voice whose labelled lines are all one person's.  ``toneless`` lines are whispered, and
    nobody said whose they are.  ``together`` maps lines to the several names that a subtitle file gives them.
    """

    lines: tuple[Line, ...]
    speakers: tuple[Speaker, ...]
    doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suggestions: tuple[tuple[str, str], ...] = ()
    faces: Mapping[str, Seen] = field(default_factory=dict)
    facing: tuple[Facing, ...] = ()
    unaddressed: tuple[str, ...] = ()
    shared: tuple[Shared, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    strangers: tuple[Stranger, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    toneless: tuple[str, ...] = ()
    together: Mapping[str, str] = field(default_factory=dict)


def people(
    lines: Sequence[Line], scenes: Sequence[Scene], texts: Sequence[OnScreenText], heard: Mapping[str, Attribution],
    bible: SeriesBible, corrections: Sequence[Edit], faces: Mapping[str, Seen] | None = None,
    labels: Mapping[str, str] | None = None,
) -> People:  # fmt: skip
    """Everything told together; what a person said about a line stands, and helps to tell its neighbours.

    A person may write a character's name instead of the id.  A speaker they cleared is told by the machine again.
    """
    said = _said(lines, corrections, bible)
    there = {line.id for line in lines} - set(said)
    named_there = {line: who for line, who in (labels or {}).items() if line in there}
    by_label, strangers = speakers(named_there, bible.cast)
    shared = together(named_there, bible.cast)
    signs = Signs(bible.cast, texts, faces or {}, said, by_label, shared)
    found = told(lines, scenes, heard, signs)
    who = {one.line: one.speaker for one in found}
    named = addressing.addressed([replace(line, speaker=who[line.id]) for line in lines], scenes, bible.cast)
    own = [replace(one, value=_id_of(one.value, bible)) for one in corrections if one.field == "addressee"]
    settled = {one.line for one in own}
    return People(
        with_people(named, own), _speakers(named, bible),
        {one.line: one.maybe for one in found if one.maybe and one.line not in said},
        suggested(lines, scenes, found, signs), signs.faces,
        unaddressed=tuple(one for one in open_lines(named) if one not in settled),
        labels=by_label, strangers=strangers, alike=alike(by_label, heard),
        toneless=tuple(line.id for line in lines if heard[line.id].toneless and not signs.told(line.id)),
        together={line: named_there[line] for line in shared},
    )  # fmt: skip


def addressed(
    found: People, scenes: Sequence[Scene], texts: Sequence[OnScreenText], bible: SeriesBible,
    looks: Mapping[str, Faces],
) -> People:  # fmt: skip
    """The same, with those addressees that the heads in ``looks`` tell; who is told besides counts with them."""
    heads = facing(found.lines, scenes, looks, bible.cast, texts)
    shown = tuple(one for one in heads if one.line in found.unaddressed)
    return replace(found, lines=with_gaze(found.lines, shown), facing=shown)


def _said(lines: Sequence[Line], corrections: Sequence[Edit], bible: SeriesBible) -> dict[str, str]:
    """The speakers a person set, by line."""
    ids = {line.id for line in lines}
    latest = {one.line: _id_of(one.value, bible) for one in corrections if one.field == "speaker"}
    return {line: who for line, who in latest.items() if who and line in ids}


def _id_of(name: str, bible: SeriesBible) -> str:
    """The id of the one member of the cast who is called so; else what was written."""
    called = [one.id for one in bible.cast if name.strip() in (one.name, *one.aliases)]
    return called[0] if len(called) == 1 and bible.character(name) is None else name.strip()


def _speakers(lines: Sequence[Line], bible: SeriesBible) -> tuple[Speaker, ...]:
    """Who speaks in the episode, in order of appearance."""
    cast = {member.id: member for member in bible.cast}
    return tuple(
        Speaker(one, cast[one].name, cast[one].gender, cast[one].age) if one in cast else Speaker(one, one)
        for one in dict.fromkeys(line.speaker for line in lines)
    )


def questions(found: People) -> tuple[Finding, ...]:
    """What a person is asked: close calls line by line, and strangers who may be somebody."""
    names = {one.id: one.name for one in found.speakers}
    first = {line.speaker: line.id for line in reversed(found.lines)}
    said = {line.id: line.speaker for line in sorted(found.lines, key=lambda one: (one.span, one.id))}
    parts = _parts(found, said)
    whole = {line for lines in parts.values() for line in lines}
    close = (
        Finding(
            "speaker", line, "note",
            _doubt(maybe, names, found.labels.get(line, ""))
            + (IN_PICTURE[found.faces[line].told.sight] if line in found.faces else ""),
            f"listen, and say who it is: localize cast EPISODE assign {line} WHO",
        )
        for line, maybe in found.doubts.items() if line not in whole and line not in found.together
    )  # fmt: skip
    named = (
        Finding("speaker", first[who], "note", f"{who} may be {member}: name plates and calls in the scene say so",
                f"if so, say it: localize cast EPISODE merge '{sayable(who, said)}' {member}")
        for who, member in found.suggestions if who in first
    )  # fmt: skip
    heads = (_faced(one, names) for one in found.facing)
    shared = (_two_voices(one, names) for one in found.shared)
    songs = (_sung(line.id) for line in found.lines if line.kind == "song")
    hushed = (_whispered(line) for line in found.toneless)
    several = (_part(who, lines, said) for who, lines in parts.items())
    return (*several, *close, *named, *heads, *shared, *_by_labels(found, first, said), *songs, *hushed)


def _whispered(line: str) -> Finding:
    what = "whispered or toneless: the voice cannot be told"
    return Finding("speaker", line, "warn", what, f"listen, and say who it is: localize cast EPISODE assign {line} WHO")


def _sung(line: str) -> Finding:
    fix = "if somebody speaks there, write speech into the column kind of transcript.csv"
    return Finding("song", line, "note", "a song: it is subtitled, and heard as in the original", fix)


def _by_labels(found: People, first: Mapping[str, str], said: Mapping[str, str]) -> Iterator[Finding]:
    """What the labels of a subtitle file leave to a person."""
    names = {one.id: one.name for one in found.speakers}
    for line, people_named in found.together.items():
        yield Finding(
            "speaker", line, "note",
            f"the subtitle file names several for this line: {people_named}; {_told(said[line], names)} is a guess",
            f"listen, and say who it is: localize cast EPISODE assign {line} WHO; if they say it one after the other, "
            "split its row in transcript.csv",
        )  # fmt: skip
    for one in found.strangers:
        yield Finding(
            "speaker", one.lines[0], "note",
            f"the subtitle file names {one.name}, whom the cast does not know; their lines: {' '.join(one.lines)}",
            f"let them join: localize cast EPISODE rename {quote(one.id)} {quote(one.name)}; if it is somebody of the "
            f"cast: localize cast EPISODE merge {quote(one.id)} ID",
        )  # fmt: skip
    for voice, who in found.alike:
        if voice in first:
            yield Finding(
                "speaker", first[voice], "note", f"{voice} may be {who}: labels of that voice's lines say so",
                f"if so, say it: localize cast EPISODE merge {quote(sayable(voice, said))} {quote(who)}",
            )  # fmt: skip


def _parts(found: People, said: Mapping[str, str]) -> dict[tuple[str, ...], list[str]]:
    """Lines of one voice that may all be one other voice's, which is heard nowhere else: by who they may be."""
    parts: dict[tuple[str, ...], list[str]] = {}
    for line, maybe in found.doubts.items():
        elsewhere = {*maybe[1:]} & {*said.values()}
        written = line in found.labels or line in found.together
        if not written and len(maybe) > 1 and maybe[0] == said.get(line) and not elsewhere:
            parts.setdefault(maybe, []).append(line)
    voices = {who: sum(one == who for one in said.values()) for who in said.values()}
    return {who: lines for who, lines in parts.items() if who[0].startswith("?") and len(lines) < voices[who[0]]}


def _part(who: tuple[str, ...], lines: Sequence[str], said: Mapping[str, str]) -> Finding:
    """The number of voices is unsure: what sounds like one may be two."""
    return Finding(
        "speaker", lines[0], "warn",
        f"{who[0]} may be two voices: {', '.join(lines)} may be somebody else's than its other lines",
        f"listen; if they are: localize cast EPISODE split '{sayable(who[0], said)}' {' '.join(lines)}",
    )


def _two_voices(one: Shared, names: Mapping[str, str]) -> Finding:
    return Finding(
        "speaker", one.line, "warn",
        f"two voices seem to share this line: {_told(one.first, names)}, then {_told(one.second, names)}, "
        f"from about {clock(one.at)}",
        "if so, split its row in transcript.csv, and say who says which part; if not, say who says it all: "
        f"localize cast EPISODE assign {one.line} WHO",
    )  # fmt: skip


def _faced(one: Facing, names: Mapping[str, str]) -> Finding:
    """What the picture alone tells is said, so that a person can object."""
    return Finding(
        "addressee",
        one.line,
        "note",
        f"said to {_told(one.addressee, names)} by gaze: the speaker {one.why}",
        "if it is somebody else, write them into the column addressee of transcript.csv",
    )


def _doubt(maybe: Sequence[str], names: Mapping[str, str], label: str) -> str:
    likeliest, *others = (_told(one, names) for one in maybe)
    if label and others:
        voice = " or ".join(_told(one, names) for one in maybe if one != label)
        return f"the subtitle file names {_told(label, names)}, the voice is rather that of {voice}"
    if not others:
        return f"no voice to tell the speaker by, perhaps {likeliest}"
    return f"a close call: {likeliest} or {' or '.join(others)}"


def _told(who: str, names: Mapping[str, str]) -> str:
    if who.startswith("?") and who not in names:
        return "somebody who is not heard elsewhere"
    return f"{names[who]} ({who})" if names.get(who, who) != who else who

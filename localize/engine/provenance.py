"""Where text, time and speaker of every line come from, from what was read and heard and what people corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from localize.corrections import parts, standing
from localize.edits import Edit
from localize.engine.fusion import ORIGIN
from localize.engine.speakers import People
from localize.episode import Line
from localize.evidence import Evidence, Provenance, Teller, Whom

SENSES: Mapping[str, tuple[str, ...]] = {"asr": ("recogniser",), ORIGIN: ("captions", "recogniser")}
"""Sources of lines that are senses by another name; the others say it themselves."""
WORDING, TIMING = ("text", "add", "split", "merge"), ("span", "add", "split", "merge")


def provenances(
    lines: Iterable[Line], origin: str, people: People, evidence: Sequence[Evidence], corrections: Sequence[Edit]
) -> tuple[Provenance, ...]:
    """One for each of ``lines``, which came from ``origin`` (sidecar, embedded, captions, captions+asr, asr)."""
    vouched = {one.line: one for one in evidence}
    worded, timed = _by_hand(corrections, WORDING), _by_hand(corrections, TIMING)
    told = {edit.line: edit.value for edit in corrections if edit.field == "speaker"}
    said = {line for line, who in told.items() if who}
    to, gaze = {edit.line for edit in corrections if edit.field == "addressee"}, {one.line for one in people.facing}
    return tuple(
        Provenance(
            line.id,
            ("person",) if line.id in worded else _witnesses(origin, vouched.get(line.id)),
            "person" if line.id in timed else _clock(origin, vouched.get(line.id)),
            _teller(line, said, people),
            people.doubts.get(line.id, ()),
            vouched.get(line.id),
            _addresser(line, to, gaze),
        )
        for line in lines
    )


def _by_hand(corrections: Iterable[Edit], fields: Sequence[str]) -> set[str]:
    """Lines a person set one of these fields of; of a split both parts."""
    found = set[str]()
    for edit in standing(corrections):
        if edit.field in fields:
            found.add(edit.line)
            found.update({parts(edit.value)[0]} if edit.field == "split" else ())
    return found


def _witnesses(origin: str, evidence: Evidence | None) -> tuple[str, ...]:
    return evidence.witnesses if evidence is not None else SENSES.get(origin, (origin,))


def _clock(origin: str, evidence: Evidence | None) -> str:
    """Whose time it is: recognised words where there are any to trust, for they are in the sound."""
    if evidence is not None and not evidence.timed:
        return "captions"
    witnesses = _witnesses(origin, evidence)
    return "recogniser" if "recogniser" in witnesses else witnesses[0]


def _teller(line: Line, said: set[str], people: People) -> Teller:
    if line.id in said:
        return "person"
    if line.speaker in ("", "?0"):
        return "nobody"
    if line.id in people.doubts or line.id in people.together:
        return "guess"
    return "label" if people.labels.get(line.id) == line.speaker else "voice"


def _addresser(line: Line, said: set[str], gaze: set[str]) -> Whom:
    if line.id in said:
        return "person"
    if not line.addressee:
        return "nobody"
    return "gaze" if line.id in gaze else "scene"

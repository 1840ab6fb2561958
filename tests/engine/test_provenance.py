"""Where a line's words, time and speaker come from."""

from __future__ import annotations

from dataclasses import replace

from localize.corrections import told_parts
from localize.edits import Edit, Field
from localize.engine.provenance import provenances
from localize.engine.speakers import People
from localize.episode import Line
from localize.evidence import Evidence, Provenance
from localize.stages._facing import Facing
from localize.timing import Ms, span

LINES = tuple(Line(f"L000{n}", span(n * 1000, n * 1000 + 900), "走", who) for n, who in enumerate(("a", "b", "?0"), 1))
PEOPLE = People(LINES, (), {"L0002": ("b", "a")})
BOTH = Evidence("L0001", ("captions", "recogniser"), 0.9, 0.8, 1.0, 0.94)


def edit(line: str, field: Field, value: str = "") -> Edit:
    return Edit("ep01", line, "", field, value, "Mei", "2026-11-21T10:00:00+00:00", "")


def told(origin: str, *edits: Edit, evidence: tuple[Evidence, ...] = ()) -> list[Provenance]:
    return list(provenances(LINES, origin, PEOPLE, evidence, edits))


def test_a_file_says_words_and_times_the_voice_says_who() -> None:
    first, second, third = told("sidecar")
    assert (first.text, first.time, first.speaker, first.maybe) == (("sidecar",), "sidecar", "voice", ())
    assert (second.speaker, second.maybe) == ("guess", ("b", "a")) and third.speaker == "nobody"


def test_of_a_fused_line_the_words_are_the_captions_the_time_the_sounds() -> None:
    read = Evidence("L0002", ("captions",), 0.9)
    first, second, _ = told("captions+asr", evidence=(BOTH, read))
    assert (first.text, first.time, first.evidence) == (("captions", "recogniser"), "recogniser", BOTH)
    assert (second.text, second.time) == (("captions",), "captions")


def test_what_a_person_set_is_theirs() -> None:
    cut = told_parts("L0003", Ms(2_500), "走", "走")
    first, second, third = told(
        "asr", edit("L0001", "text", "别走"), edit("L0002", "split", cut), edit("L0003", "speaker", "a")
    )
    assert (first.text, first.time) == (("person",), "recogniser")
    assert {(one.text, one.time) for one in (second, third)} == {(("person",), "person")}
    assert third.speaker == "person"


def test_whom_a_line_is_said_to_is_told_by_somebody_too() -> None:
    lines = tuple(replace(line, addressee=to) for line, to in zip(LINES, ("b", "a", None), strict=True))
    people = replace(PEOPLE, lines=lines, facing=(Facing("L0002", "a", "looks left"),))
    found = provenances(lines, "asr", people, (), ())
    assert [one.addressee for one in found] == ["scene", "gaze", "nobody"]
    said = provenances(lines, "asr", people, (), [edit("L0002", "addressee", "a"), edit("L0003", "addressee")])
    assert [one.addressee for one in said] == ["scene", "person", "person"]


def test_of_lines_that_were_joined_and_are_apart_again_nothing_is_a_persons() -> None:
    back = told_parts("L0002", Ms(2_000), "走", "走")
    joined = (edit("L0001", "merge", "L0002"), edit("L0001", "text", "走走"))
    assert told("asr", *joined, edit("L0001", "split", back)) == told("asr")

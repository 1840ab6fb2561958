from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from localize.edits import Edit, Field
from localize.engine.speakers import People, addressed, people, questions
from localize.episode import Line, Scene
from localize.roles import Attribution, Look, Sight, Speaking
from localize.series import Character, SeriesBible
from localize.stages._facing import Faces
from localize.stages._who import Seen
from localize.stages.share import Shared
from localize.timing import Ms, span

CAST = (Character("lin", "林夏", ("林总",), "female"), Character("gu", "顾言", (), "male"))
LINES = (
    Line("L1", span(0, 900), "林总，请。"),
    Line("L2", span(1000, 1900), "走吧。"),
    Line("L3", span(2000, 2900), "好。"),
)
SCENES = (Scene("S", span(0, 2900), ("L1", "L2", "L3")),)
HEARD = {
    "L1": Attribution("gu", 3.0, (("lin", 3.0),), 2.0),
    "L2": Attribution("lin", 3.0, (("gu", 3.0),), 2.0),
    "L3": Attribution("lin", 0.1, (("gu", 0.1),), 2.0),
}


def told(*corrections: Edit) -> People:
    return people(LINES, SCENES, (), HEARD, SeriesBible(Path("SERIES"), "s", "S", cast=CAST), corrections)


def edit(line: str, field: Field, value: str) -> Edit:
    return Edit("ep01", line, "", field, value, "Ana", "2026-11-21T12:00:00+00:00", "")


def test_lines_get_speakers_and_addressees_and_close_calls_are_asked() -> None:
    found = told()
    assert [(line.speaker, line.addressee) for line in found.lines] == [("gu", "lin"), ("lin", "gu"), ("gu", "lin")]
    assert [one.id for one in found.speakers] == ["gu", "lin"]
    assert found.doubts == {"L3": ("gu", "lin")}
    (asked,) = questions(found)
    assert asked.line == "L3" and "顾言 (gu) or 林夏 (lin)" in asked.message and "assign L3" in asked.fix


def test_a_person_has_the_last_word_by_id_or_name_and_may_take_it_back() -> None:
    assert told(edit("L1", "speaker", "lin")).lines[0].speaker == "lin"
    named = told(edit("L3", "speaker", "林夏"), edit("L3", "addressee", "顾言"))
    assert (named.lines[2].speaker, named.lines[2].addressee) == ("lin", "gu")
    assert named.doubts == {} and questions(named) == ()
    back = told(edit("L1", "speaker", "lin"), edit("L1", "speaker", ""))
    assert back.lines[0].speaker == "gu"
    assert told(edit("L2", "addressee", "")).lines[1].addressee is None


def test_somebody_new_keeps_the_name_a_person_wrote() -> None:
    found = told(edit("L2", "speaker", "保安"))
    assert found.lines[1].speaker == "保安" and "保安" in [one.id for one in found.speakers]


@pytest.mark.parametrize(
    ("sight", "told"),
    [
        ("speaks", "; somebody in the picture is seen to say it"),
        ("off_screen", "; nobody in the picture is seen to say it"),
        ("no_face", "; no face is seen"),
        ("unclear", ""),
    ],
)
def test_who_is_asked_is_told_what_the_picture_shows(sight: Sight, told: str) -> None:
    seen = {"L3": Seen("S1", Speaking(sight)), "L2": Seen("S1", Speaking("off_screen"))}
    bible = SeriesBible(Path("SERIES"), "s", "S", cast=CAST)
    (asked,) = questions(people(LINES, SCENES, (), HEARD, bible, (), seen))
    assert asked.line == "L3" and asked.message.endswith(f"林夏 (lin){told}")


def test_a_line_two_voices_share_is_asked_about() -> None:
    found = replace(told(), shared=(Shared("L1", Ms(450), "gu", "?1"),))
    (asked,) = (one for one in questions(found) if one.line == "L1")
    assert (asked.check, asked.severity) == ("speaker", "warn")
    assert "顾言 (gu), then somebody who is not heard elsewhere, from about 00:00:00,450" in asked.message
    assert "transcript.csv" in asked.fix and "assign L1" in asked.fix


THREE = (*CAST, Character("bo", "薄荷", (), "female"))
TALK = (Line("L1", span(0, 900), "走。"), Line("L2", span(1000, 1900), "好。"), Line("L3", span(2000, 2900), "行。"))
CLEAR = {
    line: Attribution(who, 3.0, (), 2.0) for line, who in zip(("L1", "L2", "L3"), ("gu", "lin", "bo"), strict=True)
}
LOOKS = {
    line: Faces(line, (Look(0, 0.5, 0.4, yaw, True),)) for line, yaw in (("L1", 20.0), ("L2", -20.0), ("L3", -20.0))
}


def test_an_addressee_told_by_heads_is_filled_in_and_said() -> None:
    bible = SeriesBible(Path("SERIES"), "s", "S", cast=THREE)
    found = people(TALK, SCENES, (), CLEAR, bible, ())
    assert "L2" in found.unaddressed and found.lines[1].addressee is None
    seen = addressed(found, SCENES, (), bible, LOOKS)
    assert seen.lines[1].addressee == "gu" and [one.line for one in seen.facing] == ["L2"]
    (told,) = questions(seen)
    assert (told.check, told.line, told.severity) == ("addressee", "L2", "note")
    assert "said to 顾言 (gu) by gaze: the speaker looks left, gu in L1 the other way" in told.message


def test_heads_do_not_overrule_a_person() -> None:
    bible = SeriesBible(Path("SERIES"), "s", "S", cast=THREE)
    for value, expected in (("bo", "bo"), ("", None)):
        found = people(TALK, SCENES, (), CLEAR, bible, [edit("L2", "addressee", value)])
        assert "L2" not in found.unaddressed
        assert addressed(found, SCENES, (), bible, LOOKS).lines[1].addressee == expected


def labelled(labels: dict[str, str], *corrections: Edit) -> People:
    bible = SeriesBible(Path("SERIES"), "s", "S", cast=CAST)
    return people(LINES, SCENES, (), HEARD, bible, corrections, {}, labels)


def test_labels_of_a_subtitle_file_tell_and_strangers_are_offered() -> None:
    found = labelled({"L2": "保安", "L3": "林夏"})
    assert [line.speaker for line in found.lines] == ["gu", "?保安", "lin"]
    asked = [one for one in questions(found) if one.line == "L2"]
    assert "names 保安, whom the cast does not know; their lines: L2" in asked[-1].message
    assert "rename '?保安' '保安'" in asked[-1].fix and "merge '?保安' ID" in asked[-1].fix
    assert not [one for one in questions(found) if one.line == "L3"]


def test_a_label_with_several_names_is_one_question() -> None:
    found = labelled({"L2": "林夏、顾言"})
    assert found.lines[1].speaker == "lin" and set(found.doubts["L2"]) == {"lin", "gu"} and found.strangers == ()
    (asked,) = [one for one in questions(found) if one.line == "L2"]
    assert "names several for this line: 林夏、顾言; 林夏 (lin) is a guess" in asked.message
    assert not any(one.line == "L2" for one in questions(labelled({"L2": "林夏、顾言"}, edit("L2", "speaker", "gu"))))


def test_a_label_against_the_voice_is_a_question_and_a_person_settles_it() -> None:
    clips = tuple(replace(one, references=(Path("a.wav"),)) for one in CAST)
    bible = SeriesBible(Path("SERIES"), "s", "S", cast=clips)
    found = people(LINES, SCENES, (), HEARD, bible, (), {}, {"L2": "顾言"})
    (asked,) = (one for one in questions(found) if one.line == "L2")
    assert asked.message == "the subtitle file names 顾言 (gu), the voice is rather that of 林夏 (lin)"
    settled = people(LINES, SCENES, (), HEARD, bible, [edit("L2", "speaker", "lin")], {}, {"L2": "顾言"})
    assert settled.lines[1].speaker == "lin" and not [one for one in questions(settled) if one.line == "L2"]
    assert settled.labels == {}


def test_what_may_be_two_voices_is_one_question_with_the_command_that_divides_them() -> None:
    lines = tuple(Line(f"L{n}", span(1000 * n, 1000 * n + 900), "好。") for n in range(1, 6))
    sure, maybe = Attribution("?1", 9.0, (("?2", 9.0),), 2.0), Attribution("?1", 0.5, (("?3", 0.5), ("?2", 9.0)), 2.0)
    heard = {"L1": sure, "L2": maybe, "L3": sure, "L4": maybe, "L5": sure}
    bible = SeriesBible(Path("SERIES"), "s", "S")
    found = people(lines, (Scene("S", span(0, 6000), ("L1", "L2", "L3", "L4", "L5")),), (), heard, bible, ())
    (asked,) = questions(found)
    assert asked.severity == "warn" and asked.message.startswith("?1 may be two voices: L2, L4")
    assert asked.fix.endswith("localize cast EPISODE split '?L1' L2 L4")

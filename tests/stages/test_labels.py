"""Labels of a subtitle file as evidence of who speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.episode import Line, Scene
from localize.roles import Attribution
from localize.series import Character
from localize.stages._labels import Stranger, alike, in_file, members, speakers, spellings, together
from localize.stages._who import NOBODY, Signs, Told, told
from localize.timing import span

CLIP = (Path("clip.wav"),)
LIN = Character("lin", "林夏", ("夏夏",), "female", names=(("en-US", "Lin Xia"),), references=CLIP)
GU = Character("gu", "顾言", (), "male", references=CLIP)
BO = Character("bo", "薄荷", (), "female")
CAST = (LIN, GU, BO)


def voice(who: str, margin: float = 3.0) -> Attribution:
    return Attribution(who, margin, tuple((one.id, margin) for one in CAST if one.id != who), 2.0)


def scene(*said: tuple[str, Attribution, str], **signs: object) -> tuple[Told, ...]:
    """Text, voice and label of each line."""
    lines = [Line(f"L{n}", span(n * 2000, n * 2000 + 1600), text) for n, (text, *_) in enumerate(said)]
    whole = [Scene("S", span(0, 2000 * len(said)), tuple(line.id for line in lines))]
    names = {f"L{n}": name for n, (*_, name) in enumerate(said) if name}
    labels, _ = speakers(names, CAST)
    heard = {line.id: own for line, (_, own, _) in zip(lines, said, strict=True)}
    return told(lines, whole, heard, Signs(CAST, labels=labels, together=together(names, CAST), **signs))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "who"),
    [("林夏", ("lin",)), ("夏夏", ("lin",)), ("顧言", ("gu",)), ("LIN  xia", ("lin",)), ("gu", ("gu",)),
     ("林总", ("lin",)), ("保安", ())],
)  # fmt: skip
def test_whom_a_label_names(name: str, who: tuple[str, ...]) -> None:
    assert members(name, CAST) == who


def test_a_name_of_two_is_nobodys_and_one_of_none_a_stranger() -> None:
    twins = (*CAST, Character("lin2", "林夏"))
    found, strangers = speakers(
        {"L1": "林夏", "L2": "保安", "L3": "保安", "L4": "顾言", "L5": "1", "L6": "L0005"}, twins
    )
    assert found == {"L2": "?保安", "L3": "?保安", "L4": "gu"}
    assert strangers == (Stranger("保安", "?保安", ("L2", "L3")),)
    assert "Lin Xia" in spellings(CAST) and "夏夏" in spellings(CAST)


def test_a_label_tells_what_the_voice_does_not() -> None:
    close = Attribution("lin", 0.1, (("gu", 0.1),), 2.0)
    nobody = Attribution(NOBODY, 0.0, (("lin", 0.0), ("gu", 0.0)), 2.0)
    found = scene(("走。", close, "顾言"), ("好。", nobody, "林夏"), ("行。", voice("gu"), "顾言"))
    assert [(one.speaker, one.maybe) for one in found] == [("gu", ()), ("lin", ()), ("gu", ())]


def test_a_clear_voice_against_the_label_is_asked_about() -> None:
    (one,) = scene(("走。", voice("gu"), "林夏"))
    assert (one.speaker, one.maybe) == ("lin", ("lin", "gu"))
    (one,) = scene(("走。", voice("?1"), "林夏"))
    assert (one.speaker, one.maybe) == ("lin", ("lin", "?1"))


def test_a_member_without_clips_cannot_be_contradicted_by_a_stranger_s_voice() -> None:
    (one,) = scene(("走。", voice("?1"), "薄荷"))
    assert (one.speaker, one.maybe) == ("bo", ())
    (one,) = scene(("走。", voice("gu"), "薄荷"))
    assert one.maybe == ("bo", "gu")


def test_a_name_the_cast_lacks_is_never_somebody_of_the_cast_unasked() -> None:
    mine, clash = scene(("站住！", voice("?1"), "保安"), ("走。", voice("gu"), "保安"))
    assert (mine.speaker, mine.maybe) == ("?保安", ())
    assert set(clash.maybe) == {"?保安", "gu"}


def test_a_label_with_several_names_is_asked_about_and_makes_no_stranger() -> None:
    labels = {"L0": "林夏、顾言", "L1": "保安", "L2": "保安、林夏", "L3": "夜莺、众人"}
    assert speakers(labels, CAST) == ({"L1": "?保安"}, (Stranger("保安", "?保安", ("L1",)),))
    assert together(labels, CAST) == {"L0": ("lin", "gu"), "L2": ("?保安", "lin"), "L3": ()}
    for heard, first, other in ((voice("gu"), "gu", "lin"), (voice("lin"), "lin", "gu")):
        (one,) = scene(("走。", heard, "林夏、顾言"))
        assert (one.speaker, one.maybe) == (first, (first, other))
    (one,) = scene(("走。", voice("bo"), "林夏、顾言"))
    assert set(one.maybe) == {"lin", "gu"}


def test_a_person_outranks_a_label() -> None:
    (one,) = scene(("走。", voice("gu"), "林夏"), said={"L0": "bo"})
    assert (one.speaker, one.maybe) == ("bo", ())


def test_a_stranger_s_voice_whose_labels_agree_is_suggested() -> None:
    heard = {"L0": voice("?1"), "L1": voice("?1"), "L2": voice("?2"), "L3": voice("?2"), "L4": voice("?3")}
    assert alike({"L0": "?保安", "L2": "lin", "L3": "gu", "L4": "bo"}, heard) == (("?1", "?保安"),)


def test_names_that_no_file_holds_are_no_reason_to_read_it_again(tmp_path: Path) -> None:
    file = tmp_path / "e.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\n<b>陆沉</b>：走。\nLU &amp; CO: go\n", "utf-8")
    assert in_file(("陆沉", "Lu Chen"), file, "a") == in_file(("陆沉", "Luca Chen"), file, "a") == ("", "陆沉")
    assert in_file(("陆沉", "Lu & Co"), file, "a") == ("", "Lu & Co", "陆沉")
    file.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v 陆沉>走。\n", "utf-8")
    assert in_file(("陆沉", "Lu Chen"), file, "b") == ("", "陆沉")  # voice tags are markup, and labels
    assert in_file((), file, "a") == () and in_file(("Lu Chen",), None, "a") == ("", "Lu Chen")


def test_a_label_without_a_letter_makes_no_stranger() -> None:
    assert speakers({"L0001": "、", "L0002": "路人"}, CAST) == (
        {"L0002": "?路人"}, (Stranger("路人", "?路人", ("L0002",)),)
    )  # fmt: skip

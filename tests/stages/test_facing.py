"""Whom heads tell a line is said to: what counts, what contradicts, and when nobody is named."""

from __future__ import annotations

import pytest

from localize.episode import Box, Line, OnScreenText, Scene
from localize.roles import Look
from localize.series import Character
from localize.stages._facing import Faces, Facing, facing, open_lines, wanted, with_gaze
from localize.timing import span

CAST = tuple(Character(name, name.upper()) for name in ("an", "bo", "cy"))


def said(*talk: tuple[str, str | None]) -> list[Line]:
    """Lines L0, L1 … of 1.5 s each, one every two seconds, as (speaker, addressee)."""
    return [Line(f"L{n}", span(2000 * n, 2000 * n + 1500), "好", who, to) for n, (who, to) in enumerate(talk)]


def alone(shot: str, yaw: float, speaks: bool = True) -> Faces:
    return Faces(shot, (Look(0, 0.5, 0.4, yaw, speaks),))


def told(lines: list[Line], seen: dict[str, Faces], *texts: OnScreenText) -> dict[str, str]:
    scene = Scene("S", span(0, 2000 * len(lines)), tuple(line.id for line in lines))
    return {one.line: one.addressee for one in facing(lines, [scene], seen, CAST, texts)}


BETWEEN = said(("bo", None), ("an", None), ("cy", None))
"""Bo speaks, then An, then Cy: An may answer the one or talk to the other."""


def test_two_cut_against_each_other_look_at_each_other() -> None:
    seen = {"L0": alone("A", 20), "L1": alone("B", -20), "L2": alone("C", -20)}
    assert told(BETWEEN, seen) == {"L1": "bo"}
    seen = {"L0": alone("A", -20), "L1": alone("B", -20), "L2": alone("C", 20)}
    assert told(BETWEEN, seen) == {"L1": "cy"}


@pytest.mark.parametrize(
    "seen",
    [
        {"L0": alone("A", 20), "L1": alone("B", -20), "L2": alone("C", 20)},
        {"L0": alone("A", -20), "L1": alone("B", -20), "L2": alone("C", -20)},
        {"L0": alone("A", 20), "L1": alone("B", -20)},
        {"L0": alone("A", 20), "L1": alone("B", -20), "L2": alone("C", -5)},
        {"L0": alone("A", 20), "L1": alone("B", -10), "L2": alone("C", -20)},
        {"L0": alone("A", 20), "L1": alone("B", -20, speaks=False), "L2": alone("C", -20)},
        {"L0": alone("A", 20, speaks=False), "L1": alone("B", -20), "L2": alone("C", -20)},
        {"L0": alone("A", 20), "L2": alone("C", -20)},
        {},
    ],
    ids=[
        "both look back", "nobody looks back", "the other is not seen", "the other looks at the camera",
        "the speaker looks past the camera", "a listener is seen", "of the other a listener is seen",
        "the line is not seen", "nothing is seen",
    ],
)  # fmt: skip
def test_what_does_not_agree_names_nobody(seen: dict[str, Faces]) -> None:
    assert told(BETWEEN, seen) == {}


def test_lines_far_apart_are_not_cut_against_each_other() -> None:
    late = Line("L1", span(9000, 9900), "好", "an"), Line("L2", span(10_000, 10_900), "好", "cy")
    seen = {"L0": alone("A", 20), "L1": alone("B", -20), "L2": alone("C", -20)}
    assert told([BETWEEN[0], *late], seen) == {}


def two(shot: str, talker: int, left: float, right: float) -> Faces:
    return Faces(shot, (Look(0, 0.3, 0.2, left, talker == 0), Look(1, 0.7, 0.2, right, talker == 1)))


def test_a_face_beside_the_speaker_is_known_by_another_line_of_the_shot() -> None:
    seen = {"L0": two("A", 1, 20, -20), "L1": two("A", 0, 20, -20)}
    assert told(BETWEEN, seen) == {"L0": "an", "L1": "bo"}
    away = {"L0": two("A", 1, 20, -20), "L1": two("A", 0, -20, -20)}
    assert told(BETWEEN, away) == {"L0": "an"}, "An looks to the other side"
    elsewhere = {"L0": two("B", 1, 20, -20), "L1": two("A", 0, 20, -20)}
    assert told(BETWEEN, elsewhere) == {}, "a face of another shot may be anybody's"


def test_or_by_a_name_plate() -> None:
    plate = OnScreenText("T1", span(2000, 3500), Box(0, 0, 9, 9), "CY", "nameplate")
    assert told(BETWEEN, {"L1": two("A", 0, 20, -20)}, plate) == {"L1": "cy"}
    own = OnScreenText("T1", span(2000, 3500), Box(0, 0, 9, 9), "AN", "nameplate")
    assert told(BETWEEN, {"L1": two("A", 0, 20, -20)}, own) == {}


def test_who_was_on_one_side_stays_there() -> None:
    lines = said(("an", "bo"), ("an", "cy"), ("bo", "an"), ("an", None), ("cy", "an"))
    sides = {"L0": alone("A", 20), "L1": alone("A", -20), "L3": alone("A", 20)}
    assert told(lines, sides) == {"L3": "bo"}
    moved = sides | {"L2": alone("B", 20)}
    assert told(lines, moved) == {}, "Bo looked to the right at An, so was on the left by then"


def test_thoughts_and_known_addressees_are_left_alone() -> None:
    first, second, third = BETWEEN
    thought = Line("L1", second.span, "好", "an", kind="thought")
    assert open_lines([first, thought, third]) == ("L0", "L2") and open_lines(BETWEEN) == ("L0", "L1", "L2")
    known = with_gaze(BETWEEN, [Facing("L1", "bo", "")])
    assert [line.addressee for line in known] == [None, "bo", None]


def test_what_is_looked_at_besides_is_little() -> None:
    lines = said(*[("bo", "an"), ("an", "bo")] * 10, ("an", None), *[("cy", "an"), ("an", "cy")] * 10)
    scene = Scene("S", span(0, 100_000), tuple(line.id for line in lines))
    assert wanted(lines[20], [scene], lines) == ("L18", "L21", "L19", "L22", "L17")
    assert wanted(lines[0], [], lines) == ()

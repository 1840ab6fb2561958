"""Whom name plates show and the cast does not know."""

from __future__ import annotations

from localize.engine.newcomers import Newcomer, introductions, newcomers
from localize.episode import Box, Line, OnScreenText, TextKind
from localize.series import Character
from localize.timing import span

LIN, GU = Character("lin", "林夏"), Character("gu", "顾长山", aliases=("顾伯",))


def shown(text: str, start: int, end: int, top: int = 0, tall: int = 40, kind: TextKind = "nameplate") -> OnScreenText:
    return OnScreenText("", span(start, end), Box(10, top, 130, top + tall), text, kind)


def said(*speakers: str) -> tuple[Line, ...]:
    return tuple(Line(f"L{n:04}", span(n * 1000, n * 1000 + 900), "好", who) for n, who in enumerate(speakers, 1))


PLATES = (
    shown("顾言", 900, 2500), shown("陆氏集团总裁", 900, 2500, 45, 25), shown("林夏", 900, 2500, 400),
    shown("律师", 900, 2500, 445, 25), shown("顾言", 3000, 3800), shown("顾伯", 3000, 3800, 400),
    shown("三年后", 0, 800, kind="title_card"),
)  # fmt: skip


def test_a_newcomer_is_told_once_with_role_lines_and_voice() -> None:
    found = newcomers(PLATES, said("?1", "lin", "?1", "?2"), (LIN, GU))
    assert found == (Newcomer("顾言", "陆氏集团总裁", ("L0001", "L0002", "L0003"), "?1", "?L0001"),)
    (note,) = introductions(found)
    assert (note.check, note.line, note.severity) == ("speaker", "L0001", "note")
    assert "顾言 (陆氏集团总裁)" in note.message and "L0001 L0002 L0003" in note.message
    assert note.fix == "if it is ?1: localize cast EPISODE rename '?L0001' 顾言"


def test_whom_the_cast_has_by_name_or_alias_is_not_new() -> None:
    assert newcomers(PLATES, said("?1"), (LIN, GU, Character("yan", "顾言"))) == ()
    small = (shown("总裁", 0, 900), shown("林夏", 0, 900, 45, 25))
    assert newcomers(small, (), (LIN,)) == (), "the name is the smaller row"


def test_without_a_strange_voice_nobody_is_named() -> None:
    (one,) = newcomers(PLATES[:2], said("lin", "?0"), (LIN,))
    assert one.voice == ""
    assert "cast.toml" in introductions([one])[0].fix

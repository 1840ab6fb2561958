"""A sentence beside the Chinese of a line, a person's included, is told and left as it is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from localize.checks import Seen, look
from localize.episode import Line, Picture
from localize.market import resolve
from localize.timing import Ms, span

PICTURE = Picture(720, 1280, Fraction(25), Ms(60_000), 1500, "h264")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("签了它。 Sign it and go!", "Sign it and go!"),
        ("Sign it and go 签了它", "Sign it and go"),
        ("我看过 Game of Thrones。", "Game of Thrones"),
        ("签了它。가자, 어서 가자!", "가자, 어서 가자!"),
        ("他叫 Tony Stark", ""),
        ("他读的是MBA，OK", ""),
        ("Go away, now!", ""),
    ],
)
def test_a_sentence_beside_the_chinese_is_told(typed: str, told: str) -> None:
    seen = Seen(resolve("en"), PICTURE, (Line("L0001", span(0, 2_000), typed, "a"),))
    found = [one for one in look(seen) if one.check == "two_languages"]
    assert [(one.line, one.severity) for one in found] == [("L0001", "warn")] * bool(told)
    assert all(one.message.endswith(f": {told}") and "transcript.csv" in one.fix for one in found)

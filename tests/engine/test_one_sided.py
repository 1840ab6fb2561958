"""Who changes the dub or the subtitle alone is told to look at the other."""

from __future__ import annotations

import pytest

from localize.edits import Edit, Field
from localize.engine.one_sided import one_sided
from localize.version import Rendering, Variants

SAID = {
    name: Rendering(name, "en-US", Variants("Get out now!"), "Get out!", "person", "draft") for name in ("L1", "L2")
}
SAME = {"L1": Rendering("L1", "en-US", Variants("Out!"), "Out!", "person", "draft")}


def edit(field: Field, value: str = "x", line: str = "L1") -> Edit:
    return Edit("ep01", line, "en-US", field, value, "Ana", "2026-01-01T00:00:00+00:00", "seen")


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ([], []),
        ([edit("dub")], ["L1"]),
        ([edit("subtitle"), edit("subtitle", "y")], ["L1"]),
        ([edit("dub"), edit("subtitle")], []),
        ([edit("dub"), edit("subtitle"), edit("dub", "z")], ["L1"]),
        ([edit("dub"), edit("status", "reviewed")], []),
        ([edit("dub"), edit("status", "draft"), edit("note")], ["L1"]),
        ([edit("dub"), edit("subtitle", line="L2")], ["L1", "L2"]),
    ],
)
def test_one_text_changed_alone_is_noted_until_it_is_settled(log: list[Edit], told: list[str]) -> None:
    found = list(one_sided(log, SAID))
    assert [one.line for one in found] == told
    assert all(one.severity == "note" and "Ana changed the" in one.message for one in found)


def test_the_same_words_in_both_need_no_look() -> None:
    assert not list(one_sided([edit("dub")], SAME)) and not list(one_sided([edit("dub")], {}))

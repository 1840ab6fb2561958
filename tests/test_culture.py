"""The two numbers of domain facts §7.4, by their definition, and what is left to people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from localize.culture import Culture, Item, adapting, items, proposals
from localize.episode import Box, Line, OnScreenText
from localize.market import resolve
from localize.rates import KEEP, policy
from localize.renaming import renamed
from localize.series import Character, SeriesBible
from localize.timing import span
from localize.version import Adaptation, Rendering, Variants

BIBLE = SeriesBible(
    Path("SERIES"), "s", "剧", tropes=("domineering_ceo", "sweet_pet"),
    cast=(
        Character("lu", "陆沉", gender="male", names=(("en-US", "Lu Chen"),), local_names=(("en-US", "Ethan Lowell"),)),
    ),
)  # fmt: skip
US = resolve("en")


def line(zh: str, name: str = "L0001") -> Line:
    return Line(name, span(0, 1000), zh, "lu")


def states(zh: str, text: str, bible: SeriesBible = BIBLE, how=KEEP) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {one.kind: one.state for one in items(line(zh), text, bible, US, how)}


def test_every_kind_of_item_is_told_apart() -> None:
    assert states("她是绿茶。", "She's a two-faced schemer.") == {"trope": "localised"}
    assert states("她是绿茶。", "She's green tea.") == {"trope": "retained"}
    assert states("她是绿茶。", "Green tea: a two-faced schemer.") == {"trope": "explained"}
    assert states("她是绿茶。", "She's something else.") == {"trope": "unknown"}
    assert states("陆沉！", "Lu Chen!") == {"name": "retained"}
    assert states("陆沉！", "Ethan Lowell!", renamed(BIBLE, "en-US", 2)) == {"name": "localised"}
    assert states("给五百万元。", "Take five million yuan.") == {"money": "retained"}
    vague = policy("vague", "en-US", "", {}, "")
    assert states("给五百万元。", "Take millions.", how=vague) == {"money": "localised"}
    assert states("十里路。", "3 miles.") == {"measure": "localised"}
    assert states("十里路。", "10 miles.") == {"measure": "retained"}
    assert states("重十斤。", "It weighs 11 pounds.") == {"measure": "localised"}
    assert states("少爷回来了。", "The young lord is back.")["title"] == "retained"
    assert states("少爷回来了。", "Young Master is back.")["title"] == "localised"


@pytest.mark.parametrize(
    ("counts", "rate", "hybridity"),
    [
        ((0, 0, 0), None, None), ((3, 0, 0), 1.0, 0.0), ((0, 0, 4), 0.0, 0.0), ((2, 2, 2), 1 / 3, 1.0),
        ((1, 0, 1), 0.5, 0.6309), ((3, 0, 1), 0.75, 0.5119),
    ],
)  # fmt: skip
def test_rate_and_hybridity_follow_their_definition(
    counts: tuple[int, int, int], rate: float | None, hybridity: float | None
) -> None:
    found = Culture(*counts, unknown=7)
    assert found.rate == (None if rate is None else pytest.approx(rate))
    assert found.hybridity == (None if hybridity is None else pytest.approx(hybridity, abs=1e-4))


def test_items_that_nobody_recognised_count_for_nothing() -> None:
    kinds = ["localised", "retained", "unknown", "unknown"]
    found = Culture.of(Item("L0001", "trope", "x", state) for state in kinds)  # type: ignore[arg-type]
    assert (found.recognised, found.unknown, found.rate) == (2, 2, 0.5)


SCREEN = OnScreenText("T0001", span(0, 900), Box(0, 0, 9, 9), "余额不足", "screen", 0.9)
OFFER = Adaptation("L0001", "trope.face_slap", 1, "dub", "slap", "humiliation", "why", "offered")


def test_pictures_and_remakes_are_work_for_people_and_only_at_their_level() -> None:
    lines = [line("干杯，喝酒！", "L0001")]

    def at(level: int, market: str = "id") -> list[tuple[int, str, str]]:
        found = proposals(level, BIBLE, resolve(market), lines, [OFFER, replace(OFFER, field="subtitle")], [SCREEN])
        return [(one.level, one.where, one.rule) for one in found]

    assert at(0) == at(1) == at(2) == []
    third = [(3, "T0001", "picture.text"), (3, "L0001", "trope.face_slap"), (3, "L0001", "topic.alcohol")]
    assert at(3) == third
    assert at(4, "en") == [*third[:2], (4, "", "parallel.domineering_ceo"), (4, "", "remake.cast")]
    assert at(4) == [*third, (4, "", "remake.cast")], "no werewolf where it did not work"


def test_topics_are_told_with_their_lines_and_change_nothing() -> None:
    words = Rendering("L0001", "id-ID", Variants("Berlutut!"), "Berlutut!", "person", "draft")
    found = adapting(1, BIBLE, resolve("id"), [line("跪下，喝酒！")], {"L0001": words}, (), ())
    assert {one.topic.id for one in found.heard} == {"kneeling", "alcohol"} and found.proposals == ()
    assert (
        found.meaning and found.reviewed == "are drafts: no native reader has signed" and found.money == "kept in yuan"
    )

"""From points to people, in a plane where everything can be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from localize.backends.diarization._groups import Measure, grouped
from localize.backends.diarization._voices import attributed, nobody
from localize.roles import Attribution

PLANE = Measure(merge=6.0, stranger=30.0, clear=1.0, room=1, enough=50.0)
PLACES = {"a": (0.0, 0.0), "b": (10.0, 0.0), "c": (0.0, 10.0)}


def points(who: str, spread: float = 0.6) -> np.ndarray:
    rng = np.random.default_rng(5)
    return np.array([PLACES[one] for one in who]) + spread * rng.standard_normal((len(who), 2))


def told(who: str, cast: str = "", shift: float = 0.0, **how: object) -> list[Attribution]:
    given = {one: np.array(PLACES[one]) for one in cast}
    moved = points(who) + np.array([shift, 0.0])
    return attributed(moved, np.full(len(who), 100.0), given, PLANE, **how)  # type: ignore[arg-type]


def names(found: list[Attribution]) -> str:
    return " ".join(one.speaker for one in found)


def test_voices_get_numbers_in_the_order_in_which_they_speak() -> None:
    assert names(told("bbaacba")) == "?1 ?1 ?2 ?2 ?3 ?1 ?2"


@pytest.mark.parametrize("who", ["a", "aa", "aaaaaaaaa"])
def test_one_voice_stays_one(who: str) -> None:
    found = told(who)
    assert names(found) == " ".join("?1" for _ in who)
    assert all(one.margin == 0 and not one.rivals for one in found)


def test_no_more_voices_than_there_can_be() -> None:
    assert len(set(names(told("aabbccab", most=2)).split())) == 2
    scattered = np.random.default_rng(1).uniform(-99, 99, (10, 2))
    assert len(set(grouped(scattered, np.full(10, 100.0), PLANE))) <= 5


def test_the_cast_is_found_through_the_sound_of_the_place() -> None:
    assert names(told("abcabcab", "abc")) == "a b c a b c a b"
    assert names(told("abcabcab", "abc", shift=4.0)) == "a b c a b c a b"


def test_a_voice_far_from_the_cast_is_a_stranger_throughout() -> None:
    assert names(told("abcabcab", "ab")) == "a b ?3 a b ?3 a b"


@pytest.mark.parametrize("known", ["a", "b", "c", "ac", "bc"])
def test_naming_one_voice_leaves_the_others_their_lines_and_numbers(known: str) -> None:
    """Whatever place would bring the one clip together with another voice, that voice is no nearer for it."""
    expected = {"a": "?1", "b": "?2", "c": "?3"} | {one: one for one in known}
    assert names(told("abcabcab", known)) == " ".join(expected[one] for one in "abcabcab")


def test_one_clip_is_not_moved_onto_another_voice() -> None:
    """In what the place does not move b is nearer to the clip of a; all that lies between them would be the place."""
    given = {"a": np.array([0.0, 0.0])}
    where = np.array([(0.2, 1.0), (14.0, 0.0)] * 4) + 0.1 * np.random.default_rng(5).standard_normal((8, 2))
    assert names(attributed(where, np.full(8, 100.0), given, PLANE)) == " ".join(("a", "?2") * 4)


def test_a_group_told_apart_from_a_members_own_stays_a_stranger() -> None:
    near = {"a": (0.0, 0.0), "d": (0.0, 4.0)}
    rng = np.random.default_rng(5)
    where = np.array([near[one] for one in "adadadadadad"]) + 0.3 * rng.standard_normal((12, 2))
    plane = replace(PLANE, second=12.0)
    given = {"a": np.array(near["a"])}
    assert names(attributed(where, np.full(12, 100.0), given, plane)) == " ".join(("a", "?2") * 6)
    assert set(names(attributed(where, np.full(12, 100.0), given, PLANE)).split()) == {"a"}


LIKE = {"a": (0.0, 0.0), "d": (0.0, 5.0)}
LOCAL = replace(PLANE, merge=20.0, second=12.0, here=1.0, other=9.0)
"""Two voices so alike that they are one group, and a clip that was cut from this sound."""


def alike(who: str, measure: Measure = LOCAL, clip: tuple[float, float] = LIKE["a"]) -> list[Attribution]:
    where = np.array([LIKE[one] for one in who]) + 0.3 * np.random.default_rng(5).standard_normal((len(who), 2))
    return attributed(where, np.full(len(who), 100.0), {"a": np.array(clip)}, measure)


def test_lines_far_from_a_clip_of_this_very_sound_are_a_strangers() -> None:
    assert names(alike("adadadad")) == " ".join(("a", "?2") * 4)
    assert set(names(alike("adadadad", replace(LOCAL, here=0.0))).split()) == {"a"}
    elsewhere = alike("adadadad", clip=(3.0, 2.5))
    assert set(names(elsewhere).split()) == {"a"}, "another recording may lie anywhere"


def test_one_such_line_is_asked_about() -> None:
    found = alike("aaaadaaa")
    assert names(found) == "a a a a a a a a"
    assert found[4].rivals[0][0] == "?2" and 0 < found[4].margin < found[4].clear
    assert all(not one.rivals for at, one in enumerate(found) if at != 4)


def test_margin_is_the_lead_over_the_first_rival() -> None:
    for one in told("abcabc", "abc"):
        assert one.margin == one.rivals[0][1] > 0
        assert [gap for _, gap in one.rivals] == sorted(gap for _, gap in one.rivals)


def test_a_cry_joins_the_nearest_voice_and_must_be_clearer() -> None:
    where = np.array([PLACES["a"], PLACES["a"], PLACES["b"], PLACES["b"], (7.0, 1.0)])
    found = attributed(where, np.array([100.0, 100, 100, 100, 10]), {}, PLANE)
    assert names(found) == "?1 ?1 ?2 ?2 ?2"
    assert found[4].clear > found[0].clear


def test_a_stretch_without_voice_may_be_anybody() -> None:
    assert nobody(told("ab", "ab")).rivals == (("a", 0.0), ("b", 0.0))
    assert nobody([]) == Attribution("?0", 0.0)


def spread_out(*places: tuple[float, float]) -> list[Attribution]:
    return attributed(np.array(places), np.full(len(places), 100.0), {}, PLANE)


def test_a_voice_that_only_few_lines_let_join_is_asked_about() -> None:
    """Three lines may be two voices at most; the third lies farther off than two lines of one voice do."""
    found = spread_out((0.0, 0.0), (0.0, 9.0), (30.0, 0.0))
    assert names(found) == "?1 ?1 ?2"
    (asked,) = [one for one in found if 0 < one.margin < one.clear]
    assert asked in found[:2] and asked.rivals[0][0] == "?3", "somebody of whom no other line is known"


def test_a_voice_that_only_the_episodes_noise_lets_join_is_asked_about() -> None:
    where = [(4.0 * at, 0.0) for at in range(4)] + [(0.0, 40.0 + 4.0 * at) for at in range(4)]
    plane = replace(PLANE, noise=9.0)
    found = attributed(np.array(where), np.full(8, 100.0), {}, plane)
    assert names(found) == "?1 ?1 ?1 ?1 ?2 ?2 ?2 ?2"
    asked = [one for one in found if one.margin < one.clear]
    assert len(asked) == 4 and len({one.rivals[0][0] for one in asked}) == 2, "one question for each voice"


def test_joins_that_cost_little_are_not_asked_about() -> None:
    assert all(one.margin >= one.clear for one in told("bbaacba"))
    asked = attributed(points("bbaacba"), np.full(7, 100.0), {}, replace(PLANE, unsure=0.1))
    assert any(one.margin < one.clear for one in asked)

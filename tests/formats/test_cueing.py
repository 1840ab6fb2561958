from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localize.formats.cueing import Draft, Pace, Said, cue
from localize.formats.rows import Limits
from localize.market import resolve
from localize.timing import span

MARKET = resolve("es").subtitles
ROWS = Limits(MARKET.row_chars, MARKET.rows, 32.0, lambda row: float(len(row)), "es")
PACE = Pace.of(MARKET, Fraction(25), 60_000)


def cues(*said: tuple[int, int, str], cuts: tuple[int, ...] = (), speakers: str = "AAAAAA") -> list[Draft]:
    lines = [Said(f"L{n}", span(start, end), text, speakers[n]) for n, (start, end, text) in enumerate(said)]
    return list(cue(lines, ROWS, MARKET, PACE, cuts))


def frames(drafts: list[Draft]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in drafts]


def test_a_cue_starts_and_ends_with_speech_when_it_can_be_read() -> None:
    assert frames(cues((1000, 3000, "Hola."))) == [(25, 75)]


def test_a_fast_cue_stays_up_to_half_a_second_longer() -> None:
    text = "Nunca debiste volver a esta casa."  # 33 characters: 1.7 s at 19.6 a second
    assert frames(cues((1000, 2500, text))) == [(25, 68)]
    assert frames(cues((1000, 1600, text))) == [(25, 52)]


def test_a_short_cry_is_shown_for_the_shortest_time() -> None:
    assert frames(cues((1000, 1100, "¡No!"))) == [(25, 43)]  # 700 ms are 17.5 frames


def test_a_cue_never_runs_into_the_next() -> None:
    drafts = cues((1000, 1600, "Nunca debiste volver a esta casa."), (1800, 3000, "¿Por qué?"))
    assert frames(drafts) == [(25, 43), (45, 75)]


def test_short_gaps_close_and_long_ones_stay() -> None:
    assert frames(cues((1000, 2000, "Hola."), (2300, 3300, "Adiós."))) == [(25, 56), (58, 82)]
    assert frames(cues((1000, 2000, "Hola."), (2600, 3600, "Adiós."))) == [(25, 50), (65, 90)]


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (27, (27, 75)),  # in-time 2 frames before a cut moves onto it
        (23, (23, 75)),  # 2 frames after: back onto it
        (34, (22, 75)),  # 9 frames before: 12 frames before
        (37, (25, 75)),  # 12 frames before: stays
        (79, (25, 77)),  # out-time shortly before a cut: two frames before it
        (72, (25, 70)),  # out-time that spills over a cut: pulled back
    ],
)
def test_cues_keep_clear_of_cuts(cut: int, expected: tuple[int, int]) -> None:
    assert frames(cues((1000, 3000, "Hola."), cuts=(cut,))) == [expected]


def test_a_long_line_is_shared_out_by_characters() -> None:
    drafts = cues(
        (0, 6000, "¿De verdad crees que cinco millones pueden comprar el amor de mi hijo, señorita Lin?")
    )
    assert [one.rows for one in drafts] == [
        ("¿De verdad crees", "que cinco millones"), ("pueden comprar el amor", "de mi hijo, señorita Lin?"),
    ]  # fmt: skip
    assert drafts[0].start == 0 and drafts[-1].end == 150
    assert drafts[1].start - drafts[0].end == 2
    assert drafts[0].end / 150 == pytest.approx(35 / 82, abs=0.03)


def test_a_sentence_a_row_cannot_hold_gets_its_own_cue_where_there_is_time_to_read() -> None:
    text = "Cinco millones de yuanes. ¿Te alcanza para dejar a mi hijo?"
    first, second = cues((0, 3000, text))
    assert first.rows == ("Cinco millones de yuanes.",) and second.rows == ("¿Te alcanza", "para dejar a mi hijo?")
    assert all(one.end - one.start >= PACE.reading(one.chars) for one in (first, second))
    assert len(cues((0, 1500, text), (1600, 3000, "¿Qué?"))) == 2, "no time: one cue, whatever its rows"


def test_two_people_at_once_share_a_cue_with_dashes() -> None:
    (one,) = cues((1000, 2000, "¡Joven amo!"), (1100, 2200, "¿Quién eres?"), speakers="AB")
    assert one.rows == ("- ¡Joven amo!", "- ¿Quién eres?")
    assert one.lines == ("L0", "L1")


def test_one_person_talking_on_gives_way_to_themselves() -> None:
    assert frames(cues((1000, 3500, "Hola, hola."), (3000, 4500, "Adiós."))) == [(25, 73), (75, 112)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 50_000), st.integers(40, 9_000), st.integers(1, 25), st.sampled_from("AB")),
        min_size=1, max_size=8,
    ),
    st.lists(st.integers(0, 1500), max_size=6),
    st.sampled_from([Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(24)]),
)  # fmt: skip
def test_whatever_comes_in_cues_keep_order_gap_and_text(
    raw: list[tuple[int, int, int, str]], cuts: list[int], rate: Fraction
) -> None:
    said = [
        Said(f"L{n}", span(start, start + long), "palabra " * words, who)
        for n, (start, long, words, who) in enumerate(raw)
    ]
    drafts = cue(said, ROWS, MARKET, Pace.of(MARKET, rate, 120_000), sorted(cuts))
    assert all(one.end > one.start for one in drafts)
    assert all(after.start - before.end >= 1 for before, after in pairwise(drafts))
    assert {line for one in drafts for line in one.lines} == {one.line for one in said}
    shown = sum(" ".join(one.rows).count("palabra") for one in drafts)
    assert shown == sum(words for _, _, words, _ in raw)

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from localize.formats.sidecar import left_out, sidecar
from localize.market import resolve
from localize.timing import span
from localize.version import Cue

LIMITS = resolve("en").subtitles  # 23 characters a second, at least 700 ms, 80 ms apart
SAID = Cue("C0002", span(2000, 4000), ("Five million yuan.", "Is that enough?"), ("L0001",))


def cue(start: int, end: int, *rows: str, name: str = "T0001") -> Cue:
    return Cue(f"C{name}", span(start, end), rows, (name,), forced=True)


def laid(*cues: Cue, duration: int = 20_000) -> tuple[Cue, ...]:
    return sidecar(cues, LIMITS, "en", duration)


def test_a_text_shown_while_somebody_speaks_gives_way_and_is_told() -> None:
    plate = cue(2100, 4100, "Zhou Peilan")
    after = Cue("C0003", span(4200, 6000), ("Madam.",), ("L0002",))
    made = laid(SAID, plate, after)
    assert made == (SAID, after)
    (told,) = left_out((SAID, plate, after), made)
    assert (told.severity, told.check) == ("note", "sidecar") and "T0001" in told.message


def test_a_text_in_a_pause_is_a_forced_narrative_in_capitals() -> None:
    made = laid(SAID, cue(4500, 6000, "Three years later"))
    assert made[1].rows == ("THREE YEARS LATER",) and made[1].span == span(4500, 6000) and made[1].forced
    assert not list(left_out(made, made))


def test_a_text_takes_the_part_of_its_time_that_is_free() -> None:
    (_, after) = laid(SAID, cue(3000, 6000, "Lu Chen's mother"))
    assert after.span == span(4080, 6000)
    (before, _) = laid(SAID, cue(1000, 3000, "Three\nyears", "later"))
    assert before.span == span(1000, 1920) and before.rows == ("THREE YEARS LATER",)


def test_texts_that_appear_together_are_one_cue_and_the_shortest_goes_first() -> None:
    rows = ("Bank notice", "Account ending in 8866", "Received: 500 million yuan")
    texts = [cue(6000, 9000, row, name=f"T{n}") for n, row in enumerate(rows)]
    (shown,) = laid(*texts)
    assert shown.rows == ("ACCOUNT ENDING IN 8866", "RECEIVED: 500 MILLION YUAN") and shown.lines == ("T1", "T2")
    (brief,) = laid(*(cue(6000, 7000, row, name=f"T{n}") for n, row in enumerate(rows)))
    assert brief.rows == ("RECEIVED: 500 MILLION YUAN",) and brief.span == span(6000, 7131)


def test_what_matters_most_stays_whatever_its_length() -> None:
    """The Indonesian phone of the sample: the sum is what the plot turns on, and shorter than the account's number."""
    phone = (
        cue(1000, 1680, "Pemberitahuan bank", name="T0017"),
        cue(1000, 1680, "Rekening berakhiran 8866", name="T0018"),
        cue(1000, 1680, "Masuk 500 juta yuan", name="T0019"),
    )
    (longest,) = laid(*phone)
    (made,) = sidecar(phone, LIMITS, "id", 20_000, frozenset({"T0019"}))
    assert longest.lines == ("T0018",) and made.lines == ("T0019",)
    assert made.rows == ("MASUK 500 JUTA YUAN",)


def test_no_forced_narrative_outlasts_the_picture() -> None:
    (last,) = laid(cue(19_000, 20_000, "To be continued"))
    assert last.span == span(19_000, 20_000)
    assert laid(cue(19_800, 20_000, "To be continued")) == ()


def test_lines_of_dialogue_at_once_part_or_share_a_cue() -> None:
    late = Cue("D0001", span(3500, 5000), ("[DRAFT] 晚了",), ("L0002",))
    assert [one.span for one in laid(SAID, late)] == [span(2000, 3420), span(3500, 5000)]
    (both,) = laid(SAID, Cue("D0001", span(2100, 5000), ("[DRAFT] 晚了",), ("L0002",)))
    assert both.lines == ("L0001", "L0002") and both.span == span(2000, 5000)


spans = st.tuples(
    st.integers(0, 15_000), st.integers(40, 4000), st.booleans(), st.text("ab c", min_size=1, max_size=60)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(spans, max_size=14))
def test_no_two_cues_ever_overlap_and_no_dialogue_is_lost(drawn: list[tuple[int, int, bool, str]]) -> None:
    cues = [
        Cue(f"C{n}", span(start, start + long), (f"x{words}",), (f"L{n}",), forced)
        for n, (start, long, forced, words) in enumerate(drawn)
    ]
    made = laid(*cues)
    assert all(one.span.end <= other.span.start for one, other in pairwise(made))
    spoken = {name for one in cues if not one.forced for name in one.lines}
    assert spoken <= {name for one in made for name in one.lines}

"""Does the file belong to the episode, and does its clock run right?  On episodes imagined as times."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imagined import Times, cued, heard, said, talk, words

from localize.stages._clock import SAME, Clock, Piece, apart, moved, named_rates, told
from localize.stages._drift import Judgement, judge
from localize.stages._drift_path import best_path, stretches
from localize.stages._drift_text import Said
from localize.timing import Ms, Span, span

SHORT, LONG = 90_000, 600_000


def asked_not() -> list[Span]:
    raise AssertionError("the captions are enough")


def off(cues: list[Said], clock: Clock, truth: Times, length: int) -> float:
    """The share of cues that end up within 400 ms of their place."""
    places = moved([cue.span for cue in cues], clock, length)
    near = [at is not None and abs(at.start - start) <= 400 for at, start in zip(places, truth[:, 0], strict=True)]
    return 1 - float(np.mean(near))


RATES = {"1": 1.0, "25/23.976": 25 * 1001 / 24000, "24/25": 0.96, "free": 1.031}


# ── against speech ──────────────────────────────────────────────────────────────────────────────────────────
def by_speech(cues: list[Said], lines: Times, seed: int, length: int, **poor: float) -> Judgement:
    return judge(cues, [], lambda: heard(lines, seed, length, **poor), length)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("rate", "shift"), [("1", 8300), ("1", -3000), ("25/23.976", 0), ("24/25", 500), ("free", -1500)]
)
def test_speech_sets_a_clock_right(rate: str, shift: int, seed: int) -> None:
    lines = talk(seed, LONG)
    cues = cued(lines, seed)
    wrong = (cues - shift) / RATES[rate]
    kept = wrong[:, 1] > 1
    file = said(wrong[kept], words(int(kept.sum()), seed))
    found = by_speech(file, lines, seed, LONG)
    assert (found.verdict, found.witness) == ("repaired", "speech")
    assert off(file, found.clock, cues[kept], LONG) < 0.05
    assert found.after > 0.4 > 0.2 > found.before
    assert (found.clock[0].rate in named_rates() or rate == "free") == (rate != "1")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("length", [SHORT, LONG])
def test_a_right_file_is_left_alone(length: int, seed: int) -> None:
    lines = talk(seed, length)
    cues = cued(lines, seed)
    found = by_speech(said(cues, words(len(cues), seed)), lines, seed, length, missed=0.15, false=0.3)
    assert found.clock == SAME and found.verdict in ("fits", "unsure")
    assert length == SHORT or found.verdict == "fits"


def test_another_episode_is_found_out_when_there_is_enough_speech() -> None:
    verdicts: dict[int, list[str]] = {}
    for length in (LONG, SHORT):
        for seed in range(6):
            other = cued(talk(seed + 50, length), seed)
            found = by_speech(said(other, words(len(other), seed)), talk(seed, length), seed, length)
            assert found.clock == SAME and found.after < 0.45
            verdicts.setdefault(length, []).append(found.verdict)
    assert verdicts == {LONG: [*["foreign"] * 3, "unsure", *["foreign"] * 2], SHORT: ["unsure"] * 6}


@pytest.mark.parametrize("seed", range(4))
def test_an_insert_the_file_lacks_is_a_jump(seed: int) -> None:
    lines = talk(seed, LONG)
    cues = cued(lines, seed)
    kept = (cues[:, 0] < 285_000) | (cues[:, 0] >= 300_000)
    cues = cues[kept]
    wrong = np.where(cues[:, :1] >= 300_000, cues - 15_000, cues)
    file = said(wrong, words(len(wrong), seed))
    found = by_speech(file, lines, seed, LONG)
    assert found.verdict == "repaired" and len(found.clock) == 2
    assert off(file, found.clock, cues, LONG) < 0.08
    assert re.search(r"\+1[45]\.\d s at (28|29)\d s", told(found.clock, LONG))


def test_too_little_to_tell_is_told() -> None:
    file = said(np.array([[1000.0, 2000.0]]), ["你走。"])
    assert judge(file, [], asked_not, 60_000) == Judgement("unsure", "", SAME)
    many = said(cued(talk(1, SHORT), 1), words(len(talk(1, SHORT)), 1))
    assert judge(many, [], list, SHORT) == Judgement("unsure", "", SAME)
    assert judge(many, [], lambda: [span(0, SHORT)], SHORT).verdict == "unsure"
    assert judge([], [], asked_not, SHORT).verdict == "unsure"


# ── against captions ────────────────────────────────────────────────────────────────────────────────────────
def misread(texts: list[str], seed: int, share: float = 0.1) -> list[str]:
    """Captions as a reader reads them: one character in ten is another."""
    rng = np.random.default_rng(seed)
    return ["".join("囧" if rng.random() < share else char for char in text) for text in texts]


def captions(lines: Times, texts: list[str], seed: int, every: int = 1) -> list[Said]:
    return said(lines[::every], misread(texts, seed)[::every])


@pytest.mark.parametrize("every", [1, 4], ids=["all", "one in four"])
@pytest.mark.parametrize("length", [SHORT, LONG])
@pytest.mark.parametrize(
    ("rate", "shift"), [("1", 8300), ("1", -90_000), ("25/23.976", 0), ("24/25", 500), ("free", -1500)]
)
def test_captions_set_a_clock_right(rate: str, shift: int, length: int, every: int) -> None:
    if shift < -length // 2:
        return
    lines = talk(3, length)
    texts, cues = words(len(lines), 3), cued(lines, 3)
    wrong = (cues - shift) / RATES[rate]
    kept = wrong[:, 1] > 1
    file = said(wrong[kept], [text for text, good in zip(texts, kept, strict=True) if good])
    found = judge(file, captions(lines, texts, 3, every), asked_not, length)
    assert (found.verdict, found.witness) == ("repaired", "captions")
    assert off(file, found.clock, cues[kept], length) < 0.03
    assert found.after > 0.9 > 0.5 > found.before


@pytest.mark.parametrize("rate", [1.01, 1.02, 1.03, 0.98])
@pytest.mark.parametrize(("seed", "length"), [(0, 60_000), (1, 60_000), (2, 90_000), (3, 180_000)])
def test_a_film_rate_is_taken_only_where_it_fits_as_well_as_any(rate: float, seed: int, length: int) -> None:
    lines = talk(seed, length)
    texts = words(len(lines), seed)
    truth = cued(lines, seed)
    found = judge(said((truth + 1500) / rate, texts), said(lines, texts), asked_not, length)
    assert found.verdict == "repaired" and abs(found.clock[0].rate - rate) < 0.003
    places = moved([cue.span for cue in said((truth + 1500) / rate, texts)], found.clock, length)
    assert all(at and abs(at.start - start) < 130 for at, start in zip(places, truth[:, 0], strict=True))


def test_captions_show_what_was_cut_and_put_in() -> None:
    lines = talk(5, 240_000)
    texts, cues = words(len(lines), 5), cued(lines, 5)
    wrong = cues + np.select([cues[:, :1] < 80_000, cues[:, :1] < 160_000], [0.0, 12_000.0], -20_000.0)
    keep = (cues[:, 1] < 128_000) | (cues[:, 0] >= 160_000)
    file = said(wrong[keep], [text for text, good in zip(texts, keep, strict=True) if good])
    found = judge(file, captions(lines, texts, 5), asked_not, 240_000)
    assert found.verdict == "repaired" and [round(piece.shift, -2) for piece in found.clock] == [0, -12_000, 20_000]
    assert off(file, found.clock, cues[keep], 240_000) == 0.0


def test_one_cue_may_be_two_captions_and_the_reverse() -> None:
    lines = talk(2, SHORT)
    texts = words(len(lines), 2)
    joined = np.array([(lines[n, 0], lines[n + 1, 1]) for n in range(0, len(lines) - 1, 2)])
    pairs = [texts[n] + texts[n + 1] for n in range(0, len(lines) - 1, 2)]
    for ours, theirs in (((joined, pairs), (lines, texts)), ((lines, texts), (joined, pairs))):
        file = said(ours[0] + 5000, ours[1])
        found = judge(file, said(*theirs), asked_not, SHORT)
        assert (found.verdict, [piece.shift for piece in found.clock]) == ("repaired", [-5000])


def test_another_episode_is_found_out_by_its_words() -> None:
    lines, other = talk(1, SHORT), talk(2, SHORT)
    everywhere = ["你说什么", "不可能", "好的夫人"]
    texts, theirs = words(len(lines), 1), words(len(other), 2)
    texts[3:20:6] = theirs[2:19:6] = everywhere
    found = judge(said(cued(lines, 1), texts), captions(other, theirs, 1), asked_not, SHORT)
    assert (found.verdict, found.witness, found.clock) == ("foreign", "captions", SAME)
    assert found.after < 0.25


def test_traditional_captions_and_homophones_sound_the_same() -> None:
    lines = talk(1, SHORT)[:8]
    ours = ["他变了", "给你机会", "我们离婚吧", "谁说我爱你", "让她走", "这是合同", "听见没有", "对不起爸妈"]
    theirs = ["她變了", "給你機會", "我們離婚吧", "誰說我愛妳", "讓她走", "這是合同", "聽見沒有", "對不起爸媽"]
    found = judge(said(lines + 4000, ours), said(lines, theirs), asked_not, SHORT)
    assert (found.verdict, found.after) == ("repaired", 1.0)


def test_few_captions_leave_it_to_the_speech() -> None:
    lines = talk(4, LONG)
    cues = cued(lines, 4)
    texts = words(len(cues), 4)
    found = judge(said(cues + 4000, texts), captions(lines, texts, 4)[:3], lambda: heard(lines, 4, LONG), LONG)
    assert (found.verdict, found.witness) == ("repaired", "speech")


FEW = said(np.array([(400, 2900), (3600, 6200), (6800, 8700)]), ["够你离开我儿子", "我嫁的是人不是钱", "签了它放你走"])
OTHERS = said(np.array([(400, 2900), (3600, 6200), (6800, 8700)]), ["明天早上八点开会", "请大家准时参加", "文件很重要"])


@pytest.mark.parametrize(("shown", "guess"), [(3, False), (2, True)])
def test_a_few_captions_of_which_the_file_holds_none_tell_another_episode(shown: int, guess: bool) -> None:
    found = judge(OTHERS, FEW[:shown], asked_not, 8_900)
    assert (found.verdict, found.witness, found.guess) == ("foreign", "captions", guess)
    assert judge(OTHERS, FEW[:1], asked_not, 8_900) == Judgement("unsure", "", SAME)


def test_a_dozen_lines_of_which_the_file_holds_none_tell_another_episode() -> None:
    times = np.array([(400 + 2400 * n, 2400 + 2400 * n) for n in range(7)])
    captions = ["够你离开我儿子", "我嫁的是人不是钱", "签了它放你走", "别浪费时间"]
    captions += ["不许你这么说", "别叫我陆太太", "好久不见"]
    shown = said(times, captions)
    rows = ["明天早上八点开会", "请大家准时参加", "文件很重要", "谢谢各位配合"]
    rows += ["会后去吃饭", "记得关灯", "再会"]
    wrong = said(times, rows)
    for count in (5, 6, 7):
        found = judge(wrong[:count], shown[:count], asked_not, 18_000)
        assert (found.verdict, found.witness, found.guess) == ("foreign", "captions", False)


def test_a_few_captions_all_late_are_told_and_moved_by_nobody() -> None:
    late = [Said(one.text, Span(Ms(one.span.start + 2000), Ms(one.span.end + 2000))) for one in FEW]
    found = judge(late, FEW, asked_not, 8_900)
    assert (found.verdict, found.clock, found.guess, found.maybe[0].shift) == ("unsure", SAME, True, -2000)
    assert judge([*FEW[:2], late[2]], FEW, asked_not, 8_900).witness == ""


def test_a_file_that_counts_from_the_tenth_hour() -> None:
    lines = talk(4, SHORT)
    texts = words(len(lines), 4)
    file = said(lines + 36_000_000, texts)
    found = judge(file, captions(lines, texts, 4), asked_not, SHORT)
    assert found.verdict == "repaired" and off(file, found.clock, lines, SHORT) == 0.0
    later = judge(said(lines * 0.96 + 36_000_000, texts), captions(lines, texts, 4), asked_not, SHORT)
    assert off(said(lines * 0.96 + 36_000_000, texts), later.clock, lines, SHORT) == 0.0


def test_the_same_words_everywhere_are_no_trouble() -> None:
    times = np.array([(n * 1000.0, n * 1000.0 + 800) for n in range(1500)])
    found = judge(said(times, ["好的夫人"] * 1500), said(times[::3], ["好的夫人"] * 500), list, 1_500_000)
    assert found.verdict in ("fits", "unsure") and found.clock == SAME


# ── clocks and paths ────────────────────────────────────────────────────────────────────────────────────────
def test_a_clock_in_words() -> None:
    fast = 25 * 1001 / 24000
    assert told((Piece(Ms(0), fast, 0),), LONG) == "ran 4.3 % fast (25 instead of 23.976 frames a second)"
    both = told((Piece(Ms(0), fast, -1200),), 60_000)
    assert "(25 instead of 23.976 or 25 instead of 24 frames a second)" in both and both.endswith("began 1.2 s late")
    assert told((Piece(Ms(0), 1.031, 0),), LONG) == "ran 3.1 % fast"
    assert Fraction(30_000, 1001) / 30 not in named_rates() and 1.001 in named_rates()


def test_spans_move_piece_by_piece_and_stay_inside() -> None:
    clock = (Piece(Ms(0), 1.0, -1000), Piece(Ms(5000), 1.0, 2000))
    spans = [span(500, 900), span(900, 1500), span(4000, 6000), span(5000, 6000), span(7500, 9000), span(9500, 9900)]
    assert moved(spans, clock, 10_000) == [
        None, span(0, 500), span(3000, 5000), span(7000, 8000), span(9500, 10_000), None,
    ]  # fmt: skip
    assert apart(clock, [0, 4000, 6000]) == 2000 and apart(clock, []) == 0.0


@settings(max_examples=60, deadline=None)
@given(
    worth=st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=1, max_size=5),
    gaps=st.lists(st.integers(0, 4), min_size=4, max_size=4), price=st.integers(0, 9),
)  # fmt: skip
def test_the_best_path_is_the_best(worth: list[list[int]], gaps: list[int], price: int) -> None:
    from itertools import pairwise, product

    shifts = np.array([-2.0, 0.0, 3.0])

    def total(path: tuple[int, ...]) -> float:
        steps = list(pairwise(path))
        if any(shifts[b] < shifts[a] - gap for (a, b), gap in zip(steps, gaps, strict=False)):
            return -1e9
        return sum(row[state] for row, state in zip(worth, path, strict=True)) - price * sum(a != b for a, b in steps)

    best = max(map(total, product(range(3), repeat=len(worth))))
    found = best_path(np.array(worth, np.float32), shifts, np.array(gaps[: len(worth) - 1], float), price)
    assert total(tuple(found)) == pytest.approx(best)
    assert [state for state, first, last in stretches(found) for _ in range(first, last + 1)] == list(found)


ROWS = st.lists(
    st.tuples(st.integers(0, 80_000), st.integers(1, 5000), st.text("你好走 a1，", max_size=6)), max_size=12
)


@settings(max_examples=40, deadline=None)
@given(cues=ROWS, shown=ROWS, length=st.integers(1, 90_000))
def test_nothing_odd_makes_the_judge_stumble(
    cues: list[tuple[int, int, str]], shown: list[tuple[int, int, str]], length: int
) -> None:
    made: Callable[[list[tuple[int, int, str]]], list[Said]] = lambda rows: sorted(  # noqa: E731
        (Said(text, span(start, start + long)) for start, long, text in rows), key=lambda one: one.span
    )
    found = judge(made(cues), made(shown), lambda: [one.span for one in made(shown)], length)
    assert 0 <= found.before <= 1 or found.witness == "speech"
    moved([one.span for one in made(cues)], found.clock, length)

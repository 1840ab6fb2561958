"""The rate is read off the time stamps."""

from __future__ import annotations

from fractions import Fraction

import pytest

from localize.media.rate import COMMON, rhythm


@pytest.mark.parametrize("rate", [*COMMON, Fraction(2213, 100), Fraction(120)])
@pytest.mark.parametrize("rounding", [None, 1000])
def test_a_steady_source_keeps_its_rate_even_with_millisecond_stamps(
    rate: Fraction, rounding: int | None
) -> None:
    times = [number / rate for number in range(700)]
    if rounding and rate < 100:
        times = [Fraction(round(at * rounding), rounding) for at in times]
    found = rhythm(times, times[-1] + 1 / rate, rate)
    assert (found.rate, found.frames, found.variable) == (rate, 700, False)


def test_a_wrong_header_is_not_believed() -> None:
    times = [Fraction(number * 1001, 30000) for number in range(600)]
    assert rhythm(times, times[-1], Fraction(90000)).rate == Fraction(30000, 1001)


def test_left_out_still_frames_do_not_slow_the_picture_down() -> None:
    times = [Fraction(number, 30) for number in range(300) if number % 3 != 1 or number > 200]
    found = rhythm(times, Fraction(10), Fraction(30))
    assert (found.rate, found.frames, found.variable) == (30, 300, True)


def test_one_picture_is_one_frame() -> None:
    assert rhythm([Fraction(0)], Fraction(1, 25), Fraction(25)).frames == 1

import pytest

from localize.spreadsheet import is_error, same_time


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("00:00:01,039", "00:01.0"), ("00:00:01,039", "00:01,0"), ("00:00:01,039", "0:00:01"),
        ("00:00:01,039", "00:00:01"), ("00:00:01,039", "12:00:01 AM"), ("13:00:01,039", "1:00:01 p.m."),
        ("00:00:01,039", "1.2E-05"), ("00:00:01,039", "0.00001202546296"), ("00:00:01,039", "########"),
        ("01:02:03,004", "01:02:03,00"), ("00:00:59,900", "00:01:00"),
    ],
)  # fmt: skip
def test_a_time_cut_short_is_the_same_time(was: str, now: str) -> None:
    assert same_time(was, now)


@pytest.mark.parametrize("now", ["00:00:01,040", "00:00:03", "00:02:01.0", "", "soon", "1", "0.5", "2026-01-01"])
def test_a_time_somebody_typed_is_not(now: str) -> None:
    assert not same_time("00:00:01,039", now)


def test_errors_of_spreadsheets_are_no_text() -> None:
    assert all(map(is_error, ("#REF!", "#NAME?", "########", "Err:508", "#¿NOMBRE?", " #N/A ")))
    assert not any(map(is_error, ("#1", "#", "# # #", "Error", "#metoo", "")))

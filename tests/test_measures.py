from __future__ import annotations

import csv
from pathlib import Path

import pytest

from localize.figures import money_changes, number_changes
from localize.market import resolve
from localize.measures import doubts, unit_changes


def changed(zh: str, market: str, text: str) -> str:
    for change in unit_changes(zh, text, market, resolve(market).units):
        text = text.replace(change.before, change.after)
    return text


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("还有三里路。", "en-US", "Three li to go.", "1 mile to go."),
        ("还有十里路。", "id-ID", "Masih sepuluh li lagi.", "Masih 5 kilometer lagi."),
        ("重两百斤。", "es-419", "Pesa 200 jin.", "Pesa 100 kilogramos."),
        ("两个时辰。", "en-US", "Two shichen.", "4 hours."),
        ("二十五里路", "en-US", "twenty-five li", "8 miles"),
        ("一百二十斤", "en-US", "a hundred and twenty catties", "130 pounds"),
        ("三百亩地", "en-US", "three hundred mu", "49 acres"),
        ("八百里", "en-US", "eight hundred li", "250 miles"),
        ("八百里", "id-ID", "delapan ratus li", "400 kilometer"),
        ("半斤", "en-US", "half a catty", "0.6 pounds"),
        ("三斤半", "es-419", "tres jin y medio", "tres jin y medio"),
        ("一个半时辰", "en-US", "one and a half shichen", "3 hours"),
        ("一斤", "en-US", "a catty", "1 pound"),
        ("一斤", "id-ID", "sekati", "0,5 kilogram"),
        ("两个时辰", "ja-JP", "二時辰", "4時間"),
        ("两个时辰", "ko-KR", "두 시진", "4시간"),
        ("还有三里路。", "en-US", "It isn't far.", "It isn't far."),
        ("两三里路", "en-US", "two or three li", "two or three li"),
        ("二十里", "en-US", "a few dozen li", "a few dozen li"),
        ("六里", "en-US", "almost two miles", "almost two miles"),
    ],
)
def test_a_number_and_its_unit_are_converted_together_or_not_at_all(
    zh: str, market: str, text: str, right: str
) -> None:
    assert changed(zh, market, text) == right


@pytest.mark.parametrize(
    ("market", "text", "right"),
    [
        ("en-US", "two hours", "4 hours"),
        ("es-419", "dos horas", "4 horas"),
        ("id-ID", "dua jam", "4 jam"),
        ("pt-BR", "duas horas", "4 horas"),
        ("th-TH", "สองชั่วโมง", "4 ชั่วโมง"),
        ("ja-JP", "二時間", "4時間"),
        ("ko-KR", "두 시간", "4시간"),
    ],
)
def test_a_number_that_kept_its_figure_with_another_unit_is_doubted(market: str, text: str, right: str) -> None:
    (doubt,) = doubts("睡了两个时辰。", text, market, resolve(market).units)
    assert (doubt.written, doubt.right, doubt.said) == ("两个时辰", right, text)


@pytest.mark.parametrize(
    ("zh", "text"),
    [
        ("两个时辰", "four hours"),
        ("六里", "almost two miles"),
        ("走了两个时辰，睡了两小时", "four hours, then two hours"),
        ("三里", "three li"),
        ("三里", "It isn't far."),
    ],
)
def test_measures_that_are_right_near_or_left_are_not_doubted(zh: str, text: str) -> None:
    assert list(doubts(zh, text, "en-US", "imperial")) == []


def test_a_measure_whose_number_nobody_understands_is_doubted() -> None:
    (doubt,) = doubts("二十里", "a few dozen li", "en-US", "imperial")
    assert doubt.said == "a few dozen li"


def test_no_figure_of_the_references_is_changed() -> None:
    with (Path(__file__).parent / "benchmarks" / "translation_lines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for market in ("en-US", "es-419", "id-ID"):
            zh, text = row["zh"], row[market[:2]]
            figures = (*money_changes(zh, text, market), *number_changes(zh, text, market))
            assert (*figures, *unit_changes(zh, text, market, resolve(market).units)) == (), (row["line"], market)

"""Right words that look like literal ones: no rule may change any of them (``innocent.csv``)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from localize.episode import Line
from localize.market import resolve
from localize.series import Character, SeriesBible
from localize.stages import adapt, translate
from localize.timing import span
from localize.version import Rendering, Variants

BIBLE = SeriesBible(
    Path("SERIES"), "s", "剧", setting="modern-china",
    cast=(Character("lu", "陆沉", gender="male", names=(("en-US", "Lu Chen"), ("es-419", "Lu Chen"))),),
)  # fmt: skip
ROWS = [tuple(row) for row in csv.reader(Path(__file__).with_name("innocent.csv").open(encoding="utf-8"))][1:]


def adapted(market: str, zh: str, text: str) -> adapt.Adapted:
    asked = translate.Job(Line("L0001", span(0, 2000), zh, "shen", "lu"), market, 2.0)
    said = Rendering("L0001", market, Variants(text), text, "machine", "draft")
    (job,) = adapt.jobs([asked], [said], BIBLE, resolve(market))
    return adapt.adapted(job)


def test_there_are_many() -> None:
    assert len(ROWS) >= 60 and {row[0] for row in ROWS} >= {"en-US", "es-419", "id-ID", "pt-BR"}


@pytest.mark.parametrize(("market", "zh", "text"), ROWS)
def test_right_words_stay(market: str, zh: str, text: str) -> None:
    assert adapted(market, zh, text).rendering.subtitle == text


@pytest.mark.parametrize(
    ("market", "zh", "text", "right"),
    [
        ("en-US", "你这个残废！", "You cripple!", "You disabled man!"),
        ("en-US", "追妻火葬场。", "Wife-chasing crematorium.", "Too-late regret."),
        ("en-US", "他妈的！", "Fucking hell!", "Damn it!"),
        ("es-419", "她在吃醋。", "Ella está comiendo vinagre.", "Ella está con celos."),
        ("id-ID", "王八蛋！", "Anjing!", "Bajingan!"),
        ("en-US", "董事长来了。", "The CEO is here.", "The Chairman is here."),
        ("en-US", "总裁来了。", "The president is here.", "The CEO is here."),
    ],
)
def test_wrong_words_go(market: str, zh: str, text: str, right: str) -> None:
    assert adapted(market, zh, text).rendering.subtitle == right


def test_more_wordings_than_the_chinese_calls_for_are_offered() -> None:
    found = adapted("en-US", "她是个绿茶。", "She's a green tea drinking green tea.")
    assert found.rendering.subtitle == "She's a green tea drinking green tea."
    assert {one.decision for one in found.adaptations} == {"offered"}

"""What the sample's series directory shows of the rules of a market."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from localize.episode import Asset, Episode, Line, Picture, Source, Stems
from localize.market import resolve
from localize.series import open_series
from localize.stages import adapt, translate
from localize.timing import Ms, span

SERIES = Path(__file__).parents[2] / "samples" / "SERIES"
SOUND = Asset("0" * 64, "audio/wav", 1)
EPISODE = Episode(
    "too_late_ep03", "too_late", 3, "zh-CN",
    Source("d", "mov", Picture(720, 1280, Fraction(25), Ms(57_320), 1433, "h264"), (), ()), Stems(SOUND, SOUND, "none"),
)  # fmt: skip
NOTICE = Line("T0001", span(22_280, 23_960), "入账五亿元", kind="narration")


@pytest.mark.parametrize(
    ("market", "remembered", "shown"),
    [
        ("es", "500 millones", "Abono: 500 millones de yuanes"),
        ("id", "500 juta", "Masuk 500 juta yuan"),
        ("en", "", "500 million yuan received"),
    ],
)
def test_a_bare_sum_from_memory_names_its_currency(market: str, remembered: str, shown: str) -> None:
    bible, place = open_series(SERIES), resolve(market)
    jobs = translate.jobs(EPISODE, bible, place, (NOTICE,), None)
    drafted = [answer for _, answer in translate.work(jobs, None)]  # type: ignore[arg-type]
    ((_, done),) = adapt.work(adapt.jobs(jobs, drafted, bible, place), None)  # type: ignore[arg-type]
    assert (done.rendering.subtitle, done.rendering.origin) == (shown, "memory")
    applied = [(one.rule, one.before) for one in done.adaptations if one.field == "subtitle"]
    assert applied == ([("money", remembered)] if remembered else [])
    assert all(one.decision == "applied" for one in done.adaptations)

"""Share done and time left, from events alone."""

from __future__ import annotations

import time

from localize.engine.events import Event
from localize.engine.forecast import MARKET, SHARED, Forecast


def test_nothing_known_at_first() -> None:
    forecast = Forecast(("en-US",))
    assert forecast.share == 0 and forecast.left is None
    forecast.see(Event("note", message="hello"))
    assert forecast.share == 0


def test_the_share_only_grows_and_ends_at_one() -> None:
    forecast, shares = Forecast(("en-US", "id-ID")), [0.0]
    for stage in SHARED:
        for done in (1, 2):
            forecast.see(Event("progress", stage, done=done, total=2))
            shares.append(forecast.share)
        forecast.see(Event("done", stage, done=1, total=1))
    for market in ("en-US", "id-ID"):
        for stage in MARKET:
            forecast.see(Event("reused", stage, market=market))
            shares.append(forecast.share)
    assert shares == sorted(shares) and abs(shares[-1] - 1) < 1e-9


def test_a_late_word_of_an_earlier_stage_changes_nothing() -> None:
    forecast = Forecast(("en-US",))
    forecast.see(Event("done", "diarize", done=1, total=1))
    share = forecast.share
    forecast.see(Event("progress", "ocr", done=1, total=9))
    assert forecast.share == share


def test_the_time_left_follows_the_clock() -> None:
    forecast = Forecast(("en-US",), began=time.monotonic() - 30)
    forecast.see(Event("done", "ocr", done=1, total=1))
    share = forecast.share
    assert 0.1 < share < 0.9
    left = forecast.left
    assert left is not None and abs(left - 30 * (1 - share) / share) < 2

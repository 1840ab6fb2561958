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


def test_a_market_that_stopped_has_nothing_left_to_do() -> None:
    forecast = Forecast(("en-US", "id-ID"), began=time.monotonic() - 30)
    for stage in SHARED:
        forecast.see(Event("done", stage, done=1, total=1))
    forecast.see(Event("done", "translate", market="en-US", done=1, total=1))
    before, left = forecast.share, forecast.left
    forecast.see(Event("failed", market="en-US", message="3 lines have no translation"))
    assert forecast.share > before and left is not None and forecast.left is not None and forecast.left < 0.6 * left
    for stage in MARKET:
        forecast.see(Event("done", stage, market="id-ID", done=1, total=1))
    assert abs(forecast.share - 1) < 1e-9


def test_what_was_reused_does_not_promise_a_quick_end() -> None:
    forecast = Forecast(("en-US",), began=time.monotonic() - 10)
    for stage in SHARED:
        forecast.see(Event("reused", stage))
    assert forecast.left is None, "nothing was worked on yet"
    forecast.see(Event("done", "fit", market="en-US", done=1, total=1))
    rest, worked = sum(list(MARKET.values())[4:]), sum(list(MARKET.values())[:4])
    assert forecast.left is not None and abs(forecast.left - 10 * rest / worked) < 1


def test_every_kind_has_its_picture_and_without_a_dub_nobody_speaks() -> None:
    two, one = Forecast(("en-US",), ("sub", "clean")), Forecast(("en-US",), ("sub",))
    for forecast in (one, two):
        for stage in (*SHARED, "translate", "adapt", "caption", "erase"):
            forecast.see(Event("done", stage, market="" if stage in SHARED else "en-US", done=1, total=1))
    assert two.share < one.share
    shares = []
    for done in (1, 2, 3):
        two.see(Event("progress", "film", market="en-US", done=50, total=100))
        shares.append(two.share)
        if done < 3:
            two.see(Event("done", "film", market="en-US", done=1, total=1))
            shares.append(two.share)
    assert shares[:4] == sorted(set(shares[:4])) and shares[4] == shares[3]
    for _ in range(2):
        two.see(Event("done", "render", market="en-US", done=1, total=1))
    for stage in ("metadata", "qc", "package"):
        two.see(Event("done", stage, market="en-US", done=1, total=1))
    assert abs(two.share - 1) < 1e-9

"""How events look without a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from localize.cli.show import Quiet, Screen

from localize.engine.events import Event


def test_a_long_stage_is_not_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Screen(("en-US",), silence=0.1) as screen:
        screen(Event("begin", "film", market="en-US", total=1))
        screen(Event("progress", "film", market="en-US", done=43, total=100))
        said, until = "", time.monotonic() + 10
        while "43 %" not in said and time.monotonic() < until:
            time.sleep(0.02)
            said += capsys.readouterr().err
    assert "  … film en-US 43 %" in said


def test_nothing_is_said_between_stages(capsys: pytest.CaptureFixture[str]) -> None:
    with Screen(("en-US",), silence=0.05) as screen:
        screen(Event("begin", "mix", market="en-US", total=1))
        screen(Event("done", "mix", "en-US", "en-US", done=1, total=1))
        time.sleep(0.3)
    assert "…" not in capsys.readouterr().err


def test_two_pictures_of_a_market_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    with Screen(("en-US",)) as screen:
        for stage in ("film", "render"):
            for kind in ("sub", "clean"):
                screen(Event("done", stage, f"{kind} en-US", "en-US", done=1, total=1, seconds=2.0))
        screen(Event("done", "mix", "en-US", "en-US", done=1, total=1, seconds=2.0))
    lines = [line.split() for line in capsys.readouterr().err.splitlines()]
    assert [line[2] for line in lines] == ["sub", "clean", "sub", "clean", "1"]


def test_a_plan_is_shown_when_there_is_something_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    plan, end = Event("plan", "probe", message="  probe  built in"), Event("delivered", market="en-US", message="done")
    with Screen(("en-US",)) as screen:
        for event in (plan, Event("reused", "probe"), end):
            screen(event)
    assert capsys.readouterr().err.splitlines() == ["done"]
    with Screen(("en-US",)) as screen:
        for event in (plan, Event("reused", "probe"), Event("begin", "shots", total=1), end):
            screen(event)
    assert capsys.readouterr().err.splitlines() == ["  probe  built in", "done"]


@pytest.mark.parametrize("view", [lambda: Screen(("en-US", "id-ID")), Quiet])
def test_markets_that_stop_for_the_same_reason_are_advised_once(
    capsys: pytest.CaptureFixture[str], view: Callable[[], Screen]
) -> None:
    with view() as screen:
        for market in ("en-US", "id-ID"):
            said = f"{market}: 2 lines\n  → fill in {market}/lines.csv\n    or add --allow-draft"
            screen(Event("failed", market=market, message=said))
    assert capsys.readouterr().err.splitlines() == [
        "en-US: 2 lines", "  → fill in en-US/lines.csv", "    or add --allow-draft",
        "id-ID: 2 lines", "  → fill in id-ID/lines.csv",
    ]  # fmt: skip

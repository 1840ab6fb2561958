"""Which engine speaks a voice, what it clones from, and what is told before any work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from localize import backends
from localize.engine.order import Order
from localize.engine.plan import draw
from localize.engine.voice_casting import unvoiced
from localize.engine.voice_engines import choice_of, clones
from localize.errors import GateError, SetupError
from localize.market import resolve
from localize.roles import READY, Availability
from localize.series import SeriesBible, open_series
from localize.voice import stock_voices

MUTE = Availability(False, "parrot-1 does not speak id-ID", "--engine tts=espeak, or --deliver sub")


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside espeak one that clones and speaks no Indonesian, one no business may use, one that is not there."""
    real = backends.known
    model = real("tts")["espeak"]

    def able(options: Mapping[str, str]) -> Availability:
        return MUTE if options.get("market", options.get("markets")) == "id-ID" else READY

    cards: dict[str, Any] = {
        "espeak": model,
        "parrot": replace(model, name="parrot", available=able, by_market=True, clones=lambda options: True),
        "hobby": replace(model, name="hobby", commercial_use=False),
        "dodo": replace(model, name="dodo", available=lambda options: Availability(False, "extinct", "get dodos")),
    }
    monkeypatch.setattr(backends, "known", lambda role: cards if role == "tts" else real(role))


def order(*codes: str, **more: Any) -> Order:
    markets = tuple(resolve(one) for one in codes or ("en-US",))
    return Order(Path("e.mp4"), markets, Path("out"), today=date(2026, 11, 21), **more)


def test_a_voice_is_spoken_by_the_engine_its_card_names_else_by_the_plans() -> None:
    voice = stock_voices()["stock-f1"]
    plain, asked = order(), order(engines={"tts": "parrot"})
    assert choice_of(voice, plain, draw(plain)).name == "espeak"
    assert choice_of(voice, asked, draw(asked)).name == "parrot", "to another engine a stock card describes a person"
    assert choice_of(replace(voice, engine="parrot"), plain, draw(plain)).name == "parrot"
    assert clones(choice_of(voice, asked, draw(asked))) and not clones(choice_of(voice, plain, draw(plain)))


def test_a_cards_engine_that_cannot_run_or_may_not_be_used_says_so() -> None:
    voice, plain = stock_voices()["stock-f1"], order()
    with pytest.raises(SetupError, match=r"dodo cannot run: extinct") as caught:
        choice_of(replace(voice, engine="dodo"), plain, draw(plain))
    assert caught.value.fix == "get dodos" and voice.id in caught.value.where
    with pytest.raises(GateError, match="non-commercial"):
        choice_of(replace(voice, engine="hobby"), plain, draw(plain))
    allowed = order(allow_noncommercial=True)
    assert choice_of(replace(voice, engine="hobby"), allowed, draw(allowed)).name == "hobby"


@pytest.fixture
def series(tmp_path: Path) -> SeriesBible:
    root = tmp_path / "SERIES"
    root.mkdir()
    (root / "series.toml").write_text('id = "it"\ntitle = "它"\n', "utf-8")
    return open_series(root)


def test_a_market_the_engine_does_not_speak_is_refused_before_any_work(series: SeriesBible) -> None:
    both = order("en-US", "id-ID", engines={"tts": "parrot"})
    left, mute = unvoiced(both, series, lambda event: None, draw(both))
    assert [one.code for one in left.markets] == ["en-US"]
    ((code, why),) = mute
    assert code == "id-ID" and why.exit_code == 5 and "does not speak" in why.what and "espeak" in why.fix
    plain = order("en-US", "id-ID")
    assert unvoiced(plain, series, lambda event: None, draw(plain))[1] == ()

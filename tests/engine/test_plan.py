"""The plan: which engine, why, what better one is missing; needed roles fail early, optional ones say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localize import backends
from localize.engine.order import Order
from localize.engine.plan import PREFERENCE, STAGES, Plan, Row, draw
from localize.errors import GateError, SetupError
from localize.market import resolve
from localize.roles import ROLES, Availability


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCALIZE_LLM_URL", "LOCALIZE_ASR_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(tmp_path / "ep01.mp4", (resolve("en"),), tmp_path / "out")


def row(plan: Plan, stage: str) -> Row:
    return next(one for one in plan.rows if one.stage == stage)


def engines(monkeypatch: pytest.MonkeyPatch, role: str, **changes: Mapping[str, Any]) -> None:
    """Other cards for a role: copies of a real one, under these names, with these fields."""
    real = backends.known
    model = real("tts")["espeak"]
    cards = {name: replace(model, role=role, name=name, **fields) for name, fields in changes.items()}
    monkeypatch.setattr(backends, "known", lambda one: cards if one == role else real(one))


def no(why: str) -> Any:
    return lambda options: Availability(False, why, f"get {why}")


def test_every_stage_has_its_row_and_every_role_its_preference(order: Order) -> None:
    plan = draw(order)
    assert [one.stage for one in plan.rows] == [stage for stage, *_ in STAGES]
    assert set(PREFERENCE) == set(ROLES)
    assert {"ocr", "separation", "diarization", "tts", "inpainting"} <= set(plan.choices)
    assert row(plan, "synthesize").engine.startswith("espeak ") and row(plan, "synthesize").grade == "preview"
    assert plan.grade() == "preview"


def test_what_is_missing_is_named_with_the_way_to_get_it(order: Order) -> None:
    told = row(draw(order), "translate")
    assert told.better.startswith("openai_chat") and "LOCALIZE_LLM_URL" in told.fix
    assert row(draw(order), "lipsync").engine == "no engine"


def test_no_voice_is_looked_for_without_a_dub(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(monkeypatch, "tts", broken={"available": no("weights")})
    assert "tts" not in draw(replace(order, deliver=("sub", "clean"))).choices
    with pytest.raises(SetupError, match="no tts engine can run here"):
        draw(order)


def test_what_an_engine_says_of_this_machine_is_told(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(monkeypatch, "tts", espeak={"available": lambda options: Availability(True, "medium in int8 on 2 cores")})
    assert row(draw(order), "synthesize").why.endswith("; medium in int8 on 2 cores")


def by_market(monkeypatch: pytest.MonkeyPatch, commercial: bool) -> None:
    """One engine whose only model speaks English, under a licence of its own."""
    def serves(options: Mapping[str, str]) -> Availability:
        codes = (options.get("market") or options["markets"]).split(",")
        return Availability("en-US" in codes, "serves en-US")

    engines(
        monkeypatch, "translation",
        opus={"available": serves, "by_market": True, "terms": lambda options: ("CC-BY (opus)", commercial),
              "identity": lambda options: {"model": options.get("market", "all")}},
    )  # fmt: skip


def test_a_market_no_model_serves_is_translated_without_one(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    by_market(monkeypatch, commercial=True)
    plan = draw(replace(order, markets=(resolve("en"), resolve("es"))))
    assert row(plan, "translate").engine.startswith("opus") and row(plan, "translate").licence == "CC-BY (opus)"
    mine = plan.translator("en-US")
    assert mine is not None and mine.recipe()["model"] == "en-US", "its receipts know the model of that market alone"
    assert dict(mine.options) == {"markets": "en-US,es-419", "market": "en-US"}, "all share the machine"
    assert plan.translator("es-419") is None
    assert draw(replace(order, markets=(resolve("es"),))).choices.get("translation") is None


def test_the_engine_that_serves_more_markets_is_taken(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def serving(*codes: str) -> dict[str, Any]:
        def serves(options: Mapping[str, str]) -> Availability:
            asked = (options.get("market") or options["markets"]).split(",")
            return Availability(any(code in codes for code in asked), "no model")

        return {"available": serves, "by_market": True}

    engines(monkeypatch, "translation", few=serving("en-US"), many=serving("en-US", "es-419"))
    assert draw(order).choice("translation").name == "few", "of equals the first"
    assert draw(replace(order, markets=(resolve("en"), resolve("es")))).choice("translation").name == "many"


def test_the_licence_of_the_model_counts(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    by_market(monkeypatch, commercial=False)
    assert "translation" not in draw(order).choices, "passed over where nobody named it"
    with pytest.raises(GateError, match="non-commercial use only"):
        draw(replace(order, engines={"translation": "opus"}))
    accepted = draw(replace(order, allow_noncommercial=True)).translator("en-US")
    assert accepted is not None and ("noncommercial", "yes") in accepted.options


def test_a_named_engine_wins_or_fails(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(monkeypatch, "tts", espeak={}, parrot={}, dodo={"available": no("dodos")})
    assert draw(order).choice("tts").name == "espeak"
    assert draw(replace(order, engines={"tts": "parrot"})).choice("tts").name == "parrot"
    with pytest.raises(SetupError, match=r"dodo cannot run: dodos\n.*get dodos"):
        draw(replace(order, engines={"tts": "dodo"}))
    with pytest.raises(SetupError):
        draw(replace(order, engines={"tts": "moa"}))


def test_non_commercial_weights_need_a_word(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(monkeypatch, "tts", espeak={"available": no("espeak")}, hobby={"commercial_use": False})
    with pytest.raises(GateError, match="--allow-noncommercial"):
        draw(replace(order, engines={"tts": "hobby"}))
    with pytest.raises(SetupError):
        draw(order)
    assert draw(replace(order, allow_noncommercial=True)).choice("tts").name == "hobby"


def test_the_shows_own_track_is_told(order: Order) -> None:
    told = row(draw(replace(order, music_effects=Path("me.wav"))), "separate")
    assert told.engine == "M&E track" and "me.wav" in told.why

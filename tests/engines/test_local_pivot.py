"""Local models and the series' English: it is what they translate where it is there, and a second ask finds more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nmt_teaching
import pytest
import tiny_nmt

from localize import backends
from localize.engine.weights import import_model
from localize.roles import Translation, TranslationRequest

pytest.importorskip("ctranslate2", reason="needs localize-drama[nmt]")
pytest.importorskip("transformers", reason="needs localize-drama[mt]")
pytest.importorskip("torch", reason="the models are made with torch")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MODEL", "DEVICE", "COMPUTE", "BATCH"):
        monkeypatch.delenv(f"LOCALIZE_MT_{name}", raising=False)
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALIZE_MT_DEVICE", "cpu")
    with nmt_teaching.one_thread():
        yield


ENGLISH = TranslationRequest(
    "L0", "少爷回来了。", "es-419", 2.0, pivot="The young master is back. I never forgot.", pivot_market="en-US"
)


def ask(engine: str, request: TranslationRequest) -> Translation:
    [one] = backends.load("translation", engine, {"market": request.market}).translate([request])
    return one


def models(engine: str) -> None:
    make = tiny_nmt.converted if engine == "ctranslate2" else tiny_nmt.marian
    import_model(make("zh", "en"), "opus-mt-zh-en")
    import_model(make("en", "es"), "opus-mt-en-es")


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_the_words_of_the_pivot_are_translated_with_their_terms(engine: str) -> None:
    models(engine)
    one = ask(engine, ENGLISH)
    assert one.dub.normal == "El señorito ha vuelto. Nunca lo olvidé." and one.pivot == ENGLISH.pivot
    terms = {"terms": (("少爷", "joven señor"),), "pivot_terms": (("the young master", "joven señor"),)}
    bound = ask(engine, replace(ENGLISH, **terms))  # type: ignore[arg-type]
    assert bound.dub.normal == "Ha vuelto joven señor. Nunca lo olvidé." and not bound.told


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_what_was_forbidden_is_not_said_when_asked_again(engine: str) -> None:
    models(engine)
    first = replace(ENGLISH, source="站住！", market="en-US", pivot="", pivot_market="")
    assert ask(engine, first).dub.normal == "Stop!"
    again = ask(engine, replace(first, forbidden=("Stop",), remarks=("“Stop” is forbidden",)))
    assert "stop" not in again.dub.normal.casefold()


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_model_of_many_languages_goes_on_from_english(engine: str) -> None:
    import_model(tiny_nmt.converted_many("m2m100") if engine == "ctranslate2" else tiny_nmt.m2m100(), "m2m100-418m")
    one = ask(engine, replace(ENGLISH, market="id-ID", pivot="Stop!"))
    assert (one.dub.normal, one.pivot) == ("Berhenti!", "Stop!")

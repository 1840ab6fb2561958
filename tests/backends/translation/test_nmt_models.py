"""Which model serves which market: directly before through English, free before non-commercial, and what is missing."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import model_folders
import pytest

from localize import backends
from localize.backends.asr._hardware import GIB, Hardware
from localize.backends.translation import _nmt_models as nmt
from localize.backends.translation._nmt_hardware import running
from localize.errors import SetupError
from localize.model_cards import Installed, home, known

ALL = {"markets": "en-US,es-419,id-ID"}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "DEVICE", "COMPUTE", "BATCH"):
        monkeypatch.delenv(f"LOCALIZE_MT_{name}", raising=False)
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))


def able(model: Installed) -> bool:
    return True


def told(options: dict[str, str] = ALL) -> dict[str, str]:
    return {code: route.told for code, route in nmt.routes(able, options).items()}


def test_one_pair_is_direct_and_two_go_through_english(tmp_path: Path) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en", "opus-mt-en-es")
    assert told() == {"en-US": "opus-mt-zh-en", "es-419": "opus-mt-zh-en and opus-mt-en-es, through English"}
    assert nmt.routes(able, ALL)["es-419"].languages == ("zh", "en", "es")
    assert nmt.told_of(nmt.routes(able, ALL), ALL).endswith("no model for id-ID")


def test_a_direct_model_comes_before_english(tmp_path: Path) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en", "opus-mt-en-es", "m2m100-418m")
    assert told() == {"en-US": "opus-mt-zh-en", "es-419": "m2m100-418m", "id-ID": "m2m100-418m"}


def test_a_person_may_name_the_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en", "opus-mt-en-es", "m2m100-418m")
    assert set(told({**ALL, "model": "m2m100-418m"}).values()) == {"m2m100-418m"}
    monkeypatch.setenv("LOCALIZE_MT_MODEL", "opus-mt-zh-en, opus-mt-en-es")
    assert "id-ID" not in told() and "through English" in told()["es-419"]


def test_a_named_model_that_is_not_used_is_told_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en", "opus-mt-en-es", "m2m100-418m")
    (home() / "opus-mt-en-es" / "model.bin").unlink()
    monkeypatch.setenv("LOCALIZE_MT_MODEL", "opus-mt-zh-en, opus-mt-zhen, opus-mt-en-es, m2m100-418m")
    assert nmt.passed_over(lambda model: model.converted, ALL) == (
        "; named but not used: opus-mt-zhen is not here, opus-mt-en-es is damaged (model.bin is missing), "
        "m2m100-418m is for another engine"
    )
    assert "opus-mt-zhen is not here" in backends.card("translation", "transformers").available(ALL).why or not tools()
    monkeypatch.setenv("LOCALIZE_MT_MODEL", "opus-mt-zh-en")
    assert not nmt.passed_over(able, ALL)


def tools() -> bool:
    """Whether the packages of the engine are here: without them it says so first."""
    return all(find_spec(name) for name in ("transformers", "torch", "sentencepiece"))


def test_non_commercial_weights_serve_only_who_accepts_them_or_to_be_refused(tmp_path: Path) -> None:
    model_folders.here(tmp_path, "nllb-200-600m")
    assert set(told()) == {"en-US", "es-419", "id-ID"}, "nothing else is here: the plan says why it is refused"
    assert nmt.terms(able, "code", ALL) == ("CC-BY-NC-4.0 (nllb-200-600m); code", False)
    model_folders.here(tmp_path, "opus-mt-zh-en")
    assert told() == {"en-US": "opus-mt-zh-en"}
    assert nmt.terms(able, "code", ALL) == ("CC-BY-4.0 (opus-mt-zh-en); code", True)
    accepted = {**ALL, "noncommercial": "yes"}
    assert told(accepted)["id-ID"] == "nllb-200-600m" and nmt.terms(able, "code", accepted)[1] is False  # type: ignore[index]


def test_the_identity_is_the_weights_of_the_market(tmp_path: Path) -> None:
    made = model_folders.here(tmp_path, "opus-mt-zh-en", "opus-mt-en-es")
    mine = nmt.identity(able, {"market": "es-419"})
    assert mine == {"es-419": " → ".join(f"{one.name} {one.digest[:16]}" for one in made.values())}
    model_folders.converted(tmp_path / "other", "trained again")
    model_folders.import_model(tmp_path / "other", "opus-mt-en-es")
    assert nmt.identity(able, {"market": "es-419"}) != mine
    assert nmt.identity(able, {"market": "en-US"}) == {"en-US": mine["es-419"].partition(" → ")[0]}


def test_the_markets_of_an_order_count_side_by_side(tmp_path: Path) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en", "m2m100-418m")
    both = {"markets": "en-US,id-ID"}
    names = [one.name for one in nmt.together(able, both)]
    assert names == ["opus-mt-zh-en", "m2m100-418m"]
    for market in ("en-US", "id-ID"):
        assert [one.name for one in nmt.together(able, {**both, "market": market})] == names
        assert list(nmt.routes(able, {**both, "market": market})) == [market]
    assert [one.name for one in nmt.together(able, {"market": "en-US"})] == ["opus-mt-zh-en"]


def test_a_damaged_model_serves_nobody(tmp_path: Path) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en")
    (home() / "opus-mt-zh-en" / "model.bin").unlink()
    assert told() == {}


def test_what_to_fetch_is_said_for_the_markets() -> None:
    assert nmt.fetching(("en-US", "es-419"), ("marian",)) == (
        "localize models fetch opus-mt-zh-en; localize models fetch opus-mt-en-es"
    )
    assert nmt.fetching(("th-TH",), ("marian", "m2m100", "nllb")) == "localize models fetch m2m100-418m"
    assert nmt.fetching(("en-US",), ("quickmt",)) == "localize models fetch quickmt-zh-en"


@pytest.mark.parametrize("name", ["ctranslate2", "transformers"])
def test_without_models_an_engine_says_how_to_get_them(name: str) -> None:
    state = backends.card("translation", name).available(ALL)
    assert not state.ready and state.why and ("models fetch" in state.fix or "pip install" in state.fix)


# ── hardware ────────────────────────────────────────────────────────────────────────────────────────────────────────
def sized(size: int, tmp_path: Path) -> Installed:
    return Installed(known()["m2m100-418m"], tmp_path, "", (("model.safetensors", "", size),))


def test_the_machine_decides_how_a_model_runs(tmp_path: Path) -> None:
    small, laptop = sized(2 * GIB, tmp_path), Hardware(4, 16 * GIB)
    assert running("transformers", (small,), laptop, {}).compute == "float32"
    assert running("transformers", (sized(9 * GIB, tmp_path),), laptop, {}).compute == "bfloat16"
    card = Hardware(8, 32 * GIB, 24 * GIB, 8)
    on_card = running("transformers", (small,), card, {})
    assert (on_card.device, on_card.compute, on_card.batch) == ("cuda", "bfloat16", 8)
    assert running("transformers", (small,), card, {"device": "cpu", "batch": "3"}).batch == 3
    assert running("ctranslate2", (small,), laptop, {}).compute == "int8"


def test_too_little_memory_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"needs about 24\.0 GiB of memory") as caught:
        running("transformers", (sized(32 * GIB, tmp_path),), Hardware(4, 16 * GIB), {})
    assert "models list" in caught.value.fix


@pytest.mark.parametrize(("machine", "says"), [(Hardware(4, GIB), "not there"), (Hardware(4, GIB, GIB, 3), "too old")])
@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_card_that_is_not_there_is_said(engine: str, machine: Hardware, says: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=f"the CUDA card is {says}") as caught:
        running(engine, (sized(1, tmp_path),), machine, {"device": "cuda"})
    assert "LOCALIZE_MT_DEVICE=cpu" in caught.value.fix


@pytest.mark.parametrize(("options", "says"), [({"device": "tpu"}, "LOCALIZE_MT_DEVICE"), ({"batch": "0"}, "_BATCH")])
def test_senseless_wishes_are_refused(options: dict[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=says):
        running("ctranslate2", (sized(GIB, tmp_path),), Hardware(4, 16 * GIB), options)

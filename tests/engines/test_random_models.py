"""Translation models nobody taught anything, in the real layouts: whatever they say, it is checked and never fatal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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


LINES = ("站住！你去哪儿？", "少爷回来了。", "……！", "陆总，五百万，一分不少。", "OK")
TERMS = (("少爷", "Young Master"),)
MADE: dict[str, tuple[str, Callable[[], Path]]] = {
    "ctranslate2 marian": ("opus-mt-zh-en", lambda: tiny_nmt.converted("zh", "en", False)),
    "ctranslate2 m2m100": ("m2m100-418m", lambda: tiny_nmt.converted_many("m2m100", False)),
    "ctranslate2 nllb": ("nllb-200-600m", lambda: tiny_nmt.converted_many("nllb", False)),
    "transformers marian": ("opus-mt-zh-en", lambda: tiny_nmt.marian("zh", "en", False)),
    "transformers m2m100": ("m2m100-418m", lambda: tiny_nmt.m2m100(False)),
    "transformers nllb": ("nllb-200-600m", lambda: tiny_nmt.nllb(False)),
}
_SIGNS = re.compile(r"__[a-z]{2}__|[a-z]{3}_[A-Z][a-z]{3}|<unk>|<pad>|</?s>|▁")


def ask(engine: str, *lines: str, remarks: tuple[str, ...] = ()) -> list[Translation]:
    asked = [
        TranslationRequest(f"L{n}", text, "en-US", 2.0, terms=TERMS, forbidden=("damn",), remarks=remarks)
        for n, text in enumerate(lines)
    ]
    made = backends.load("translation", engine, {"market": "en-US"})
    return sorted(made.translate(asked), key=lambda one: one.line)


@pytest.mark.parametrize("name", MADE)
def test_every_line_is_answered_or_doubted_and_the_same_again(name: str) -> None:
    engine = name.partition(" ")[0]
    model, make = MADE[name]
    import_model(make(), model)
    found = ask(engine, *LINES)
    assert [one.line for one in found] == [f"L{n}" for n in range(len(LINES))]
    for one in found:
        assert one.doubt or one.dub.normal.strip(), "what is no translation says so"
        texts = (one.dub.normal, one.dub.short, one.dub.long, one.subtitle, one.pivot)
        assert not any(_SIGNS.search(text) for text in texts), "no sign of a vocabulary is ever said"
    assert found[2].dub.normal == "…!", "signs need no model"
    assert ask(engine, *LINES) == found
    assert [ask(engine, line)[0].dub for line in LINES] == [one.dub for one in found]
    again = ask(engine, *LINES[:2], remarks=("it was wrong",))
    assert [one.line for one in again] == ["L0", "L1"]

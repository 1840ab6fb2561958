"""Every engine that translates; those that ask a chat server ask one on this machine.

Local models are tiny ones that know the sentences by heart, one of every family an engine runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nmt_teaching
import pytest
import tiny_chat
import tiny_nmt
from chat_server import answer, chat_server, lines_of

from localize import backends
from localize.engine.weights import import_model
from localize.roles import Person, SceneLine, Translation, TranslationRequest
from localize.version import NOTHING

SENTENCES = {"站住！": "Stop!", "我一直没有忘记。": "I never forgot.", "少爷回来了。": "The young master is back."}


@pytest.fixture(scope="module")
def options() -> Iterator[dict[str, str]]:
    with chat_server() as server:
        server.usual = lambda body: answer(lines_of(body), lambda one: SENTENCES.get(one["text"]))
        yield {"url": server.url, "model": "three-sentences"}


MODELS: Mapping[str, Callable[[], Path]] = {
    "ctranslate2 opus-mt-zh-en": lambda: tiny_nmt.converted("zh", "en"),
    "ctranslate2 m2m100-418m": lambda: tiny_nmt.converted_many("m2m100"),
    "transformers hf-marian": lambda: tiny_nmt.marian("zh", "en"),
    "transformers m2m100-418m": tiny_nmt.m2m100,
    "transformers nllb-200-600m": tiny_nmt.nllb,
    "transformers hunyuan-mt-7b": tiny_chat.chat,
}
"""The engine, its model's name, what makes it."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for models of its own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv("LOCALIZE_HOME", str(folder))
        patch.setenv("LOCALIZE_MT_DEVICE", "cpu")
        with nmt_teaching.one_thread() if find_spec("torch") else nullcontext():
            yield folder


def named(name: str) -> list[str]:
    """What an engine is tried with: its models, or nothing."""
    return [one for one in MODELS if one.startswith(f"{name} ")] or [name]


@pytest.fixture(params=[one for name in sorted(backends.known("translation")) for one in named(name)])
def engine(request: pytest.FixtureRequest, options: dict[str, str], home: Path) -> Any:
    name, _, model = request.param.partition(" ")
    own = options
    if model and all(find_spec(package) for package in ("ctranslate2", "sentencepiece", "transformers", "torch")):
        given = {"licence": "of the test", "pairs": (("zh", "en"),)} if model == "hf-marian" else {}
        import_model(MODELS[request.param](), model, given)
        own = {"market": "en-US", "model": model}
    state = backends.availability("translation", name, own)
    if not state.ready:
        pytest.skip(f"{name}: {state.why}")
    return backends.load("translation", name, own)


def requests(count: int) -> list[TranslationRequest]:
    texts = list(SENTENCES)
    return [TranslationRequest(f"L{n:04}", texts[n % len(texts)], "en-US", 2.0) for n in range(count)]


def test_every_line_is_answered_once_and_under_its_id(engine: Any) -> None:
    answers = list(engine.translate(requests(45)))  # in any order
    assert sorted(one.line for one in answers) == [one.line for one in requests(45)]
    for one in answers:
        assert isinstance(one, Translation)
        assert one.dub.normal.strip() and one.subtitle.strip()
        assert "\n" not in one.dub.normal + one.subtitle
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in one.dub.normal + one.subtitle)


def test_one_line_alone_equals_the_same_line_in_a_batch(engine: Any) -> None:
    together = {one.line: replace(one, spent=NOTHING) for one in engine.translate(requests(3))}
    for request in requests(3):
        assert [replace(one, spent=NOTHING) for one in engine.translate([request])] == [together[request.line]]


def test_a_line_the_engine_loses_is_not_yielded_or_comes_with_a_doubt(engine: Any) -> None:
    unknown = TranslationRequest("L0001", "从来没有人说过的一句话。", "en-US", 2.0)
    got = {one.line: one for one in engine.translate([*requests(1), unknown])}
    assert set(got) <= {"L0000", "L0001"}
    lost = got.get("L0001")
    assert lost is None or lost.dub.normal.strip() or lost.doubt


def test_what_is_told_of_a_line_costs_no_engine_its_answer(engine: Any) -> None:
    scene = (SceneLine("L0000", "Lu Chen", "站住！"), SceneLine("L0009", "", "走。"))
    full = TranslationRequest(
        "L0000", "站住！", "en-US", 2.0, speaker="Lu Chen", addressee="Shen Wan", form="plain", call="Miss Shen",
        emotion="angry", syllables=12, scene="S", context=scene, people=(Person("Lu Chen", "male", "adult", "heir"),),
        terms=(("站住", "Stop"),), forbidden=("Halt",), notes=(("站住", "an order"),), exemplars=(("站住。", "Stop."),),
        guidance=("American spelling.",), remarks=("“Halt!” was wrong",),
    )  # fmt: skip
    assert [one.line for one in engine.translate([full])] == ["L0000"]


def test_nothing_to_translate_is_nothing(engine: Any) -> None:
    assert list(engine.translate([])) == []


@pytest.mark.parametrize("name", sorted(backends.known("translation")))
def test_a_card_tells_neither_address_nor_key(name: str) -> None:
    given = {"url": "http://127.0.0.1:1/v1", "model": "m", "key": "secret"}
    told = str(backends.card("translation", name).identity(given))
    assert "secret" not in told and "127.0.0.1" not in told

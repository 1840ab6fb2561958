"""The chat engine against a local server with a real, tiny language model: tokenizer, template, decoding, counts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from chat_model import ChatModel, serving

from localize.backends.translation._chat_prompt import messages
from localize.backends.translation._chat_protocol import Endpoint
from localize.backends.translation.openai_chat import Chat
from localize.roles import SceneLine, TranslationRequest
from localize.version import Spent

pytest.importorskip("transformers", reason="needs localize-drama[mt]")
pytest.importorskip("torch", reason="the model is made with torch")

SCENE = (SceneLine("L0001", "Lu Chen", "站住！"), SceneLine("L0002", "Shen Wan", "我一直没有忘记。"))
REQUESTS = [
    TranslationRequest(one.line, one.text, "en-US", 1.5, speaker=one.speaker, scene="S", context=SCENE, syllables=9)
    for one in SCENE
]
SAID = {
    "L0001": {"normal": "Stop!", "short": "Stop!", "long": "Stop right there!", "subtitle": "Stop!"},
    "L0002": {"normal": "I never forgot.", "short": "I know.", "long": "I have never forgotten.", "subtitle": "Never."},
}
ANSWER = json.dumps({"lines": [{"id": name, **said} for name, said in SAID.items()]})


@pytest.fixture(scope="module")
def model() -> ChatModel:
    return ChatModel(messages(REQUESTS), ANSWER)


@pytest.fixture
def engine(model: ChatModel) -> Iterator[Chat]:
    with serving(model) as url:
        yield Chat(Endpoint(url, "tiny", "", pause=0.01), price=(1.0, 1.0))


def test_a_model_translates_what_it_knows(engine: Chat, model: ChatModel) -> None:
    got = {one.line: one for one in engine.translate(REQUESTS)}
    for name, said in SAID.items():
        one = got[name]
        assert (one.dub.normal, one.dub.short, one.dub.long, one.subtitle, one.doubt) == (*said.values(), "")
    usage = model.complete(messages(REQUESTS))["usage"]
    spent = sum((one.spent for one in got.values()), Spent())
    assert (spent.tokens_in, spent.tokens_out) == (usage["prompt_tokens"], usage["completion_tokens"])
    assert spent.tokens_in > 100 and spent.cost == pytest.approx((spent.tokens_in + spent.tokens_out) / 1e6)


def test_what_it_does_not_know_is_told_and_not_invented(engine: Chat) -> None:
    [lost] = engine.translate([TranslationRequest("L0900", "这句话没有人教过。", "en-US", 1.5)])
    assert lost.line == "L0900" and lost.doubt and not lost.dub.normal and lost.spent


def test_an_answer_cut_short_is_no_answer(engine: Chat, model: ChatModel) -> None:
    model.most = 5
    try:
        got = list(engine.translate(REQUESTS))
    finally:
        model.most = 400
    assert [one.line for one in got] == list(SAID) and all(one.doubt and not one.dub.normal for one in got)

"""Every engine that translates; those that ask a chat server ask one on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from localize import backends
from localize.roles import Translation, TranslationRequest

SENTENCES = {"站住！": "Stop!", "我一直没有忘记。": "I never forgot.", "少爷回来了。": "The young master is back."}


class Chat(BaseHTTPRequestHandler):
    """A server of the OpenAI chat protocol that knows three sentences."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = json.loads(body["messages"][-1]["content"])["lines"]
        lines = [
            {"id": one["id"], "normal": said, "short": said, "long": said, "subtitle": said}
            for one in asked
            if (said := SENTENCES.get(one["text"]))
        ]
        message = {"role": "assistant", "content": json.dumps({"lines": lines})}
        data = json.dumps({"choices": [{"message": message}]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture(scope="module")
def options() -> Iterator[dict[str, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield {"url": f"http://127.0.0.1:{server.server_address[1]}/v1", "model": "three-sentences"}
    server.shutdown()
    server.server_close()


@pytest.fixture(params=sorted(backends.known("translation")))
def engine(request: pytest.FixtureRequest, options: dict[str, str]) -> Any:
    state = backends.availability("translation", request.param, options)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("translation", request.param, options)


def requests(count: int) -> list[TranslationRequest]:
    texts = list(SENTENCES)
    return [TranslationRequest(f"L{n:04}", texts[n % len(texts)], "en-US", 2.0) for n in range(count)]


def test_every_line_is_answered_once_and_under_its_id(engine: Any) -> None:
    answers = list(engine.translate(requests(45)))
    assert sorted(one.line for one in answers) == [one.line for one in requests(45)]
    for one in answers:
        assert isinstance(one, Translation)
        assert one.dub.normal.strip() and one.subtitle.strip()
        assert "\n" not in one.dub.normal + one.subtitle
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in one.dub.normal + one.subtitle)


def test_one_line_alone_equals_the_same_line_in_a_batch(engine: Any) -> None:
    together = {one.line: one for one in engine.translate(requests(3))}
    for request in requests(3):
        assert list(engine.translate([request])) == [together[request.line]]


def test_a_line_the_engine_loses_is_not_yielded(engine: Any) -> None:
    unknown = TranslationRequest("L0001", "从来没有人说过的一句话。", "en-US", 2.0)
    assert {one.line for one in engine.translate([*requests(1), unknown])} <= {"L0000", "L0001"}


def test_nothing_to_translate_is_nothing(engine: Any) -> None:
    assert list(engine.translate([])) == []


@pytest.mark.parametrize("name", sorted(backends.known("translation")))
def test_a_card_tells_neither_address_nor_key(name: str) -> None:
    given = {"url": "http://127.0.0.1:1/v1", "model": "m", "key": "secret"}
    told = str(backends.card("translation", name).identity(given))
    assert "secret" not in told and "127.0.0.1" not in told

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from localize.backends.translation.openai_chat import BACKEND, Chat
from localize.errors import LocalizeError, SetupError, WorkError
from localize.roles import TranslationRequest


class Server:
    """A chat server on this machine that answers from a script of faults, then properly."""

    def __init__(self) -> None:
        self.faults: list[Any] = []
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.seen.append(body)
                outer.keys.append(self.headers.get("authorization", ""))
                fault = outer.faults.pop(0) if outer.faults else None
                if fault == "hang up":
                    self.connection.close()
                    return
                status = fault if isinstance(fault, int) else 200
                text = fault if isinstance(fault, str) else outer.proper(body)
                reply = text if isinstance(fault, str) and fault.startswith("raw:") else json.dumps(
                    {"choices": [{"message": {"role": "assistant", "content": text}}]}
                )  # fmt: skip
                data = reply.removeprefix("raw:").encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    def proper(self, body: dict[str, Any]) -> str:
        lines = json.loads(body["messages"][1]["content"])["lines"]
        made = [
            {"id": one["id"], "normal": f"Words {one['id']}", "short": "W", "subtitle": "S"} for one in lines
        ]
        return json.dumps({"lines": made})


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.http.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.http.shutdown()
    made.http.server_close()


def ask(server: Server, count: int = 2, **more: Any) -> list[str]:
    requests = [TranslationRequest(f"L{n}", "滚！", "id-ID", 1.5, **more) for n in range(count)]
    return [answer.line for answer in Chat(server.url, "m", "secret", pause=0.01).translate(requests)]


def test_lines_go_out_in_batches_with_their_context(server: Server) -> None:
    answers = ask(server, 45, terms=(("少爷", "Tuan Muda"),), before=("站住！",), form="kamu")
    assert answers == [f"L{n}" for n in range(45)]
    sent = [json.loads(body["messages"][1]["content"]) for body in server.seen]
    assert [len(body["lines"]) for body in sent] == [20, 20, 5]
    first = sent[0]["lines"][0]
    assert (
        first["terms"] == {"少爷": "Tuan Muda"}
        and first["before"] == ["站住！"]
        and sent[0]["market"] == "id-ID"
    )
    assert server.seen[0]["response_format"] == {"type": "json_object"} and server.keys[0] == "Bearer secret"


@pytest.mark.parametrize("fault", [429, 503, 500, "hang up", "raw:<html>busy</html>"])
def test_passing_trouble_is_waited_out(server: Server, fault: Any) -> None:
    server.faults = [fault, fault]
    assert ask(server) == ["L0", "L1"] and len(server.seen) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [(401, SetupError), (404, SetupError), (400, WorkError), ("raw:{}", WorkError), ("raw:[]", WorkError)],
)
def test_lasting_trouble_is_told_at_once(server: Server, fault: Any, error: type[LocalizeError]) -> None:
    server.faults = [fault]
    with pytest.raises(error) as caught:
        ask(server)
    assert caught.value.fix and "secret" not in str(caught.value) and len(server.seen) == 1


def test_a_server_that_stays_away_fails_after_a_few_tries(server: Server) -> None:
    server.faults = [503] * 9
    with pytest.raises(WorkError, match="HTTP 503"):
        ask(server)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("not json", []),
        ('{"lines": "none"}', []),
        (
            '{"lines": [{"id": "L0", "normal": "A"}, {"id": "L0", "normal": "B"}, {"id": "L9"}]}',
            ["L0"],
        ),
        ('```json\n{"lines": [{"id": "L1", "normal": "A"}, {"id": "L0", "normal": ""}, 7]}\n```', ["L1"]),
        ('{"lines": [{"id": ["L0"], "normal": "A"}]}', []),
    ],
)
def test_what_the_model_gets_wrong_is_not_yielded(server: Server, content: str, kept: list[str]) -> None:
    server.faults = [content]
    assert ask(server) == kept


def test_the_card_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "KEY", "MODEL"):
        monkeypatch.delenv(f"LOCALIZE_LLM_{name}", raising=False)
    state = BACKEND.available({})
    assert not state.ready and "LOCALIZE_LLM_URL" in state.why and "export" in state.fix
    monkeypatch.setenv("LOCALIZE_LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("LOCALIZE_LLM_MODEL", "m")
    monkeypatch.setenv("LOCALIZE_LLM_KEY", "secret")
    assert BACKEND.available({}).ready
    assert BACKEND.identity({})["model"] == "m" and "secret" not in str(BACKEND.identity({}))

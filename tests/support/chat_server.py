"""A server of the OpenAI chat protocol on this machine that errs by script, then translates properly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


def proper(one: Body) -> str:
    """What the server says for a line: English words that tell which."""
    return f"Words of {one['id']}"


def lines_of(body: Body) -> list[Body]:
    """The lines a question asks for."""
    found: list[Body] = json.loads(body["messages"][-1]["content"])["lines"]
    return found


def answer(lines: list[Body], say: Callable[[Body], str | None] = proper) -> str:
    """The model's JSON for ``lines``; those ``say`` has nothing for are left out."""
    made = [
        {"id": one["id"], "normal": said, "short": said[:6], "long": f"{said}, indeed", "subtitle": said}
        for one in lines
        if (said := say(one))
    ]
    return json.dumps({"lines": made}, ensure_ascii=False)


def completion(text: str | None, finish: str = "stop", **message: Any) -> Body:
    """A whole chat completion that used 100 tokens in and 10 out."""
    told = {"role": "assistant", "content": text, **message}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return {"choices": [{"index": 0, "message": told, "finish_reason": finish}], "usage": usage}


class Server:
    """``faults`` come first, one a question: a status, (status, body, headers), the model's words, a completion, a
    function of the question, ``"hang up"``, or seconds to sleep.  ``keys`` and ``seen`` are what came in.
    """

    def __init__(self) -> None:
        self.faults: list[Any] = []
        self.seen: list[Body] = []
        self.keys: list[str] = []
        self.usual: Any = lambda body: answer(lines_of(body))
        self.most = self.busy = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with outer._lock:
                    outer.busy += 1
                    outer.most = max(outer.most, outer.busy)
                    outer.seen.append(body)
                    outer.keys.append(self.headers.get("authorization", ""))
                    fault = outer.faults.pop(0) if outer.faults else outer.usual
                try:
                    self._reply(fault, body)
                except BrokenPipeError:
                    pass  # the client had no more patience
                finally:
                    with outer._lock:
                        outer.busy -= 1

            def _reply(self, fault: Any, body: Body) -> None:
                if fault == "hang up":
                    self.connection.close()
                    return
                if isinstance(fault, float):
                    time.sleep(fault)
                    fault = outer.usual
                status, reply, headers = outer.said(fault(body) if callable(fault) else fault)
                data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
                self.send_response(status)
                for name, value in {"content-length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Stay quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    def said(self, fault: Any) -> tuple[int, Any, dict[str, str]]:
        if isinstance(fault, tuple):
            return fault
        if isinstance(fault, int):
            return fault, {"error": {"message": "in trouble"}}, {}
        return 200, completion(fault) if isinstance(fault, str) else fault, {}

    def asked(self) -> list[list[str]]:
        """The line ids of every question so far."""
        return [[one["id"] for one in lines_of(body)] for body in self.seen]


@contextmanager
def chat_server() -> Iterator[Server]:
    """The server, running for as long as the block does."""
    made = Server()
    threading.Thread(target=made.http.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield made
    finally:
        made.http.shutdown()
        made.http.server_close()

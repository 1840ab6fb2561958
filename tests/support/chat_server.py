"""A server of the OpenAI chat protocol on this machine that errs by script, then translates properly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from local_server import LocalServer, Question, Reply

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


class Server(LocalServer):
    """``faults`` come first, one a question: a status, (status, body, headers), the model's words, a completion, a
    function of the question, ``"hang up"``, or seconds to sleep.  ``keys`` and ``seen`` are what came in, ``most`` how
    many questions were in hand at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Any] = []
        self.seen: list[Body] = []
        self.usual: Any = lambda body: answer(lines_of(body))
        self.most = self.busy = 0
        self._lock = threading.Lock()

    def reply(self, asked: Question) -> Reply | None:
        body = json.loads(asked.body)
        with self._lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
            self.seen.append(body)
            fault = self.faults.pop(0) if self.faults else self.usual
        try:
            return self._said(fault, body)
        finally:
            with self._lock:
                self.busy -= 1

    def _said(self, fault: Any, body: Body) -> Reply | None:
        if fault == "hang up":
            return None
        if isinstance(fault, float):
            time.sleep(fault)
            fault = self.usual
        said = fault(body) if callable(fault) else fault
        if isinstance(said, tuple):
            status, told, headers = said
            return Reply(told, status, headers)
        if isinstance(said, int):
            return Reply({"error": {"message": "in trouble"}}, said)
        return Reply(completion(said) if isinstance(said, str) else said)

    def asked(self) -> list[list[str]]:
        """The line ids of every question so far."""
        return [[one["id"] for one in lines_of(body)] for body in self.seen]


def chat_server() -> Server:
    """``with chat_server() as server`` runs it."""
    return Server()

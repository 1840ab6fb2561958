"""A web server on this machine that answers what a client under test posts."""

from __future__ import annotations

import contextlib
import email.parser
import email.policy
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Question:
    """What came in: ``kind`` is the content type, ``key`` the authorization."""

    path: str
    kind: str
    key: str
    body: bytes

    def fields(self) -> dict[str, list[bytes]]:
        """The parts of a multipart form by name."""
        head = f"content-type: {self.kind}\r\n\r\n".encode()
        form: Any = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + self.body)
        found: dict[str, list[bytes]] = {}
        for part in form.iter_parts():
            found.setdefault(part.get_param("name", header="content-disposition"), []).append(
                part.get_payload(decode=True)
            )
        return found


@dataclass(frozen=True)
class Reply:
    """What goes back: ``body`` is bytes as they are, or anything else as JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] | None = None


class LocalServer:
    """``with`` one it runs; ``url`` is its base address, ending in /v1; ``keys`` is what clients showed."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                kind, key = (self.headers.get(name, "") for name in ("content-type", "authorization"))
                outer.keys.append(key)
                with contextlib.suppress(BrokenPipeError):  # a client that had no more patience
                    self._send(outer.reply(Question(self.path, kind, key, body)))

            def _send(self, reply: Reply | None) -> None:
                if reply is None:
                    self.connection.close()
                    return
                data = reply.body
                data = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
                self.send_response(reply.status)
                for name, value in {"content-length": str(len(data)), **(reply.headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Stay quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def reply(self, asked: Question) -> Reply | None:
        """What to answer, in a thread of its own; None hangs up."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()

"""A server of the OpenAI transcription protocol on this machine that errs by script."""

from __future__ import annotations

import email.parser
import email.policy
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import soundfile

from localize.media import audio
from localize.media.speech_activity import speech_spans

RATE = 16_000
Answer = Callable[[audio.Sound], Any]


class Server:
    """Hears every stretch of speech as 你来了吧, one syllable after the other; ``faults`` come first."""

    def __init__(self) -> None:
        self.faults: list[Any] = []
        self.asked: list[dict[str, list[str]]] = []
        self.heard: list[audio.Sound] = []
        self.keys: list[str] = []
        self.answer: Answer = whisper
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.keys.append(self.headers.get("authorization", ""))
                body = self.rfile.read(int(self.headers["content-length"]))
                sound = outer.take(self.headers["content-type"], body)
                fault = outer.faults.pop(0) if outer.faults else None
                if fault == "hang up":
                    self.connection.close()
                    return
                data = fault if isinstance(fault, bytes) else json.dumps(outer.answer(sound)).encode()
                self.send_response(fault if isinstance(fault, int) else 200)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Stay quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    def take(self, kind: str, body: bytes) -> audio.Sound:
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
            f"content-type: {kind}\r\n\r\n".encode() + body
        )
        fields: dict[str, list[str]] = {}
        sound = np.zeros(0, np.float32)
        for part in form.iter_parts():
            name = part.get_param("name", header="content-disposition")
            data = part.get_payload(decode=True)
            if name == "file":
                sound, rate = soundfile.read(io.BytesIO(data), dtype="float32")
                assert (rate, sound.ndim, data[:4]) == (RATE, 1, b"fLaC")
            else:
                fields.setdefault(name, []).append(data.decode())
        self.asked.append(fields)
        self.heard.append(sound)
        return sound


def whisper(sound: audio.Sound) -> dict[str, Any]:
    """The answer of a Whisper server: segments and, beside them, words without probabilities."""
    segments, words = [], []
    for one in speech_spans(sound, RATE):
        start, end = one.start / 1000, one.end / 1000
        segments.append({"start": start, "end": end, "text": "你来了吧", "avg_logprob": -0.2231})
        step = (end - start) / 4
        words += [
            {"word": sign, "start": start + n * step, "end": start + (n + 1) * step}
            for n, sign in enumerate("你来了吧")
        ]
    return {"language": "chinese", "text": "你来了吧" * len(segments), "segments": segments, "words": words}


@contextmanager
def transcription_server() -> Iterator[Server]:
    """The server, running for as long as the block does."""
    made = Server()
    threading.Thread(target=made.http.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield made
    finally:
        made.http.shutdown()
        made.http.server_close()

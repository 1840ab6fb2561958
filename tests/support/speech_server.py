"""A transcription server on this machine that speaks OpenAI's protocol and knows one episode by heart.

It takes whatever piece of the episode a client uploads, in any format PyAV reads, finds where in the episode that
piece belongs by correlating the sounds, and answers with the words there, timed from the piece's beginning.
"""

from __future__ import annotations

import email.parser
import email.policy
import io
import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from localize.episode import Word

RATE = 4000
"""Hz at which sounds are compared; time is told to a quarter of a millisecond."""


class SpeechServer:
    """``with SpeechServer(sound, rate, segments) as server``: ``server.url`` is the base address, ending in /v1."""

    def __init__(self, sound: Any, rate: int, segments: Sequence[Sequence[Word]]) -> None:
        self._sound = _low(np.asarray(sound, np.float32), rate)
        self._segments = [tuple(words) for words in segments]
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                known = self.path.rstrip("/").endswith("/audio/transcriptions")
                answer = outer.answer(self.headers["content-type"], body) if known else {"error": "not here"}
                data = json.dumps(answer, ensure_ascii=False).encode()
                self.send_response(200 if known else 404)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> SpeechServer:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, kind: str, body: bytes) -> dict[str, Any]:
        """``verbose_json`` for one upload: segments with their words, and all words, times in seconds."""
        fields = _fields(kind, body)
        self.asked.append({name: value.decode() for name, value in fields.items() if name != "file"})
        piece = _decoded(fields["file"])
        start = self._where(piece) * 1000 / RATE
        end = start + len(piece) * 1000 / RATE
        inside = [[word for word in words if start <= word.span.start < end] for words in self._segments]
        segments = [_segment(n, words, start) for n, words in enumerate(filter(None, inside))]
        return {
            "task": "transcribe", "language": "chinese", "duration": len(piece) / RATE,
            "text": "".join(one["text"] for one in segments), "segments": segments,
            "words": [word for one in segments for word in one["words"]],
        }  # fmt: skip

    def _where(self, piece: Any) -> int:
        """The sample of the episode the piece begins at: the highest correlation."""
        size = 1 << (len(self._sound) + len(piece)).bit_length()
        both = np.fft.rfft(self._sound, size) * np.conj(np.fft.rfft(piece, size))
        return int(np.argmax(np.fft.irfft(both, size)[: max(1, len(self._sound) - len(piece) + 1)]))


def _segment(number: int, words: Sequence[Word], start: float) -> dict[str, Any]:
    """A stretch as such servers give it; ``avg_logprob`` is the mean of the words' log probabilities."""

    def seconds(ms: float) -> float:
        return round((ms - start) / 1000, 3)

    scores = [max(word.confidence, 1e-3) for word in words]
    timed = [
        {"word": w.text, "start": seconds(w.span.start), "end": seconds(w.span.end), "probability": w.confidence}
        for w in words
    ]
    return {
        "id": number, "start": timed[0]["start"], "end": timed[-1]["end"], "text": "".join(w.text for w in words),
        "avg_logprob": round(float(np.mean(np.log(scores))), 4), "no_speech_prob": 0.02, "compression_ratio": 1.0,
        "temperature": 0.0, "words": timed,
    }  # fmt: skip


def _fields(kind: str, body: bytes) -> dict[str, bytes]:
    """The parts of a multipart form by name."""
    head = f"content-type: {kind}\r\n\r\n".encode()
    whole = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    return {
        str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        for part in whole.iter_parts()  # type: ignore[attr-defined]
    }


def _decoded(data: bytes) -> Any:
    """Any audio file's bytes as mono at ``RATE``."""
    import av

    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[0]
        convert = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [part.to_ndarray()[0] for frame in container.decode(stream) for part in convert.resample(frame)]
        frames += [part.to_ndarray()[0] for part in convert.resample(None)]
    return np.concatenate(frames)


def _low(sound: Any, rate: int) -> Any:
    import soxr

    return soxr.resample(sound, rate, RATE)

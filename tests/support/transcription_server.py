"""A server of the OpenAI transcription protocol on this machine that errs by script."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import soundfile
from local_server import LocalServer, Question, Reply

from localize.media import audio
from localize.media.speech_activity import speech_spans

RATE = 16_000
Answer = Callable[[audio.Sound], Any]


class Server(LocalServer):
    """Hears every stretch of speech as 你来了吧, one syllable after the other; ``faults`` come first: a status, bytes
    instead of the answer, or ``"hang up"``."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Any] = []
        self.asked: list[dict[str, list[str]]] = []
        self.heard: list[audio.Sound] = []
        self.answer: Answer = whisper

    def reply(self, asked: Question) -> Reply | None:
        sound = self._take(asked)
        fault = self.faults.pop(0) if self.faults else None
        if fault == "hang up":
            return None
        status = fault if isinstance(fault, int) else 200
        return Reply(fault if isinstance(fault, bytes) else self.answer(sound), status)

    def _take(self, asked: Question) -> audio.Sound:
        fields = asked.fields()
        (data,) = fields.pop("file")
        sound, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        assert (rate, sound.ndim, data[:4]) == (RATE, 1, b"fLaC")
        self.asked.append({name: [value.decode() for value in values] for name, values in fields.items()})
        self.heard.append(sound)
        return np.asarray(sound, np.float32)


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


def transcription_server() -> Server:
    """``with transcription_server() as server`` runs it."""
    return Server()

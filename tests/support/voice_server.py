"""A server of the OpenAI speech protocol on this machine that speaks with espeak, and errs by script."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import soundfile
from local_server import LocalServer, Question, Reply

from localize import backends
from localize.media import audio
from localize.roles import SpeechRequest
from localize.voice import stock_voices

RATE = 24_000


class VoiceServer(LocalServer):
    """``asked`` are the fields that came in, ``clips`` the uploads; ``faults`` come first: a status, a ``Reply``, bytes
    instead of sound, or ``"hang up"``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Any] = []
        self.asked: list[dict[str, Any]] = []
        self.clips: list[bytes] = []

    def reply(self, asked: Question) -> Reply | None:
        told = self._told(asked)
        fault = self.faults.pop(0) if self.faults else None
        if fault == "hang up":
            return None
        if isinstance(fault, Reply):
            return fault
        if isinstance(fault, int):
            return Reply({"error": "no"}, fault)
        return Reply(fault if isinstance(fault, bytes) else spoken(told))

    def _told(self, asked: Question) -> dict[str, Any]:
        assert asked.path == "/v1/audio/speech"
        if asked.kind.startswith("application/json"):
            told = json.loads(asked.body)
        else:
            fields = asked.fields()
            self.clips += [value for values in fields.values() for value in values if value[:4] == b"RIFF"]
            told = {name: values[0].decode() for name, values in fields.items() if values[0][:4] != b"RIFF"}
        self.asked.append(told)
        return told


def spoken(told: dict[str, Any]) -> bytes:
    """The words as the format that was asked for."""
    speech = backends.load("tts", "espeak").speak(SpeechRequest(told["input"], "en-US", stock_voices()["stock-f1"]))
    sound = audio.resample(speech.sound, speech.rate, round(RATE / float(told.get("speed", 1.0))))
    file = io.BytesIO()
    if told["response_format"] == "pcm":
        return (np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes()
    soundfile.write(file, sound, RATE, format=told["response_format"].upper())
    return file.getvalue()

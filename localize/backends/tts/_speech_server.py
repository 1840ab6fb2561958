"""The OpenAI speech protocol: one line, one sound, with patience for a server in trouble.

Passing trouble (no connection, timeouts, 429, 5xx, sound that cannot be read) is waited out, the server's
``Retry-After`` included.  Keys never stand in an error.
"""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

import httpx
import numpy as np

from localize.backends.tts import _own_voices
from localize.backends.tts._speech_request import Body, Fields, body
from localize.backends.tts._words import speakable
from localize.errors import GateError, InputError, SetupError, WorkError
from localize.media import audio
from localize.media.audio import Sound
from localize.media.clip import flaw
from localize.roles import Speech, SpeechRequest

WHERE = "tts engine openai_speech"
TRIES = 4
LONGEST = 60.0
"""Seconds waited at most between two tries, whatever the server asks for."""
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
PACE = (0.85, 1.2)
"""How far ``speed`` is moved for a wished length: farther the words sound hurried, and the fit has its own stretch."""
LOOSE = 1.15


class Server:
    """One server and model.  ``pause`` is the first wait between tries in seconds, each next one twice as long;
    ``price`` is per million characters; ``pcm_rate`` the rate of bare samples, which say none themselves.
    """

    def __init__(
        self, url: str, model: str, key: str, table: Fields, voices: Mapping[str, Any], *, kind: str = "wav",
        timeout: float = 300.0, pause: float = 1.0, price: float | None = None, pcm_rate: int = 24_000,
    ) -> None:  # fmt: skip
        self._url, self._model, self._key = f"{url.rstrip('/')}/audio/speech", model, key
        self._table, self._voices, self._kind, self._price = table, voices, kind, price
        self._pause, self._rate = pause, pcm_rate
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=httpx.Timeout(timeout, connect=15.0))

    def speak(self, request: SpeechRequest) -> Speech:
        """The words of one line, asked for a second time at another pace where they miss a wished length by far and
        the server takes a pace.

        Raises ``InputError`` for a line or clip it cannot use, ``GateError`` for a clip without consent,
        ``SetupError`` when key, model or request are refused, and ``WorkError`` when the server stays away.
        """
        words = speakable(request.text)
        self._checked(request)
        sound, rate = self._asked(request, words, 1.0)
        characters = len(words)
        factor = len(sound) / rate / request.seconds if request.seconds > 0 and self._table.speed else 1.0
        if factor > 1.02 or factor < 1 / LOOSE:
            sound, rate = self._asked(request, words, float(np.clip(factor, *PACE)))
            characters += len(words)
        cost = None if self._price is None else self._price * characters / 1e6
        return Speech(sound, rate, characters=characters, cost=cost)

    def _checked(self, request: SpeechRequest) -> None:
        clip = request.reference
        if clip is None or not self._table.audio:
            return
        if not clip.consent:
            what = "a clip of a person would be sent, and no consent is named"
            raise GateError(what, WHERE, "localize voices consent")
        what, fix = flaw(clip.sound, clip.rate)
        if what:
            raise InputError(f"no voice can be taken from the reference: {what}", clip.digest[:12], fix)

    def _asked(self, request: SpeechRequest, words: str, speed: float) -> tuple[Sound, int]:
        name = _own_voices.name_of(request.voice, "openai", self._voices)
        given = body(request, words, name, self._model, self._kind, self._table, speed)
        trouble, wait = "", 0.0
        for attempt in range(TRIES):
            if attempt:
                time.sleep(min(LONGEST, max(self._pause * 2 ** (attempt - 1), wait)))
            try:
                response = self._post(given)
            except httpx.HTTPError as error:
                trouble, wait = type(error).__name__, 0.0
                continue
            if response.status_code in AGAIN:
                trouble, wait = f"HTTP {response.status_code}", _wait(response)
                continue
            self._refused(response, words)
            try:
                return self._sound(response)
            except _UnreadableError as error:
                trouble, wait = str(error), 0.0
        fix = "check that the server runs and answers, then run again: the other lines are kept"
        raise WorkError(f"no answer after {TRIES} tries ({trouble})", WHERE, fix)

    def _post(self, given: Body) -> httpx.Response:
        if given.file is None:
            return self._client.post(self._url, json=given.told)
        name, data = given.file
        told = {key: str(value) for key, value in given.told.items()}
        return self._client.post(self._url, data=told, files={name: ("reference.wav", data, "audio/wav")})

    def _refused(self, response: httpx.Response, words: str) -> None:
        status = response.status_code
        if status < 300:
            return
        said = " ".join(response.text.split())[:200]
        said = said.replace(self._key, "…") if self._key else said
        if status in (401, 402, 403):
            raise SetupError(f"the server refuses the key ({status})", WHERE, "set LOCALIZE_TTS_KEY to a valid key")
        if status == 404:
            what = f"the server knows no such address or model ({said})"
            raise SetupError(what, WHERE, "check LOCALIZE_TTS_URL and LOCALIZE_TTS_MODEL")
        if status in (400, 413, 415, 422):
            fix = "change the line; where every line is refused, LOCALIZE_TTS_FIELDS does not fit this server"
            raise InputError(f"the server does not take {words[:40]!r}: {said}", WHERE, fix)
        raise WorkError(f"the server answered HTTP {status}: {said}", WHERE, "see the server's log")

    def _sound(self, response: httpx.Response) -> tuple[Sound, int]:
        """Whatever came, as mono float32, tight around the words; a WAV or MP3 is one whatever was asked for."""
        data = response.content
        head = data[:4]
        if self._kind == "pcm" and head not in (b"RIFF", b"fLaC", b"OggS") and head[:3] != b"ID3":
            whole = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
            sound, rate = np.asarray(whole / 32_768, np.float32), self._rate
        else:
            sound, rate = _decoded(data)
        sound = sound[audio.audible(sound, rate)]
        if not len(sound) or not np.isfinite(sound).all():
            raise _UnreadableError("the sound is silent")
        return np.clip(sound, -1, 1).astype(np.float32), rate


class _UnreadableError(Exception):
    """What came is no sound."""


def _decoded(data: bytes) -> tuple[Sound, int]:
    import soundfile

    try:
        sound, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    except (soundfile.SoundFileError, RuntimeError, ValueError, TypeError) as error:
        raise _UnreadableError(f"{len(data)} bytes that are no sound") from error
    return audio.mono(np.asarray(sound, np.float32)), int(rate)


def _wait(response: httpx.Response) -> float:
    """Seconds the server asks to wait."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0

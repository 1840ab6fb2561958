"""Any server that speaks the OpenAI transcription protocol: hosted, or on this machine (speaches, vLLM, LocalAI …).

Set ``LOCALIZE_ASR_URL`` (the base address that ends before ``/audio/transcriptions``), ``LOCALIZE_ASR_MODEL`` and,
where the server wants one, ``LOCALIZE_ASR_KEY``.  Nothing is contacted unless they are set.  The episode's sound is
sent to that server as FLAC, 16 kHz mono, in pieces of at most five minutes cut at silences (below 10 MB; OpenAI takes
25 MB); picture and text never are.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize.backends.asr._languages import names, prompt_for
from localize.backends.asr._lines import mean
from localize.backends.asr._listening import RATE, Window, listened
from localize.backends.asr._segments import certainty, listed_in, readable, silent, words_of
from localize.episode import Word
from localize.errors import InputError, SetupError, WorkError
from localize.roles import READY, Availability, Backend, Doubt, Heard
from localize.timing import Span

if TYPE_CHECKING:
    import httpx

    from localize.media.audio import Tape
    from localize.roles import Sound

HOW = "export LOCALIZE_ASR_URL=http://127.0.0.1:8000/v1 LOCALIZE_ASR_MODEL=… (and maybe LOCALIZE_ASR_KEY)"
WHERE = "asr engine openai_speech"
TRIES = 4
PATIENCE = 600.0
"""Seconds to wait for one answer: a small machine listens as long as the piece lasts, and more."""
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
EDGE = 500
"""Milliseconds of silence sent before the first and after the last speech of a piece."""


def _setting(options: Mapping[str, str], name: str) -> str:
    return options.get(name) or os.environ.get(f"LOCALIZE_ASR_{name.upper()}", "")


def _available(options: Mapping[str, str]) -> Availability:
    for name in ("url", "model"):
        if not _setting(options, name):
            return Availability(False, f"LOCALIZE_ASR_{name.upper()} is not set", HOW)
    if not _setting(options, "url").startswith(("http://", "https://")):
        return Availability(False, "LOCALIZE_ASR_URL is not an http address", "export LOCALIZE_ASR_URL=https://host/v1")
    if Path(_setting(options, "model")).is_dir():
        fix = "unset LOCALIZE_ASR_URL to listen on this machine, or name a model of the server's"
        return Availability(False, "LOCALIZE_ASR_MODEL is a folder here, no model of the server's", fix)
    return READY


def _identity(options: Mapping[str, str]) -> dict[str, str]:
    """The model and what it is primed with; never the address or the key."""
    names = {"names": options["names"]} if options.get("names") else {}
    return {"model": _setting(options, "model"), "prompt": _setting(options, "prompt"), **names}


class Transcriptions:
    """Asks the server for one piece of sound after the other.

    ``prompt`` primes it, else a sentence of the language does; ``names`` it should expect come after.  ``pause`` is the
    first wait between tries, in seconds.
    """

    def __init__(self, url: str, model: str, key: str, prompt: str = "", pause: float = 1.0, names: str = "") -> None:
        import httpx

        self._url, self._model, self._prompt = f"{url.rstrip('/')}/audio/transcriptions", model, prompt
        self._pause, self._names = pause, names
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=httpx.Timeout(PATIENCE, connect=15.0))

    def transcribe(self, sound: Sound | Tape, rate: int, language: str) -> Iterator[Heard]:
        """Mono sound → judged lines with word times where the server gives them, in order.

        Raises ``WorkError`` when the server stays away or answers nonsense, ``SetupError`` when it refuses key, model
        or format, and ``InputError`` when it heard another language than ``language``.
        """
        from localize.media.speech_activity import speech_spans

        prompt = " ".join(part for part in (self._prompt or prompt_for(language), self._names) if part)

        def decode(window: Window) -> Iterator[Heard]:
            return self._heard(window, language.partition("-")[0].lower(), prompt)

        yield from listened(sound, rate, decode, speech_spans, prompt)

    def _heard(self, window: Window, language: str, prompt: str) -> Iterator[Heard]:
        """What the server hears between the first and the last speech of a window, on the window's clock."""
        first = max(0, window.speech[0].start - EDGE)
        last = min(window.length, window.speech[-1].end + EDGE)
        piece = window.sound[first * RATE // 1000 : last * RATE // 1000]
        fields = {
            "model": self._model, "language": language, "response_format": "verbose_json", "temperature": "0",
            "timestamp_granularities[]": ["word", "segment"],
        }  # fmt: skip
        if prompt:
            fields["prompt"] = prompt
        answer = self._post(fields, _flac(piece))
        if answer["text"].strip():
            _same_language(str(answer.get("language") or ""), language)
        yield from _stretches(answer, first, window.length)

    def _post(self, fields: Mapping[str, Any], flac: bytes) -> dict[str, Any]:
        import httpx

        trouble = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(min(30.0, self._pause * 2 ** (attempt - 1)))
            try:
                upload = {"file": ("sound.flac", flac, "audio/flac")}
                response = self._client.post(self._url, data=fields, files=upload)
            except httpx.HTTPError as error:
                trouble = f"{type(error).__name__}: {error}"
                continue
            if response.status_code in AGAIN:
                trouble = f"HTTP {response.status_code}"
                time.sleep(min(60.0, _wait(response)))
                continue
            _refused(response)
            try:
                answer = json.loads(response.content)
            except ValueError:
                trouble = "the answer was not JSON"
                continue
            if isinstance(answer, dict) and isinstance(answer.get("text"), str):
                return answer
            raise WorkError("the server's answer is not a transcription", WHERE, _BASE)
        fix = "check that the server runs and answers, then run again"
        raise WorkError(f"no answer after {TRIES} tries ({trouble})", WHERE, fix)


_BASE = "LOCALIZE_ASR_URL must be the base address of an OpenAI-compatible API, usually ending in /v1"


def _flac(sound: Sound) -> bytes:
    import soundfile

    from localize.media.audio import pcm

    file = io.BytesIO()
    soundfile.write(file, pcm(sound), RATE, "PCM_16", format="FLAC")
    return file.getvalue()


def _wait(response: httpx.Response) -> float:
    """Seconds the server asks to wait, on top of our own pause."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _refused(response: httpx.Response) -> None:
    said = " ".join(response.text.split())[:200] if response.status_code >= 300 else ""
    if response.status_code in (401, 403):
        raise SetupError("the server refuses the key", WHERE, "set LOCALIZE_ASR_KEY to a valid key")
    if response.status_code == 404:
        what = f"the server knows no such address or model ({said})"
        raise SetupError(what, WHERE, "check LOCALIZE_ASR_URL and LOCALIZE_ASR_MODEL")
    if response.status_code in (400, 415, 422):
        what = f"the server does not take this request: {said}"
        raise SetupError(what, WHERE, "choose a model that takes FLAC and answers verbose_json, such as a Whisper")
    if response.status_code >= 300:
        raise WorkError(f"the server answered HTTP {response.status_code}: {said}", WHERE, "see the server's log")


def _same_language(told: str, language: str) -> None:
    """Raises ``InputError`` when the server says that it heard another language; none told is none doubted."""
    heard = told.strip().lower().partition("-")[0]
    if heard and heard != language and heard not in names(language):
        raise InputError(
            f"the server heard {heard}, not {language}", WHERE,
            "check the series' language and that this is its original sound; --transcript captions listens to nobody",
        )  # fmt: skip


def _stretches(answer: Mapping[str, Any], first: int, length: int) -> Iterator[Heard]:
    """Segments with their words, in ms of the window.  Raises ``WorkError`` where text has no times at all."""
    loose = tuple(words_of(listed_in(answer, "words"), first, length))
    segments = readable(listed_in(answer, "segments"), first, length, WHERE)
    if not segments and loose:
        whole = Span(loose[0].span.start, max(word.span.end for word in loose))
        segments = [({"text": answer["text"]}, whole)]
    if not segments and answer["text"].strip():
        what, fix = "the server gives no timestamps", "choose a model that answers verbose_json, such as a Whisper"
        raise WorkError(what, WHERE, fix)
    shared = _shared([span for _, span in segments], loose)
    for (segment, span), own in zip(segments, shared, strict=True):
        words = tuple(words_of(listed_in(segment, "words"), first, length)) or own
        score = mean(words)
        sure = certainty(segment) if score is None else score
        doubts: tuple[Doubt, ...] = ("silence",) if silent(segment) else ()
        yield Heard(span, segment["text"].strip(), words, sure, ("damaged",) if segment.get("damaged") else doubts)


def _shared(spans: Sequence[Span], words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Every word with the segment it lies in, or next to."""
    found: list[list[Word]] = [[] for _ in spans]
    for word in words:
        middle = (word.span.start + word.span.end) / 2
        apart = [max(span.start - middle, middle - span.end, 0.0) for span in spans]
        found[apart.index(min(apart))].append(word)
    return [tuple(one) for one in found]


def _load(options: Mapping[str, str]) -> Transcriptions:
    url, model, key = (_setting(options, name) for name in ("url", "model", "key"))
    return Transcriptions(url, model, key, _setting(options, "prompt"), names=options.get("names", ""))


BACKEND = Backend(
    role="asr",
    name="openai_speech",
    version="4",
    summary="a recogniser behind an OpenAI-compatible address (LOCALIZE_ASR_URL)",
    licence="depends on the endpoint",
    commercial_use=None,
    load=_load,
    available=_available,
    identity=_identity,
)

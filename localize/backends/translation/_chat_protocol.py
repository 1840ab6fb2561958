"""The OpenAI chat protocol: one question, one answer, with patience for a server in trouble.

Passing trouble (no connection, timeouts, 429, 5xx) is waited out, the server's ``Retry-After`` included, and no longer
than ``PATIENCE``.  A server that does not take structured output or a temperature is asked without, and that is
remembered for as long as the process lives.  Keys never stand in an error.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from localize.backends.translation._chat_prompt import SCHEMA
from localize.errors import LocalizeError, SetupError, WorkError

WHERE = "translation engine openai_chat"
TRIES = 4
PATIENCE = 600.0
"""Seconds after which a question that found no answer is not asked again."""
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
FORMATS: tuple[Mapping[str, Any] | None, ...] = (
    {"type": "json_schema", "json_schema": {"name": "translation", "strict": True, "schema": SCHEMA}},
    {"type": "json_object"},
    None,
)
"""``response_format``, the strictest first; a server that refuses one gets the next."""
_SHAPE = re.compile(r"(?i)response_format|json_schema|json_object|guided|grammar|structured output")
_WARMTH = re.compile(r"(?i)temperature")
_LONG = re.compile(r"(?i)context.{0,20}(length|window|size)|too (long|large|many tokens)|maximum.{0,30}tokens")
_DECLINED = re.compile(r"(?i)content.?(filter|policy|management)|safety system|moderation")
_SPENT = re.compile(r"(?i)insufficient.?(quota|balance|funds|credit)|exceeded your current quota")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said.  ``cut``: the answer or the question was too long; ``refusal``: why it declined.

    ``tokens_in`` and ``tokens_out`` are the server's own counts, 0 where it tells none.
    """

    text: str = ""
    cut: bool = False
    refusal: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """One HTTP answer: its status (0 = none came), the JSON in it, what it says in words, seconds it asks to wait."""

    status: int
    data: Any = None
    said: str = ""
    wait: float = 0.0

    @property
    def too_long(self) -> bool:
        """Whether question and answer do not fit the model's context; some servers call that their own fault."""
        return self.status in (400, 413, 422, 500) and _LONG.search(self.said) is not None

    @property
    def passing(self) -> bool:
        """Whether the same question may be answered later."""
        if self.too_long or _SPENT.search(self.said) or (self.status and _SHAPE.search(self.said)):
            return False
        return self.status == 0 or self.status in AGAIN or (self.status < 300 and self.data is None)


class Endpoint:
    """One server and model.  ``timeout`` is for one answer in seconds; at most ``limit`` questions are under way at
    once, from all threads; ``pause`` is the first wait between tries in seconds, each next one twice as long up to
    ``longest``.
    """

    def __init__(
        self, url: str, model: str, key: str, *, timeout: float = 300.0, limit: int = 4, pause: float = 1.0,
        longest: float = 30.0,
    ) -> None:
        self._url, self._model, self._key, self._pause = f"{url.rstrip('/')}/chat/completions", model, key, pause
        self._longest = longest
        self._gate, self._format, self._tempered = threading.Semaphore(limit), 0, True
        if not (key.isascii() and key.isprintable()):  # httpx would show it in its error
            fix = "set LOCALIZE_LLM_KEY to the bare key"
            raise SetupError("LOCALIZE_LLM_KEY holds characters no key has", WHERE, fix)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=httpx.Timeout(timeout, connect=15.0))

    def ask(self, messages: Sequence[Mapping[str, str]], stop: threading.Event) -> Reply:
        """The model's answer.  Raises ``WorkError`` when the server stays away or ``stop`` is set, ``SetupError`` when
        it refuses key or model.
        """
        while True:
            format, tempered = self._format, self._tempered
            answer = self._patiently(self._body(messages, format, tempered), stop)
            if answer.status < 300:
                return _reply(answer.data)
            if answer.too_long:
                return Reply(cut=True)
            if _DECLINED.search(answer.said) and answer.status in (400, 403, 422):
                return Reply(refusal=answer.said)
            if not self._stepped_down(answer, format, tempered):
                raise self._lasting(answer)

    def _body(self, messages: Sequence[Mapping[str, str]], format: int, tempered: bool) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self._model, "messages": list(messages), "stream": False}
        if FORMATS[format] is not None:
            body["response_format"] = FORMATS[format]
        if tempered:
            body["temperature"] = 0
        return body

    def _stepped_down(self, answer: _Answer, format: int, tempered: bool) -> bool:
        """Whether there is a humbler way to ask; it is remembered.  Several threads may find out at once."""
        if answer.status not in (400, 404, 415, 422, 501) and not _SHAPE.search(answer.said):
            return False
        if tempered and _WARMTH.search(answer.said):
            self._tempered = False
            return True
        if answer.status == 404 and not _SHAPE.search(answer.said):
            return False
        if format + 1 < len(FORMATS):
            self._format = max(self._format, format + 1)
            return True
        return False

    def _patiently(self, body: dict[str, Any], stop: threading.Event) -> _Answer:
        until, answer = time.monotonic() + PATIENCE, _Answer(0)
        for attempt in range(TRIES):
            with self._gate:
                answer = self._once(body)
            if not answer.passing:
                return answer
            wait = max(min(self._longest, self._pause * 2**attempt), answer.wait)
            if attempt + 1 == TRIES or time.monotonic() + wait > until:
                break
            if stop.wait(wait):
                raise WorkError("the translation was stopped", WHERE, "run again: finished lines are kept")
        asks = f" and asks to wait {answer.wait:.0f} s" if answer.wait > 1 else ""
        fix = "check that the server runs and answers, then run again: finished lines are kept"
        raise WorkError(f"no answer after {attempt + 1} tries ({self._clean(answer.said)}{asks})", WHERE, fix)

    def _once(self, body: dict[str, Any]) -> _Answer:
        try:
            response = self._client.post(self._url, json=body)
        except httpx.HTTPError as error:
            return _Answer(0, said=f"{type(error).__name__}: {error}")
        except (ValueError, TypeError, httpx.InvalidURL) as error:
            what = f"LOCALIZE_LLM_URL is no address: {self._clean(str(error))}"
            raise SetupError(what, WHERE, "export LOCALIZE_LLM_URL=https://host/v1") from None
        try:
            data = response.json()
        except ValueError:
            data = None
        trouble = data.get("error") if isinstance(data, dict) else None
        status = response.status_code
        if status < 300 and trouble and "choices" not in data:
            status = _code(trouble)
        if status < 300:
            return _Answer(status, data, "" if data is not None else "the answer was not JSON", _wait(response))
        said = _words(trouble or response.text)
        return _Answer(status, data, f"HTTP {status}" + (f": {said}" if said else ""), _wait(response))

    def _lasting(self, answer: _Answer) -> LocalizeError:
        said = self._clean(answer.said)
        if answer.status in (401, 403):
            what = f"the server refuses the key ({said})"
            return SetupError(what, WHERE, "set LOCALIZE_LLM_KEY to a valid key")
        if answer.status == 404:
            what, fix = (
                f"the server knows no such address or model ({said})",
                "check LOCALIZE_LLM_URL and LOCALIZE_LLM_MODEL",
            )
            return SetupError(what, WHERE, fix)
        if _SPENT.search(said) or answer.status == 402:
            return WorkError(
                f"the account has no credit left ({said})", WHERE, "top it up, or set another LOCALIZE_LLM_URL"
            )
        return WorkError(f"the server answered {said}", WHERE, "see the server's log")

    def _clean(self, said: str) -> str:
        """Words of a server without the key, whole or masked, and without a password in an address."""
        said = said.replace(self._key, "…") if self._key else said
        said = re.sub(r"\b(sk|key|gsk|xai)-[\w*.-]{4,}", "…", said)
        return re.sub(r"//[^/@\s]+@", "//…@", said)


def _words(error: Any) -> str:
    """What an error says, on one row: its message and its code, or whatever it is."""
    if isinstance(error, dict) and error.get("message"):
        codes = (one for one in (error.get("type"), error.get("code")) if isinstance(one, str))
        error = " ".join((str(error["message"]), *codes))
    return " ".join(str(error).split())[:300]


def _code(error: Any) -> int:
    """The status an error inside a 200 answer stands for; some gateways answer so."""
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 300 <= code < 600 else 400


def _wait(response: httpx.Response) -> float:
    """Seconds the server asks to wait, given as seconds or as a date; 0 when it asks nothing."""
    told = response.headers.get("retry-after", "").strip()
    with contextlib.suppress(ValueError):
        return max(0.0, float(told))
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


def _reply(data: Any) -> Reply:
    """A chat completion as values.  Raises ``WorkError`` for any other JSON."""
    try:
        choice = data["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError):
        fix = "LOCALIZE_LLM_URL must be the base address of an OpenAI-compatible API, usually ending in /v1"
        raise WorkError("the server's answer is not a chat completion", WHERE, fix) from None
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    finish = choice.get("finish_reason")
    declined = str(refusal) if refusal else "content_filter" if finish == "content_filter" else ""
    usage = data.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    tokens = (_count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens")))
    return Reply(content if isinstance(content, str) else "", finish == "length", declined, *tokens)


def _count(told: Any) -> int:
    return told if isinstance(told, int) and told > 0 else 0

"""Any server that speaks the OpenAI chat protocol: hosted, or on this machine (llama.cpp, vLLM, Ollama …).

Set ``LOCALIZE_LLM_URL`` (the base address that ends before ``/chat/completions``), ``LOCALIZE_LLM_MODEL`` and, where
the server wants one, ``LOCALIZE_LLM_KEY``.  Nothing is contacted unless they are set.  The dialogue lines, their scene,
the cast and terms are sent to that server; sound and picture never are.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from localize.backends.translation._chat_prompt import digest
from localize.roles import READY, Availability, Backend, Translation, TranslationRequest

if TYPE_CHECKING:
    from localize.backends.translation._chat_protocol import Endpoint

ADDRESS = "export LOCALIZE_LLM_URL=https://host/v1"
HOW = "export LOCALIZE_LLM_URL=http://127.0.0.1:8080/v1 LOCALIZE_LLM_MODEL=… (and maybe LOCALIZE_LLM_KEY)"
NUMBERS = {
    "concurrency": (1.0, "4"), "timeout": (1.0, "300"), "pause": (0.0, "30"), "price_in": (0.0, ""),
    "price_out": (0.0, ""),
}  # fmt: skip
"""Settings that are numbers: the least they may be, and what they are when nobody sets them."""


def _setting(options: Mapping[str, str], name: str) -> str:
    return (options.get(name) or os.environ.get(f"LOCALIZE_LLM_{name.upper()}", "")).strip()


def _number(options: Mapping[str, str], name: str) -> float | None:
    """A setting as a number, None when it is not set.  Raises ``ValueError`` when it is no number, or too small."""
    least, usual = NUMBERS[name]
    told = _setting(options, name) or usual
    if not told:
        return None
    number = float(told)
    if not math.isfinite(number) or number < least:
        raise ValueError(told)
    return number


def _available(options: Mapping[str, str]) -> Availability:
    for name in ("url", "model"):
        if not _setting(options, name):
            return Availability(False, f"LOCALIZE_LLM_{name.upper()} is not set", HOW)
        if name == "url" and not _setting(options, name).startswith(("http://", "https://")):
            return Availability(False, "LOCALIZE_LLM_URL is not an http address", ADDRESS)
    for name, (least, usual) in NUMBERS.items():
        try:
            _number(options, name)
        except ValueError:
            variable, told = f"LOCALIZE_LLM_{name.upper()}", _setting(options, name)
            fix = f"export {variable}={usual}" if usual else f"unset {variable}, or give a price per million tokens"
            return Availability(False, f"{variable} is {told!r}, not a number from {least:g} on", fix)
    return READY


def _identity(options: Mapping[str, str]) -> dict[str, str]:
    """The model and the prompt; never the address or the key."""
    return {"model": _setting(options, "model"), "prompt": digest()}


class Chat:
    """Asks the server for one or a few scenes at a time, ``limit`` questions side by side.

    ``price`` is per million tokens read and written.
    """

    def __init__(self, endpoint: Endpoint, limit: int = 4, price: tuple[float, float] | None = None) -> None:
        self._endpoint, self._limit, self._price = endpoint, limit, price

    def translate(self, requests: Sequence[TranslationRequest]) -> Iterator[Translation]:
        """Every line as soon as its batch is settled; what the model declined, lost or spoilt comes with a doubt.

        Raises ``WorkError`` when the server stays away and ``SetupError`` when it refuses key or model, after the
        batches that were answered.
        """
        from localize.backends.translation._chat_repair import batches

        stop = threading.Event()
        pool = ThreadPoolExecutor(self._limit, thread_name_prefix="chat")
        try:
            futures = [pool.submit(self._settled, batch, stop) for batch in batches(requests)]
            yield from _finished(futures)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _settled(self, batch: Sequence[TranslationRequest], stop: threading.Event) -> list[Translation]:
        from localize.backends.translation._chat_repair import Settling

        settling = Settling(lambda messages: self._endpoint.ask(messages, stop))
        settling.settle(batch)
        return list(settling.settled(batch, self._price))


def _finished(futures: Sequence[Future[list[Translation]]]) -> Iterator[Translation]:
    """Answers as they come.  After the first failure nothing new is begun; what is under way is still taken."""
    failures: dict[int, BaseException] = {}
    for future in as_completed(futures):
        if future.cancelled():
            continue
        error = future.exception()
        if error is None:
            yield from future.result()
        else:
            failures[futures.index(future)] = error
            for other in futures:
                other.cancel()
    if failures:
        raise failures[min(failures)]


def _load(options: Mapping[str, str]) -> Chat:
    from localize.backends.translation._chat_protocol import Endpoint

    url, model, key = (_setting(options, name) for name in ("url", "model", "key"))
    limit, timeout = int(_number(options, "concurrency") or 4), _number(options, "timeout") or 300.0
    pause = _number(options, "pause")
    longest = 30.0 if pause is None else pause
    prices = _number(options, "price_in"), _number(options, "price_out")
    price = None if prices == (None, None) else (prices[0] or 0.0, prices[1] or 0.0)
    return Chat(Endpoint(url, model, key, timeout=timeout, limit=limit, longest=longest), limit, price)


BACKEND = Backend(
    role="translation",
    name="openai_chat",
    version="4",
    summary="a language model behind an OpenAI-compatible address (LOCALIZE_LLM_URL)",
    licence="depends on the endpoint",
    commercial_use=None,
    load=_load,
    available=_available,
    identity=_identity,
)

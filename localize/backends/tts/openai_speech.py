"""Any server that speaks the OpenAI speech protocol: hosted, or on this machine (vLLM-Omni, CosyVoice, IndexTTS2 …).

Set ``LOCALIZE_TTS_URL`` (the base address that ends before ``/audio/speech``), ``LOCALIZE_TTS_MODEL`` and, where
the server wants one, ``LOCALIZE_TTS_KEY``.  Nothing is contacted unless they are set.  The words of each line are sent
to that server; a clip of a person's voice only where the table of its fields has a place for it and a consent is named.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from localize.errors import SetupError
from localize.roles import READY, Availability, Backend

if TYPE_CHECKING:
    from localize.backends.tts._speech_server import Server

HOW = "export LOCALIZE_TTS_URL=http://127.0.0.1:8091/v1 LOCALIZE_TTS_MODEL=… (and maybe LOCALIZE_TTS_KEY)"
KINDS = ("wav", "mp3", "pcm")
NUMBERS = {"timeout": (1.0, "300"), "pause": (0.0, "1"), "price": (0.0, ""), "pcm_rate": (8000.0, "24000")}
"""Settings that are numbers: the least they may be, and what they are when nobody sets them."""


def _setting(options: Mapping[str, str], name: str) -> str:
    return (options.get(name) or os.environ.get(f"LOCALIZE_TTS_{name.upper()}", "")).strip()


def _number(options: Mapping[str, str], name: str) -> float | None:
    least, usual = NUMBERS[name]
    told = _setting(options, name) or usual
    number = float(told) if told else None
    if number is not None and not (math.isfinite(number) and number >= least):
        raise ValueError(told)
    return number


def _available(options: Mapping[str, str]) -> Availability:
    from localize.backends.tts import _own_voices
    from localize.backends.tts._speech_request import fields_of

    for name in ("url", "model"):
        if not _setting(options, name):
            return Availability(False, f"LOCALIZE_TTS_{name.upper()} is not set", HOW)
    if not _setting(options, "url").startswith(("http://", "https://")):
        return Availability(False, "LOCALIZE_TTS_URL is not an http address", "export LOCALIZE_TTS_URL=https://host/v1")
    if Path(_setting(options, "model")).is_dir():
        fix = "unset LOCALIZE_TTS_URL to speak on this machine, or name a model of the server's"
        return Availability(False, "LOCALIZE_TTS_MODEL is a folder here, no model of the server's", fix)
    if _setting(options, "format") not in ("", *KINDS):
        told = f"LOCALIZE_TTS_FORMAT is {_setting(options, 'format')!r}"
        return Availability(False, told, f"one of {', '.join(KINDS)}, or unset it")
    for name, (least, usual) in NUMBERS.items():
        try:
            _number(options, name)
        except ValueError:
            variable = f"LOCALIZE_TTS_{name.upper()}"
            fix = f"export {variable}={usual}" if usual else f"unset {variable}"
            return Availability(False, f"{variable} is not a number from {least:g} on", fix)
    try:
        fields_of(_setting(options, "fields"))
        _own_voices.given(_setting(options, "voices"))
    except SetupError as error:
        return Availability(False, error.what, error.fix or HOW)
    return READY


def _identity(options: Mapping[str, str]) -> dict[str, str]:
    """Model, format and the tables; never the address or the key."""
    from localize.backends.tts import _own_voices
    from localize.backends.tts._speech_request import fields_of

    try:
        table, voices = repr(fields_of(_setting(options, "fields"))), _own_voices.digest(_setting(options, "voices"))
    except SetupError:
        return {}
    kind = _setting(options, "format") or "wav"
    return {"model": _setting(options, "model"), "format": kind, "fields": table, "voices": voices}


def _clones(options: Mapping[str, str]) -> bool:
    from localize.backends.tts._speech_request import fields_of

    try:
        return bool(fields_of(_setting(options, "fields")).audio)
    except SetupError:
        return False


def _load(options: Mapping[str, str]) -> Server:
    from localize.backends.tts import _own_voices
    from localize.backends.tts._speech_request import fields_of
    from localize.backends.tts._speech_server import Server

    pause = _number(options, "pause")
    return Server(
        _setting(options, "url"), _setting(options, "model"), _setting(options, "key"),
        fields_of(_setting(options, "fields")), _own_voices.given(_setting(options, "voices")),
        kind=_setting(options, "format") or "wav", timeout=_number(options, "timeout") or 300.0,
        pause=1.0 if pause is None else pause, price=_number(options, "price"),
        pcm_rate=int(_number(options, "pcm_rate") or 24_000),
    )  # fmt: skip


BACKEND = Backend(
    role="tts",
    name="openai_speech",
    version="1",
    summary="a voice engine behind an OpenAI-compatible address (LOCALIZE_TTS_URL)",
    licence="depends on the endpoint",
    commercial_use=None,
    load=_load,
    available=_available,
    identity=_identity,
    clones=_clones,
)

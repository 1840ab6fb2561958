"""The body of a request to a speech server, by a small table of field names."""

from __future__ import annotations

import base64
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from localize.errors import SetupError
from localize.media import audio
from localize.roles import Reference, SpeechRequest

RATE = 24_000
"""Hz of the clip that is sent: what these engines listen to, and a third of the bytes."""
NAMES = {
    "en": "English", "es": "Spanish", "pt": "Portuguese", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
    "fr": "French", "de": "German", "it": "Italian", "ru": "Russian", "id": "Indonesian", "th": "Thai",
    "vi": "Vietnamese", "ms": "Malay", "ar": "Arabic", "hi": "Hindi", "tr": "Turkish",
}  # fmt: skip
_STEP = re.compile(r"([^.\[\]]+)(\[0\])?")


@dataclass(frozen=True, slots=True)
class Fields:
    """One table of ``speech_servers.toml``."""

    audio: str = ""
    audio_as: str = "data"
    text: str = ""
    language: str = ""
    language_as: str = "code"
    emotion: str = ""
    seconds: str = ""
    milliseconds: str = ""
    speed: str = ""
    instead: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    with_emotion: Mapping[str, Any] = field(default_factory=dict)
    seen: str = ""


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("localize.backends.tts") / "speech_servers.toml").read_text("utf-8"))


def fields_of(named: str) -> Fields:
    """A shipped table by its name (``openai`` for none), or a file of the person's.  Raises ``SetupError``."""
    told: Mapping[str, Any] | None = _tables().get(named or "openai")
    if told is None:
        try:
            told = tomllib.loads(Path(named).expanduser().read_text("utf-8"))
        except (OSError, ValueError) as error:
            fix = f"one of {', '.join(_tables())}, or a TOML file with the same keys"
            raise SetupError(f"LOCALIZE_TTS_FIELDS is {named!r}: {error}", fix=fix) from error
    known = {one.name for one in fields(Fields)}
    if strange := sorted(set(told) - known):
        raise SetupError(f"{strange[0]} is no key of such a table", named, f"known: {', '.join(sorted(known))}")
    made = Fields(**told)
    if made.audio_as not in ("data", "base64", "file") or made.language_as not in ("code", "name"):
        raise SetupError("audio_as is data, base64 or file; language_as is code or name", named)
    return made


@dataclass(frozen=True, slots=True)
class Body:
    """``form`` with uploads where there is a ``file``, else JSON."""

    told: dict[str, Any]
    file: tuple[str, bytes] | None = None


def body(
    request: SpeechRequest, words: str, voice: str, model: str, kind: str, table: Fields, speed: float = 1.0
) -> Body:
    """What is sent for one line.  ``voice`` is the server's name for it; ``kind`` the format asked for."""
    told: dict[str, Any] = {"model": model, "input": words, "response_format": kind}
    clip = request.reference if table.audio else None
    if voice and not (clip is not None and table.instead):
        told["voice"] = voice
    low = request.language.partition("-")[0].lower()
    _put(told, table.language, NAMES.get(low, low) if table.language_as == "name" else low)
    if request.emotion and table.emotion:
        _put(told, table.emotion, request.emotion)
        told.update(table.with_emotion)
    if request.seconds > 0:
        _put(told, table.seconds, round(request.seconds, 3))
        _put(told, table.milliseconds, round(1000 * request.seconds))
    if speed != 1.0:
        _put(told, table.speed, round(speed, 3))
    if clip is None:
        return Body(told)
    told.update(table.more)
    _put(told, table.text, clip.text)
    data = _wav(clip)
    if table.audio_as == "file":
        return Body(told, (table.audio, data))
    coded = base64.b64encode(data).decode("ascii")
    _put(told, table.audio, f"data:audio/wav;base64,{coded}" if table.audio_as == "data" else coded)
    return Body(told)


def _put(told: dict[str, Any], path: str, value: Any) -> None:
    """Set ``references[0].audio`` and the like; nothing for an empty path or value."""
    if not path or value == "":
        return
    *outer, last = _STEP.findall(path)
    place: Any = told
    for name, many in outer:
        place = place.setdefault(name, [{}] if many else {})
        place = place[0] if many else place
    place[last[0]] = [value] if last[1] else value


def _wav(clip: Reference) -> bytes:
    import soundfile

    low = audio.resample(audio.mono(clip.sound), clip.rate, RATE)
    file = io.BytesIO()
    soundfile.write(file, np.clip(low, -1, 1), RATE, "PCM_16", format="WAV")
    return file.getvalue()

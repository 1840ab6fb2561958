"""XTTS and VITS through ``TTS`` (coqui-tts): voices cloned from a clip, or a model's own speakers.

``LOCALIZE_TTS_MODEL`` names an imported model or a folder, see ``_coqui_models.py``; nothing is ever downloaded.  XTTS
takes a voice from ``SpeechRequest.reference``; without one, and with VITS, one of the model's own speakers stands in.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from localize.backends.asr._hardware import here
from localize.backends.tts import _coqui_models as models
from localize.backends.tts import _own_voices
from localize.backends.tts._coqui_loading import INSTALL
from localize.backends.tts._coqui_models import Model, setting
from localize.errors import SetupError
from localize.roles import Availability, Backend

if TYPE_CHECKING:
    from localize.roles import Speech, SpeechRequest

CODE = "MPL-2.0 (coqui-tts)"
BRING = "localize models fetch xtts-v2, or set LOCALIZE_TTS_MODEL to the folder of an XTTS or VITS model"


class Coqui:
    """One opened model.  One line at a time: the library draws its random numbers from the process."""

    def __init__(self, model: Model, options: Mapping[str, str]) -> None:
        from localize.backends.tts._coqui_loading import opened
        from localize.backends.tts._coqui_voices import Vits, Xtts

        made = opened(model, models.device(model, here(), options))
        own = _own_voices.given(setting(options, "voices"))
        self._voice = Xtts(made, model, own) if model.family == "xtts" else Vits(made, model, own)
        self._lock = threading.Lock()

    def speak(self, request: SpeechRequest) -> Speech:
        """The same request gives the same samples on the same machine; a 60-second line is said in pieces.

        Raises ``InputError`` for text or a clip that will not do, ``WorkError`` when the model fails.
        """
        with self._lock:
            return self._voice.speak(request)


def _missing(options: Mapping[str, str]) -> tuple[str, ...]:
    """The markets in question whose language the model does not speak."""
    found = models.chosen(options)
    told = options.get("market") or options.get("markets", "")
    return tuple(code for code in told.split(",") if code and isinstance(found, Model) and not found.code(code))


def _available(options: Mapping[str, str]) -> Availability:
    for package in ("TTS", "torch", "torchaudio", "six"):
        if find_spec(package) is None:
            what = "coqui-tts" if package == "TTS" else package
            return Availability(False, f"the package {what} is not installed", INSTALL)
    found = models.chosen(options)
    if isinstance(found, str):
        return Availability(False, found, BRING)
    try:
        device = models.device(found, here(), options)
        _own_voices.given(setting(options, "voices"))
    except SetupError as error:
        return Availability(False, error.what, error.fix)
    mute = _missing(options)
    if mute and len(mute) == len((options.get("market") or options["markets"]).split(",")):
        fix = "--engine tts=espeak, --deliver sub, or leave the market to another run"
        return Availability(False, f"{found.name} does not speak {', '.join(mute)}", fix)
    where = "a CUDA card" if device == "cuda" else "the CPU"
    return Availability(True, f"{found.name} on {where}" + (f"; does not speak {', '.join(mute)}" if mute else ""))


def _load(options: Mapping[str, str]) -> Coqui:
    found = models.chosen(options)
    if isinstance(found, str):
        raise SetupError(found, "tts engine coqui", BRING)
    return Coqui(found, options)


def _identity(options: Mapping[str, str]) -> dict[str, str]:
    found = models.chosen(options)
    if isinstance(found, str):
        return {}
    return {"model": f"{found.name} {found.digest[:16]}", "voices": _own_voices.digest(setting(options, "voices"))}


def _terms(options: Mapping[str, str]) -> tuple[str, bool | None] | None:
    found = models.chosen(options)
    if isinstance(found, str):
        return None
    licence, commercial = found.terms
    return f"{licence} ({found.name}); {CODE}", commercial


def _clones(options: Mapping[str, str]) -> bool:
    found = models.chosen(options)
    return isinstance(found, Model) and found.family == "xtts"


BACKEND = Backend(
    role="tts",
    name="coqui",
    version="0.28-1",
    summary="XTTS or VITS on this machine; XTTS clones consenting actors",
    licence=f"{CODE}; XTTS weights: Coqui Public Model License, non-commercial",
    commercial_use=None,
    load=_load,
    available=_available,
    needs="clone",
    identity=_identity,
    terms=_terms,
    by_market=True,
    clones=_clones,
)

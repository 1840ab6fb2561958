"""What both engines that run a Whisper on CTranslate2 are told: the model's folder, the machine, what primes it.

- ``model``, ``LOCALIZE_ASR_MODEL``: the folder of a converted model, or of several; the largest that suits is taken.
- ``device``, ``LOCALIZE_ASR_DEVICE``: ``cuda`` or ``cpu``; else what the machine has.
- ``compute``, ``LOCALIZE_ASR_COMPUTE``: CTranslate2's number type (``int8``, ``float16`` …); else what memory carries.
- ``batch``, ``LOCALIZE_ASR_BATCH``: pieces decoded side by side; 1 is one after the other.
- ``prompt``, ``LOCALIZE_ASR_PROMPT``: primes the model; else a sentence of the language does.
- ``hotwords``, ``LOCALIZE_ASR_HOTWORDS``: words it should expect.
- ``names``: those of the cast, which it should expect as well; a run fills them in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from localize.backends.asr._hardware import Running, chosen, here, models
from localize.backends.asr._languages import prompt_for
from localize.errors import SetupError
from localize.roles import Availability

_DEVICES = ("cuda", "cpu")


def setting(options: Mapping[str, str], name: str) -> str:
    """An option, else its environment variable, else nothing."""
    return options.get(name) or os.environ.get(f"LOCALIZE_ASR_{name.upper()}", "")


def running(options: Mapping[str, str]) -> Running:
    """The model and how it runs here.  Raises ``SetupError`` for a folder without a model and a senseless wish."""
    folder = Path(setting(options, "model"))
    known = models(folder)
    if not known:
        raise SetupError(f"{folder} holds no model.bin", fix="convert the model with ct2-transformers-converter")
    wishes = {name: value for name in ("device", "compute", "batch") if (value := setting(options, name))}
    if wishes.get("device", "cpu") not in _DEVICES:
        what = f"LOCALIZE_ASR_DEVICE is {wishes['device']!r}"
        raise SetupError(what, fix=f"one of {', '.join(_DEVICES)}, or leave it out")
    if not wishes.get("batch", "1").isdecimal() or int(wishes.get("batch", "1")) < 1:
        raise SetupError(f"LOCALIZE_ASR_BATCH is {wishes['batch']!r}", fix="a whole number from 1, or leave it out")
    return chosen(known, here(), wishes)


def available(options: Mapping[str, str], package: str, command: str) -> Availability:
    """Ready, with how it would run; or what is missing: the package, the folder, a model in it."""
    if find_spec(package) is None:
        return Availability(False, f"the package {package} is not installed", command)
    if not setting(options, "model"):
        fix = "set LOCALIZE_ASR_MODEL to a converted model's folder"
        return Availability(False, "no Whisper model was named", fix)
    try:
        return Availability(True, running(options).why)
    except SetupError as error:
        return Availability(False, error.what, error.fix)


def identity(options: Mapping[str, str]) -> dict[str, str]:
    """The model by its folder's name and the size of its weights, the number type, and what primes it."""
    run = running(options)
    size = (run.folder / "model.bin").stat().st_size
    primed = {name: setting(options, name) for name in ("prompt", "hotwords")}
    primed |= {"names": options["names"]} if options.get("names") else {}
    side = "side by side" if run.batch > 1 else "one after the other"
    return {"model": run.folder.name, "bytes": str(size), "compute": run.compute, "pieces": side, **primed}


def primer(options: Mapping[str, str], language: str) -> str:
    """What the model is primed with: the person's prompt or a sentence of the language, then the expected words."""
    prompt = setting(options, "prompt") or prompt_for(language)
    return " ".join(part for part in (prompt, setting(options, "hotwords"), options.get("names", "")) if part)

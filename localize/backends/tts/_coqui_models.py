"""Which model of ``TTS`` (coqui-tts) speaks, what it speaks, under which terms, and on what.

- ``model``, ``LOCALIZE_TTS_MODEL``: the name of an imported model, or a folder; else the first model that is here.
- ``device``, ``LOCALIZE_TTS_DEVICE``: ``cuda`` or ``cpu``; else what the machine has.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from localize.backends.asr._hardware import GIB, Hardware
from localize.errors import SetupError
from localize.model_cards import SPEAKING, Installed, digest_of, installed, known

XTTS = "xtts-v2"
"""The card whose terms hold for every XTTS: its weights, and what is trained from them."""
ROOM = 2.5
"""Memory a model needs, in sizes of its weights: the file is read whole beside the model it fills, and speaking takes
some (computed, not measured on real weights)."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model's folder.  ``languages`` are the model's own codes (``zh-cn``), ``record`` is None for a bare folder."""

    name: str
    folder: Path
    family: str
    languages: tuple[str, ...]
    record: Installed | None = None

    @property
    def weights(self) -> Path:
        return weights_in(self.folder)

    @property
    def terms(self) -> tuple[str, bool | None]:
        """Licence and commercial use of the weights."""
        if self.record is not None:
            return self.record.card.licence, self.record.card.commercial
        if self.family == "xtts":
            return known()[XTTS].licence, known()[XTTS].commercial
        return "licence of the weights not stated", None

    @property
    def digest(self) -> str:
        """SHA-256 of its files."""
        if self.record is not None:
            return self.record.digest
        files = sorted(path for path in self.folder.iterdir() if path.suffix in (".pth", ".json") and path.is_file())
        return _digest(tuple((path, path.stat().st_size, path.stat().st_mtime_ns) for path in files))

    def code(self, tag: str) -> str:
        """The model's own code for a BCP 47 tag (``pt-BR`` → ``pt``); empty where it does not speak it."""
        low = tag.lower()
        bare = low.partition("-")[0]
        return next((one for one in (low, {"zh": "zh-cn"}.get(bare, bare)) if one in self.languages), "")


@cache
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Read once per process and state of the folder."""
    told = "".join(f"{digest_of(path)}  {path.name}\n" for path, *_ in files)
    return hashlib.sha256(told.encode()).hexdigest()


def setting(options: Mapping[str, str], name: str) -> str:
    """An option, else its environment variable, else nothing."""
    return (options.get(name) or os.environ.get(f"LOCALIZE_TTS_{name.upper()}", "")).strip()


def weights_in(folder: Path) -> Path:
    """``model.pth`` (XTTS), or whatever else the only weights are called (``model_file.pth``, ``best_model.pth``)."""
    named = folder / "model.pth"
    others = sorted(path for path in folder.glob("*model*.pth") if path != named)
    return named if named.is_file() or not others else others[0]


def chosen(options: Mapping[str, str]) -> Model | str:
    """The model that would speak, or why there is none."""
    named = setting(options, "model")
    here = {name: one for name, one in installed().items() if one.card.family in SPEAKING}
    if named in here or (not named and here):
        record = here[named] if named else next(iter(here.values()))
        lacks = record.lacks()
        return f"the model {record.name} is damaged: {lacks}" if lacks else _of(record)
    if not named:
        return "no XTTS or VITS model is here"
    folder = Path(named).expanduser()
    return _bare(folder) if folder.is_dir() else f"LOCALIZE_TTS_MODEL is {named!r}, neither a model here nor a folder"


def _of(record: Installed) -> Model:
    config = config_in(record.folder) or {}
    languages = _told(config) or record.card.languages
    return Model(record.name, record.folder, record.card.family, languages, record)


def _bare(folder: Path) -> Model | str:
    config = config_in(folder)
    if config is None:
        return f"no config.json that can be read is in {folder}"
    family = str(config.get("model", ""))
    if family not in SPEAKING:
        return f"{folder.name} is a {family or 'model of no known kind'}, neither XTTS nor VITS"
    missing = [name for name in ("vocab.json",) if family == "xtts" and not (folder / name).is_file()]
    if not weights_in(folder).is_file():
        missing.append("model.pth")
    if missing:
        return f"{' and '.join(missing)} is missing in {folder}"
    languages = _told(config)
    return Model(folder.resolve().name, folder.resolve(), family, languages) if languages else _wordless(folder)


def _wordless(folder: Path) -> str:
    return f"{folder.name} does not say which language it speaks"


def _told(config: Mapping[str, Any]) -> tuple[str, ...]:
    """What a configuration says that the model speaks; nothing where it says nothing."""
    if config.get("model") == "xtts":
        return tuple(str(one) for one in config.get("languages") or ())
    several = [str(row.get("language") or "") for row in config.get("datasets") or () if isinstance(row, dict)]
    phonemes = str(config.get("phoneme_language") or "")
    return tuple(dict.fromkeys(one.lower().partition("-")[0] for one in (phonemes, *several) if one))


def config_in(folder: Path) -> dict[str, Any] | None:
    """``config.json``, None where it cannot be read."""
    try:
        told = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def device(model: Model, machine: Hardware, options: Mapping[str, str]) -> str:
    """``cuda`` where a card has the room, else ``cpu``.  Raises ``SetupError`` for a senseless wish or no room."""
    wish = setting(options, "device")
    if wish not in ("", "cpu", "cuda"):
        raise SetupError(f"LOCALIZE_TTS_DEVICE is {wish!r}", fix="cuda or cpu, or leave it out")
    needed = ROOM * model.weights.stat().st_size
    if wish == "cuda" and not machine.cuda_memory:
        raise SetupError("LOCALIZE_TTS_DEVICE is 'cuda', and there is no CUDA card", fix="LOCALIZE_TTS_DEVICE=cpu")
    if wish != "cpu" and machine.cuda_memory >= needed:
        return "cuda"
    if wish == "cuda" or machine.memory < needed:
        what = f"{model.name} needs about {needed / GIB:.1f} GiB of memory, more than there is"
        raise SetupError(what, fix="LOCALIZE_TTS_DEVICE=cpu, a smaller model, or a machine with more memory")
    return "cpu"

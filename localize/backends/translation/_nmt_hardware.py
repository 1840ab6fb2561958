"""How a local model runs here: device, number type, batch and threads, a pure choice from ``nmt_hardware.toml``.

- ``device``, ``LOCALIZE_MT_DEVICE``: ``cuda`` or ``cpu``; else what the machine has.
- ``compute``, ``LOCALIZE_MT_COMPUTE``: the number type (``int8``, ``float32`` …); else what memory carries.
- ``batch``, ``LOCALIZE_MT_BATCH``: texts side by side; else the table's.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from localize.backends.asr._hardware import GIB, Hardware
from localize.backends.translation._nmt_models import setting
from localize.errors import SetupError
from localize.model_cards import Installed

DEVICES = ("cuda", "cpu")
NARROW = ("bfloat16", "float16")


@dataclass(frozen=True, slots=True)
class Running:
    """``device`` cuda or cpu, the number type, texts side by side, CPU threads."""

    device: str
    compute: str
    batch: int
    threads: int

    @property
    def told(self) -> str:
        where = "a CUDA card" if self.device == "cuda" else f"{self.threads} CPU cores"
        return f" in {self.compute} on {where}"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.backends.translation") / "nmt_hardware.toml").read_text("utf-8"))


def running(engine: str, models: Sequence[Installed], machine: Hardware, options: Mapping[str, str]) -> Running:
    """How ``models`` run side by side.  Raises ``SetupError`` for a senseless wish and for too little memory."""
    device, compute, batch = (setting(options, name) for name in ("device", "compute", "batch"))
    if device and device not in DEVICES:
        raise SetupError(f"LOCALIZE_MT_DEVICE is {device!r}", fix=f"one of {', '.join(DEVICES)}, or leave it out")
    if batch and not (batch.isdecimal() and int(batch)):
        raise SetupError(f"LOCALIZE_MT_BATCH is {batch!r}", fix="a whole number from 1, or leave it out")
    count = sum(parameters(one) for one in models)
    rows = [row for row in _table()[engine] if device in ("", row["device"]) and _fast(row, machine)]
    if not rows:
        card = "too old for it" if machine.cuda_capability else "not there"
        fix = "LOCALIZE_MT_DEVICE=cpu, or leave it out"
        raise SetupError(f"LOCALIZE_MT_DEVICE is {device!r}, but the CUDA card is {card}", fix=fix)
    for row in rows:
        width = row["bytes"] if not compute or compute == row["compute"] else 6.0
        if width * count <= _table()["spare"] * _room(row["device"], machine):
            chosen = compute or row["compute"]
            return Running(row["device"], chosen, int(batch or row["batch"]), machine.cores)
    needed = min(row["bytes"] for row in rows) * count / GIB
    names = " and ".join(one.name for one in models)
    what = f"{names} needs about {needed:.1f} GiB of memory, more than {device or 'this machine'} has to spare"
    raise SetupError(what, fix="use a smaller model (localize models list), or a machine with more memory")


def _fast(row: Mapping[str, Any], machine: Hardware) -> bool:
    return bool(row["device"] == "cpu" or machine.cuda_capability >= row["capability"])


def _room(device: str, machine: Hardware) -> int:
    return machine.cuda_memory if device == "cuda" else machine.memory


def parameters(model: Installed) -> int:
    """How many numbers the weights are, from the size of their files and the type they are stored in."""
    weights = [size for path, _, size in model.files if path.endswith((".safetensors", ".bin"))]
    return sum(weights) // (2 if model.converted else _stored(model))


def _stored(model: Installed) -> int:
    """Bytes per number on the disk, as ``config.json`` says."""
    try:
        told = json.loads((model.folder / "config.json").read_text("utf-8"))
        kind = told.get("dtype") or told.get("torch_dtype") or ""
    except (OSError, ValueError, AttributeError):
        kind = ""
    return 2 if kind in NARROW else 4

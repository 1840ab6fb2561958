"""Which model, number type and batch this machine carries: a pure choice from ``hardware.toml``, with its reason."""

from __future__ import annotations

import ctypes
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Hardware:
    """A machine: CPU cores this process may use, memory in bytes, and the memory and CUDA compute capability
    (major number) of its first graphics card; 0 without one."""

    cores: int
    memory: int
    cuda_memory: int = 0
    cuda_capability: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """How to run: ``folder`` of the model, ``device`` cuda or cpu, CTranslate2's ``compute`` type, how many pieces side
    by side (``batch``, 1 is one after the other), CPU ``threads``, and why."""

    folder: Path
    device: str
    compute: str
    batch: int
    threads: int
    why: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.backends.asr") / "hardware.toml").read_text("utf-8"))


def models(folder: Path) -> tuple[tuple[Path, int], ...]:
    """Converted models with the bytes of their weights, smallest first: the folder itself, or those in it."""
    if (folder / "model.bin").is_file():
        return ((folder, (folder / "model.bin").stat().st_size),)
    found = ((path.parent, path.stat().st_size) for path in sorted(folder.glob("*/model.bin")))
    return tuple(sorted(found, key=lambda one: one[1]))


def chosen(known: Sequence[tuple[Path, int]], machine: Hardware, wishes: Mapping[str, str] | None = None) -> Running:
    """The largest of the ``known`` models that fits and is not too slow, else the smallest; ``known`` is not empty.

    ``wishes`` may fix ``device`` (cuda, cpu), ``compute`` and ``batch``; the rest is still chosen.
    """
    wishes, among = wishes or {}, len(known)
    fitting = [(one, run) for one in known if (run := _fitting(one, machine, wishes)) is not None]
    slowest = _table()["speed"]["slowest"]
    quick = [(one, run) for one, run in fitting if run[0] == "cuda" or _speed(one[1], machine) <= slowest]
    if fitting:
        model, (device, compute, batch) = quick[-1] if quick else fitting[0]
        return _running(model, machine, device, wishes.get("compute") or compute, batch, among)
    device = wishes.get("device") or ("cuda" if machine.cuda_memory else "cpu")
    batch = int(wishes.get("batch") or 1)
    tight = _running(known[0], machine, device, wishes.get("compute") or "int8", batch, among)
    return replace(tight, why=f"{tight.why}; memory may not suffice")


def _fitting(model: tuple[Path, int], machine: Hardware, wishes: Mapping[str, str]) -> tuple[str, str, int] | None:
    """Device, number type and batch of the first row of the table that carries the model."""
    for row in _table()["run"]:
        on_card = row["device"] == "cuda"
        if wishes.get("device", row["device"]) != row["device"] or machine.cores < row.get("cores", 1):
            continue
        if on_card and machine.cuda_capability < row["capability"]:
            continue
        room = _table()["spare"] * (machine.cuda_memory if on_card else machine.memory)
        batches = [int(wishes["batch"])] if wishes.get("batch") else row["batches"]
        for batch in batches:
            if (row["weights"] + batch * row["item"]) * model[1] <= room:
                return row["device"], row["compute"], batch
    return None


def _speed(weights: int, machine: Hardware) -> float:
    """Seconds of work per second of sound on the CPU."""
    known = _table()["speed"]
    return float(known["seconds"] / known["sound"] * weights / known["bytes"] * known["cores"] / machine.cores)


def _running(model: tuple[Path, int], machine: Hardware, device: str, compute: str, batch: int, among: int) -> Running:
    folder, weights = model
    if device == "cuda":
        where = f"CUDA card with {machine.cuda_memory / GIB:.0f} GiB"
    else:
        where = f"{machine.cores} CPU cores, about {_speed(weights, machine):.1f} s of work per second of sound"
    of = f", the largest of {among} models that suits" if among > 1 else ""
    side = f", {batch} pieces side by side" if batch > 1 else ""
    return Running(folder, device, compute, batch, machine.cores, f"{folder.name} in {compute} on a {where}{side}{of}")


# ── this machine ────────────────────────────────────────────────────────────────────────────────────────────────────
@cache
def here() -> Hardware:
    """The machine this runs on, asked once and cheaply: no CUDA library is imported."""
    memory, capability = _card()
    return Hardware(len(os.sched_getaffinity(0)), _memory(), memory, capability)


def _memory() -> int:
    """Bytes of memory the kernel or the control group grants; not what is free now, or a rerun would choose anew."""
    told = Path("/proc/meminfo")
    rows = told.read_text("ascii").splitlines() if told.exists() else []
    whole = next((int(row.split()[1]) * 1024 for row in rows if row.startswith("MemTotal")), 4 * GIB)
    try:
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    except (OSError, ValueError):
        return whole


def _card() -> tuple[int, int]:
    """Memory and compute capability of the first CUDA card CUDA_VISIBLE_DEVICES leaves; zeros without one."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0, 0
    device, size, major = ctypes.c_int(), ctypes.c_size_t(), ctypes.c_int()
    asked: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("cuInit", (0,)),
        ("cuDeviceGet", (ctypes.byref(device), 0)),
        ("cuDeviceTotalMem_v2", (ctypes.byref(size), device)),
        ("cuDeviceGetAttribute", (ctypes.byref(major), 75, device)),  # COMPUTE_CAPABILITY_MAJOR
    )
    told = all(getattr(driver, name)(*given) == 0 for name, given in asked)
    return (size.value, major.value) if told else (0, 0)

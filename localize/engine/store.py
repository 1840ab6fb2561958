"""Files named by their content and the receipts that say what made them.

Layout under the root: ``files/<aa>/<sha256>``, ``receipts/<aa>/<key>.json``, ``scratch/`` for work in progress.
Everything is written under a hidden name, flushed to disk and renamed; the receipt comes last and the first one wins,
so a killed run leaves either the whole answer or nothing.  The store can be deleted at any time: it costs only time.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from localize.episode import Asset
from localize.errors import InputError, WorkError

FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
"""What the system calls a disk, a quota or a file-size limit that is used up."""

ROOM = 1 << 20
"""Bytes; a disk with less than this free is full for every purpose here."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One answer and everything it depended on.  ``answer`` and ``recipe`` are JSON data; ``seconds`` the work took.

    ``backend``, ``version`` and ``licence`` say which engine answered; they are empty where none was asked.
    """

    key: str
    stage: str
    title: str
    recipe: Any
    answer: Any
    made: str
    seconds: float
    machine: str
    backend: str = ""
    version: str = ""
    licence: str = ""


def digest_of(path: Path) -> str:
    """SHA-256 in hex of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Store:
    """A local folder of files and receipts.  One opened with ``read_only`` makes no folder and sweeps nothing."""

    def __init__(self, root: Path, read_only: bool = False) -> None:
        self.root = root
        if read_only:
            return
        try:
            for name in ("files", "receipts", "scratch"):
                (root / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"the store cannot be created: {error.strerror}", str(root), "choose --store DIR"
            ) from error
        self._sweep()

    def path(self, asset: Asset) -> Path:
        return self.root / "files" / asset.digest[:2] / asset.digest

    def keep(self, path: Path, kind: str) -> Asset:
        """Move a finished file into the store; a twin that is already there is adopted."""
        asset = Asset(digest_of(path), kind, path.stat().st_size)
        target = self.path(asset)
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        try:
            path.replace(target)
        except OSError as error:
            raise disk_error(error, target) from error
        return asset

    def receipt(self, key: str) -> Receipt | None:
        """The receipt under ``key``, if it is whole and every file it names is still there."""
        path = self.receipt_path(key)
        try:
            receipt = Receipt(**json.loads(path.read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return receipt if all(self._whole(asset) for asset in assets_in(receipt.answer)) else None

    def commit(self, receipt: Receipt) -> Receipt:
        """Write ``receipt`` unless somebody was first; returns the one that counts.

        A receipt that is damaged or names files that are gone does not count and gives way.
        """
        path = self.receipt_path(receipt.key)
        temporary = self.root / "scratch" / f"{os.getpid()}-{secrets.token_hex(4)}.json"  # swept after a kill
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(temporary, json.dumps(asdict(receipt), ensure_ascii=False, indent=1))
            while not _linked(temporary, path):
                earlier = self.receipt(receipt.key)
                if earlier is not None:
                    return earlier
                self._remove(receipt.key, None)
        except OSError as error:
            raise disk_error(error, path) from error
        finally:
            temporary.unlink(missing_ok=True)
        return receipt

    def drop(self, receipt: Receipt) -> None:
        """Forget a receipt that can no longer be used; one that took its place meanwhile stays."""
        self._remove(receipt.key, receipt)

    def _remove(self, key: str, expected: Receipt | None) -> None:
        """Take the file of a receipt away while it still reads as ``expected``; None is a broken one.

        Receipts are only ever taken away under this lock and never replaced in place, so what was read is what goes.
        """
        from filelock import FileLock

        path = self.receipt_path(key)
        with FileLock(self.root / "receipts" / ".lock"):
            if path.exists() and self.receipt(key) == expected:
                path.unlink()

    def scratch(self) -> Path:
        """A fresh folder on the same disk, named after this process."""
        folder = self.root / "scratch" / f"{os.getpid()}-{secrets.token_hex(4)}"
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise disk_error(error, folder) from error
        return folder

    def full(self, error: BaseException) -> bool:
        """Whether ``error`` comes from a disk without room; codecs only say that something went wrong."""
        named = isinstance(error, OSError) and error.errno in FULL
        return named or shutil.disk_usage(self.root).free < ROOM

    def receipt_path(self, key: str) -> Path:
        """Where the receipt under ``key`` lies, or would."""
        return self.root / "receipts" / key[:2] / f"{key}.json"

    def _whole(self, asset: Asset) -> bool:
        try:
            return self.path(asset).stat().st_size == asset.size
        except OSError:
            return False

    def _sweep(self) -> None:
        """Remove what runs that no longer live left in scratch."""
        for left in (self.root / "scratch").iterdir():
            owner = left.name.partition("-")[0]
            if owner.isdigit() and Path(f"/proc/{owner}").exists():
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _linked(temporary: Path, path: Path) -> bool:
    """Give a finished file its name; False when the name is taken."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    return True


def assets_in(data: Any) -> Iterator[Asset]:
    """Every asset named anywhere in JSON data."""
    if isinstance(data, dict):
        if data.keys() == {"digest", "kind", "size"}:
            yield Asset(**data)
        else:
            for value in data.values():
                yield from assets_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from assets_in(value)


def write_whole(path: Path, text: str) -> None:
    """Write and flush to disk; the caller renames or links."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def disk_full(where: Path) -> WorkError:
    """No room left, and what to do."""
    return WorkError("the disk is full", str(where), "free some space, then run the same command again")


def disk_error(error: OSError, path: Path) -> WorkError:
    """A full or broken disk in words."""
    if error.errno in FULL:
        return disk_full(path.parent)
    return WorkError(f"cannot write: {error.strerror}", str(path), "check the folder's permissions, then run again")

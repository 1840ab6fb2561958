"""Delivery on disk: ``<out>/<market>/v1``, ``v2`` … each whole or not there at all, and never touched again.

A version is built in a hidden sibling (``.v2.partial-…``), flushed to disk and renamed in place.  Whoever
loses the race for a number takes the next one.  The builder holds a lock on its folder, so leftovers of dead
runs are told apart from work in progress and cleaned away.  Files are copies: the store may be deleted
afterwards.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from localize.errors import InputError, LocalizeError, WorkError
from localize.formats.changes import Change, changes, changes_md
from localize.stages._release import MANIFEST, Release, kinds, latest, next_number, same, size

Files = Mapping[str, Path | bytes | str]
"""File name (relative, ``/`` for folders) → where its bytes lie, or the bytes or text themselves."""

CHANGES = "changes.md"
SCHEMA = 1
_PARTIAL = ".v*.partial-*"
_SPARE = 4 * 1024 * 1024
"""Bytes that must stay free beside the files themselves, for folders, manifest and change list."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a version's files may want to know: its number, the one before (0: none) and what changed."""

    number: int
    previous: int
    changes: tuple[Change, ...]


def deliver(
    out: Path, market: str, files: Files | Callable[[Edition], Files], manifest: Mapping[str, Any], key: str,
    taken: int = 0,
) -> Release:  # fmt: skip
    """Put one version of ``market`` in place; when the newest one of its kinds has the same ``key`` and is whole,
    return that instead.  What changed is told against the newest one of its kinds, else against the newest.

    ``files`` may be a function of the edition, for names and texts that hold the version's number; it is
    called again when another run was faster.  ``taken`` is the highest number that is on record elsewhere: a number is
    given once, wherever its version went.  ``manifest`` should hold ``lines``, ``settings``, ``engines``
    (see ``formats.changes``).  Raises ``InputError`` for a folder that cannot be written or is too small,
    ``WorkError`` when the disk fails half-way; nothing half-written stays in either case.
    """
    place = out / market
    _open_place(place)
    _sweep(place)
    while True:
        twin, damage = same(out, market, manifest, key)
        if twin is not None and not damage:
            return twin
        before = twin or latest(out, market, kinds(manifest)) or latest(out, market)
        changed = changes(before.manifest, manifest) if before else ()
        if damage:
            changed = (*changed, Change("file", f"{damage}: delivered again", "", "", ""))
        edition = Edition(next_number(out, market, taken), before.number if before else 0, changed)
        contents = files(edition) if callable(files) else files
        _check(contents)
        _room(place, contents)
        facts = {"made": datetime.now(UTC).isoformat(timespec="seconds"), **manifest, "schema": SCHEMA,
                 "market": market, "number": edition.number, "previous": edition.previous, "key": key,
                 "changes": [change.text for change in changed]}  # fmt: skip
        release = _build(place, edition, contents, facts)
        if release is not None:
            return replace(release, instead=damage)


def _build(place: Path, edition: Edition, contents: Files, facts: dict[str, Any]) -> Release | None:
    """Write everything, then rename; None when the number was taken meanwhile."""
    target = place / f"v{edition.number}"
    try:
        with _partial(place, edition.number) as folder:
            sums = {name: _write(folder / name, content) for name, content in contents.items()}
            told = changes_md(str(facts["market"]), edition.number, edition.previous, edition.changes)
            sums[CHANGES] = _write(folder / CHANGES, told)
            text = json.dumps({**facts, "files": sums}, ensure_ascii=False, indent=1, default=str) + "\n"
            _write(folder / MANIFEST, text)
            for path in (*folder.rglob("*"), folder):  # all written first: the disk works on the rest meanwhile
                _flush(path)
            if not _renamed(folder, target):
                return None
        _flush(place)
    except OSError as error:
        raise _told(error, place) from error
    return Release(target, edition.number, json.loads(text), new=True)


def _renamed(folder: Path, target: Path) -> bool:
    """Put the finished folder in place; false when somebody else's version (never empty) stands there."""
    try:
        os.rename(folder, target)  # noqa: PTH104 - the plain call, which refuses a folder that is not empty
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            return False
        raise
    return True


@contextlib.contextmanager
def _partial(place: Path, number: int) -> Iterator[Path]:
    """A hidden folder locked by this run; gone afterwards unless it was renamed."""
    while True:
        folder = place / f".v{number}.partial-{secrets.token_hex(6)}"
        folder.mkdir()
        with contextlib.suppress(FileNotFoundError):  # a sweeping run took it before it was locked
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if folder.exists():
                break
            os.close(held)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _sweep(place: Path) -> None:
    """Remove what runs that no longer live left behind; a folder somebody holds the lock of is left alone."""
    for folder in place.glob(_PARTIAL):
        with contextlib.suppress(OSError):  # somebody else's work, or swept by another run at the same time
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(held)


def _write(path: Path, content: Path | bytes | str) -> dict[str, Any]:
    """Copy or write one file; its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        for chunk in _chunks(content):
            target.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _chunks(content: Path | bytes | str) -> Iterator[bytes]:
    if isinstance(content, Path):
        try:
            source = content.open("rb")
        except OSError as error:
            raise WorkError(f"a file of this version cannot be read: {error.strerror}", str(content),
                            "run the same command again; it is made anew") from error  # fmt: skip
        with source:
            while chunk := source.read(1 << 20):
                yield chunk
    else:
        yield content.encode("utf-8") if isinstance(content, str) else content


def _open_place(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
        probe = place / f".write-{secrets.token_hex(6)}"
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise InputError(f"the output folder cannot be written: {error.strerror}", str(place),
                         "choose another folder with --out DIR") from error  # fmt: skip


def _room(place: Path, contents: Files) -> None:
    """Refuse before anything is written when the files cannot fit."""
    need = sum(size(one) if isinstance(one, Path) else len(one) * 4 for one in contents.values())
    disk = os.statvfs(place)
    free = disk.f_bavail * disk.f_frsize
    if need + _SPARE > free:
        what = f"this version needs {need / 1e6:.0f} MB and only {free / 1e6:.0f} MB are free"
        raise InputError(what, str(place), "free some space or choose another folder with --out DIR")


def _check(contents: Files) -> None:
    for name in contents:
        path = PurePosixPath(name)
        if not name or path.is_absolute() or ".." in path.parts or name in (MANIFEST, CHANGES, "."):
            raise InputError(f"a version cannot hold a file called {name!r}", "", "use plain relative names")


def _flush(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk for good."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _told(error: OSError, place: Path) -> LocalizeError:
    """A full, read-only or broken disk in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return WorkError("the disk is full", str(place), "free some space, then run the same command again")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return InputError(f"the output folder cannot be written: {error.strerror}", str(place),
                          "choose another folder with --out DIR")  # fmt: skip
    where = str(error.filename or place)
    return WorkError(f"cannot write: {error.strerror}", where, "run the same command again")


__all__ = ["Edition", "Files", "Release", "deliver", "latest", "next_number", "same"]

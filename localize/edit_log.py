"""The append-only log of people's edits: on the disk before any work starts, never rewritten, mended after a crash."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from localize.edits import CORRECTABLE, EDITABLE, Edit
from localize.errors import InputError

log = logging.getLogger(__name__)


def append(path: Path, edits: Sequence[Edit]) -> None:
    """Add ``edits`` to the log at ``path``; on return they are on the disk."""
    from filelock import FileLock

    if not edits:
        return
    data = encode(edits).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(_lock(path)):
            _mend(path)
            with path.open("ab") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            sync_folder(path.parent)
    except OSError as error:
        raise InputError(
            f"the edits cannot be written: {error.strerror}", str(path), "make room or allow writing"
        ) from error


def encode(edits: Sequence[Edit]) -> str:
    """Edits as a log's text."""
    return "".join(json.dumps(asdict(edit), ensure_ascii=False) + "\n" for edit in edits)


def read(path: Path) -> tuple[Edit, ...]:
    """Every edit in the log, oldest first; empty when there is no log.

    A last line torn by a crash is moved to ``<log>.torn`` with a warning.  Raises ``InputError`` for a
    damaged line elsewhere.
    """
    from filelock import FileLock

    if not path.exists():
        return ()
    try:
        with FileLock(_lock(path)):
            _mend(path)
            lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise InputError(
            f"the edits cannot be read: {error.strerror}", str(path), "check the file's permissions"
        ) from error
    return tuple(
        _edit(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
    )


def peek(path: Path) -> tuple[Edit, ...]:
    """What ``read`` would return, without touching the disk: no lock is taken and nothing is mended."""
    if not path.exists():
        return ()
    try:
        *lines, last = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(
            f"the edits cannot be read: {error.strerror}", str(path), "check the file's permissions"
        ) from error
    try:
        _parse(last)
    except (ValueError, TypeError):
        last = b""  # empty, or torn by a crash
    return tuple(
        _edit(line, f"{path}, line {number}") for number, line in enumerate((*lines, last), 1) if line.strip()
    )


def _lock(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _edit(line: bytes, where: str) -> Edit:
    try:
        found = _parse(line)
    except (ValueError, TypeError):
        fix = "restore that line from your backup, or take it out: every other line is an edit that still counts"
        raise InputError("this line of the edit log cannot be read", where, fix) from None
    allowed = EDITABLE if found.market else CORRECTABLE
    if found.field not in allowed:
        raise InputError(f"nobody can edit the field {found.field!r}", where, f"use one of {', '.join(allowed)}")
    return found


def _parse(line: bytes) -> Edit:
    data: dict[str, Any] = json.loads(line)
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise ValueError("every value of an edit is text")
    return Edit(**data)


def _mend(path: Path) -> None:
    """Make the log end with a whole line again; what a crash tore off is kept beside it, on the disk,
    first.
    """
    data = path.read_bytes() if path.exists() else b""
    if not data or data.endswith(b"\n"):
        return
    start = data.rfind(b"\n") + 1
    try:
        _parse(data[start:])
    except (ValueError, TypeError):
        aside = path.with_name(path.name + ".torn")
        with aside.open("ab") as out:
            out.write(data[start:] + b"\n")
            out.flush()
            os.fsync(out.fileno())
        os.truncate(path, start)
        log.warning(
            "%s: a crash tore off the last edit; all before it are there, its remains are in %s: type it again",
            path, aside.name,
        )  # fmt: skip
    else:
        with path.open("ab") as out:
            out.write(b"\n")


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries, so that a rename or a new file in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

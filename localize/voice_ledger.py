"""The append-only ledger of voices and consents: every record holds the hash of the one before it.

``SERIES/ledger.jsonl``, one record a line.  A record's ``hash`` is the SHA-256 of its other values, in canonical JSON,
``before`` among them: who changes, removes or moves a record breaks the chain.  What a chain cannot show, records
missing at its end, the manifests of delivered versions do (``engine/voice_uses.py``).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from localize.edit_log import sync_folder
from localize.errors import InputError
from localize.series import locked

log = logging.getLogger(__name__)
LEDGER = "ledger.jsonl"
FIRST = "0" * 64
"""What stands for the record before the first."""
What = Literal["version", "audition", "voice", "consent", "revoked"]
Record = Mapping[str, Any]
"""A line of the ledger: ``number``, ``at`` (UTC), ``by``, ``what``, what belongs to it, ``before``, ``hash``."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the ledger, and in which line of it (0: with what is not there).

    ``torn`` is what a crash leaves: half a last record, which the next write sets aside.
    """

    line: int
    message: str
    torn: bool = False


def hash_of(record: Record) -> str:
    """The SHA-256 of a record without its own ``hash``."""
    told = {name: value for name, value in record.items() if name != "hash"}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(root: Path) -> tuple[Record, ...]:
    """Every record that can be read, oldest first; nothing is checked and nothing mended."""
    return tuple(record for _, record in _parsed(_lines(root)) if record is not None)


def append(root: Path, facts: Sequence[Mapping[str, Any]], by: str) -> tuple[Record, ...]:
    """Add a record for each of ``facts`` under the series' lock; on return they are on the disk.

    A version that is on record already (its ``manifest``) is not recorded again.  Raises ``InputError``.
    """
    if not facts:
        return ()
    with locked(root):
        return append_locked(root, facts, by)


def append_locked(root: Path, facts: Sequence[Mapping[str, Any]], by: str) -> tuple[Record, ...]:
    """``append`` for who holds the series' lock."""
    path = root / LEDGER
    try:
        _mend(path)
        known = read(root)
        seen = {one["manifest"] for one in known if "manifest" in one}
        new = _chained([one for one in facts if one.get("manifest") not in seen], known, by)
        if new:
            with path.open("ab") as out:
                out.write("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in new).encode())
                out.flush()
                os.fsync(out.fileno())
            sync_folder(root)
    except OSError as error:
        fix = "make room or allow writing, then run the same command again"
        raise InputError(f"the ledger cannot be written: {error.strerror}", str(path), fix) from error
    return new


def _chained(facts: Sequence[Mapping[str, Any]], known: Sequence[Record], by: str) -> tuple[Record, ...]:
    last: Record = known[-1] if known else {"number": 0, "hash": FIRST}
    found = list[Record]()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for one in facts:
        record = {"number": last["number"] + 1, "at": at, "by": by, **one, "before": last["hash"]}
        last = record | {"hash": hash_of(record)}
        found.append(last)
    return tuple(found)


def flaws(root: Path) -> tuple[Flaw, ...]:
    """What is wrong with the chain itself: changed, removed, moved or unreadable records, half a last one."""
    found, before, number = list[Flaw](), FIRST, 0
    lines = _lines(root)
    for line, record in _parsed(lines):
        if record is None:
            torn = line == len(lines) and not _whole(root)
            told = "half a record, as a crash leaves it" if torn else "no record: it was changed or cut off"
            found.append(Flaw(line, told, torn))
            continue
        if hash_of(record) != record["hash"]:
            found.append(Flaw(line, f"record {record['number']} was changed after it was written"))
        if record["before"] != before:
            found.append(Flaw(line, _gap(number, record["number"])))
        before, number = record["hash"], record["number"]
    return tuple(found)


def _gap(last: int, number: int) -> str:
    if number > last + 1:
        lost = f"record {last + 1}" if number == last + 2 else f"records {last + 1} to {number - 1}"
        return f"{lost} missing before record {number}: removed, or moved elsewhere"
    if number <= last:
        return f"record {number} stands after record {last}: moved, or written twice"
    return f"record {number} does not follow the one before it, which was changed or replaced"


def _lines(root: Path) -> list[bytes]:
    try:
        return [line for line in (root / LEDGER).read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []
    except OSError as error:
        fix = "check the file's permissions"
        raise InputError(f"the ledger cannot be read: {error.strerror}", str(root / LEDGER), fix) from error


def _whole(root: Path) -> bool:
    return (root / LEDGER).read_bytes().endswith(b"\n")


def _parsed(lines: Sequence[bytes]) -> list[tuple[int, Record | None]]:
    return [(number, _record(line)) for number, line in enumerate(lines, start=1)]


def _record(line: bytes) -> Record | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    sound = isinstance(found, dict) and isinstance(found.get("number"), int)
    return found if sound and isinstance(found.get("hash"), str) and isinstance(found.get("before"), str) else None


def _mend(path: Path) -> None:
    """End the ledger with a whole line; half a record goes to ``ledger.jsonl.torn``, on the disk, first."""
    data = path.read_bytes() if path.exists() else b""
    if not data or data.endswith(b"\n"):
        return
    start = data.rfind(b"\n") + 1
    if _record(data[start:]) is not None:
        with path.open("ab") as out:
            out.write(b"\n")
        return
    aside = path.with_name(path.name + ".torn")
    with aside.open("ab") as out:
        out.write(data[start:] + b"\n")
        out.flush()
        os.fsync(out.fileno())
    os.truncate(path, start)
    log.warning("%s: a crash tore off its last record; what is left of it is in %s", path, aside.name)

"""Office files (``.xlsx``, ``.docx``) as the zip archives they are, opened without believing them.

An archive may be made to unpack to more than any machine holds, or to attack its reader with entities.  Both are told
from the outside: sizes stand in the directory and are held to while unpacking; office programs write no document type.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from localize.errors import InputError

LARGEST = 64 * 1024 * 1024
"""Bytes of all parts together, unpacked: a season of scripts stays below a tenth."""
MOST_PARTS = 4000
_OLD = b"\xd0\xcf\x11\xe0"
_DOCTYPES = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
Open = Callable[[str], bytes]


def opened(data: bytes, where: str, what: str, fix: str) -> Open:
    """A reader of the archive's parts by name, ``KeyError`` for one that is not there.

    Raises ``InputError`` for anything that is no such archive, is locked by a password, unpacks to more than
    ``LARGEST`` or brings a document type; ``what`` and ``fix`` are for its message (“is no … that can be read”).
    """
    if data.startswith(_OLD):
        raise InputError("is of an old Office program, or locked by a password", where, fix)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError(f"is no {what} that can be read: {error}", where, fix) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
        raise InputError(f"unpacks to more than {LARGEST >> 20} MB or {MOST_PARTS} parts, so is no {what}", where, fix)
    if any(part.flag_bits & 1 for part in parts):
        raise InputError("is locked by a password", where, fix)

    def part(name: str) -> bytes:
        try:
            found = archive.read(name)
        except KeyError:
            raise
        except Exception as error:  # whatever a damaged archive makes the reader stumble over
            raise InputError(f"its part {name} cannot be read: {error}", where, fix) from None
        if any(mark in found for mark in _DOCTYPES):
            raise InputError(f"its part {name} brings a document type, which no Office program writes", where, fix)
        return found

    for one in parts:
        if one.filename.endswith((".xml", ".rels")):
            part(one.filename)
    return part

"""Office files (``.xlsx``, ``.docx``) as the zip archives they are, opened without believing them.

An archive may be made to unpack to more than any machine holds, or to attack its reader with entities.  Sizes stand in
its directory, where anybody may write what they like: every part is unpacked once in small pieces and held to its size
before another reader, which trusts them, gets to see it.  Office programs write no document type.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable

from localize.errors import InputError

LARGEST = 64 * 1024 * 1024
"""Bytes of all parts together, unpacked: a season of scripts stays below a tenth."""
MOST_PARTS = 4000
_PIECE = 64 * 1024
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What office programs pack with; the others unpack a part whole, however long it gets."""
_OLD = b"\xd0\xcf\x11\xe0"
_DOCTYPES = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
Open = Callable[[str], bytes]


def opened(
    data: bytes, where: str, what: str, fix: str, most: int = LARGEST, strict: bool = False
) -> Open:  # fmt: skip
    """A reader of the archive's parts by name, ``KeyError`` for one that is not there.

    Raises ``InputError`` for anything that is no such archive, is locked by a password, unpacks to more than ``most``
    bytes or than it says, or brings a document type in a part that is asked for; with ``strict``, for readers that
    choose parts by themselves, in any part whatever its name.  ``what`` and ``fix`` are for its message (“is no … that
    can be read”).
    """
    if data.startswith(_OLD):
        raise InputError("is of an old Office program, or locked by a password", where, fix)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError(f"is no {what} that can be read: {error}", where, fix) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
        raise InputError(f"unpacks to more than {most >> 20} MB or {MOST_PARTS} parts, so is no {what}", where, fix)
    if any(part.flag_bits & 1 for part in parts):
        raise InputError("is locked by a password", where, fix)

    def content(one: zipfile.ZipInfo) -> bytes:
        try:
            return _unpacked(archive, one, where, fix)
        except InputError:
            raise
        except Exception as error:  # whatever a damaged archive makes the reader stumble over
            raise InputError(f"its part {one.filename} cannot be read: {error}", where, fix) from None

    def checked(one: zipfile.ZipInfo, found: bytes) -> bytes:
        if any(mark in found for mark in _DOCTYPES):
            what = f"its part {one.filename} brings a document type, which no Office program writes"
            raise InputError(what, where, fix)
        return found

    for one in parts:
        found = content(one)
        if strict:
            checked(one, found)

    def part(name: str) -> bytes:
        one = archive.getinfo(name)
        return checked(one, content(one))

    return part


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, where: str, fix: str) -> bytes:
    """A part in pieces, which is left at the first byte beyond its size.  Raises what ``zipfile`` does, and
    ``InputError`` for another size or packing.
    """
    if part.compress_type not in _PACKED:
        raise InputError(f"its part {part.filename} is packed as no Office program does it", where, fix)
    free = copy.copy(part)
    free.file_size += 2 * _PIECE  # else the reader itself would stop there and never tell that more follows
    pieces, size = [], 0
    with archive.open(free) as stream:
        while size <= part.file_size and (piece := stream.read(_PIECE)):
            pieces.append(piece)
            size += len(piece)
    if size != part.file_size:
        than = "larger" if size > part.file_size else "smaller"
        raise InputError(f"its part {part.filename} is {than} than the archive says", where, fix)
    return b"".join(pieces)

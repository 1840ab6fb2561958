"""The bytes of a subtitle file as text: byte order marks, UTF-8, and the Chinese encodings of older tools.

A detector alone takes short Big5 for GB18030 and the reverse, so what it says is weighed against what Chinese
dialogue is made of: the commonest characters of the language turn up in every few words, and in misread text hardly
ever.  Bytes that break the encoding are refused with their line, never replaced.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from localize.errors import InputError
from localize.han import HAN

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longest first: the mark of UTF-32-LE begins with that of UTF-16-LE."""
_LEGACY = ("gb18030", "cp950", "big5hkscs")
_SAMPLE = 200_000
"""Bytes an encoding is told by; a whole episode's dialogue is a tenth of that."""
_BROKEN = 0.1
"""Share of unreadable characters up to which the encoding is right and the file damaged.  Bytes in the wrong encoding
come out far above it or, between GB18030 and Big5, far below in common characters."""
_COMMON = 0.12
"""Least share of common characters in Chinese text.  Dialogue has 0.5 and more; Big5 read as GB18030 under 0.05."""
_SHIFTED = "\u0a00"
"""No character: what a line end becomes in UTF-16 behind a lost byte."""
_FIX = "save the file as UTF-8 in the program it comes from"


@dataclass(frozen=True, slots=True)
class _Guess:
    encoding: str
    broken: float
    common: float


def decoded(data: bytes, where: str) -> str:
    """The text with ``\\n`` line ends and no byte order marks.

    Raises ``InputError`` with the line of the first byte that breaks the encoding, or when none fits.
    """
    encoding, skip = _encoding(data, where)
    text = _strict(data[skip:], encoding, where).rstrip("\0")
    for sign, what in (("\0", "zero bytes, so it is damaged or no text"), (_SHIFTED, "a character cut in half")):
        if sign in text:
            raise InputError(f"holds {what}", f"{where}, line {_line(text[: text.index(sign)])}", _FIX)
    return text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes, where: str) -> tuple[str, int]:
    """The encoding and how many bytes its mark takes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    bare = _unmarked(data[:4096])
    if bare:
        return bare, 0
    try:
        data.decode("utf-8")
        return "utf-8", 0
    except UnicodeDecodeError:
        return _legacy(data, where), 0


def _unmarked(head: bytes) -> str:
    """UTF-16 without a mark: the line ends and digits of a subtitle file have a zero byte on one side only."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) // 8 or min(even, odd) > max(even, odd) // 8:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _legacy(data: bytes, where: str) -> str:
    """The encoding without marks that reads best; UTF-8 stays in the race with a few broken bytes."""
    sample = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1] or data[:_SAMPLE]
    named = dict.fromkeys(("utf-8", *_detected(sample), *_LEGACY))
    guesses = [guess for guess in (_guess(sample, encoding) for encoding in named) if guess.broken <= _BROKEN]
    if guesses:
        best = max(guesses, key=lambda guess: guess.common - guess.broken)
        if best.common >= _COMMON:
            return best.encoding
        if not best.broken and best.encoding not in _LEGACY and best.encoding != "utf-8":
            return best.encoding  # a language without Chinese characters, by the detector alone
    raise InputError("its encoding cannot be told", where, _FIX)


def _detected(sample: bytes) -> Iterator[str]:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is not None and best.encoding != "ascii":
        yield best.encoding


def _guess(sample: bytes, encoding: str) -> _Guess:
    text = sample.decode(encoding, errors="replace")
    strange = [char for char in text if char > "\x7f"]
    broken = strange.count("\ufffd") + sum(0xE000 <= ord(char) <= 0xF8FF for char in strange)
    chinese = [char for run in HAN.findall(text) for char in run]
    known = sum(char in _common() for char in chinese)
    return _Guess(encoding, broken / max(1, len(strange)), known / max(1, len(chinese)))


@cache
def _common() -> frozenset[str]:
    table = tomllib.loads((files("localize.formats") / "subtitle_words.toml").read_text("utf-8"))
    return frozenset("".join(table["common"].values()))


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        name = "UTF-16" if encoding.startswith("utf-16") else encoding.upper()
        what = f"a broken character (byte {error.start + 1}, read as {name})"
        raise InputError(what, f"{where}, line {_line(before)}", f"copy the file again, or {_FIX}") from None


def _line(before: str) -> int:
    """The line that begins or goes on after ``before``."""
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1

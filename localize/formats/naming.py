"""File names that survive every file system, upload form and shell: ASCII, short, no surprises."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Sequence
from itertools import chain, count

from localize.errors import InputError
from localize.han import HAN

LONGEST = 120
"""Characters of a whole file name; common file systems take 255 bytes, upload forms often less."""

TEMPLATE = "{series}_E{ep:03}_{market}_{kind}_v{n}"
FIELDS = ("series", "ep", "market", "kind", "n")
_STUBBORN = str.maketrans({
    "ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "œ": "oe",
    "Œ": "Oe", "ı": "i", "þ": "th", "’": "", "'": "",
})  # fmt: skip
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def ascii_name(text: str) -> str:
    """``text`` in letters, digits, ``-``, ``_`` and ``.``: ``"晚了，陆总"`` → ``"WanLe_LuZong"``.

    Chinese becomes pinyin without tones, accents fall away.  What is left empty gets a name made from its
    hash, so that two different texts stay different.  An empty text stays empty.
    """
    known = unicodedata.normalize("NFKC", text).translate(_STUBBORN)
    spelled = HAN.sub(lambda run: _pinyin(run.group()), known)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spelled) if unicodedata.category(c) != "Mn")
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", bare)
    name = re.sub(r"_{2,}", "_", re.sub(r"\.{2,}", ".", name)).strip("._- ")
    if not name and text:
        return "x" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"_{name}" if _RESERVED.match(name) else name


def told_apart(texts: Sequence[str]) -> tuple[str, ...]:
    """``ascii_name`` of each, with ``-2``, ``-3`` … where another before it has that name in small letters or large."""
    found: dict[str, str] = {}
    for text in texts:
        name = ascii_name(text)
        tries = chain([name], (f"{name}-{number}" for number in count(2)))
        found[text] = next(one for one in tries if one.casefold() not in {other.casefold() for other in found.values()})
    return tuple(found[text] for text in texts)


def _pinyin(run: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(syllable.capitalize() for syllable in lazy_pinyin(run))


def check_template(template: str) -> None:
    """Raise ``InputError`` unless ``template`` is usable: known fields, no folders, ``{kind}`` in it."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise _bad(f"cannot be read: {error}", template) from None
    named = [name for _, name, _, _ in parts if name is not None]
    unknown = [name for name in named if name not in FIELDS]
    if unknown:
        raise _bad(f"knows no {{{unknown[0]}}}", template)
    if "kind" not in named:
        raise _bad("needs {kind}, or two files would share a name", template)
    padded = next((f"{name}:{spec}" for _, name, spec, _ in parts if spec and not _fits(str(name), spec)), "")
    if padded:
        raise _bad(f"cannot fill {{{padded}}}: only ep and n take a width, of up to nine digits ({{ep:03}})", template)
    if any("/" in text or "\\" in text or "\0" in text for text, *_ in parts):
        raise _bad("names a file, not folders", template)


def _fits(name: str, spec: str) -> bool:
    return name in ("ep", "n") and re.fullmatch(r"0?[1-9]?d?", spec) is not None


def file_name(template: str, suffix: str, *, series: str, ep: int, market: str, kind: str, n: int) -> str:
    """The name of one file of a version, ``suffix`` (``".mp4"``) included, at most ``LONGEST`` characters.

    A name too long is shortened at the series.  Raises ``InputError`` for a template that cannot be used.
    """
    check_template(template)
    title = ascii_name(series) or "episode"
    values: dict[str, str | int] = {"ep": ep, "market": ascii_name(market), "kind": ascii_name(kind), "n": n}
    name = _filled(template, values | {"series": title})
    over = len(name) + len(suffix) - LONGEST
    if over > 0:
        name = _filled(template, values | {"series": title[: max(8, len(title) - over)].rstrip("._-")})
    if len(name) + len(suffix) > LONGEST:
        raise _bad(f"makes a name longer than {LONGEST} characters", template)
    return name + suffix


def _filled(template: str, values: dict[str, str | int]) -> str:
    try:
        return ascii_name(template.format(**values))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise _bad(f"cannot be filled: {error}", template) from None


def _bad(what: str, template: str) -> InputError:
    fix = f"write it like {TEMPLATE}; fields: {', '.join(FIELDS)}"
    return InputError(f"the name template {what}", template, fix)

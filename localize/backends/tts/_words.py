"""The words of a line as a voice can say them."""

from __future__ import annotations

import unicodedata

from localize.errors import InputError

_SILENT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})  # Unicode categories
_NOT_SPOKEN = str.maketrans({**dict.fromkeys("*_#~^|\\<>{}[]/", " "), "…": "...", "—": ", ", "–": ", "})


def speakable(text: str) -> str:
    """``text`` without what a voice cannot say: control characters, markup, emoji; never empty.

    Raises ``InputError`` when nothing is left to say.
    """
    plain = unicodedata.normalize("NFC", text).translate(_NOT_SPOKEN)
    kept = "".join(sign if unicodedata.category(sign) not in _SILENT else " "
                   for sign in plain)  # fmt: skip
    words = " ".join(kept.split())
    if not any(sign.isalnum() for sign in words):
        fix = "write the words to be spoken, or leave the dub empty where nobody speaks"
        raise InputError(f"there is nothing to say in {text!r}", fix=fix)
    return words

"""Finding words, and Chinese, in a translation."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """For comparing: one apostrophe, one hyphen, no case, NFC."""
    return unicodedata.normalize("NFC", text).replace("’", "'").replace("‑", "-").casefold()


def has(text: str, wanted: str, whole: bool = False) -> bool:
    """Whether ``wanted`` begins a word in ``text``: endings pass, unless ``whole``."""
    start = r"(?<!\w)" if wanted[:1].isalnum() and wanted.isascii() else ""
    end = r"(?!\w)" if whole else ""
    return bool(wanted) and re.search(start + re.escape(plain(wanted)) + end, plain(text)) is not None

"""Texts every version leaves in the picture: marks and notices, which are nobody's to take out by default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localize.episode import OnScreenText
from localize.version import Finding

NAMES = {"watermark": "watermark", "legal": "notice or record number", "credits": "credit"}
"""Kinds of on-screen text that stay in every version, ``clean`` as well."""
_FIX = "where the rights allow another picture, hand in an episode without them"


def staying(texts: Sequence[OnScreenText]) -> Iterator[Finding]:
    """One note that quotes each such text once, in the order they appear; nothing where there is none."""
    words = {text.text.replace("\n", " / "): NAMES[text.kind] for text in texts if text.kind in NAMES}
    if words:
        quoted = ", ".join(f"{kind} “{text}”" for text, kind in words.items())
        yield Finding("staying_text", "", "note", f"stays in the picture of every version: {quoted}", _FIX)

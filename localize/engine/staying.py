"""Texts every version leaves in the picture: marks and notices, which are nobody's to take out by default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localize.episode import OnScreenText
from localize.version import Finding

NAMES = {"watermark": "watermark", "legal": "notice or record number", "credits": "credit"}
"""Kinds of on-screen text that stay in every version, ``clean`` as well."""
BRIEF = 8000
"""Milliseconds; a name plate or a caption may stand all through a clip as short as this, and looks like a mark then."""
_FIX = "where the rights allow another picture, hand in an episode without them"
_WHOLE = "hand in the whole episode: what comes and goes there is translated"


def staying(texts: Sequence[OnScreenText], length: int) -> Iterator[Finding]:
    """One note that quotes each such text once, in the order they appear, and a warning about those of them that may be
    none in a picture of ``length`` ms; nothing where there is none.
    """
    marks = dict.fromkeys(text.text.replace("\n", " / ") for text in texts if text.kind == "watermark")
    if marks and length <= BRIEF:
        told = f"{', '.join(f'“{text}”' for text in marks)} stands all through a clip of {length / 1000:.1f} s"
        what = f"{told}: taken for a watermark, it stays in every version, be it a name plate"
        yield Finding("staying_text", "", "warn", what, _WHOLE)
    words = {text.text.replace("\n", " / "): NAMES[text.kind] for text in texts if text.kind in NAMES}
    if words:
        quoted = ", ".join(f"{kind} “{text}”" for text, kind in words.items())
        yield Finding("staying_text", "", "note", f"stays in the picture of every version: {quoted}", _FIX)

"""WebVTT: what browsers and apps take."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from localize.timing import clock
from localize.version import Cue

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def text(cues: Sequence[Cue], language: str, italics: Collection[str] = ()) -> str:
    """The cues as a ``.vtt`` file; forced cues stand at the top, the ids in ``italics`` slanted."""
    return "\n".join([f"WEBVTT\nLanguage: {language}\n", *(_block(cue, cue.id in italics) for cue in cues)])


def _block(cue: Cue, italic: bool) -> str:
    shown = "\n".join(row for row in "\n".join(cue.rows).translate(_ESCAPES).splitlines() if row.strip())
    styled = f"<i>{shown}</i>" if italic else shown
    place = " line:8%" if cue.forced else ""
    times = f"{clock(cue.span.start, comma=False)} --> {clock(cue.span.end, comma=False)}"
    return f"{cue.id}\n{times}{place}\n{styled}\n"

"""SubRip: the file every player takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from localize.timing import clock
from localize.version import Cue


def text(cues: Sequence[Cue], italics: Collection[str] = ()) -> str:
    """The cues as an ``.srt`` file; forced cues stand at the top, the ids in ``italics`` slanted."""
    return "\n".join(_block(number, cue, cue.id in italics) for number, cue in enumerate(cues, 1))


def _block(number: int, cue: Cue, italic: bool) -> str:
    shown = "\n".join(map(_harmless, cue.rows))
    styled = f"<i>{shown}</i>" if italic else shown
    top = r"{\an8}" if cue.forced else ""
    return f"{number}\n{clock(cue.span.start)} --> {clock(cue.span.end)}\n{top}{styled}\n"


def _harmless(row: str) -> str:
    """A row no reader takes for a line of times; what is added has no width."""
    return row.replace("-->", "--\u2060>").replace(":", ":\u2060") if "-->" in row else row

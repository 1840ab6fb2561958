"""SubRip: the file every player takes, when it holds nothing but text.

No tags and no ``{\\an8}``: SubRip never had a standard for them, and many platforms print them.  Slant and place are in
the ``.vtt`` and the ``.ass``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from localize.timing import clock
from localize.version import Cue

# There is no escape in SubRip: a "<" or "{" opens a tag for one player or another, which then eats the words behind it.
_LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")"})

_TIME = re.compile(r"(?<=\d:)(?=\d\d:\d\d[,.]\d)")


def text(cues: Sequence[Cue]) -> str:
    """The cues as an ``.srt`` file."""
    return "\n".join(_block(number, cue) for number, cue in enumerate(cues, 1))


def _block(number: int, cue: Cue) -> str:
    # Some readers take any two times in a row for a cue's, and an empty row for its end; U+2060 has no width.
    rows = _TIME.sub("\u2060", "\n".join(cue.rows).translate(_LOOK_ALIKES)).splitlines()
    shown = "\n".join(row for row in rows if row.strip())
    return f"{number}\n{clock(cue.span.start)} --> {clock(cue.span.end)}\n{shown}\n"

"""DAPT, the W3C's TTML profile for dubbing and audio-description scripts: the transcript with its speakers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain, count
from xml.sax.saxutils import escape, quoteattr

from localize.episode import Line, LineKind, Speaker
from localize.timing import clock

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:daptm="http://www.w3.org/ns/ttml/profile/dapt#metadata"
    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content" ttp:timeBase="media"
    xml:lang={language} daptm:langSrc={language} daptm:scriptRepresents="audio" daptm:scriptType="originalTranscript">
"""
_NO_CHAR = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPRESENTS: dict[LineKind, str] = {
    "speech": "audio.dialogue", "thought": "audio.dialogue", "narration": "audio.dialogue",
    "song": "audio.nonDialogueSounds",
}  # fmt: skip


ROLES: dict[LineKind, str] = {"thought": "thought", "narration": "narration", "song": "lyrics"}
"""``ttm:role`` (TTML 2, 12.2.2) of what is not plainly said."""


def text(lines: Sequence[Line], speakers: Sequence[Speaker], language: str) -> str:
    """The lines as a DAPT document of the type *original transcript*; ``language`` is BCP 47."""
    names = _names(lines, speakers)
    agents = "".join(
        f'      <ttm:agent type="character" xml:id={quoteattr(names[one.id])}>\n'
        f'        <ttm:name type="alias">{_escaped(one.name)}</ttm:name>\n      </ttm:agent>\n'
        for one in speakers
    )
    events = "".join(_event(line, names) for line in lines)
    head = HEAD.format(language=quoteattr(language))
    return f"{head}  <head>\n    <metadata>\n{agents}    </metadata>\n  </head>\n  <body>\n{events}  </body>\n</tt>\n"


def _event(line: Line, names: Mapping[str, str]) -> str:
    begin, end = (clock(at, comma=False) for at in (line.span.start, line.span.end))
    said = "<br/>".join(_escaped(row) for row in line.text.splitlines())
    agent = f" ttm:agent={quoteattr(names[line.speaker])}" if line.speaker else ""
    agent += f' ttm:role="{ROLES[line.kind]}"' if line.kind in ROLES else ""
    return (
        f'    <div xml:id={quoteattr(line.id)} begin="{begin}" end="{end}"{agent}'
        f' daptm:represents="{REPRESENTS[line.kind]}">\n      <p>{said}</p>\n    </div>\n'
    )


def _escaped(said: str) -> str:
    """Without the characters XML 1.0 has no way to write (its production 2, ``Char``)."""
    return escape(_NO_CHAR.sub("", said))


def _names(lines: Sequence[Line], speakers: Sequence[Speaker]) -> dict[str, str]:
    """Each speaker's id as an XML name that nobody and no line shares: a number follows where two would be one."""
    taken = {line.id for line in lines}
    names: dict[str, str] = {}
    for speaker in (*(one.id for one in speakers), *(line.speaker for line in lines if line.speaker)):
        if speaker not in names:
            first = name_of(speaker)
            tries = chain((first,), (f"{first}.{number}" for number in count(2)))
            names[speaker] = next(name for name in tries if name not in taken)
            taken.add(names[speaker])
    return names


def name_of(speaker: str) -> str:
    """A speaker's id as an XML name: ``?1`` → ``unknown_1``."""
    name = re.sub(r"[^\w.-]", "_", speaker.replace("?", "unknown_"))
    return name if re.match(r"[^\W\d]", name) else f"_{name}"

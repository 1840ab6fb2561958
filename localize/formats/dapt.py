"""DAPT, the W3C's TTML profile for dubbing and audio-description scripts: the transcript with its speakers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from localize.episode import Line, LineKind, Speaker
from localize.timing import clock

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:daptm="http://www.w3.org/ns/ttml/profile/dapt#metadata"
    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content" ttp:timeBase="media"
    xml:lang={language} daptm:langSrc={language} daptm:scriptRepresents="audio" daptm:scriptType="originalTranscript">
"""
REPRESENTS: dict[LineKind, str] = {
    "speech": "audio.dialogue", "thought": "audio.dialogue", "narration": "audio.dialogue",
    "song": "audio.nonDialogueSounds",
}  # fmt: skip


def text(lines: Sequence[Line], speakers: Sequence[Speaker], language: str) -> str:
    """The lines as a DAPT document of the type *original transcript*; ``language`` is BCP 47."""
    agents = "".join(
        f'      <ttm:agent type="character" xml:id={quoteattr(name_of(one.id))}>\n'
        f'        <ttm:name type="alias">{escape(one.name)}</ttm:name>\n      </ttm:agent>\n'
        for one in speakers
    )
    events = "".join(_event(line) for line in lines)
    head = HEAD.format(language=quoteattr(language))
    return f"{head}  <head>\n    <metadata>\n{agents}    </metadata>\n  </head>\n  <body>\n{events}  </body>\n</tt>\n"


def _event(line: Line) -> str:
    begin, end = (clock(at, comma=False) for at in (line.span.start, line.span.end))
    agent = f" ttm:agent={quoteattr(name_of(line.speaker))}" if line.speaker else ""
    return (
        f'    <div xml:id={quoteattr(line.id)} begin="{begin}" end="{end}"{agent}'
        f' daptm:represents="{REPRESENTS[line.kind]}">\n      <p>{escape(line.text)}</p>\n    </div>\n'
    )


def name_of(speaker: str) -> str:
    """A speaker's id as an XML name: ``?1`` → ``unknown_1``."""
    name = re.sub(r"[^\w.-]", "_", speaker.replace("?", "unknown_"))
    return name if re.match(r"[^\W\d]", name) else f"_{name}"

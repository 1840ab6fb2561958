"""The text of a line without what is no speech: markup, control characters, and the marks that tell its kind."""

from __future__ import annotations

import re
import unicodedata

from localize.episode import LineKind
from localize.formats._subtitle_said import NARRATED

BRACKETED = re.compile(r"^[（(]\s*(.+?)\s*[）)]([。！？!?…]?)$")


def clean(text: str) -> str:
    """No markup, no control or direction characters, single spaces."""
    text = re.sub(r"<[^<>]{0,80}>|\{[^{}]{0,200}\}", "", text)
    text = re.sub(r"[\s\u3000]+", " ", text)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Co")).strip()


def kind_of(text: str) -> tuple[str, LineKind]:
    """Brackets mark a thought, 旁白 narration, notes a song; the marks go."""
    if text.startswith(("♪", "♫", "#")) or text.endswith(("♪", "♫")):
        return text.strip("♪♫# "), "song"
    for mark in ("旁白：", "旁白:", *NARRATED):
        if text.startswith(mark):
            return text.removeprefix(mark).strip(), "narration"
    found = BRACKETED.match(text)
    return (found[1] + found[2], "thought") if found else (text, "speech")

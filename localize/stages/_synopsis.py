"""Texts cut to a size: at a sentence where possible, else at a word; only the mark of a cut is added."""

from __future__ import annotations

import re
from collections.abc import Sequence

SIZES = (60, 120, 190, 400, 4000)
"""Characters: 190, 400, 4000 are MovieLabs' summaries, 60 and 120 what feeds show (domain facts §3.1)."""

CUT = "…"


def sentences(text: str, abbreviations: Sequence[str] = ()) -> tuple[str, ...]:
    """``text`` in sentences; a dot that belongs to one of ``abbreviations`` ends none."""
    flat = " ".join(text.split())
    found, start = [], 0
    for stop in re.finditer(r"[.!?…。！？]+[\"”’»)]*(?=\s|$)|[。！？]+[”’」』]*", flat):
        if flat[start : stop.end()].endswith(tuple(f" {short}" for short in abbreviations)):
            continue
        if flat[start : stop.end()].strip() in abbreviations:
            continue
        found.append(flat[start : stop.end()].strip())
        start = stop.end()
    return tuple(part for part in (*found, flat[start:].strip()) if part)


def told(hook: str, text: str, limit: int, abbreviations: Sequence[str] = ()) -> str:
    """The hook line and as many whole sentences of the synopsis as fit into ``limit`` characters."""
    first = " ".join(hook.split())
    parts = [part for part in (first, *sentences(text, abbreviations)) if part]
    if len(parts) > 1 and parts[0] == parts[1]:
        del parts[0]
    taken = ""
    for part in parts:
        longer = f"{taken} {part}".strip()
        if len(longer) > limit:
            break
        taken = longer
    return taken or (cut(parts[0], limit) if parts else "")


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, at a word, with an ellipsis where something is missing."""
    if len(text) <= limit:
        return text
    if limit < 2:
        return text[: max(0, limit)]
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        head = head.rsplit(None, 1)[0] if " " in head.strip() else head
    return head.rstrip(" ,;:–—-") + CUT

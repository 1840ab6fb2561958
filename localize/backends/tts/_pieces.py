"""A long line in pieces a model can say at once."""

from __future__ import annotations

import re

_ENDS = (
    re.compile(r"(?<=[.!?…。！？])\s*(?=\S)"),
    re.compile(r"(?<=[,;:，；：、—])\s*(?=\S)"),
    re.compile(r"\s+"),
)
"""Where a line may be cut, best first: after a sentence, after a part of one, between words."""


def pieces(text: str, most: int) -> tuple[str, ...]:
    """``text`` in as few pieces of at most ``most`` signs as its sentences allow; nothing is lost but white space."""
    return tuple(_cut(text.strip(), most, 0))


def _cut(text: str, most: int, depth: int) -> list[str]:
    if len(text) <= most:
        return [text] if text else []
    if depth == len(_ENDS):
        return [text[at : at + most] for at in range(0, len(text), most)]
    parts = [part for part in _ENDS[depth].split(text) if part.strip()]
    short = [one for part in parts for one in _cut(part.strip(), most, depth + 1)]
    return _joined(short, most, text)


def _joined(parts: list[str], most: int, text: str) -> list[str]:
    """Neighbours put together again as far as there is room, with a space between them where the text had one."""
    made: list[str] = []
    at = 0
    for part in parts:
        start = text.index(part, at)
        between = " " if text[at:start].strip() == "" and start > at else ""
        at = start + len(part)
        if made and len(made[-1]) + len(between) + len(part) <= most:
            made[-1] += between + part
        else:
            made.append(part)
    return made

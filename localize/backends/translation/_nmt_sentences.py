"""A line cut into the sentences that translation models were made for, and what is no sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CHINESE = re.compile(r"[^。！？!?]+[。！？!?…~～\"'”’）)]*|[。！？!?…~～\"'”’）)]+")
_ENGLISH = re.compile(r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<=[.!?…])[\"”’)]*\s+(?=[^a-z\s])")

_SIGN = re.compile(r"__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3}|<(?:s|/s|pad|unk|mask)>|madeupword\d")
"""Signs of languages and other entries of a vocabulary that are no words."""


def is_strange(text: str) -> bool:
    """Whether something stands in a translation that only models know: nobody may see or hear it."""
    return _SIGN.search(text) is not None


def sentences(text: str, *, english: bool = False) -> tuple[str, ...]:
    """A line cut behind its full stops, question and exclamation marks; signs without words stay with what is before.

    >>> sentences("站住！你去哪儿？")
    ('站住！', '你去哪儿？')
    >>> sentences("Stop! Mr. Lu is here. Go.", english=True)
    ('Stop!', 'Mr. Lu is here.', 'Go.')
    """
    pieces: list[str] = []
    plain = " ".join(text.split())
    for piece in _behind_stops(plain) if english else _CHINESE.findall(plain):
        if pieces and not re.search(r"\w", piece):
            pieces[-1] += piece.strip()
        elif piece.strip():
            pieces.append(piece.strip())
    return tuple(pieces)


def _behind_stops(text: str) -> Iterator[str]:
    """Cut behind a stop, a blank and no small letter after it, and not behind Mr. and its like."""
    end = 0
    for match in _ENGLISH.finditer(text):
        yield text[end : match.end()]
        end = match.end()
    yield text[end:]

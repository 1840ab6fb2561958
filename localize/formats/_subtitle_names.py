"""Which words before a colon are somebody's: roles, and what looks like a Chinese or a Latin name.

The tables are ``[labels]`` of ``subtitle_sounds.toml``.  Names come folded: simplified and in lower case.
"""

from __future__ import annotations

import re
from functools import cache

from localize.formats._subtitle_sounds import table
from localize.han import HAN, SIGNS

_LONGEST = 24  # characters of a name
_HAN_LONGEST = 6
_NUMBERED = re.compile(rf"(?<=.)[甲乙丙丁戊一二三四五]$|(?<=[^\d])\s?\d{{1,2}}$|(?<=[{SIGNS}])[a-d]$")


def can_be(name: str) -> bool:
    """Whether somebody may be called so, as far as a word tells."""
    words = table()["labels"]
    if len(name) > _LONGEST or name in words["never"] or re.fullmatch(r"l\d+", name):
        return False
    if not HAN.search(name):
        return not set(name.split()) & set(table()["latin"]["speaks"])
    clause = name.endswith(tuple(words["clauses"])) or name.startswith(tuple(words["begins"]))
    return len(name.replace(" ", "")) <= _HAN_LONGEST and not clause


def is_somebody(name: str) -> bool:
    """Whether a word tells by itself that it is a person: a role, numbered or not (``保镖甲``)."""
    if name in table()["labels"]["no_people"]:
        return False
    if HAN.search(name):
        return _NUMBERED.sub("", name).endswith(tuple(table()["labels"]["people"]))
    return _NUMBERED.sub("", name).strip() in table()["labels"]["roles"]


def looks_like_name(name: str) -> bool:
    """Whether a word is made as names are: a surname and one or two signs, ``阿强``, ``老王``; ``lu chen``."""
    words = table()["labels"]
    if not can_be(name) or name in words["no_people"]:
        return False
    if not HAN.search(name):
        parts = name.split()
        return 1 < len(parts) <= 3 and not set(parts) & set(words["small"])
    if not all(HAN.match(char) or char == "·" for char in name):
        return False
    if "·" in name or (name[0] in words["familiar"] and len(name) in (2, 3)):
        return True
    compound = name[:2] in words["compound_surnames"] and len(name) in (3, 4)
    return compound or (name[0] in _surnames() and len(name) in (2, 3) and name[:2] not in _words())


@cache
def _surnames() -> frozenset[str]:
    return frozenset(table()["labels"]["surnames"])


@cache
def _words() -> frozenset[str]:
    return frozenset(table()["labels"]["no_names"])

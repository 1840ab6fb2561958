"""Traditional forms that a recogniser sees in simplified writing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

from localize.media.sightings import is_han

_FEW = 0.05
"""Share of characters outside GB 2312, the standard of simplified writing, below which a show is written in it: names
have some, and readings have errors; of traditional writing it is a third."""


@lru_cache(maxsize=1)
def _forms() -> Mapping[int, int]:
    table = tomllib.loads(resources.files("localize.media").joinpath("variants.toml").read_text("utf-8"))
    return {ord(pair[0]): ord(pair[1]) for pair in table["pairs"]}


def is_simplified(texts: Iterable[str]) -> bool:
    """Whether what was read is written in simplified characters."""
    signs = [sign for text in texts for sign in text if is_han(sign)]
    return sum(not _is_common(sign) for sign in signs) < _FEW * len(signs)


def simplified(text: str) -> str:
    """``text`` with the traditional forms that are mistaken for simplified ones."""
    return text.translate(_forms())


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True

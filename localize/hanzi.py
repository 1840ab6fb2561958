"""Chinese in traditional characters, read as simplified: so that tables in either writing find lines in either.

Characters are converted one for one, so places in a text stay what they were.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from localize.han import SIGNS

_HAN = re.compile(f"[{SIGNS}]")
_VARIANTS = str.maketrans("妳", "你")
_PARTICLE = re.compile("(?<![名原显专卓昭土])著(?![名作称者述])")
"""著 that stands for the particle 着 (看著我), not for a work or fame (名著, 著名)."""


@lru_cache(maxsize=65536)
def simplified(text: str) -> str:
    """``text`` in simplified characters, as long as it was; text that is simplified already comes back as it is."""
    if all(_is_common(sign) for sign in _HAN.findall(text)):
        return text
    plain = unicodedata.normalize("NFC", text)
    plain = plain if len(plain) == len(text) else text
    read = _converter().convert(plain)
    if len(read) != len(plain):  # a phrase became longer or shorter: sign by sign keeps the places
        read = "".join(_converter().convert(sign)[:1] or sign for sign in plain)
    return _PARTICLE.sub("着", read.translate(_VARIANTS))


def _is_common(sign: str) -> bool:
    """Whether GB 2312, the standard of simplified writing, has the sign."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")

"""Words of a model that declines, told from those of a character who does: tables in ``refusals.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

BEGINNING = 80
"""Characters in which an answer says that it is none: it begins with it."""
TOLD = 160
"""Most characters of a refusal that are told on."""


def declines(answer: str) -> str:
    """The words of an answer to a whole question that begins as a refusal does, cut to a sentence; else empty."""
    said = " ".join(answer.split())
    return said[:TOLD] if _tables()[0].match(said[:BEGINNING]) else ""


def refuses(line: str, source: str) -> bool:
    """Whether ``line``, given for the Chinese ``source``, is the model's own refusal.

    "I'm sorry, I can't go" is dialogue; it takes words about the task as well (translating, this content), and Chinese
    that does not speak of such things.  What stands in place of a translation ("N/A") is one, too, and so is a
    standard sentence where the Chinese merely apologises.
    """
    said = " ".join(line.split())
    begins, about = _tables()
    if _in_place(said, source):
        return True
    return begins.match(said[:BEGINNING]) is not None and any(
        words.search(said) is not None and not any(word in source for word in unless) for words, unless in about
    )


def _in_place(said: str, source: str) -> bool:
    """Whether all of ``said`` only stands in place of a translation, which the Chinese does not say."""
    whole, unless = _placeholders()
    return whole.fullmatch(said) is not None and not any(word in source for word in unless)


@cache
def _placeholders() -> tuple[re.Pattern[str], tuple[str, ...]]:
    table = _file()
    whole = rf"\W*(?:{'|'.join(table['placeholders'])})\W*"
    return re.compile(whole, re.IGNORECASE), tuple(table["placeholders_unless"])


@cache
def _tables() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]]:
    table = _file()
    about = ((re.compile("|".join(one["words"]), re.IGNORECASE), tuple(one["unless"])) for one in table["about"])
    return re.compile(rf"\W*(?:{'|'.join(table['begins'])})", re.IGNORECASE), tuple(about)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files("localize.backends.translation") / "refusals.toml").read_text("utf-8"))

"""Words of a model that declines, told from those of a character who does: tables in ``refusals.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

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
    that does not speak of such things.
    """
    said = " ".join(line.split())
    begins, about = _tables()
    return begins.match(said[:BEGINNING]) is not None and any(
        words.search(said) is not None and not any(word in source for word in unless) for words, unless in about
    )


@cache
def _tables() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]]:
    table = tomllib.loads((files("localize.backends.translation") / "refusals.toml").read_text("utf-8"))
    about = ((re.compile("|".join(one["words"]), re.IGNORECASE), tuple(one["unless"])) for one in table["about"])
    return re.compile(rf"\W*(?:{'|'.join(table['begins'])})", re.IGNORECASE), tuple(about)

"""What recognisers call languages, and what they are primed with."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("localize.backends.asr") / "languages.toml").read_text("utf-8"))


def names(language: str) -> tuple[str, ...]:
    """Lower-case names and codes recognisers use for a language; ``language`` is a BCP 47 tag."""
    return tuple(_table().get(language.partition("-")[0].lower(), {}).get("names", ()))


def prompt_for(language: str) -> str:
    """A sentence of the language and script, which makes a Whisper write them with punctuation; "" where none is known.

    The tag decides: ``zh-TW`` and ``zh-Hant`` are primed in traditional characters.
    """
    primary, _, rest = language.partition("-")
    known = _table().get(primary.lower(), {}).get("prompts", {})
    return str(known.get(rest, known.get("", "")))

"""Where text without spaces may be broken: phrases of Japanese, words of Thai, and inside them only in an emergency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

SPACELESS = ("ja", "th")
"""Languages whose rows end between phrases that no space marks; BudouX (Apache-2.0) has a model for each."""
WIDE_WORDS = ("ko",)
"""Written in wide characters, but with spaces between words."""
_CLUSTER = {
    # a vowel written before its consonant, the consonant with its marks, a vowel written behind it
    "th": re.compile(r"[เแโใไ]?[ก-ฮฤฦ][ัิ-ฺ็-๎]*(?:[ะาำๅ])?(?:[ก-ฮ]์)?|[^ก-๛]+|."),
    # kinsoku: small kana, the long mark and closing marks begin no row
    "ja": re.compile(r".[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮーゝゞ々、。，．！？…」』】）〉》’”]*", re.DOTALL),
    "ko": re.compile(r".[.,!?…)\]”’]*", re.DOTALL),
}


def phrases(text: str, language: str) -> tuple[str, ...]:
    """``text`` (no white space in it) as the pieces a row may end between."""
    return tuple(_parser(language).parse(text)) if text else ()


def inner(piece: str, language: str) -> Iterator[str]:
    """The parts of a piece that no row can hold: characters with what belongs to them, never a torn cluster."""
    tail = " " if piece.endswith(" ") else ""
    found = [match.group() for match in _CLUSTER[language].finditer(piece.rstrip())]
    for at, part in enumerate(found, 1):
        yield part + (tail if at == len(found) else "")


def divides(language: str) -> bool:
    """Whether a piece of this language may be broken when it must be."""
    return language in _CLUSTER


@cache
def _parser(language: str) -> Any:
    import budoux

    return budoux.load_default_japanese_parser() if language == "ja" else budoux.load_default_thai_parser()


def recipe(language: str) -> str:
    """What decides the pieces beside the table of breaks; empty where spaces do."""
    if language not in SPACELESS:
        return ""
    from importlib.metadata import version

    return f"budoux {version('budoux')}"

"""Which language a text surely is not in: told by its script, or by the small words no sentence does without.

No statistics of letters: a short line, a name or a cry is nobody's language, and of such nothing is said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

LEAST = 3
"""Words from which a text in Latin letters is looked at."""
REFUSABLE = 7
"""Words from which what is written as a title is looked at: titles keep their language everywhere (CEO of the Year,
Lu Chen), and have six at most (our own limit)."""
SURE = 2
"""Function words of another language, more than of its own, from which a text is in the other …"""
SHARE = 0.3
"""… if so large a part of its words are."""
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-zA-ZÀ-ɏ]+")
_SCRIPTS = {
    "Thai": re.compile(r"[\u0e01-\u0e4e]"),
    "Japanese": re.compile(r"[\u3041-\u3096\u30a1-\u30fa]"),
    "Korean": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]"),
    "Russian or its kin": re.compile(r"[\u0400-\u04ff]"),
    "Arabic script": re.compile(r"[\u0620-\u06ff]"),
    "an Indian script": re.compile(r"[\u0900-\u0dff]"),
    "Greek": re.compile(r"[\u0370-\u03ff]"),
}
"""Letters that tell a language, or a few, by themselves (Unicode 16 block names)."""
_OWN = {"th": "Thai", "ja": "Japanese", "ko": "Korean"}


def other_language(text: str, language: str, source: str = "", given: Iterable[str] = (), least: int = LEAST) -> str:
    """The name of the language ``text`` is in where that is surely not ``language`` (BCP 47); else empty.

    Nothing is said of languages without a table, Chinese characters are ``han``'s matter, and words that stand in
    ``source`` as they are, or are ``given`` (terms, names), count for none.  A text in Latin letters is looked at from
    ``least`` different words on: ``REFUSABLE`` for titles.
    """
    text = _own_words(text, source, given)
    own = language.partition("-")[0]
    words = _LATIN.findall(text)
    strange = sum(sign.isalpha() and not _LATIN.match(sign) for sign in text)
    if own in _OWN:
        return _instead_of(own, text, words)
    if own not in _profiles():
        return ""
    named = next((name for name, letters in _SCRIPTS.items() if letters.search(text)), "")
    if named and strange > sum(map(len, words)):
        return named
    return _by_words(text, own, least)


@dataclass(frozen=True, slots=True)
class Leaning:
    """What the words of a text tell: how many different ones it has, how many of the market's own small words and of
    other languages' (by name) are among them, and the language it is surely in, if that is another one."""

    words: int = 0
    own: int = 0
    others: Mapping[str, int] = field(default_factory=dict)
    sure: str = ""


def leaning(text: str, language: str, source: str = "", given: Iterable[str] = ()) -> Leaning:
    """As ``other_language``, for those who hold several texts against each other; nothing of languages without a
    table.  Titles lean nowhere; in a language with letters of its own, a text that holds some leans there."""
    given, own = tuple(given), language.partition("-")[0]
    profiles = _profiles()
    if own not in profiles and (own not in _OWN or _SCRIPTS[_OWN[own]].search(text)):
        return Leaning()
    plain = _own_words(text, source, given)
    words = {word.casefold() for word in _WORD.findall(plain)}
    if is_title(plain) and len(words) < REFUSABLE:
        return Leaning()
    counts = {code: sum(word in profile for word in words) for code, (_, profile) in profiles.items()}
    others = {profiles[code][0]: count for code, count in counts.items() if count and code != own}
    return Leaning(len(words), counts.get(own, 0), others, other_language(text, language, source, given))


def is_title(text: str) -> bool:
    """Whether a text is written as titles are: CEO of the Year, Back to You, “Le Roi de la Mer”."""
    words = _WORD.findall(text)
    return (
        len(words) > 1
        and words[-1][:1].isupper()
        and all(word[:1].isupper() or is_function_word(word) for word in words)
        and not text.rstrip("\"'”’»」』) ").endswith((".", "!", "?", "…"))
    )


def is_function_word(word: str) -> bool:
    """Whether a word is one of those that some language with a table cannot do without; case does not count."""
    return any(word.casefold() in words for _, words in _profiles().values())


def _own_words(text: str, source: str, given: Iterable[str]) -> str:
    """The text without what it was told to hold, and without English that is said everywhere ("Oh my God!")."""
    told = sorted({*filter(None, given), *_WORD.findall(source), *_travelling()}, key=len, reverse=True)
    text = text.replace("’", "'")
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, told))})(?!\w)", " ", text, flags=re.IGNORECASE)


def _instead_of(own: str, text: str, words: list[str]) -> str:
    """For a language with letters of its own: what else it is where it has none of them."""
    if _SCRIPTS[_OWN[own]].search(text):
        return ""
    other = next((name for name, letters in _SCRIPTS.items() if letters.search(text)), "")
    return other or (_by_words(text, "") if len(words) >= LEAST else "")


def _by_words(text: str, own: str, least: int = LEAST) -> str:
    words = {word.casefold() for word in _WORD.findall(text)}  # no, no, no is one word
    if len(words) < least:
        return ""
    profiles = _profiles()
    counts = {code: sum(word in profile for word in words) for code, (_, profile) in profiles.items()}
    mine = counts.get(own, 0)
    most = max(counts, key=lambda code: counts[code])
    enough = counts[most] >= mine + SURE and counts[most] >= SHARE * len(words)
    return profiles[most][0] if enough else ""


@cache
def _travelling() -> tuple[str, ...]:
    return tuple(tomllib.loads((files("localize") / "travelling.toml").read_text("utf-8"))["phrases"])


def small_words(language: str) -> frozenset[str]:
    """The words ``language`` (BCP 47) cannot do without, in lower case; none of a language without a list."""
    return _profiles().get(language.partition("-")[0], ("", frozenset[str]()))[1]


@cache
def _profiles() -> dict[str, tuple[str, frozenset[str]]]:
    table = tomllib.loads((files("localize") / "function_words.toml").read_text("utf-8"))
    return {code: (one["name"], frozenset(one["words"].split())) for code, one in table.items()}

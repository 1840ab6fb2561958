"""Whether an approved form stands in a text, in the shapes its language gives it.

The rules are those a school grammar lists (Real Academia Española, *Nueva gramática*, §§ 2–3 on gender and number;
Kementerian Pendidikan, *Tata Bahasa Baku Bahasa Indonesia*, § 5 on affixes).  They are for finding words, so they may
accept a shape nobody writes, but never another word's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from localize.han import SIGNS

# Thai, Lao, Khmer, Burmese, kana and Chinese characters: scripts that put no blanks between words.
_UNSPACED = re.compile(rf"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff{SIGNS}]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_BARE = str.maketrans("áéíóú", "aeiou")
_STRESSED = str.maketrans("aeiou", "áéíóú")
_ARTICLES = "el|la|los|las|al|del"
# Endings of adjectives, participles and agents, whose gender is grammar; casa and caso are two words.
_AGREEING = tuple(
    stem + end for stem in ("ad", "id", "os", "iv", "ic", "er", "ari", "ori", "uert", "in") for end in "oa"
)
_KIN = {"cuñado", "cuñada", "ahijado", "ahijada", "esposo", "esposa", "sobrino", "sobrina", "vecino", "vecina"}
_CLITICS = "(?:-?(?:nya|ku|mu))?(?:-?(?:lah|kah|pun))?"
_DERIVED = "(?:kan|an|i)?"


def occurs(form: str, text: str, language: str = "") -> bool:
    """Whether ``form`` stands in ``text`` as whole words, in any case and over a row's end.

    Everywhere a plural or possessive s may follow; ``language`` (``es``, ``id-ID`` …) adds its own plurals, genders
    and affixes.  Names, which are written with a capital, keep their gender and take no prefix.
    """
    return found(form, text, language) is not None


def found(form: str, text: str, language: str = "") -> re.Match[str] | None:
    """The first place where ``form`` stands in ``plain(text)``, or None."""
    pattern = _pattern(plain(form, fold=False), language.partition("-")[0])
    return pattern.search(plain(text)) if pattern is not None else None


def plain(text: str, fold: bool = True) -> str:
    """For comparing: NFC, one kind of apostrophe and hyphen, one blank between words, with ``fold`` no capitals."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("‑", "-")
    return " ".join((text.casefold() if fold else text).split())


@lru_cache(maxsize=4096)
def _pattern(form: str, language: str) -> re.Pattern[str] | None:
    words = form.split()
    if not words:
        return None
    if _UNSPACED.search(form):
        return re.compile(re.escape(form.casefold()))
    shapes = _SHAPES.get(language)
    body = shapes(words) if shapes else re.escape(form.casefold()) + "(?:'?s)?"
    end = "" if _HANGUL.search(form) else r"(?!\w)"  # Korean particles are written on to the word
    return re.compile(rf"(?<!\w){body}{end}")


def _english(words: list[str]) -> str:
    *before, last = (word.casefold() for word in words)
    shapes = [rf"{re.escape(last)}(?:'?s|'|es)?"]
    if re.search(r"[^aeiou]y$", last):
        shapes.append(re.escape(last[:-1]) + "ies")
    if last.endswith(("fe", "f")):
        shapes.append(re.escape(last.removesuffix("e")[:-1]) + "ves")
    if last.endswith("man"):
        shapes.append(re.escape(last[:-3]) + "men")
    return " ".join([*map(re.escape, before), f"(?:{'|'.join(shapes)})"])


def _spanish(words: list[str]) -> str:
    found = [_spanish_word(word, first=at == 0 and len(words) > 1) for at, word in enumerate(words)]
    return " ".join(found)


def _spanish_word(word: str, first: bool) -> str:
    low = word.casefold()
    if first and low in _ARTICLES.split("|"):
        return f"(?:{_ARTICLES})"
    if low in ("de", "y", "e", "del", "con", "sin", "en", "a", "por", "para") or not low[-1:].isalpha():
        return re.escape(low)
    shapes = {low, low + "s"}
    if word[:1].islower():
        shapes |= _spanish_shapes(low)
    return f"(?:{'|'.join(sorted(map(re.escape, shapes), key=len, reverse=True))})"


def _spanish_shapes(low: str) -> set[str]:
    """Plural, and the other gender where it only agrees with a noun."""
    bare = low[:-2] + low[-2:].translate(_BARE)
    if low.endswith("z"):
        return {low[:-1] + "ces"}
    if low[-1] not in "aeiouáéíóú":
        moved = {low[:at] + mark.translate(_STRESSED) + low[at + 1 :] + "es" for at, mark in enumerate(low[:-2])}
        return {low + "es", bare + "es", *(moved if low.endswith("n") else ())}  # joven, jóvenes
    if low.endswith(_AGREEING) and low not in _KIN:
        return {low[:-1] + end for end in ("o", "a", "os", "as")}
    return {low + "es"} if low[-1] in "íú" else set()


def _indonesian(words: list[str]) -> str:
    *before, last = words
    if last[:1].isupper():
        body = rf"{re.escape(last.casefold())}(?:-?(?:nya|ku|mu))?"
    else:
        body = _affixed(last.casefold(), alone=not before)
    return " ".join([*(re.escape(word.casefold()) for word in before), body])


def _affixed(root: str, alone: bool) -> str:
    """``root`` with possessives and particles; a single word from four letters on also with prefixes, and doubled."""
    own = re.escape(root)
    if not alone or len(root) < 4:
        return own + _CLITICS
    nasal = _nasal(root)
    prefixed = rf"(?:(?:ber|per|ter|di|se|ke|ku|kau)(?:per|ber)?{own}|(?:me|pe|dipe|mempe){nasal})"
    return rf"(?:{prefixed}|{own}(?:-{own})?){_DERIVED}{_CLITICS}"


def _nasal(root: str) -> str:
    """What ``me-`` and ``pe-`` make of a root: k t s p melt into ng n ny m, others get the nasal before them."""
    melted = {"k": "ng", "t": "n", "s": "ny", "p": "m"}
    first = root[:1]
    if first in melted and root[1:2] in "aiueo":
        kept = f"|m{re.escape(root)}" if first == "p" else ""
        return f"(?:{melted[first]}{re.escape(root[1:])}{kept})"
    if first in "aiueogh" or first == "k":
        return f"ng{re.escape(root)}"
    if first in "bfvp":
        return f"m{re.escape(root)}"
    if first in "cdjzt":
        return f"n{re.escape(root)}"
    return f"n?{re.escape(root)}"


_SHAPES = {"en": _english, "es": _spanish, "id": _indonesian}

"""What a text weighs when it is said: syllables, letters and pauses, counted from its writing.

Nothing is pronounced here.  The counts are what durations are estimated from (``pace``); how far they are off is
measured there, on real voices.  The numbers of every language lie in ``voices/syllables.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from localize.han import SIGNS

_TOKEN = re.compile(r"(?P<figure>\d[\d.,]*)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)", re.UNICODE)
_STOP = re.compile(r"[.!?…。！？]+")
_COMMA = re.compile(r"[,;:—–、，；：]+|(?<=\s)-(?=\s)")
_HAN, _KANA, _HANGUL, _THAI = SIGNS, "\u3040-\u30ff", "\uac00-\ud7a3", "\u0e00-\u0e7f"
_SCRIPT = re.compile(f"[{_HAN}]|[{_KANA}]|[{_HANGUL}]|[{_THAI}]")
_SMALL = frozenset("ゃゅょぁぃぅぇぉャュョァィゥェォ")
_SIZES = (10**2, 10**3, 10**6, 10**9)
_LETTERS_PER_SYLLABLE = 2.5


@dataclass(frozen=True, slots=True)
class Weight:
    """Counts of one text.  ``commas`` and ``stops`` are pauses inside it, those at its ends not counted."""

    syllables: float
    letters: float
    words: int
    commas: int
    stops: int


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("localize.voices") / "syllables.toml").read_text("utf-8"))


@lru_cache(maxsize=16384)
def weight(text: str, language: str) -> Weight:
    """The weight of ``text`` in ``language``, a BCP 47 tag; a text without words weighs nothing."""
    tongue = language.partition("-")[0].casefold()
    plain = unicodedata.normalize("NFC", text)
    syllables = letters = 0.0
    words = 0
    for token in _TOKEN.finditer(plain):
        word = token["word"] or ""
        said = float(figure(token["figure"], tongue)) if not word else syllables_of(word, tongue)
        syllables += said
        letters += _letters(word) if word else said * _LETTERS_PER_SYLLABLE
        words += 1
    rules = _table().get(tongue, {})
    for sign, name, usual in (("%", "percent", 2), ("$€£¥￥", "currency", 2)):
        syllables += sum(plain.count(one) for one in sign) * float(rules.get(name, usual))
    inner = _TOKEN.sub(lambda one: "0" if one["figure"] else one[0], plain).strip(
        " \t\"'“”‘’«»()¡¿.!?…。！？,;:—–-、，；："
    )
    return Weight(syllables, letters, words, len(_COMMA.findall(inner)), len(_STOP.findall(inner)))


def syllables_in(text: str, language: str) -> int:
    """Syllables of a text, rounded."""
    return round(weight(text, language).syllables)


def syllables_of(word: str, tongue: str) -> float:
    """Syllables of one word of letters; ``tongue`` is a bare language such as ``es``."""
    low = word.casefold().replace("’", "'")
    if _SCRIPT.search(low):
        return _by_signs(low, tongue)
    rules = _table().get(tongue, {})
    if tongue == "en":
        return _english(low)
    if rules.get("nuclei") == "strong":
        return _strong(low)
    bare = _bare(low)
    if rules.get("nuclei") == "apart":
        pairs = tuple(rules.get("glide", ()))
        return max(1, len(re.findall("[aeiou]", bare)) - (len(bare) > 3 and bare.endswith(pairs)))
    groups = len(re.findall("[aeiouyаеёиоуыэюя]+", bare))
    silent = len(bare) > 3 and any(bare.endswith(end) for end in rules.get("silent", ()))
    return max(1, groups - silent) if groups else max(1.0, 0.4 * len(bare))


def _by_signs(word: str, tongue: str) -> float:
    """Words in a script whose signs are syllables, or parts of them that do not show it."""
    rules = _table().get(tongue, {})
    han = len(re.findall(f"[{_HAN}]", word)) * float(rules.get("per_han", 1.0))
    kana = sum(1 for sign in word if re.match(f"[{_KANA}]", sign) and sign not in _SMALL)
    hangul = len(re.findall(f"[{_HANGUL}]", word))
    thai = sum(1 for sign in re.findall(f"[{_THAI}]", word) if unicodedata.category(sign) != "Mn")
    return han + kana + hangul + thai * float(rules.get("per_letter", 0.42))


def _letters(word: str) -> float:
    return float(sum(1 for sign in word if unicodedata.category(sign)[0] == "L"))


def _bare(word: str) -> str:
    """Without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if unicodedata.category(sign) != "Mn")


@lru_cache(maxsize=1)
def _exceptions() -> Mapping[str, int]:
    """English words whose spelling tells nothing."""
    return {word: row["count"] for row in _table()["en"]["exceptions"] for word in row["of"]}


def _english(word: str) -> float:
    known = _exceptions()
    if word in known:
        return known[word]
    stem = word.removesuffix("'s") if word.endswith("'s") else re.sub("'(m|re|ve|ll|d)$", "", word)
    if stem in known:
        return known[stem]
    stem = _bare(stem)
    count = len(re.findall("[aeiouy]+", stem))
    if (
        (re.search("[^aeiouy]e$", stem) and not re.search("[^aeiouy]le$", stem))
        or re.search("[^aeiouytd]ed$", stem)
        or re.search("[^aeiouysxzcg]es$", stem.replace("sh", "x").replace("ch", "x"))
    ):
        count -= 1
    count += len(re.findall("(?<![tscg])i[ao](?!u)|(?<=[^aeiouq])ua|eo(?!u)|[aeiouy]ing$|ism$", stem))
    count -= len(re.findall("[^aeiouy]e(?:ly|ful|less|ness|ment)$", stem))
    return max(1, count)


def _strong(word: str) -> float:
    """Spanish and Portuguese: vowels that carry a syllable; a run of weak ones carries one."""
    said = re.sub("(?<=[qg])u(?=[eiéí])", "", word)
    said = re.sub("y$", "i", said)
    count = 0
    for run in re.findall("[aeiouáéíóúâêôãõàüy]+", said) if said != "y" else ["i"]:
        strong = len(re.findall("[aeoáéíóúâêôãõà]", run))
        count += strong or 1
    return max(1, count)


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────────
@cache
def figure(written: str, tongue: str) -> int:
    """Syllables of a number in figures, read out; two each where nobody wrote down how a language counts."""
    digits = re.sub(r"\D", "", written)
    parts = re.fullmatch(r"(.+)[.,](\d{1,2})", written.rstrip(".,"))
    rules = _table().get(tongue, {})
    if "ones" not in rules or len(digits) > 12 or (digits.startswith("0") and len(digits) > 1):
        return int(sum(rules["ones"][int(digit)] for digit in digits)) if "ones" in rules else 2 * len(digits)
    if parts:
        whole = int(re.sub(r"\D", "", parts[1]))
        return _said(whole, rules) + 2 + sum(int(rules["ones"][int(one)]) for one in parts[2])
    return _said(int(digits or 0), rules)


def _said(value: int, rules: Mapping[str, Any]) -> int:
    if value < 20:
        return int(rules["ones"][value])
    if value < 100:
        return int(rules["tens"][value // 10 - 2]) + (int(rules["ones"][value % 10]) if value % 10 else 0)
    size, said = next(
        (size, said) for size, said in zip(_SIZES[::-1], rules["sizes"][::-1], strict=True) if size <= value
    )
    return _said(value // size, rules) + int(said) + (_said(value % size, rules) if value % size else 0)

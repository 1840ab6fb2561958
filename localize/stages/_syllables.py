"""Chinese text as it sounds: pinyin syllables without tones, and how alike two of them are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from localize.han import SIGNS

_PART = re.compile(rf"(?P<han>[{SIGNS}]+)|(?P<digits>\d+)|(?P<word>[^\W\d_{SIGNS}]+)")
_SPLIT = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)")
_LONGEST_NUMBER = 9
"""Digits read as one number; longer runs (telephones, accounts) are read digit by digit."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable, or one word in Latin letters: its ``sound``, and the characters ``start``–``end`` it stands in."""

    sound: str
    start: int
    end: int


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.stages") / "near_sounds.toml").read_text("utf-8"))


@lru_cache(maxsize=8192)
def syllables(text: str) -> tuple[Syllable, ...]:
    """``text`` as it is said; punctuation is silent, figures are read as numbers."""
    found: list[Syllable] = []
    for part in _PART.finditer(text):
        if part["word"]:
            found.append(Syllable(part["word"].casefold(), part.start(), part.end()))
            continue
        said = part["han"] or read_out(part["digits"], text[part.end() : part.end() + 1])
        sounds = _pinyin(said)
        last = part.end() - part.start() - 1
        for place, sound in enumerate(sounds):
            at = part.start() + (place if part["han"] else min(place * (last + 1) // len(sounds), last))
            found.append(Syllable(sound, at, at + 1))
    return tuple(found)


def _pinyin(han: str) -> list[str]:
    """One sound a character; a character nobody knows sounds like itself."""
    from pypinyin import lazy_pinyin

    sounds = lazy_pinyin(han)
    if len(sounds) != len(han):  # characters without pinyin came back in one piece
        sounds = [lazy_pinyin(one)[0] for one in han]
    return [sound.lower() for sound in sounds]


def read_out(digits: str, after: str = "") -> str:
    """``"500"`` → ``"五百"``; years, long runs and runs that start with 0 go digit by digit."""
    names = _table()["digits"]["names"]
    if digits[0] == "0" or len(digits) > _LONGEST_NUMBER or (after == "年" and len(digits) == 4):
        return "".join(names[int(digit)] for digit in digits)
    tens, groups = _table()["digits"]["tens"], _table()["digits"]["groups"]
    said = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        own = digits[max(len(digits) - place - 4, 0) : len(digits) - place].strip("0")
        group = groups[place // 4] if place % 4 == 0 and own else ""
        if digit != "0":
            said += names[int(digit)] + tens[place % 4] + group
        elif group:
            said = said.removesuffix(names[0]) + group
        elif said and not said.endswith(names[0]):
            said += names[0]
    said = said.removesuffix(names[0]) or names[0]
    said = re.sub("^二(?=[千万亿])", "两", said)
    return said[1:] if said.startswith("一十") else said


def _folded(sound: str) -> tuple[str, str]:
    """Initial and final after folding the sounds that are taken for each other."""
    split = _SPLIT.fullmatch(sound)
    initial, final = (split[1] or "", split[2]) if split else ("", sound)
    return _table()["initials"].get(initial, initial), _table()["finals"].get(final, final)


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> float:
    """How alike two syllables sound, 0–1."""
    grades = _table()["alike"]
    if one == other:
        return float(grades["same"])
    if not (one.isascii() and other.isascii()):
        return 0.0
    (initial, final), (initial2, final2) = _folded(one), _folded(other)
    if (initial, final) == (initial2, final2):
        return float(grades["near"])
    if final and final == final2:
        return float(grades["final"])
    return float(grades["initial"]) if initial and initial == initial2 else 0.0


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two rows of sounds are: the best order-keeping pairing over the longer of the two, 0–1."""
    if not one or not other:
        return 0.0
    row = [0.0] * (len(other) + 1)
    for sound in one:
        before, row = row, [0.0]
        for place, heard in enumerate(other):
            row.append(max(before[place] + alike(sound, heard), before[place + 1], row[place]))
    return row[-1] / max(len(one), len(other))

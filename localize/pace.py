"""How long a voice takes to say a text, before it says it.

A language's ``Pace`` turns the weight of a text (``spoken``) into milliseconds; every voice has its own factor.  The
shipped coefficients (``voices/paces.toml``) were measured on the shipped voices and hold for exactly that engine, its
version and those settings; any other voice is measured by speaking the sentences of ``voices/sentences.toml`` once
(stage ``pace``).  ``tests/benchmarks/length.py`` tells how far off they are, and writes the table.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from statistics import median
from typing import Any

from localize.market import Market
from localize.spoken import weight
from localize.timing import Ms
from localize.voice import Voice

_EASED_BELOW = 1 / 1.15
"""Share of its slot below which the espeak engine slows a line down (``backends/tts/espeak.py``)."""
_COMMA, _STOP, _BASE = 280.0, 450.0, 130.0
"""Milliseconds of a pause and of the edges of a line where nobody measured a language: between those of English,
Spanish and Indonesian in ``paces.toml``."""
_LEAST_BUDGET = 1


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds: ``base`` once a text, and for each syllable, letter, and pause inside it.

    ``factor`` is the voice's own.  ``hurry`` and ``ease`` are how far the engine by itself leaves that pace to meet a
    slot.  ``error`` is the median share by which estimates missed real takes, 0 where nobody looked.
    """

    language: str
    base: float
    syllable: float
    letter: float
    comma: float
    stop: float
    factor: float = 1.0
    hurry: float = 1.0
    ease: float = 1.0
    error: float = 0.0

    def ms(self, text: str, emotion: str = "") -> Ms:
        """The length of ``text`` as spoken without a wish for its length; 0 for a text without words."""
        one = weight(text, self.language)
        if not one.words:
            return Ms(0)
        whole = self.base + self.syllable * one.syllables + self.letter * one.letters
        whole += self.comma * one.commas + self.stop * one.stops
        return Ms(round(whole * self.factor / (_manners().get(emotion, 1.0) if self.hurry > 1.0 else 1.0)))

    def in_slot(self, text: str, slot: int, emotion: str = "") -> Ms:
        """The length when the engine is told that ``slot`` ms are wished."""
        free = self.ms(text, emotion)
        if not free or slot <= 0 or _EASED_BELOW <= free / slot <= 1.0:
            return free
        return Ms(round(free / min(max(free / slot, self.ease), self.hurry)))

    def syllables(self, ms: int) -> int:
        """How many syllables of a text without pauses can be said in ``ms``, at least one."""
        each = self.syllable + self.letter * _letters_per_syllable(self.language)
        return max(_LEAST_BUDGET, int((ms / self.factor - self.base) / each))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads((files("localize.voices") / "paces.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _manners() -> Mapping[str, float]:
    """Emotion → how much faster it is said, of the stock voices."""
    rows = tomllib.loads((files("localize.voices") / "emotions.toml").read_text("utf-8"))
    return {name: float(row["rate"]) for name, row in rows.items()}


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Any]:
    return tomllib.loads((files("localize.voices") / "sentences.toml").read_text("utf-8"))


def sentences(language: str) -> tuple[str, ...]:
    """What a voice is asked to say to be measured; empty for a language nobody wrote any for."""
    found = _sentences()
    return tuple(found.get(language) or found.get(language.partition("-")[0], ()))


@lru_cache(maxsize=64)
def _letters_per_syllable(language: str) -> float:
    """Letters a syllable has in the sentences of a language; 2.3, as in Spanish and Indonesian, without any."""
    weights = [weight(text, language) for text in sentences(language)]
    said = sum(one.syllables for one in weights)
    return sum(one.letters for one in weights) / said if said else 2.3


# ── where a pace comes from ─────────────────────────────────────────────────────────────────────────────────
def of_language(language: str, per_second: float = 6.5) -> Pace:
    """The pace of a language before anybody is cast: the mean of the shipped voices, else ``per_second`` syllables."""
    row = _table()["language"].get(_measured(language))
    if row is None:
        return Pace(language, _BASE, 1000.0 / per_second, 0.0, _COMMA, _STOP)
    return Pace(language, row["base"], row["syllable"], row["letter"], row["comma"], row["stop"], error=row["error"])


def _measured(language: str) -> str:
    """The language of the table that stands for a tag: itself, or the one of its tongue (``id`` → ``id-ID``)."""
    known = _table()["language"]
    tongue = language.partition("-")[0]
    return language if language in known else next((one for one in known if one.partition("-")[0] == tongue), "")


def of_market(market: Market) -> Pace:
    """The pace a market's texts are budgeted with."""
    return of_language(market.voice_language, market.syllables_per_second)


def shipped(engine: str, version: str, voice: Voice, language: str) -> Pace | None:
    """The measured pace of a shipped voice; None when engine, version, settings or language are not those measured."""
    made = _table()["engine"]
    row = _table()["voices"].get(voice.id)
    if (made["name"], made["version"]) != (engine, version) or row is None or row["mark"] != mark(voice):
        return None
    if _measured(language) not in row["factor"]:
        return None
    own = of_language(language)
    return replace(own, factor=row["factor"][_measured(language)], hurry=made["hurry"], ease=made["ease"])


def mark(voice: Voice) -> str:
    """Sixteen hex digits that change with everything a voice sounds by."""
    sample = voice.sample.digest if voice.sample else ""
    told = json.dumps([voice.engine, voice.pitch, voice.settings, sample])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def fitted(language: str, said: Sequence[tuple[str, float]]) -> Pace:
    """A pace from takes: ``said`` are texts and the ms they took.  Without takes it is the language's own.

    The factor alone is fitted, by the median, so that one odd take moves nothing.
    """
    own = replace(of_language(language), error=0.0)
    pairs = [(own.ms(text), ms) for text, ms in said if own.ms(text) and ms > 0]
    if not pairs:
        return own
    factor = median(ms / estimate for estimate, ms in pairs)
    errors = [abs(estimate * factor / ms - 1) for estimate, ms in pairs]
    return replace(own, factor=round(factor, 4), error=round(median(errors), 4))

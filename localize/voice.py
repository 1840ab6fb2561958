"""Voices, the consent that lets us move toward a person's voice, and who speaks with which."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from localize.episode import Age, Asset, Gender, Speaker
from localize.errors import GateError, InputError

Scope = Literal["voice_clone", "face_swap", "lip_edit", "ai_training"]
Grade = Literal["preview", "delivery"]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person signed.  ``territories`` may hold ``"worldwide"``; ``languages`` BCP 47 tags or bare
    languages.
    """

    person: str
    scope: tuple[Scope, ...]
    languages: tuple[str, ...]
    territories: tuple[str, ...]
    until: date
    evidence: str
    signed_by: str = ""
    signed_on: date | None = None
    revoked: bool = False

    def refusal(self, scope: Scope, market: str, today: date) -> str:
        """Why this consent does not cover ``scope`` in ``market`` (a BCP 47 code) today; empty when it
        does.
        """
        language, _, territory = market.partition("-")
        if self.revoked:
            return f"{self.person} revoked the consent"
        if scope not in self.scope:
            return f"{self.person}'s consent does not cover {scope}"
        if not {market, language} & set(self.languages):
            return f"{self.person}'s consent does not cover the language {market}"
        if not {"worldwide", territory} & set(self.territories):
            return f"{self.person}'s consent does not cover the territory {territory}"
        if today > self.until:
            return f"{self.person}'s consent ended on {self.until}"
        return ""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice one engine can speak with.  ``pitch`` is its median fundamental in Hz; ``settings`` belong to
    the engine.
    """

    id: str
    name: str
    engine: str
    gender: Gender
    age: Age
    languages: tuple[str, ...]
    licence: str
    grade: Grade
    pitch: float
    settings: tuple[tuple[str, str], ...] = ()
    sample: Asset | None = None


@dataclass(frozen=True, slots=True)
class Casting:
    """Who speaks with which voice in one market, and why.  ``toward`` names the actor whose voice is
    approached.
    """

    speaker: str
    market: str
    voice: Voice
    why: str
    toward: str = ""


@lru_cache(maxsize=1)
def stock_voices() -> Mapping[str, Voice]:
    """The voices that come with the program, by id, from ``voices/*.toml``."""
    found: dict[str, Voice] = {}
    for entry in sorted(files("localize.voices").iterdir(), key=lambda entry: entry.name):
        table = tomllib.loads(entry.read_text("utf-8")) if entry.name.endswith(".toml") else {}
        found |= {row["id"]: _voice(row, table["engine"]) for row in table.get("voice", ())}
    return found


def _voice(row: Mapping[str, Any], engine: Mapping[str, Any]) -> Voice:
    return Voice(
        id=row["id"],
        name=row["name"],
        engine=engine["name"],
        gender=row["gender"],
        age=row["age"],
        languages=tuple(row.get("languages", engine["languages"])),
        licence=row.get("licence", engine["licence"]),
        grade=engine["grade"],
        pitch=row["pitch"],
        settings=tuple(sorted((key, str(value)) for key, value in row["settings"].items())),
    )


def cast_voices(
    speakers: Sequence[Speaker],
    table: Mapping[str, Mapping[str, str]],
    consents: Mapping[str, Consent],
    market: str,
    language: str,
    today: date,
    voices: Mapping[str, Voice] | None = None,
) -> tuple[Casting, ...]:
    """Who speaks with which voice in ``market``, in the order of ``speakers``.

    ``table`` is casting.toml: character → market or ``"*"`` → voice id; it wins. Everybody else gets the
    nearest free voice by gender and age, so that nobody shares one while there are enough. ``consents`` holds
    what each character's actor signed; only a consent that covers voice cloning in this market today moves
    the voice toward the actor. ``language`` is what the dub speaks. Raises ``InputError`` for an unknown
    voice id and ``GateError`` when a voice does not speak the language or none does.
    """
    pool = dict(voices or stock_voices())
    chosen = {
        who.id: _named(who.id, table, market, language, pool)
        for who in speakers
        if _wish(who.id, table, market)
    }
    for who in sorted(speakers, key=lambda who: (who.gender == "unknown", who.age == "unknown")):
        if who.id not in chosen:
            chosen[who.id] = _nearest(who, [voice.id for voice in chosen.values()], language, pool)
    return tuple(
        _casting(who, chosen[who.id], table, consents.get(who.id), market, today) for who in speakers
    )


def _wish(speaker: str, table: Mapping[str, Mapping[str, str]], market: str) -> str:
    row = table.get(speaker, {})
    return row.get(market) or row.get("*", "")


def _named(
    speaker: str,
    table: Mapping[str, Mapping[str, str]],
    market: str,
    language: str,
    pool: Mapping[str, Voice],
) -> Voice:
    wish = _wish(speaker, table, market)
    if wish not in pool:
        raise InputError(f"{speaker} is cast with {wish!r}, a voice nobody knows", "casting.toml",
                         f"known voices: {', '.join(pool)}")  # fmt: skip
    if language not in pool[wish].languages:
        raise GateError(f"{speaker}'s voice {wish} does not speak {language}", "casting.toml",
                        f"cast a voice for {market} that does, or add --deliver sub")  # fmt: skip
    return pool[wish]


def _nearest(who: Speaker, taken: Sequence[str], language: str, pool: Mapping[str, Voice]) -> Voice:
    able = [voice for voice in pool.values() if language in voice.languages]
    if not able:
        raise GateError(
            f"no voice speaks {language}", who.id, "add --deliver sub for subtitles, or install an engine that does"
        )

    def distance(voice: Voice) -> tuple[int, int]:
        stranger = 4 * (who.gender not in ("unknown", voice.gender) and voice.age != "child")
        older = 2 * abs(_AGES.index(who.age if who.age in _AGES else "adult") - _AGES.index(voice.age))
        child = 12 * ((who.age == "child") != (voice.age == "child"))
        return 5 * taken.count(voice.id) + stranger + older + child, list(pool).index(voice.id)

    return min(able, key=distance)


_AGES: tuple[Age, ...] = ("child", "young", "adult", "elder")


def _casting(
    who: Speaker,
    voice: Voice,
    table: Mapping[str, Mapping[str, str]],
    consent: Consent | None,
    market: str,
    today: date,
) -> Casting:
    how = (
        "casting.toml" if _wish(who.id, table, market) else f"nearest free voice for {who.gender}, {who.age}"
    )
    if consent is None:
        return Casting(who.id, market, voice, f"{how}; stock voice: no consent on file")
    refusal = consent.refusal("voice_clone", market, today)
    if refusal:
        return Casting(who.id, market, voice, f"{how}; stock voice: {refusal}")
    return Casting(
        who.id, market, voice, f"{how}; toward {consent.person}, who agreed", toward=consent.person
    )

"""Voices, the consent that lets us move toward a person's voice, and who speaks with which."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from math import log2
from typing import Any, Literal

from localize.episode import Age, Asset, Gender, Speaker
from localize.errors import GateError, InputError

Scope = Literal["voice_clone", "face_swap", "lip_edit", "ai_training"]
Grade = Literal["preview", "delivery"]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person signed.  ``territories`` may hold ``"worldwide"``; ``languages`` BCP 47 tags or bare
    languages.  ``evidence`` is the SHA-256 of the signed document, ``digest`` that of the card.
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
    revoked_on: date | None = None
    digest: str = ""

    def refusal(self, scope: Scope, market: str, today: date) -> str:
        """Why this consent does not cover ``scope`` in ``market`` (a BCP 47 code) today; empty when it
        does.
        """
        language, _, territory = market.partition("-")
        if self.revoked:
            return f"{self.person} revoked the consent" + (f" on {self.revoked_on}" if self.revoked_on else "")
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
    the engine.  ``languages`` are BCP 47 tags with their accent: es-419 is not es-ES.  ``person`` is whose voice it
    is (empty: nobody's, a stock voice), ``sample`` the reference clip of that person.
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
    person: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Casting:
    """Who speaks with which voice in one market, and why.  ``toward`` names the person whose voice is approached,
    ``consent`` the consent (its file's name) that allows it; ``refused`` says why one that was wanted does not.
    ``by`` tells who chose: a person, an earlier episode of the series, or the machine now.
    """

    speaker: str
    market: str
    voice: Voice
    why: str
    toward: str = ""
    consent: str = ""
    refused: str = ""
    by: Literal["person", "series", "machine"] = "machine"


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
        accent=row.get("accent", engine.get("accent", "")),
    )


@lru_cache(maxsize=1)
def licensed_voices() -> Mapping[str, Voice]:
    """The stock voices, and each of them made lower and higher, so that a large cast need not share."""
    stock = stock_voices()
    return {**stock, **{one.id: one for voice in stock.values() for one in _retuned(voice)}}


RETUNED = (("low", "lower", 0.89, 0.955), ("high", "higher", 1.12, 1.05))
"""Id and name, factor of the pitch (two semitones), factor of the vocal tract's resonances (a head smaller or larger):
what two people of one age and gender differ by."""


def _retuned(voice: Voice) -> tuple[Voice, ...]:
    return tuple(
        replace(
            voice, id=f"{voice.id}-{short}", name=f"{voice.name}, {told}", pitch=round(voice.pitch * pitch, 1),
            settings=tuple((key, f"{float(value) * tract:.3f}" if key == "tract" else value)
                           for key, value in voice.settings),
        )
        for short, told, pitch, tract in RETUNED
    )  # fmt: skip


def voice_of(id: str, own: Mapping[str, Voice]) -> Voice | None:
    """The voice called ``id``: the series' ``own``, else a stock voice, plain, lower or higher."""
    return own.get(id) or licensed_voices().get(id)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a series says about its voices.

    ``table`` is casting.toml: character → market or ``"*"`` → voice id; ``held`` what earlier episodes chose in this
    market, character → (voice id, episode); ``own`` the series' own voices; ``consents`` by character or own voice;
    ``heights`` the median fundamental in Hz of speakers who were heard.
    """

    table: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    consents: Mapping[str, Consent] = field(default_factory=dict)
    held: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    own: Mapping[str, Voice] = field(default_factory=dict)
    heights: Mapping[str, float] = field(default_factory=dict)

    def named(self, speaker: str, market: str) -> str:
        """The voice id casting.toml gives a speaker in a market; empty where it gives none."""
        row = self.table.get(speaker, {})
        return row.get(market) or row.get("*", "")


def cast_voices(
    speakers: Sequence[Speaker],
    table: Mapping[str, Mapping[str, str]],
    consents: Mapping[str, Consent],
    market: str,
    language: str,
    today: date,
    voices: Mapping[str, Voice] | None = None,
) -> tuple[Casting, ...]:
    """``cast_by`` for a series that says no more than its table and consents."""
    return cast_by(speakers, Wishes(table, consents), market, language, today, voices)


def cast_by(
    speakers: Sequence[Speaker], wishes: Wishes, market: str, language: str, today: date,
    voices: Mapping[str, Voice] | None = None,
) -> tuple[Casting, ...]:  # fmt: skip
    """Who speaks with which voice in ``market``, in the order of ``speakers``.

    casting.toml wins, then what an earlier episode chose.  Everybody else gets the nearest free voice by gender, age
    and pitch; nobody shares one while there are enough.  Only a consent that covers voice cloning in this market today
    moves a voice toward a person; a person's own voice without one gives way to a stock voice, which ``refused`` tells.
    ``language`` is what the dub speaks.  Raises ``InputError`` for an unknown voice id and ``GateError`` when a voice
    does not speak the language or none does.
    """
    pool = {**(voices if voices is not None else licensed_voices()), **wishes.own}
    chosen: dict[str, Voice] = {}
    refused: dict[str, str] = {}
    for who in speakers:
        wish = wishes.named(who.id, market)
        if not wish and who.id in wishes.held and language in _tags(pool.get(wishes.held[who.id][0])):
            wish = wishes.held[who.id][0]
        if not wish:
            continue
        voice = _named(who.id, wish, market, language, pool)
        why = _covered(wishes.consents.get(voice.id), voice, market, today) if voice.person else ""
        if why:
            refused[who.id] = f"{voice.id} is not used: {why}"
        else:
            chosen[who.id] = voice
    for who in sorted(speakers, key=lambda who: (who.gender == "unknown", who.age == "unknown")):
        if who.id not in chosen:
            taken = [voice.id for voice in chosen.values()]
            chosen[who.id] = _nearest(who, taken, language, pool, wishes.heights.get(who.id, 0.0))
    return tuple(_casting(who, chosen[who.id], wishes, market, today, refused.get(who.id, "")) for who in speakers)


def _tags(voice: Voice | None) -> tuple[str, ...]:
    return voice.languages if voice is not None else ()


def _covered(consent: Consent | None, voice: Voice, market: str, today: date) -> str:
    """Why a person's voice may not be used; empty when it may."""
    if consent is None:
        return f"no consent of {voice.person} is on file"
    return consent.refusal("voice_clone", market, today)


def _named(speaker: str, wish: str, market: str, language: str, pool: Mapping[str, Voice]) -> Voice:
    if wish not in pool:
        raise InputError(f"{speaker} is cast with {wish!r}, a voice nobody knows", "casting.toml",
                         f"known voices: {', '.join(pool)}")  # fmt: skip
    if language not in pool[wish].languages:
        bare = language.partition("-")[0]
        near = [tag for tag in pool[wish].languages if tag.partition("-")[0] == bare]
        accent = f", only {', '.join(near)}, which is another accent" if near else ""
        raise GateError(f"{speaker}'s voice {wish} does not speak {language}{accent}", "casting.toml",
                        f"cast a voice for {market} that does, or add --deliver sub")  # fmt: skip
    return pool[wish]


def _nearest(who: Speaker, taken: Sequence[str], language: str, pool: Mapping[str, Voice], height: float) -> Voice:
    able = [voice for voice in pool.values() if language in voice.languages and not voice.person]
    if not able:
        raise GateError(
            f"no voice speaks {language}", who.id, "add --deliver sub for subtitles, or install an engine that does"
        )
    plain = stock_voices()

    def distance(voice: Voice) -> tuple[float, int]:
        stranger = 4 * (who.gender not in ("unknown", voice.gender) and voice.age != "child")
        older = 2 * abs(_AGES.index(who.age if who.age in _AGES else "adult") - _AGES.index(voice.age))
        child = 12 * ((who.age == "child") != (voice.age == "child"))
        octaves = abs(log2(height / voice.pitch)) if height else 0.0
        retuned = 0.6 * (voice.id not in plain)
        near = stranger + older + child + 3 * octaves + retuned
        return 50 * taken.count(voice.id) + near, list(pool).index(voice.id)

    return min(able, key=distance)


_AGES: tuple[Age, ...] = ("child", "young", "adult", "elder")


def _casting(who: Speaker, voice: Voice, wishes: Wishes, market: str, today: date, refused: str) -> Casting:
    named, held = wishes.named(who.id, market), wishes.held.get(who.id, ("", ""))
    how, by = _how(who, named if not refused else "", held if held[0] == voice.id else ("", ""), wishes)
    key = voice.id if voice.person else who.id
    consent = wishes.consents.get(key)
    why = refused or (_covered(consent, voice, market, today) if consent else "no consent on file")
    if consent is None or why:
        told = why if consent or refused else ""
        return Casting(who.id, market, voice, f"{how}; stock voice: {why}", refused=told, by=by)
    agreed = f"{how}; toward {consent.person}, who agreed"
    return Casting(who.id, market, voice, agreed, toward=consent.person, consent=key, by=by)


def _how(
    who: Speaker, named: str, held: tuple[str, str], wishes: Wishes
) -> tuple[str, Literal["person", "series", "machine"]]:
    if named:
        return "casting.toml", "person"
    if held[0]:
        return f"as in {held[1]}", "series"
    height = wishes.heights.get(who.id, 0.0)
    return f"nearest free voice for {who.gender}, {who.age}" + (f", {height:.0f} Hz" if height else ""), "machine"

"""What people do with voices: add one from a clip, write down a consent, revoke it, and listen."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from localize import backends, voice_ledger
from localize.engine.voice_clip import checked
from localize.engine.voice_uses import outputs
from localize.episode import Age, Gender
from localize.errors import GateError, InputError
from localize.market import resolve
from localize.roles import Reference, SpeechRequest, Tts
from localize.series import SeriesBible, digest_of, locked, open_series, write
from localize.tables import choice_of, did_you_mean, read_text
from localize.voice import Scope, Voice, cast_by, licensed_voices, stock_voices, voice_of
from localize.voice import Wishes as Nobody
from localize.voice_cards import FOLDER, clip_of

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
LICENCE = "belongs to {person}; used only as the consent on file allows"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose voice a clip holds.  ``languages`` are tags with their accent; none: all that the engine speaks."""

    name: str
    gender: Gender = "unknown"
    age: Age = "adult"
    languages: tuple[str, ...] = ()
    accent: str = ""


def add(bible: SeriesBible, id: str, clip: Path, who: Person, by: str, today: date) -> Voice:
    """Take a voice from a clip: copied into the series, with a card.  It is used once a consent is on file.

    Raises ``InputError`` for a clip that will not do, a name that is taken, a language its engine does not speak.
    """
    import tomlkit

    _new(bible, id)
    heard = checked(clip)
    base = _like(who, heard.pitch)
    tags = _tags(who.languages) or base.languages
    if strange := [tag for tag in tags if tag not in base.languages]:
        fix = f"choose from {', '.join(base.languages)}"
        raise InputError(f"the engine {base.engine} does not speak {', '.join(strange)}", "--languages", fix)
    target = clip_of(bible.root, id)
    card = tomlkit.document()
    with locked(bible.root):
        _copy(clip, target)
        digest = digest_of(target)
        card.update({
            "name": who.name, "person": who.name, "gender": who.gender, "age": who.age, "languages": list(tags),
            "accent": who.accent, "base": base.id, "pitch": round(heard.pitch), "sample": target.name, "sha256": digest,
            "licence": LICENCE.format(person=who.name), "added_by": by, "added_on": today,
        })  # fmt: skip
        write(target.with_suffix(".toml"), tomlkit.dumps(card), seen="")
        facts = {"what": "voice", "voice": id, "person": who.name, "sample": digest}
        voice_ledger.append_locked(bible.root, [facts], by)
    return open_series(bible.root).voices[id]


def _new(bible: SeriesBible, id: str) -> None:
    if not _ID.fullmatch(id):
        raise InputError(f"{id!r} is no name for a voice", fix="use small letters, figures, - and _: lin_mei")
    if voice_of(id, bible.voices) or clip_of(bible.root, id).exists():
        raise InputError(f"a voice called {id} is there already", str(bible.root / FOLDER), "choose another name")
    if bible.character(id):
        raise InputError(f"{id} is a character; a voice is a person's", fix=f"choose another name, {id}_voice")


def _like(who: Person, pitch: float) -> Voice:
    """The stock voice nearest to a person, whose settings their voice starts from."""
    from localize.episode import Speaker

    found = cast_by(
        [Speaker("it", who.name, who.gender, who.age)], Nobody(heights={"it": pitch}), "en-US", "en-US", date.min,
        stock_voices(),
    )  # fmt: skip
    return found[0].voice


def _tags(languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(resolve(tag).code for tag in languages))


def _copy(clip: Path, target: Path) -> None:
    """A clip as mono 16-bit WAV in the series; it appears whole."""
    from localize.media import audio

    sound, rate = audio.read(clip)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{secrets.token_hex(4)}.wav")
    try:
        audio.write(unfinished, audio.mono(sound), rate)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


# ── consent ─────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Signed:
    """What a person signed, as it goes onto the card; ``document`` is the signed file."""

    person: str
    document: Path
    scope: tuple[str, ...]
    languages: tuple[str, ...]
    territories: tuple[str, ...]
    until: date
    signed_by: str
    signed_on: date


def consent(bible: SeriesBible, who: str, given: Signed, by: str) -> Path:
    """Write the consent card of a character's actor, or of a voice of the series; the card's path.

    The document is copied beside it, its SHA-256 written down.  Raises ``InputError``, also where a card is there that
    nobody revoked.
    """
    import tomlkit

    if bible.character(who) is None and who not in bible.voices:
        known = [*(one.id for one in bible.cast), *bible.voices]
        raise InputError(f"nobody is called {who!r}", fix=f"{did_you_mean(who, known)}known: {', '.join(known)}")
    scope = [choice_of(one, get_args(Scope), "scope", "--scope") for one in given.scope]
    if not given.document.is_file():
        raise InputError("the signed document is not there", str(given.document), "give the file that was signed")
    if given.document.suffix.lower() == ".toml":
        raise InputError("a TOML file is no signed document", str(given.document), "give the PDF, picture or text")
    if given.until < given.signed_on:
        raise InputError("the consent ends before it was signed", "--until", "look at both dates")
    path = bible.root / "consents" / f"{who}.toml"
    evidence = path.with_name(f"{who}{given.document.suffix}")
    old = bible.consent(who)
    if old is not None and not old.revoked:
        raise InputError(
            f"a consent of {old.person} is on file", str(path), f"localize voices revoke {who} comes first"
        )
    if path.exists() or evidence.exists():  # a revoked one stays, under the day it was revoked
        _put_aside(path, evidence)
    with locked(bible.root):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(given.document, evidence)
        card = tomlkit.document()
        card.update({
            "person": given.person, "document": evidence.name, "sha256": digest_of(evidence), "scope": scope,
            "languages": list(given.languages), "territories": list(given.territories), "until": given.until,
            "signed_by": given.signed_by, "signed_on": given.signed_on, "revoked": False,
        })  # fmt: skip
        write(path, tomlkit.dumps(card), seen="")
        facts = {"what": "consent", "consent": who, "consent_digest": digest_of(path), "evidence": digest_of(evidence)}
        voice_ledger.append_locked(bible.root, [facts], by)
    return path


def _put_aside(path: Path, evidence: Path) -> None:
    """Move a revoked card and its document into ``consents/revoked/``, under names nobody has."""
    folder = path.parent / "revoked"
    folder.mkdir(parents=True, exist_ok=True)
    number = 1 + len(list(folder.glob(f"{path.stem}.*.toml")))
    for file in (path, evidence):
        if file.exists():
            file.replace(folder / f"{path.stem}.{number}{file.suffix}")


def revoke(bible: SeriesBible, who: str, by: str, today: date) -> tuple[tuple[str, str, int, str], ...]:
    """Mark a consent as revoked; (episode, market, version, folder) of every delivered version that relied on it.

    Revoking twice changes nothing and lists again.  Raises ``InputError`` where there is no such consent.
    """
    import tomlkit

    held = bible.consent(who)
    if held is None:
        known = ", ".join(bible.consents) or "none"
        raise InputError(f"there is no consent of {who!r}", str(bible.root / "consents"), f"consents: {known}")
    path = bible.root / "consents" / f"{who}.toml"
    if not held.revoked:
        with locked(bible.root):
            seen, document = digest_of(path), tomlkit.parse(read_text(path))
            document["revoked"], document["revoked_on"], document["revoked_by"] = True, today, by
            write(path, tomlkit.dumps(document), seen)
            facts = {"what": "revoked", "consent": who, "consent_digest": digest_of(path)}
            voice_ledger.append_locked(bible.root, [facts], by)
    return tuple(outputs(bible, who))


# ── listening ───────────────────────────────────────────────────────────────────────────
def audition(bible: SeriesBible, id: str, text: str, language: str, out: Path, by: str, today: date) -> float:
    """Speak ``text`` with a voice into the WAV ``out``; its length in seconds.

    A person's voice needs a consent for the language and goes on record.  Raises ``InputError`` or ``GateError``.
    """
    from localize.media import audio

    voice, market = voice_of(id, bible.voices), resolve(language)
    tag = market.code
    if voice is None:
        known = [*bible.voices, *licensed_voices()]
        raise InputError(f"no voice is called {id!r}", fix=f"{did_you_mean(id, known)}localize voices list")
    if tag not in voice.languages:
        raise GateError(f"{id} does not speak {tag}", "audition", f"it speaks {', '.join(voice.languages)}")
    actor: dict[str, Any] = _allowed(bible, voice, tag, today) if voice.person else {}
    if voice.person:
        held = bible.consents[id].digest
        facts = {"what": "audition", "voice": id, "language": tag, "text": text, "consent": id, "consent_digest": held}
        voice_ledger.append(bible.root, [facts], by)
    speech = _engine(voice).speak(SpeechRequest(text, market.voice_language, voice, **actor))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        audio.write(out, speech.sound, speech.rate)
    except (OSError, RuntimeError) as error:
        raise InputError(f"cannot be written: {error}", str(out), "choose another file with --out") from error
    return float(len(speech.sound) / speech.rate)


def _engine(voice: Voice) -> Tts:
    """What the card names.  Raises ``SetupError`` and, for weights no business may use, ``GateError``."""
    card = backends.card("tts", voice.engine).under({})
    if card.commercial_use is False:
        told = f"{card.name} is licensed for non-commercial use only ({card.licence})"
        raise GateError(told, voice.id, "a run with --allow-noncommercial speaks it")
    engine: Tts = backends.load("tts", voice.engine, {})
    return engine


def _allowed(bible: SeriesBible, voice: Voice, market: str, today: date) -> dict[str, Any]:
    """The reference clip of a person who agreed, as the engine takes it."""
    from localize.media import audio

    held = bible.consents.get(voice.id)
    refusal = held.refusal("voice_clone", market, today) if held else f"no consent of {voice.person} is on file"
    if refusal:
        raise GateError(refusal, voice.id, f"localize voices consent SERIES {voice.id} writes one down")
    clip = clip_of(bible.root, voice.id)
    sound, rate = audio.read(clip)
    given = Reference(audio.mono(sound), rate, digest_of(clip), held.digest if held else "")
    return {"actor": given.sound, "actor_rate": rate, "reference": given}

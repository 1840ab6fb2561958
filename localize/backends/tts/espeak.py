"""espeak-ng as a voice: no weights, every language of the first markets, phonemes with their times.

A stock voice is an espeak variant turned into a person: another vocal tract, its own median pitch in every
language, breath, and a filter that takes the buzz out.  When the actor's own line comes along (their consent
allows it) the take is made over in its likeness, within bounds: pitch, melody, energy, vocal tract, colour and
breath.  The grade is preview: good for timing, casting and screening, not for release.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import numpy as np

from localize.backends.tts import _world
from localize.backends.tts._espeak_library import Raw, library
from localize.backends.tts._timbre import Goal, Manner, Timbre, dressed, seed_of
from localize.backends.tts._toward import goal
from localize.backends.tts._words import speakable
from localize.errors import InputError, SetupError, WorkError
from localize.media import pitch
from localize.media.audio import RATE
from localize.roles import READY, Availability, Backend, Speech, SpeechRequest
from localize.timing import Ms
from localize.version import Phone
from localize.voice import Voice

_COUNT = "1 2 3 4 5 6 7 8 9"  # said in any language to learn how high a variant speaks there
_HURRY, _EASE = 1.08, 0.96  # how far the pace may leave the voice's own to meet a wished length


@lru_cache(maxsize=1)
def _manners() -> Mapping[str, Manner]:
    rows = tomllib.loads((files("localize.voices") / "emotions.toml").read_text("utf-8"))
    return {name: Manner(**row) for name, row in rows.items()}


def espeak_language(tag: str) -> str:
    """The library's name for a BCP 47 tag: ``es-MX`` → ``es-419``, ``id-ID`` → ``id``.  ``InputError`` when
    none.
    """
    low = tag.lower()
    bare, _, place = low.partition("-")
    choices = [
        low,
        "es-419" if bare == "es" and place not in ("", "es") else bare,
        {"zh": "cmn"}.get(bare, bare),
    ]
    if bare == "en":
        choices.append("en-us")
    for name in choices:
        if library().knows(name):
            return name
    raise InputError(f"espeak-ng does not speak {tag}", fix="cast a voice whose languages include it")


class Espeak:
    """One engine for all voices whose card says ``engine = "espeak"``."""

    def speak(self, request: SpeechRequest) -> Speech:
        """Mono sound at 48 kHz, tight around the words, with its phonemes.  The same request gives the same
        samples.
        """
        words, language = speakable(request.text), espeak_language(request.language)
        timbre = Timbre.of(request.voice)
        manner = _manners().get(request.emotion, Manner())
        aim = goal(request, timbre, manner)
        raw = self._paced(words, language, request, timbre, aim)
        if not len(raw.sound):
            raise WorkError(f"espeak-ng said nothing for {request.text!r} in {request.language}")
        seed = seed_of(request.voice.id, request.language, words)
        sound, phonemes = dressed(raw, timbre, aim, seed)
        return Speech(sound, RATE, tuple(Phone(Ms(round(1000 * at)), ipa) for at, ipa in phonemes))

    def _paced(self, words: str, language: str, request: SpeechRequest, timbre: Timbre, aim: Goal) -> Raw:
        """Said at the wished pitch, and a little faster or slower when a length is wished."""
        knob = timbre.knob_for(aim.pitch, _own_pitch(language, timbre.base))
        raw = _say(words, language, timbre, aim, knob, 1.0)
        if request.seconds > 0 and len(raw.sound):
            factor = len(raw.sound) / raw.rate / timbre.tract / request.seconds
            if factor > 1.0 or factor < 1.0 / 1.15:
                raw = _say(words, language, timbre, aim, knob, float(np.clip(factor, _EASE, _HURRY)))
        return raw


def _say(words: str, language: str, timbre: Timbre, aim: Goal, knob: float, hurry: float) -> Raw:
    pace = timbre.rate * aim.rate * hurry / timbre.tract
    spread = int(np.clip(round(timbre.range * aim.range), 0, 99))
    return library().say(words, f"{language}+{timbre.base}", round(pace), int(np.clip(round(knob), 0, 99)), spread)


@lru_cache(maxsize=256)
def _own_pitch(language: str, base: str) -> float:
    """The median Hz of a variant at the middle of the pitch scale."""
    raw = library().say(_COUNT, f"{language}+{base}", 160, 50, 50)
    return pitch.median(raw.sound, raw.rate) or 150.0


def speaks(voice: Voice, language: str) -> bool:
    """Whether this voice may be cast for a language (its card says so)."""
    return language in voice.languages


@lru_cache(maxsize=1)
def _emotions() -> str:
    """SHA-256 in hex of the table of manners."""
    return hashlib.sha256((files("localize.voices") / "emotions.toml").read_bytes()).hexdigest()


def _vocoder() -> str:
    """What takes a voice apart and puts it together again."""
    return f"world {_world.installed()}" if _world.installed() else "built in"


def _available(options: Mapping[str, str]) -> Availability:
    try:
        library()
    except (SetupError, ImportError) as error:
        return Availability(False, str(error).splitlines()[0], "pip install espeakng-loader==0.2.4")
    return READY


BACKEND = Backend(
    role="tts",
    name="espeak",
    version="1.52.0-3",
    summary="formant synthesis by espeak-ng 1.52, nine stock voices, phoneme times; preview grade",
    licence="Apache-2.0; loads espeak-ng, GPL-3.0-or-later, from the wheel espeakng-loader (not bundled)",
    commercial_use=True,
    load=lambda options: Espeak(),
    available=_available,
    grade="preview",
    identity=lambda options: {"emotions": _emotions(), "vocoder": _vocoder()},
)

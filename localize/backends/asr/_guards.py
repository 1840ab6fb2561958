"""Whether a recogniser heard what it wrote: text over silence, loops, boilerplate, songs, an impossible pace.

Pure functions over text, times and speech activity; thresholds and phrases are in ``guards.toml``.  Doubt is marked,
not acted on: only text that says itself that nobody speaks is dropped.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from localize.roles import Doubt, Heard
from localize.timing import Span

NOTES = "♪♫♬♩🎵🎶"
_BRACKETED = re.compile(r"^\s*[(（\[【*♪♫♬🎵🎶~～]+(.*?)[)）\]】*♪♫♬🎵🎶~～]*\s*$")
_UNREADABLE = "\ufffd"  # bytes that are no character


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.backends.asr") / "guards.toml").read_text("utf-8"))


def bare(text: str) -> str:
    """Letters and digits only, lower case, full-width forms narrowed."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def readable(text: str) -> str:
    """The text without music notes and broken characters."""
    return "".join(sign for sign in text if sign not in NOTES and sign != _UNREADABLE).strip()


def annotation(text: str) -> bool:
    """Whether the text only says that nobody speaks: ``(音乐)``, ``[Music]``, notes, punctuation, nothing."""
    said = bare(text)
    inner = _BRACKETED.match(text)
    return not said or (inner is not None and bare(inner[1]) in _table()["annotation"]["words"])


def unspoken(no_speech: float, log_probability: float) -> bool:
    """Whether the recogniser itself says that nobody speaks: its probability of that, and of its words (mean log)."""
    limits = _table()["silence"]
    return bool(no_speech > limits["unlikely"] and log_probability < limits["unsure"])


def boilerplate(text: str, prompt: str = "") -> bool:
    """Whether recognisers write this over silence; ``prompt`` is what they were primed with, which comes back too."""
    said, known = bare(text), _table()["boilerplate"]
    primed = bare(prompt)
    if primed and len(said) >= 4 and (said in primed or primed in said):
        return True
    return said in known["whole"] or any(part in said for part in known["part"])


def loop(text: str) -> bool:
    """Whether the text turns in a circle: the same few characters again and again, or far too well packed."""
    said, limits = bare(text), _table()["loop"]
    if set(said) <= set(limits["cries"]):
        return False
    packed = len(said.encode()) / len(zlib.compress(said.encode())) if said else 0.0
    shortest = [1, *(most + 1 for most, _ in limits["repeats"])]
    return packed > limits["packed"] or any(
        re.search(rf"(.{{{least},{most}}}?)\1{{{times - 1},}}", said)
        for least, (most, times) in zip(shortest, limits["repeats"], strict=False)
    )


def hurried(text: str, where: Span) -> bool:
    """Whether nobody could say this in that time; stretches below half a second are not judged."""
    limits = _table()["pace"]
    said = bare(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in said)
    syllables = wide + (len(said) - wide) / float(limits["letters"])
    return where.length >= 500 and syllables * 1000 / where.length > limits["most"]


@dataclass(slots=True)
class Judge:
    """Judges one stretch after the other; remembers the last texts, to notice a circle of whole stretches."""

    prompt: str = ""
    _before: list[str] = field(default_factory=list)

    def judged(self, heard: Heard, speech: float, held: float = 0.0) -> Heard | None:
        """``heard`` with its doubts, or None when it says itself that nobody speaks.

        ``speech`` is the share of its time with speech activity, ``held`` the share of its voice on held notes.
        """
        if "damaged" in heard.doubts:
            return heard
        if annotation(heard.text):
            return None
        words = tuple(replace(word, text=text) for word in heard.words if (text := readable(word.text)))
        said = replace(heard, text=readable(heard.text), words=words)
        doubts = (*heard.doubts, *self._doubts(said, heard.text, speech, held))
        self._before = [*self._before[-9:], bare(said.text)]
        return replace(said, doubts=tuple(dict.fromkeys(doubts)))

    def _doubts(self, said: Heard, written: str, speech: float, held: float) -> Sequence[Doubt]:
        asked: tuple[tuple[Doubt, bool], ...] = (
            ("silence", speech < _table()["silence"]["some"]),
            ("loop", loop(said.text) or self._again(said.text)),
            ("boilerplate", boilerplate(said.text, self.prompt)),
            ("pace", hurried(said.text, said.span)),
            ("song", any(note in written for note in NOTES) or held >= _table()["song"]["held"]),
        )
        return [doubt for doubt, found in asked if found]

    def _again(self, text: str) -> bool:
        limits = _table()["loop"]
        said, times = bare(text), limits["stretches"] - 1
        return len(said) >= limits["least"] and self._before[-times:] == [said] * times

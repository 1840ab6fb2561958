"""What a person asked for: one episode, its markets, and how."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from localize.adaptation import DEFAULT
from localize.errors import InputError
from localize.market import Market

Kind = Literal["dub", "sub", "clean"]
KINDS: tuple[Kind, ...] = ("dub", "sub", "clean")
Transcript = Literal["auto", "sidecar", "embedded", "captions", "captions+asr", "asr"]
REPLACED = ("nameplate", "caption", "title_card")
"""On-screen text that goes with the Chinese version: erased, its translation set in its place."""

TRANSCRIPTS: tuple[Transcript, ...] = ("auto", "sidecar", "embedded", "captions", "captions+asr", "asr")

PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo")
"""x264's own, fastest first."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everything the command line (or a script) decides before work starts.

    ``engines`` overrides the plan's choice per role; ``options`` go to those engines.  ``loudness`` is LUFS.
    ``adapt_level`` is how far the version moves towards its market (``adaptation.LEVELS``).
    ``audio_track`` is which sound track to work from, the first is 1; None takes the first one that fits.
    ``command`` is how the person calls the program: advice to paste begins with it.
    """

    episode: Path
    markets: tuple[Market, ...]
    out: Path
    series: Path | None = None
    deliver: tuple[Kind, ...] = ("dub",)
    transcript: Transcript = "auto"
    subtitles: Path | None = None
    music_effects: Path | None = None
    audio_track: int | None = None
    allow_draft: bool = False
    allow_noncommercial: bool = False
    engines: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    adapt_level: int = DEFAULT
    platform: str = "tiktok"
    template: str = "{series}_E{ep:03}_{market}_{kind}_v{n}"
    number: int | None = None
    preset: str = "veryfast"
    loudness: float = -14.0
    by: str = ""
    command: str = "localize"
    today: date = field(default_factory=date.today)

    @property
    def media(self) -> Path:
        """The episode for codecs: an absolute path, so that a colon or dash in its name is just a name."""
        return self.episode.absolute()

    @property
    def stem(self) -> str:
        """The episode's name in the series directory: the file name without its suffix."""
        return self.episode.stem


def default_out(episode: Path) -> Path:
    """``<episode>.localize/`` beside the input.  Raises ``InputError`` for a path that names no file."""
    if not episode.name:
        raise InputError("is a folder, not an episode", str(episode), "give the path of one video file")
    return episode.with_name(f"{episode.stem}.localize")


def user() -> str:
    """Who signs edits unless somebody is named: the name this system knows the person by."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def home() -> Path:
    """Where this user's store and model files live: ``LOCALIZE_HOME``, else the user's cache folder."""
    given = os.environ.get("LOCALIZE_HOME")
    if given:
        return Path(given).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "localize"


def kinds(text: str) -> tuple[Kind, ...]:
    """``"sub,dub"`` → kinds in delivery order.  Raises ``InputError`` on an unknown one."""
    asked = {part.strip() for part in text.split(",") if part.strip()}
    unknown = asked - set(KINDS)
    if unknown or not asked:
        raise InputError(
            f"cannot deliver {', '.join(sorted(unknown)) or 'nothing'}", "--deliver", "choose from dub, sub, clean"
        )
    return tuple(kind for kind in KINDS if kind in asked)


def number_of(stem: str) -> int:
    """The episode number in a file name: the digits after e, ep or 第, else the last short run of digits, else 1."""
    marked = re.findall(r"(?i)(?:第|(?<![a-z])e(?:p(?:isode)?)?[ ._-]?)0*(\d{1,4})", stem)
    digits = marked or re.findall(r"(?<!\d)\d{1,3}(?!\d|p\b)", stem)
    return int(digits[-1]) if digits else 1

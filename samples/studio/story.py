"""What an episode is before a pixel or a sample exists: the values the sound and the picture are made from.

All times are whole milliseconds from the start of the episode; boxes are pixels of the finished picture
(x0, y0, x1, y1).  ``sound.py`` turns a script into timed lines, ``picture.py`` draws the story, ``make.py`` puts
the two together and writes the ground truth beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

ShotKind = Literal["closeup", "medium", "two", "wide", "phone", "document", "landscape"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a drawn character appears.  Colours are RGB 0..255."""

    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    hair_style: Literal["long", "bun", "bob", "short", "swept", "grey_bun", "bald"]
    clothes: tuple[int, int, int]
    clothes_style: Literal["suit", "dress", "blouse", "coat", "cheongsam"]
    age: Literal["young", "adult", "elder"]
    glasses: bool = False
    beard: bool = False
    lipstick: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """One member of the cast.  ``id`` is the same id the series directory uses (e.g. ``lin_wan``)."""

    id: str
    name: str
    gender: Literal["female", "male"]
    age: Literal["young", "adult", "elder"]
    look: Look


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One phoneme of a spoken line: absolute start and end, IPA as espeak-ng names it."""

    start: int
    end: int
    ipa: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of dialogue as it is heard.  ``on_screen`` says whether the mouth should be seen moving."""

    id: str
    speaker: str
    addressee: str | None
    text: str
    start: int
    end: int
    phonemes: tuple[Phoneme, ...]
    emotion: str
    on_screen: bool
    kind: Literal["speech", "thought", "narration"] = "speech"


@dataclass(frozen=True, slots=True)
class Shot:
    """One camera set-up.  ``text`` is what a phone screen or document shows, one string per row.

    ``turns`` are degrees each of ``characters`` turns the head, to the right of the picture positive; without them
    people look about past the camera, and toward each other in a shot for two.
    """

    start: int
    end: int
    kind: ShotKind
    characters: tuple[str, ...]
    background: Literal["ballroom", "office", "street_night", "home", "hospital", "plain"]
    camera: Literal["static", "pan", "push_in", "handheld"] = "static"
    text: tuple[str, ...] = ()
    turns: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """Text the show's editor burned in besides the subtitles: name plate, "three years later", title, watermark."""

    start: int
    end: int
    kind: Literal["nameplate", "caption", "title_card", "watermark", "legal"]
    text: str
    anchor: tuple[float, float]  # centre of the text, as fractions of width and height


@dataclass(frozen=True, slots=True)
class CaptionStyle:
    """How the Chinese subtitles are burned in.  Sizes in pixels at the finished picture's height."""

    font: Path
    size: int
    colour: tuple[int, int, int]
    outline: int
    baseline: float  # vertical centre of the subtitle row as a fraction of the height
    align: Literal["centre", "left"] = "centre"


@dataclass(frozen=True, slots=True)
class Story:
    """A whole episode, ready to be drawn and heard."""

    title: str
    seed: int
    width: int
    height: int
    rate: Fraction
    length: int
    cast: tuple[Character, ...]
    shots: tuple[Shot, ...]
    lines: tuple[Spoken, ...]
    overlays: tuple[Overlay, ...]
    captions: CaptionStyle

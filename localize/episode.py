"""The market-free truth about one episode: what is seen, what is said, by whom, when.

All values are frozen; bytes live in the store and are named by ``Asset``.  Boxes are pixels of the source picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from localize.timing import Ms, Span

LineKind = Literal["speech", "thought", "narration", "song"]
TextKind = Literal["subtitle", "nameplate", "caption", "screen", "title_card", "credits", "legal", "watermark"]
Gender = Literal["female", "male", "unknown"]
Age = Literal["child", "young", "adult", "elder", "unknown"]


@dataclass(frozen=True, slots=True)
class Asset:
    """Bytes in the store: ``digest`` is their SHA-256 in hex, ``kind`` a media type, ``size`` in bytes."""

    digest: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the source picture: ``x0 <= x < x1``, ``y0 <= y < y1``."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One sound track of the source container.  ``index`` is the stream index, ``end`` when its last sample is over,
    from the first picture on (None where the file does not tell); ``silent`` is looked for only among several.
    """

    index: int
    rate: int
    channels: int
    language: str
    end: Ms | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """One embedded subtitle track of the source container."""

    index: int
    codec: str
    language: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture as it is *displayed*: rotation applied, odd sizes cropped to even.

    ``rate`` is the constant rate versions are rendered at; ``variable`` tells that the source's own frame times vary.
    """

    width: int
    height: int
    rate: Fraction
    length: Ms
    frames: int
    codec: str
    rotation: int = 0
    variable: bool = False
    stream: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What probing a file found.  ``digest`` is the SHA-256 of the whole file; ``interlaced`` tells that its first
    picture is two half pictures of different moments.
    """

    digest: str
    container: str
    picture: Picture
    audio: tuple[AudioTrack, ...]
    subtitles: tuple[SubtitleTrack, ...]
    interlaced: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word heard at a time.  ``confidence`` is the recogniser's own, 0–1; None when it gives none, never invented."""

    text: str
    span: Span
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice in the episode.  ``id`` is the series' character id when the cast is known, else ``S1``, ``S2`` …"""

    id: str
    name: str
    gender: Gender = "unknown"
    age: Age = "unknown"
    samples: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of dialogue: the unit of change.  ``id`` is minted once and kept for ever."""

    id: str
    span: Span
    text: str
    speaker: str = ""
    addressee: str | None = None
    words: tuple[Word, ...] = ()
    kind: LineKind = "speech"
    emotion: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Consecutive lines without a long pause or change of place: the unit of fit and of translation context."""

    id: str
    span: Span
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnScreenText:
    """Text burned into the picture: ``box`` encloses it, ``confidence`` is the reader's own, 0–1.

    ``language`` is empty for the episode's own; a subtitle's translation burned in beside it has its BCP 47 tag, as
    far as the script and the words tell it (``en``, else ``und-Latn``).
    """

    id: str
    span: Span
    box: Box
    text: str
    kind: TextKind
    confidence: float = 0.0
    language: str = ""


def dialogue(texts: Iterable[OnScreenText]) -> tuple[OnScreenText, ...]:
    """The burned-in lines themselves: subtitles in the episode's own language."""
    return tuple(text for text in texts if text.kind == "subtitle" and not text.language)


@dataclass(frozen=True, slots=True)
class Shot:
    """The picture between two cuts."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Stems:
    """The sound taken apart: two 48 kHz WAV assets of equal length and channels, and the method that did it.

    ``alike`` is the correlation (0–1) of a delivered track with the mix where nobody talks; None without such a track,
    or where the mix is silent there.
    """

    dialogue: Asset
    music_effects: Asset
    method: str
    alike: float | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """Lossless picture edit: pixels of ``box`` replaced over ``span``, frame for frame.

    ``frames`` is a lossless yuv420p video of the box whose first frame is source frame ``first`` on the constant-rate
    grid of ``Picture.rate``; box coordinates are even.
    """

    shot: str
    span: Span
    box: Box
    first: int
    count: int
    frames: Asset


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a later cut: ``new`` shows what the old one did from ``old`` (ms) on, ``speed`` old ms per new one."""

    new: Span
    old: Ms
    speed: float

    @property
    def old_end(self) -> Ms:
        return Ms(round(self.old + self.new.length * self.speed))

    def to_new(self, at: int) -> Ms:
        """Where in the new cut the old moment ``at`` (ms) is."""
        return Ms(round(self.new.start + (at - self.old) / self.speed))


@dataclass(frozen=True, slots=True)
class Episode:
    """Everything all markets share."""

    id: str
    series: str
    number: int
    language: str
    source: Source
    stems: Stems
    shots: tuple[Shot, ...] = ()
    on_screen: tuple[OnScreenText, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    lines: tuple[Line, ...] = ()
    scenes: tuple[Scene, ...] = ()
    patches: tuple[Patch, ...] = field(default=())

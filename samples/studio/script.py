"""A script as it is written, before anything is timed: the cast, the shots, who says what and how.

``read`` turns a TOML file of ``samples/scripts`` into a ``Script``; ``generate.py`` makes the same values
from a seed.  Offsets inside a shot are milliseconds from the shot's start; a shot without ``length`` lasts
as long as its lines need.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from .story import Character, Look, Overlay, Shot

FONTS = {"sans": "NotoSansCJKsc-Regular.otf", "serif": "NotoSerifCJKsc-Regular.otf"}


@dataclass(frozen=True, slots=True)
class Voice:
    """How one actor sounds; ``tract`` below 1 means a longer vocal tract, levels are in decibels."""

    base: str
    pitch: int
    spread: int
    rate: int
    tract: float = 1.0
    breath: float = -34.0
    tremor: float = 0.0
    tilt: float = 0.0
    presence: float = 0.0
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class Actor:
    """A character together with the voice that plays it."""

    character: Character
    voice: Voice
    role: str = ""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line to be said, after ``pause`` milliseconds of silence; ``off`` keeps the speaker unseen.

    ``renderings`` are translations known beforehand, as (market, text).
    """

    speaker: str
    text: str
    to: str | None = None
    emotion: str = "plain"
    pause: int = 300
    off: bool = False
    kind: str = "speech"
    renderings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """A sound under the voices: a name ``effects.py`` knows, when it starts, how loud (dB)."""

    name: str
    at: int = 0
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class ScriptOverlay:
    """Burned-in text that is no subtitle.  Without ``until`` it stays to the end of the shot."""

    kind: str
    text: str
    anchor: tuple[float, float]
    at: int = 0
    until: int | None = None


@dataclass(frozen=True, slots=True)
class ScriptShot:
    """One camera set-up with everything that happens in it."""

    kind: str
    characters: tuple[str, ...]
    background: str
    camera: str = "static"
    text: tuple[str, ...] = ()
    lead: int = 250
    tail: int = 250
    length: int | None = None
    cue: str | None = None
    lines: tuple[ScriptLine, ...] = ()
    effects: tuple[Effect, ...] = ()
    overlays: tuple[ScriptOverlay, ...] = ()
    turns: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Captions:
    """The burned-in subtitles: ``size`` in pixels at width 720, ``baseline`` a fraction of the height."""

    font: str = "sans"
    size: int = 42
    colour: tuple[int, int, int] = (255, 255, 255)
    outline: int = 4
    baseline: float = 0.72
    align: str = "centre"


@dataclass(frozen=True, slots=True)
class Music:
    """What the score is made of: ``key`` a pitch class 0..11 counted from C, ``tempo`` in beats a minute."""

    mood: str = "sorrow"
    key: int = 9
    tempo: float = 76.0
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A whole episode as written."""

    stem: str
    title: str
    seed: int
    rate: Fraction
    cast: tuple[Actor, ...]
    shots: tuple[ScriptShot, ...]
    captions: Captions
    music: Music
    watermark: ScriptOverlay | None = None
    setting: str = "modern-china"

    def actor(self, character: str) -> Actor:
        """The actor who plays ``character``; ``KeyError`` with the known ids when nobody does."""
        for actor in self.cast:
            if actor.character.id == character:
                return actor
        known = ", ".join(a.character.id for a in self.cast)
        raise KeyError(f"{self.stem}: no character {character!r} in the cast ({known})")


def _made(kind: type[Any], row: Mapping[str, Any], where: str) -> Any:
    """A dataclass from a TOML table: lists become tuples, unknown keys are errors."""
    known = {field.name for field in fields(kind)}
    strange = sorted(set(row) - known)
    if strange:
        raise ValueError(
            f"{where}: {kind.__name__} has no {', '.join(strange)} (it has {', '.join(sorted(known))})"
        )
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})


def _actor(row: Mapping[str, Any], where: str) -> Actor:
    person = {key: row[key] for key in ("id", "name", "gender", "age")}
    look = _made(Look, {"age": row["age"], **row["look"]}, where)
    return Actor(Character(look=look, **person), _made(Voice, row["voice"], where), str(row.get("role", "")))


def _shot(row: Mapping[str, Any], where: str) -> ScriptShot:
    shot = dict(row)
    shot["lines"] = [_made(ScriptLine, line, where) for line in row.get("lines", ())]
    shot["effects"] = [_made(Effect, effect, where) for effect in row.get("effects", ())]
    shot["overlays"] = [_made(ScriptOverlay, overlay, where) for overlay in row.get("overlays", ())]
    return cast(ScriptShot, _made(ScriptShot, shot, where))


def actors(path: Path) -> tuple[Actor, ...]:
    """Every ``[[character]]`` of a TOML file, in order."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["character"]
    return tuple(_actor(row, f"{path.name}, {row.get('id', '?')}") for row in rows)


def read(path: Path) -> Script:
    """Read a script; raises ``ValueError`` naming the shot when a table is not understood."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    mark = data.get("watermark")
    return Script(
        stem=path.stem,
        title=data["title"],
        seed=int(data["seed"]),
        rate=Fraction(str(data["rate"])),
        cast=actors(path),
        shots=tuple(_shot(row, f"{path.name}, shot {n}") for n, row in enumerate(data["shot"], 1)),
        captions=_made(Captions, data["captions"], path.name),
        music=_made(Music, data["music"], path.name),
        watermark=_made(ScriptOverlay, {"kind": "watermark", **mark}, path.name) if mark else None,
    )


def font_file(name: str) -> Path:
    """The Noto CJK font called ``sans`` or ``serif``, from the wheel ``mplfonts`` (SIL Open Font License)."""
    import importlib.util

    spec = importlib.util.find_spec("mplfonts")
    folder = Path(spec.origin).parent / "fonts" if spec and spec.origin else None
    if folder is None or not (folder / FONTS[name]).is_file():
        raise FileNotFoundError(
            f"{FONTS[name]} draws the Chinese text and is missing: pip install mplfonts==0.0.11"
        )
    return folder / FONTS[name]


def drawn_overlay(overlay: ScriptOverlay, start: int, end: int) -> Overlay:
    """The overlay placed on the episode's clock, for a shot from ``start`` to ``end`` (milliseconds)."""
    until = end if overlay.until is None else min(start + overlay.until, end)
    return Overlay(start + overlay.at, until, cast(Any, overlay.kind), overlay.text, overlay.anchor)


def drawn_shot(shot: ScriptShot, start: int, end: int) -> Shot:
    """The shot placed on the episode's clock."""
    kind, background, camera = cast(Any, shot.kind), cast(Any, shot.background), cast(Any, shot.camera)
    return Shot(start, end, kind, shot.characters, background, camera, shot.text, shot.turns)

"""Fonts: where they are, what they can draw, how wide a text comes out.

A font is looked for in the wheel ``font-source-sans-pro``, in the folder ``LOCALIZE_FONTS`` names, in the
system's font folders and in the wheel ``mplfonts``.  Text a font cannot draw is refused, never shown as
boxes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import get_ident
from typing import TYPE_CHECKING, Any

from localize.errors import SetupError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
WHEELS = ("font_source_sans_pro", "matplotlib_fontja", "koreanize_matplotlib", "mplfonts")
ASIA = ("Jpan", "Kore", "Thai")
"""Scripts whose fonts come with the extra ``asia``."""
MEASURE = 200  # pixels per em that widths are measured at, so that hinting does not round them


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one font file.  ``key`` finds it again; ``name`` is what ASS calls it; ``tall`` its ASS
    size per em.

    ASS sizes count from the lowest descender to the highest ascender (``usWinAscent + usWinDescent``),
    not the em.
    """

    key: str
    name: str
    path: Path
    index: int
    digest: str
    tall: float

    def recipe(self) -> dict[str, str | int]:
        """What a drawn text depends on: never the path."""
        return {"font": self.name, "digest": self.digest, "index": self.index}


@dataclass(frozen=True, slots=True)
class Fonts:
    """The faces a market's captions are set in: ``faces`` in order of preference, ``italic`` for the
    first.
    """

    faces: tuple[Face, ...]
    italic: Face | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file a renderer needs."""
        every = (*self.faces, *([self.italic] if self.italic else []))
        return tuple(dict.fromkeys(face.path for face in every))

    def face_for(self, text: str) -> Face:
        """The first face that can draw all of ``text``.  Raises ``SetupError`` naming what none can."""
        for face in self.faces:
            if not uncovered(face, text):
                return face
        best = min((uncovered(face, text) for face in self.faces), key=len)
        raise _missing(best)


def for_script(script: str, family: str = "", texts: Iterable[str] = ()) -> Fonts:
    """Fonts for a script (ISO 15924) and every one of ``texts``, ``family`` first when it is installed.

    Raises ``SetupError`` when a text cannot be drawn or no font of the script is found.
    """
    table = _table()
    wanted = [*_weights(family), *table["scripts"].get(script, table["scripts"]["Latn"])]
    first = next((face for face in map(find, wanted) if face), None)
    if first is None:
        raise _missing((), script)
    faces, odd = [first], set(uncovered(first, "".join(texts)))
    for name in (name for names in table["scripts"].values() for name in names):
        found = find(name) if odd else None
        left = set(uncovered(found, "".join(odd))) if found else odd
        if found and left < odd:
            faces, odd = [*faces, found], left
    if odd:
        raise _missing(tuple(sorted(odd)), script)
    return Fonts(tuple(faces), find(f"{faces[0].key} Italic"))


def _weights(family: str) -> tuple[str, ...]:
    """Drama captions are semi-bold: the family's heavier cut first."""
    return (f"{family} Semibold", f"{family} Bold", family) if family else ()


def _missing(marks: tuple[str, ...], script: str = "") -> SetupError:
    table = _table()
    named = ", ".join(f"{mark} (U+{ord(mark):04X})" for mark in marks[:12])
    cjk = any(ord(mark) >= 0x2E80 for mark in marks) or script.startswith("Han")
    asia = script in ASIA or any("\u0e00" <= mark <= "\u0e7f" for mark in marks)
    fix = str(table["fix"]["asia" if asia else "cjk" if cjk else "other"])
    what = f"no font here can draw {named}" if marks else f"no font for {script} is installed"
    return SetupError(what, "fonts", fix)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.media") / "fonts.toml").read_text("utf-8"))


# ── where they are ──────────────────────────────────────────────────────────────────────────────────────────
def folders() -> Iterator[Path]:
    """Every folder fonts may lie in, in the order they are tried."""
    if own := os.environ.get("LOCALIZE_FONTS"):
        yield Path(own).expanduser()
    for wheel in WHEELS:
        found = importlib.util.find_spec(wheel)
        if found and found.origin:
            yield Path(found.origin).parent
    yield from (Path(name).expanduser() for name in SYSTEM)


@cache
def _index(own: str) -> dict[str, Path]:
    """File stems without spaces, hyphens and case → path.  ``own`` is the environment's folder, part of
    the key.
    """
    found: dict[str, Path] = {}
    for folder in filter(Path.is_dir, folders()):
        fonts = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
        for path in sorted(fonts, key=lambda one: (SUFFIXES.index(one.suffix.lower()), one)):
            found.setdefault(_key(path.stem), path)
    return found


def _key(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark.isalnum()).replace("italic", "it")


def find(name: str) -> Face | None:
    """The face called ``"Source Sans Pro Semibold"`` or, in a collection, ``"Noto Sans CJK Bold#2"``; else None."""
    stem, _, index = name.partition("#")
    path = _index(os.environ.get("LOCALIZE_FONTS", "")).get(_key(stem)) or packed(stem)
    return _face(name, path, int(index or 0)) if path else None


@cache
def packed(name: str) -> Path | None:
    """A face out of the wheel pymupdf-fonts, unpacked for the life of this process; None without the wheel.

    The wheel keeps its fonts (SIL OFL 1.1) as compressed text, which no renderer can open.
    """
    known = _table()["packed"].get(name)
    if known is None or importlib.util.find_spec("pymupdf_fonts") is None:
        return None
    from importlib import import_module

    path = Path(_unpacked().name) / f"{name.replace(' ', '-')}.ttf"
    partial = path.with_suffix(f".{get_ident()}")  # markets run side by side: nobody reads half a font
    partial.write_bytes(import_module("pymupdf_fonts").myfont(known))
    return partial.replace(path)


@cache
def _unpacked() -> TemporaryDirectory[str]:
    """Where unpacked fonts lie; gone when the process ends."""
    return TemporaryDirectory(prefix="localize-fonts-")


@cache
def _face(key: str, path: Path, index: int) -> Face:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=index, lazy=True) as font:
        metrics, em = font["OS/2"], font["head"].unitsPerEm
        name = font["name"].getDebugName(4) or font["name"].getDebugName(1) or path.stem
        tall = (metrics.usWinAscent + metrics.usWinDescent) / em
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Face(key, str(name), path, index, digest, tall)


# ── what they draw ──────────────────────────────────────────────────────────────────────────────────────────
@cache
def _covered(path: Path, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap())


def uncovered(face: Face, text: str) -> tuple[str, ...]:
    """The characters of ``text`` that ``face`` has no glyph for, each once; spaces and joiners need none."""
    covered = _covered(face.path, face.index)
    odd = {mark for mark in set(text) if ord(mark) not in covered}
    return tuple(sorted(mark for mark in odd if mark.isprintable() and not mark.isspace()))


@cache
def _ruler(path: Path, index: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(path), MEASURE, index=index)


def width(face: Face, text: str, size: float) -> float:
    """How many pixels wide ``text`` comes out at ``size`` pixels per em."""
    return float(_ruler(face.path, face.index).getlength(text)) * size / MEASURE

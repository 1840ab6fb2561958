"""Whose mouth moves while a line is said: no weights, nothing to download.

Faces are found by the Haar cascade that comes with OpenCV 4, upright and frontal ones only, and followed through the
shot.  A mouth moves as much as the lower part of its face changes from picture to picture, over the contrast there;
only moments in which the voice is loud count.  A face speaks when its mouth clearly moves, every other face's clearly
less, and its own in the pauses clearly less too.  Nobody in the picture speaks when it is a close view of faces whose
mouths can all be seen and keep still.

Measured over lines of one to three seconds: mouths of three talking people 0.10–0.26; of drawn ones, on the sample and
four generated episodes, 0.11–0.25, and their closed mouths 0.02–0.08.  No real listener was at hand: what a silent
mouth does was seen on drawn faces only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from localize.backends.active_speaker._faces import SEARCH, WIDE, Face, Faces, beside, mean
from localize.media import audio
from localize.roles import READY, Availability, Backend, Speaking
from localize.timing import span

if TYPE_CHECKING:
    from localize.media.audio import Sound
    from localize.roles import Image
    from localize.timing import Ms, Span

SPEAKS = 0.08
"""Least mean motion of a mouth that speaks; see above."""
STILL = 0.06
"""Most mean motion of a mouth that surely does not."""
CLEARLY = 1.5
"""How many times more a speaking mouth moves than any other, and than in the pauses."""
_CASCADE = "haarcascade_frontalface_alt2.xml"
_SEEN = 0.4  # share of the searches during a line that must have found the face
_CLOSE = 0.18 * WIDE  # px of a face in a view so close that who speaks would be seen; three talkers' have 0.2–0.3
_LIPS = 12.0  # grey levels of contrast of a mouth that is not covered: 12–65 was seen, bare chests have 3–12
_LOUD = 20.0  # dB below the loudest moments of a line
_QUIET = 30.0  # dB below these it is a pause
_SILENT = -60.0  # dBFS: a line no louder than this has no voice to move with
_GUARD = 200  # ms next to a line in which its mouth opens and closes
_PAUSES = 10  # moments of a pause that are enough to compare with


class Mouths:
    """The face detector; what it sees of one shot is forgotten with the shot."""

    def __init__(self, cascade: Any) -> None:
        self._cascade = cascade

    def speaking(
        self, frames: Iterable[tuple[Ms, Image]], sound: Sound, rate: int, spans: Sequence[Span]
    ) -> tuple[Speaking, ...]:
        """Per span the face whose mouth moves with the voice, if it can be told."""
        seen, levels = Faces(self._cascade), dict[int, float]()
        for at, image in frames:
            if seen.look(at, image):
                levels[at] = _level(sound, rate, at)
        pauses = _pauses(levels, spans)
        return tuple(_told(seen, _loud(levels, span), pauses, span) for span in spans)


def _told(seen: Faces, loud: Sequence[int], pauses: Sequence[int], where: Span) -> Speaking:
    near = span(max(0, where.start - SEARCH), where.end + SEARCH)
    chances = sum(at in near for at in seen.searched)
    glimpsed = {n: sum(at in near for at in face.found) for n, face in enumerate(seen.faces)}
    clear = [n for n, count in glimpsed.items() if count >= max(2.0, _SEEN * chances)]
    if not any(glimpsed.values()):
        return Speaking("no_face")
    if not clear or not loud:
        return Speaking("unclear")
    moves = sorted(((mean(seen.faces[n].motion, loud)[0], -n) for n in clear), reverse=True)
    best, number = moves[0][0], -moves[0][1]
    if best >= max(SPEAKS, CLEARLY * (moves[1][0] if len(moves) > 1 else 0.0)):
        moves_along = best >= CLEARLY * _idle(seen.faces[number], pauses)
        return Speaking("speaks", number, beside(seen.faces, number), round(best, 4)) if moves_along else UNCLEAR
    shown = all(mean(seen.faces[n].motion, loud)[1] >= _LIPS for n in clear)
    whole = len(clear) == sum(count > 0 for count in glimpsed.values())
    close = min(seen.faces[n].box[2] for n in clear) >= _CLOSE
    return Speaking("off_screen", motion=round(best, 4)) if best < STILL and shown and whole and close else UNCLEAR


UNCLEAR = Speaking("unclear")


def _idle(face: Face, pauses: Sequence[int]) -> float:
    """How much a mouth moves when nobody speaks; 0 when there was no pause to see it in."""
    measured = [at for at in pauses if at in face.motion]
    return mean(face.motion, measured)[0] if len(measured) >= _PAUSES else 0.0


def _loud(levels: Mapping[int, float], where: Span) -> list[int]:
    """The moments of a line in which its voice is loud; none when there is no voice."""
    inside = {at: level for at, level in levels.items() if at in where}
    top = float(np.quantile(list(inside.values()), 0.9)) if inside else _SILENT
    return [at for at, level in inside.items() if level >= top - _LOUD] if top > _SILENT else []


def _pauses(levels: Mapping[int, float], spans: Sequence[Span]) -> list[int]:
    """The moments away from all lines in which it is quiet besides."""
    inside = [level for at, level in levels.items() if any(at in where for where in spans)]
    low = float(np.quantile(inside, 0.9)) - _QUIET if inside else _SILENT
    around = [span(max(0, where.start - _GUARD), where.end + _GUARD) for where in spans]
    return [at for at, level in levels.items() if level < low and not any(at in where for where in around)]


def _level(sound: Sound, rate: int, at: int) -> float:
    """Of the 40 ms around ``at``, in dBFS."""
    half, middle = audio.at(20, rate), audio.at(at, rate)
    part = sound[max(0, middle - half) : middle + half]
    return float(10 * np.log10(np.mean(part.astype(np.float64) ** 2) + 1e-10)) if len(part) else -100.0


# ── the card ────────────────────────────────────────────────────────────────────────────────────────────────
def _cascade() -> Path | None:
    spec = find_spec("cv2")
    place = Path(spec.origin).parent / "data" / _CASCADE if spec and spec.origin else None
    return place if place is not None and place.is_file() else None


def available(options: Mapping[str, str]) -> Availability:
    """OpenCV 5 has no cascades; version 4 brings the file in its wheel."""
    if _cascade() is None:
        return Availability(
            False, "this OpenCV has no face cascades", "pip install 'opencv-python-headless==4.14.0.94'"
        )
    return READY


def load(options: Mapping[str, str]) -> Mouths:
    """The detector with OpenCV's own cascade."""
    import cv2

    return Mouths(cv2.CascadeClassifier(str(_cascade())))


BACKEND = Backend(
    role="active_speaker",
    name="mouths",
    version="1",
    summary="mouth motion of frontal faces, in shots where a voice is not clear; no weights",
    licence="Apache-2.0; OpenCV's face cascade: Intel Open Source Computer Vision Library licence (BSD style)",
    commercial_use=True,
    load=load,
    available=available,
)

"""What face swap and lip sync share: one face in one shot, the consent it needs, and the patch that comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize.episode import Box, Patch, Picture
from localize.errors import GateError, WorkError
from localize.stages import Desk
from localize.timing import Span, frame_start
from localize.voice import Consent, Scope

if TYPE_CHECKING:
    from localize.roles import Image

STRETCH = 250
"""Frames of a crop held at once: ten seconds at 25 fps, 100 MB of a face 360 px wide and high."""


@dataclass(frozen=True, slots=True)
class Track:
    """One face inside one shot: ``count`` grid frames from ``first`` of the file at ``path``, cut to ``box`` (even)."""

    path: Path
    digest: str
    picture: Picture
    shot: str
    first: int
    count: int
    box: Box

    def recipe(self) -> dict[str, Any]:
        """The file by its digest, and where in it."""
        return {"file": self.digest, "picture": self.picture, "first": self.first, "count": self.count, "box": self.box}


@dataclass(frozen=True, slots=True)
class Permission:
    """What the actor of ``character`` signed, if anything, and where and when it is to be used."""

    character: str
    consent: Consent | None
    market: str
    today: date

    def refusal(self, scope: Scope) -> str:
        """Why ``scope`` is not allowed; empty when it is.  Part of recipes: no receipt outlives a consent."""
        if self.consent is None:
            return "no consent on file"
        return self.consent.refusal(scope, self.market, self.today)

    def need(self, scope: Scope) -> None:
        """Raises ``GateError`` naming the character unless ``scope`` is allowed."""
        why = self.refusal(scope)
        if why:
            fix = f"add a signed consent for {scope} to the series' consents, or leave {self.character}'s face as it is"
            raise GateError(f"{self.character}: {why}", self.market, fix)


def patch(track: Track, change: Callable[[Sequence[Image], int], Iterator[Image]], desk: Desk) -> Patch:
    """``change(crops, first)`` over the whole track, stretch by stretch, as a lossless patch.

    Pixels it leaves alone keep the source's own values.  Raises ``WorkError`` when crops are lost or change their size.
    """
    from localize.media.video import write_patch

    path, rate = desk.scratch(".mkv"), track.picture.rate
    count = write_patch(path, _changed(track, change, desk), track.box.width, track.box.height, rate)
    if count != track.count:
        raise WorkError(f"{count} of {track.count} frames came back", track.shot, "choose another engine")
    span = Span(frame_start(track.first, rate), frame_start(track.first + count, rate))
    return Patch(track.shot, span, track.box, track.first, count, desk.keep(path, "video/x-matroska"))


def _changed(track: Track, change: Callable[[Sequence[Image], int], Iterator[Image]], desk: Desk) -> Iterator[Image]:
    import cv2
    import numpy as np

    from localize.media.video import frames

    stop = track.first + track.count
    for first in range(track.first, stop, STRETCH):
        desk.progress(first - track.first, track.count)
        last = min(first + STRETCH, stop)
        own = [image for _, _, image in frames(track.path, track.picture, first, last, track.box, "yuv420p")]
        crops = [np.asarray(cv2.cvtColor(image, cv2.COLOR_YUV2BGR_I420), np.uint8) for image in own]
        kept = [crop.copy() for crop in crops]
        for planar, crop, new in zip(own, kept, change(crops, first), strict=False):
            if new.shape != crop.shape:
                raise WorkError(f"a frame came back as {new.shape}, not {crop.shape}", track.shot)
            yield _merged(planar, crop, new)


def _merged(planar: Image, crop: Image, new: Image) -> Image:
    """The planes of the source, with those of ``new`` in the 2 × 2 cells where it differs from ``crop``."""
    import cv2
    import numpy as np

    from localize.media.video import planes

    height, width = crop.shape[0], crop.shape[1]
    cells = (crop != new).any(axis=2).reshape(height // 2, 2, width // 2, 2).any(axis=(1, 3))
    whole = np.repeat(np.repeat(cells, 2, axis=0), 2, axis=1)
    other = np.asarray(cv2.cvtColor(new, cv2.COLOR_BGR2YUV_I420), np.uint8)
    for target, source, where in zip(planes(planar), planes(other), (whole, cells, cells), strict=True):
        target[where] = source[where]
    return planar

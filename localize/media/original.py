"""Whether the source's own picture and sound can go into a version as they are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from localize.episode import Picture
from localize.errors import InputError
from localize.media.video import picture_streams

_EIGHT, _TEN = ("yuv420p", "yuvj420p"), ("yuv420p10le",)
PLAYED = {"h264": _EIGHT, "hevc": _EIGHT + _TEN, "av1": _EIGHT + _TEN}
"""Codecs and pixel formats of pictures that phones play from an MP4, so that they may be copied."""


@dataclass(frozen=True, slots=True)
class Original:
    """The source's sound track.  ``ordinal`` counts sound tracks only; ``length`` is in seconds.

    ``lag`` is how far, in seconds, its start is from the first picture and from the file's own zero,
    whichever is more.
    """

    index: int
    ordinal: int
    codec: str
    container: str
    lag: Fraction
    length: Fraction

    def copyable(self, picture: Picture) -> bool:
        """AAC from an MP4 that starts and ends with the picture, to half a frame and to a frame."""
        frame = 1 / picture.rate
        off = abs(self.length - Fraction(picture.length, 1000))
        return self.codec == "aac" and "mp4" in self.container and self.lag < frame / 2 and off <= frame


def original(path: Path, index: int = -1) -> Original:
    """The sound track with container index ``index``, else the first.  Raises ``InputError`` without one."""
    import av

    with av.open(str(path)) as container:
        tracks = list(container.streams.audio)
        chosen = next((s for s in tracks if s.index == index), tracks[0] if tracks else None)
        if chosen is None:
            raise InputError("the video has no sound", path.name)
        zeros = (_start(picture_streams(container)[0]), Fraction(container.start_time or 0, 1_000_000))
        lag = max(abs(_start(chosen) - zero) for zero in zeros)
        length = Fraction(chosen.duration or 0) * Fraction(chosen.time_base or 1)
        return Original(chosen.index, tracks.index(chosen), chosen.codec_context.name,
                        str(container.format.name), lag, length)  # fmt: skip


def picture_in_place(path: Path, picture: Picture) -> tuple[int, float] | None:
    """Which picture stream can be copied and its start in seconds from the file's zero, or None."""
    import av

    with av.open(str(path)) as container:
        videos = list(container.streams.video)
        stream = next(s for s in videos if s.index == picture.stream)
        late = _start(stream) - Fraction(container.start_time or 0, 1_000_000)
        context = stream.codec_context
        plays = context.pix_fmt in PLAYED.get(picture.codec, ())
        whole = {context.width, context.height} == {picture.width, picture.height}
        return (videos.index(stream), float(late)) if plays and whole else None


def _start(stream: Any) -> Fraction:
    return Fraction(stream.start_time or 0) * Fraction(stream.time_base or 1)

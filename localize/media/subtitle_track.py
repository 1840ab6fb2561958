"""Text subtitles inside a container."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from localize.errors import InputError
from localize.timing import Ms, Span


def read_track(path: Path, stream: int) -> Iterator[tuple[Span, str]]:
    """(when, text) of every cue of subtitle stream ``stream`` (container index), counted from the first
    picture.

    Picture subtitles (PGS, DVB) hold no text and give nothing.  Raises ``InputError`` when the track
    cannot be read.
    """
    import av

    try:
        with av.open(str(path)) as container:
            track = container.streams[stream]
            video = next(iter(container.streams.video), None)
            begins = (
                float(video.start_time * video.time_base)
                if video and video.start_time and video.time_base
                else 0.0
            )
            for packet in container.demux(track):
                if packet.pts is None or packet.time_base is None:
                    continue
                start = round((float(packet.pts * packet.time_base) - begins) * 1000)
                length = round(float((packet.duration or 0) * packet.time_base) * 1000)
                text = "\n".join(_texts(packet))
                if text and length > 0 and start + length > 0:
                    yield Span(Ms(max(0, start)), Ms(start + length)), text
    except (av.error.FFmpegError, IndexError, OSError) as error:
        fix = "extract it with another tool, or choose another source of the lines"
        raise InputError(f"the embedded subtitles cannot be read: {error}", str(path), fix) from error


def _texts(packet: object) -> Iterator[str]:
    for rect in packet.decode():  # type: ignore[attr-defined]
        said = getattr(rect, "dialogue", b"")
        if said:
            yield said.decode("utf-8", errors="replace")

"""Text subtitles inside a container."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from localize.errors import InputError


def read_track(path: Path, stream: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, event) of every cue of subtitle stream ``stream`` (container index), in ms from the first picture.

    An event is what ASS writes after the times, in the decoder's order: ``number,layer,style,name,left,right,vertical,
    effect,text``; other formats come as such events too.

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
                if start + length > 0:
                    yield from ((max(0, start), start + length, event) for event in _events(packet))
    except (av.error.FFmpegError, IndexError, OSError) as error:
        fix = "extract it with another tool, or choose another source of the lines"
        raise InputError(f"the embedded subtitles cannot be read: {error}", str(path), fix) from error


def _events(packet: object) -> Iterator[str]:
    for rect in packet.decode():  # type: ignore[attr-defined]
        said = getattr(rect, "ass", b"")
        if said:
            yield said.decode("utf-8", errors="replace")

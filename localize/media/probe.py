"""What is in a media file, found out from its packets: no full decode, about a second for ten minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize.episode import AudioTrack, Picture, Source, SubtitleTrack
from localize.errors import InputError, WorkError
from localize.media.rate import Rhythm, rhythm
from localize.media.video import picture_streams
from localize.timing import Ms, clock, frame_start

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

LOST = 1.0
"""Seconds of picture that may be missing against what the file declares before it counts as cut off."""

_UNREADABLE = "export it again as MP4 with H.264 picture and AAC sound"


@dataclass(slots=True)
class _Packets:
    """When pictures are shown and the last one ends, in seconds from the file's own origin; and when each sound track
    does, by stream index.
    """

    shown: list[Fraction]
    end: Fraction
    heard: Mapping[int, Fraction]


def require_file(path: Path) -> None:
    """Raise ``InputError`` unless ``path`` is a readable file with something in it."""
    unreadable = "make it readable for you (chmod u+r; of its folders u+rx), or copy it to a folder of your own"
    try:
        there = path.exists()
    except OSError as error:  # a folder above it that may not be entered
        raise InputError(f"the file cannot be read: {error.strerror}", str(path), unreadable) from error
    if not there:
        raise InputError("there is no such file", str(path), "check the spelling, or quote the name")
    if path.is_dir():
        raise InputError("is a folder, not an episode", str(path), "name one video file inside it")
    if not path.is_file():
        raise InputError("is a pipe or a device, not a file", str(path), "save it as a file first")
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise InputError("the file is empty (0 bytes)", str(path), "copy or download it again")
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", str(path), unreadable) from error


def look(path: Path, digest: str) -> Source:
    """Everything about the file at ``path``, whose SHA-256 is ``digest``.

    Raises ``InputError`` for a file that is missing, empty, no video, cut off, without sound or picture, of
    no length, or in a codec that cannot be decoded here.
    """
    import av

    require_file(path)
    _require_media(path)
    try:
        container = av.open(str(path))
    except av.error.FFmpegError as error:
        raise _not_a_video(path, error) from error
    with container:
        video = _picture_stream(container, path)
        if not container.streams.audio:
            raise InputError("the video has no sound", path.name, "hand in the version with its sound track")
        packets = _walk(container, video)
        _require_whole(packets, video, path)
        first = _first_picture(container, video, path)
        tracks = _unsilenced(path, tuple(_audio(container, path, packets)))
        return Source(digest, _container(container, path), _picture(video, first, packets), tracks,
                      tuple(_subtitles(container)), bool(first.interlaced_frame))  # fmt: skip


def _require_media(path: Path) -> None:
    """Text is told here: some of ffmpeg's demuxers take any text for one of their formats."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not any(byte < 9 or 13 < byte < 27 or byte == 127 for byte in head):
        raise InputError("this is text, not a video", path.name, "hand in an MP4, MOV, MKV or WebM file")


def _not_a_video(path: Path, error: Exception) -> InputError:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"mdat", b"moov"):
        return InputError("the video is cut off: its index (moov) is missing", path.name, "copy or download it again")
    reason = getattr(error, "strerror", None) or "unknown format"
    return InputError(f"this is not a video ({reason})", path.name, "hand in an MP4, MOV, MKV or WebM file")


def _picture_stream(container: InputContainer, path: Path) -> VideoStream:
    for stream in picture_streams(container):
        return stream
    raise InputError("the file has no picture, only sound", path.name, "hand in the video, not its sound track")


def _walk(container: InputContainer, video: VideoStream) -> _Packets:
    """Read every packet once.  A read error ends the walk: what follows cannot be read."""
    import av

    shown: list[int] = []
    end = 0
    heard: dict[int, Fraction] = {}
    # a reader that stops early says so by ending early: the caller compares with the declared length
    with suppress(av.error.FFmpegError):
        for packet in container.demux([video, *container.streams.audio]):
            if packet.pts is None or packet.is_corrupt:
                continue
            if packet.stream.index != video.index:
                over = (packet.pts + (packet.duration or 0)) * Fraction(packet.time_base or 1)
                heard[packet.stream.index] = max(over, heard.get(packet.stream.index, over))
                continue
            end = max(end, packet.pts + (packet.duration or 0))
            if not packet.is_discard:
                shown.append(packet.pts)
    base = Fraction(video.time_base or 1)
    return _Packets([at * base for at in sorted(shown)], end * base, heard)


def _require_whole(packets: _Packets, video: VideoStream, path: Path) -> None:
    if not packets.shown:
        raise InputError("the video has no length: not one picture in it", path.name, "copy or export it again")
    declared = Fraction(video.duration or 0) * Fraction(video.time_base or 1)
    readable = packets.end - packets.shown[0]
    missing = declared - readable
    if missing > min(Fraction(LOST), declared / 5):
        raise InputError(
            f"the video is cut off: {clock(int(readable * 1000), comma=False)} of "
            f"{clock(int(declared * 1000), comma=False)} can be read", path.name, "copy or download it again",
        )  # fmt: skip


def _first_picture(container: InputContainer, video: VideoStream, path: Path) -> VideoFrame:
    import av

    codec = _codec(video)
    if codec == "unknown":
        raise InputError("the picture is in an unknown codec", path.name, _UNREADABLE)
    try:
        container.seek(video.start_time or 0, stream=video, backward=True)
        return next(container.decode(video))
    except (av.error.FFmpegError, StopIteration) as error:
        raise InputError(f"the picture ({codec}) cannot be decoded", path.name, _UNREADABLE) from error


def _codec(stream: Any) -> str:
    """The codec's own name (``subrip``, ``av1``), not that of the library that decodes it."""
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else "unknown"


def _picture(video: VideoStream, first: VideoFrame, packets: _Packets) -> Picture:
    turned = first.rotation % 180 != 0
    width, height = (first.height, first.width) if turned else (first.width, first.height)
    steps: Rhythm = rhythm(packets.shown, packets.end, video.guessed_rate or video.average_rate)
    return Picture(
        width=width - width % 2, height=height - height % 2, rate=steps.rate,
        length=frame_start(steps.frames, steps.rate), frames=steps.frames, codec=_codec(video),
        rotation=first.rotation % 360, variable=steps.variable, stream=video.index,
    )  # fmt: skip


def _audio(container: InputContainer, path: Path, packets: _Packets) -> Iterator[AudioTrack]:
    for stream in container.streams.audio:
        if stream.codec_context is not None and stream.codec_context.sample_rate:
            over = packets.heard.get(stream.index)
            end = None if over is None else Ms(max(0, round((over - packets.shown[0]) * 1000)))
            yield AudioTrack(stream.index, stream.codec_context.sample_rate, stream.codec_context.channels,
                             _language(stream), end)  # fmt: skip
    if not any(s.codec_context is not None and s.codec_context.sample_rate for s in container.streams.audio):
        raise InputError("the sound is in a codec that cannot be decoded", path.name, _UNREADABLE)


def _unsilenced(path: Path, tracks: tuple[AudioTrack, ...]) -> tuple[AudioTrack, ...]:
    """Of several tracks, which are silent: an empty one often stands before the one with the sound."""
    from localize.media.audio import is_silent

    if len(tracks) < 2:
        return tracks
    return tuple(replace(track, silent=is_silent(path, track.index)) for track in tracks)


def _subtitles(container: InputContainer) -> Iterator[SubtitleTrack]:
    for stream in container.streams.subtitles:
        yield SubtitleTrack(stream.index, _codec(stream), _language(stream))


def _language(stream: Any) -> str:
    tag = stream.metadata.get("language", "")
    return "" if tag == "und" else str(tag)


def _container(container: InputContainer, path: Path) -> str:
    names = str(container.format.name).split(",")
    suffix = path.suffix.lower().lstrip(".")
    return suffix if suffix in names else ("mp4" if "mp4" in names else names[0])


@dataclass(frozen=True, slots=True)
class Lengths:
    """What a finished file holds: pictures, and how long picture and sound (None without any) last."""

    frames: int
    picture: Ms
    sound: Ms | None


def _milliseconds(stream: Any) -> Ms:
    return Ms(round((stream.duration or 0) * Fraction(stream.time_base or 1) * 1000))


def lengths(path: Path) -> Lengths:
    """Measure a file this project wrote, from its packets.  Raises ``WorkError`` when it cannot be read."""
    import av

    try:
        with av.open(str(path)) as container:
            video = picture_streams(container)[0]
            packets = _walk(container, video)
            sound = next(iter(container.streams.audio), None)
            heard = None if sound is None else _milliseconds(sound)
            shown = packets.end - packets.shown[0]
    except (av.error.FFmpegError, IndexError) as error:
        raise WorkError("the encoded file cannot be read back", path.name) from error
    return Lengths(len(packets.shown), Ms(round(shown * 1000)), heard)

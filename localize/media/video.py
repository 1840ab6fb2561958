"""Reading pictures: frames on the constant-rate grid, one at a time.

Time 0 is the first picture of the file, and grid frame ``n`` is what is on screen at ``n / rate``: a source
of constant rate maps one to one, a variable one is resampled by its time stamps.  Rotation is applied and odd
sizes are cropped, so a frame always has the ``Picture``'s size.

Planar frames are uint8, shape ``(height * 3 // 2, width)``, the I420 layout OpenCV uses; ``planes`` views the
three.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from localize.episode import Box, Picture
from localize.errors import InputError, WorkError
from localize.media.patch import planes, read_patch, write_patch
from localize.timing import Ms, frame_at, frame_start

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

__all__ = ["frame_at_ms", "frames", "frames_near", "picture_streams", "planes", "read_patch", "write_patch"]

Image: TypeAlias = NDArray[np.uint8]
Pixels = Literal["bgr24", "yuv420p"]
Needed: TypeAlias = Callable[[int], bool]
"""Whether the source frame that appears at a grid number must be decoded even when no other refers to it."""

_EIGHT_BIT_420 = ("yuv420p", "yuvj420p")
_PER_PACKET = ("h264", "hevc", "vp9")
"""Codecs whose decoders take word picture by picture of what to leave out; that of AV1 asks once, when it opens."""
_SHORT = 125
"""Frames of a clip in which each counts: a caption may show in a handful."""
_NEAR = Fraction(3, 2)
"""Seconds: closer to the start than this, decoding from the first frame is as quick as seeking."""


def frames(
    path: Path, picture: Picture, start_frame: int = 0, stop_frame: int | None = None,
    box: Box | None = None, format: Pixels = "bgr24", scale: tuple[int, int] | None = None,
    only: Collection[int] | None = None, beside: bool = False,
) -> Iterator[tuple[int, Ms, Image]]:  # fmt: skip
    """Grid frames ``start_frame`` … ``stop_frame`` (out; default: all) as ``(number, milliseconds, pixels)``.

    ``box`` cuts out a part (even coordinates), ``scale`` resizes that to ``(width, height)``; of ``only`` some
    frames these alone are given, and converted, and others are decoded only where they must be.  ``beside`` work
    that is slower anyway fewer cores are taken.  Every array is the caller's own.  Raises ``InputError`` with the time
    where the file is damaged.
    """
    import av

    stop = picture.frames if stop_frame is None else min(stop_frame, picture.frames)
    if start_frame >= stop:
        return
    convert = _Converter(picture, box, format, scale)
    number = start_frame
    try:
        for number, frame in _grid(path, picture, start_frame, stop, _needed(picture, start_frame, only), beside):
            if only is None or number in only:
                yield number, frame_start(number, picture.rate), convert(frame)
    except av.error.FFmpegError as error:
        raise _damaged(path, picture, number, error) from error


def frames_near(path: Path, picture: Picture, numbers: Sequence[int]) -> Iterator[tuple[int, Ms, Image]]:
    """For each of the ascending ``numbers`` the first frame at or after it that is cheap to have, as ``frames`` gives
    it in yuv420p.

    Pictures that no other refers to are not decoded, in most files every other one: that halves the work.  A frame is
    given once, however many numbers it stands for; none when only such pictures follow.  A short clip is decoded
    whole, and so is a source that leaves out pictures while nothing changes.
    """
    import av

    if picture.variable:
        yield from frames(path, picture, format="yuv420p", only=frozenset(numbers))
        return
    convert = _Converter(picture, None, "yuv420p", None)
    wanted, number = deque(numbers), 0
    try:
        for number, frame in _decoded(path, picture, 0, (lambda slot: False) if picture.frames > _SHORT else None):
            if number >= picture.frames or not wanted:
                return
            if number >= wanted[0]:
                yield number, frame_start(number, picture.rate), convert(frame)
            while wanted and wanted[0] <= number:
                wanted.popleft()
    except av.error.FFmpegError as error:
        raise _damaged(path, picture, number, error) from error


def _damaged(path: Path, picture: Picture, last: int, error: Exception) -> InputError:
    """``last`` is the frame before the one that cannot be decoded; decoders see damage some frames late."""
    what = f"the picture is damaged near {frame_start(last, picture.rate) / 1000:.1f} s and cannot be decoded"
    return InputError(f"{what} ({getattr(error, 'strerror', error)})", path.name, "copy or export the episode again")


def frame_at_ms(path: Path, picture: Picture, at: int, format: Pixels = "bgr24") -> Image:
    """What is on screen at ``at`` ms; the last frame for times past the end."""
    number = min(frame_at(at, picture.rate), picture.frames - 1)
    return next(frames(path, picture, number, number + 1, format=format))[2]


def picture_streams(container: InputContainer) -> list[VideoStream]:
    """The moving pictures of a container; cover art does not count."""
    from av.stream import Disposition

    return [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]


def _wanted(container: InputContainer, index: int | None = None) -> VideoStream:
    videos = picture_streams(container)
    return next((s for s in videos if s.index == index), videos[0])


def _base(stream: Any) -> Fraction:
    return Fraction(stream.time_base or Fraction(1, 1000))


def _needed(picture: Picture, start: int, only: Collection[int] | None) -> Needed | None:
    """Of a source with one frame per number of the grid, the wanted ones from ``start`` on; otherwise all."""
    if picture.variable or picture.codec not in _PER_PACKET:
        return None
    if only is None:
        return (lambda slot: slot + 1 >= start) if start else None
    return lambda slot: slot in only or slot + 1 in only


def _grid(
    path: Path, picture: Picture, start: int, stop: int, needed: Needed | None, beside: bool
) -> Iterator[tuple[int, VideoFrame]]:
    """Each grid frame with the source frame on screen then."""
    held: VideoFrame | None = None
    number = start
    for slot, frame in _decoded(path, picture, start, needed, beside):
        while held is not None and number < min(slot, stop):
            yield number, held
            number += 1
        if number >= stop:
            return
        held = frame
    if held is None:
        raise WorkError(f"no picture can be decoded at frame {start}", path.name)
    for late in range(number, stop):  # the last picture stays until the end
        yield late, held


def _decoded(
    path: Path, picture: Picture, start: int, needed: Needed | None = None, beside: bool = False
) -> Iterator[tuple[int, VideoFrame]]:
    """Source frames with the grid number each appears at, from the one on screen at ``start`` on."""
    import av

    seek = Fraction(start) / picture.rate > _NEAR
    with av.open(str(path)) as container:
        stream = _wanted(container, picture.stream)
        stream.thread_type, stream.codec_context.thread_count = "AUTO", _threads(beside)
        if seek:
            at = Fraction(start) / picture.rate / _base(stream)
            container.seek(int(at) + (stream.start_time or 0), stream=stream, backward=True)
        reached = not seek
        for slot, frame in _slots(container, stream, picture.rate, needed):
            if not reached and slot > start:
                break  # the index led past the wanted frame: decode from the start instead
            reached = True
            yield slot, frame
        if reached:
            return
    yield from _decoded(path, picture, 0, needed, beside)


def _threads(beside: bool) -> int:
    """Threads of a decoder; each costs some work that one alone does not: 17 % for two."""
    cores = os.cpu_count() or 1
    return max(1, min(4, cores // 4 if beside else cores))


def _slots(
    container: InputContainer, stream: VideoStream, rate: Fraction, needed: Needed | None
) -> Iterator[tuple[int, VideoFrame]]:
    origin, step = stream.start_time or 0, _base(stream) * rate

    def slot(pts: int) -> int:
        return max(0, round((pts - origin) * step))

    for packet in container.demux(stream):
        wanted = needed is None or packet.pts is None or needed(slot(packet.pts))
        stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
        for frame in packet.decode():
            if frame.pts is not None:
                yield slot(frame.pts), frame


class _Converter:
    """Source frames → arrays of the wanted part, size and pixels.  Keeps its scalers between frames."""

    def __init__(
        self, picture: Picture, box: Box | None, format: Pixels, scale: tuple[int, int] | None
    ) -> None:
        from av.video.reformatter import VideoReformatter

        self.box = box or Box(0, 0, picture.width, picture.height)
        self.turns = picture.rotation // 90 % 4
        self.format, self.scale = format, scale
        self.to_planar, self.to_wanted = VideoReformatter(), VideoReformatter()

    def __call__(self, frame: VideoFrame) -> Image:
        whole = not self.turns and (self.box.width, self.box.height) == (frame.width, frame.height)
        if self.format == "yuv420p" and not self.scale:
            return self._cut(frame)
        return self._finish(frame if whole else self._cut_frame(frame))

    def _cut(self, frame: VideoFrame) -> Image:
        """The box as planes, without touching a pixel value."""
        if frame.format.name not in _EIGHT_BIT_420:
            frame = self.to_planar.reformat(frame, format="yuv420p")
        out = np.empty((self.box.height * 3 // 2, self.box.width), np.uint8)
        for target, plane, by in zip(planes(out), frame.planes, (1, 2, 2), strict=True):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
            rows = rows[: plane.height, : plane.width]
            turned = np.rot90(rows, self.turns) if self.turns else rows
            target[:] = turned[self.box.y0 // by : self.box.y1 // by, self.box.x0 // by : self.box.x1 // by]
        return out

    def _cut_frame(self, frame: VideoFrame) -> VideoFrame:
        from av import VideoFrame

        full = frame.format.name == "yuvj420p"
        cut = VideoFrame.from_ndarray(self._cut(frame), format="yuvj420p" if full else "yuv420p")
        cut.colorspace, cut.color_range = frame.colorspace, frame.color_range
        return cut

    def _finish(self, frame: VideoFrame) -> Image:
        from av.video.reformatter import Interpolation

        width, height = self.scale or (frame.width, frame.height)
        shrink = Interpolation.AREA if width < frame.width else Interpolation.BICUBIC
        pixels = self.to_wanted.reformat(frame, width, height, self.format, interpolation=shrink).to_ndarray()
        return np.ascontiguousarray(pixels, dtype=np.uint8)

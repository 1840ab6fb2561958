"""Writing pictures and sound: planar frames through a pipe into one x264 encode, sound to AAC."""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from localize.episode import Picture
from localize.errors import WorkError
from localize.media import ffmpeg as tool
from localize.timing import Ms

Image: TypeAlias = NDArray[np.uint8]

_WAITING = 4
"""Frames that may wait for the encoder: 6 MB at 720×1280, enough that decoding and encoding overlap."""

_PIPE = 1 << 20
"""Bytes of pipe buffer; the kernel's default of 64 KiB costs 20 switches a frame."""


@dataclass(frozen=True, slots=True)
class Colour:
    """How a source's numbers mean colours, in ffmpeg's names; empty where the source does not say."""

    space: str = ""
    primaries: str = ""
    transfer: str = ""
    range: str = ""
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What to encode.  The ``track``-th sound track of ``sound`` is copied; ``language`` is BCP 47."""

    path: Path
    picture: Picture
    sound: Path | None = None
    track: int = 0
    ass: Path | None = None
    fonts: Path | None = None
    colour: Colour = Colour()
    language: str = ""
    title: str = ""
    crf: int = 20
    preset: str = "veryfast"


class Encoder:
    """``with Encoder(target) as encoder: encoder.write(frame)``: one MP4, complete or not there at all."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._queue: queue.Queue[Image | None] = queue.Queue(_WAITING)
        self._broken = threading.Event()
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Encoder:
        self._child = tool.start(tool.command(_encode(self.target)), stdin=subprocess.PIPE, stderr=self._said)
        _widen(self._child.stdin)
        self._writer = threading.Thread(target=self._feed, name="encoder", daemon=True)
        self._writer.start()
        return self

    def write(self, frame: Image) -> None:
        """Hand over one planar frame ``(height * 3 // 2, width)``; it must not be changed afterwards."""
        while not self._broken.is_set():
            try:
                self._queue.put(frame, timeout=0.5)
                return
            except queue.Full:
                continue
        raise self._failure()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        try:
            if kind is None:
                self._close()
        finally:
            self._broken.set()
            tool.finished(self._child)
            self._writer.join()
            self._said.close()
            if kind is not None or self._child.returncode:
                self.target.path.unlink(missing_ok=True)

    def _close(self) -> None:
        while not self._broken.is_set():
            try:
                self._queue.put(None, timeout=0.5)
                break
            except queue.Full:
                continue
        self._writer.join()
        if self._child.wait():
            raise self._failure()

    def _feed(self) -> None:
        assert self._child.stdin is not None
        with self._child.stdin as pipe:
            try:
                while (frame := self._next()) is not None:
                    rest = np.ascontiguousarray(frame).data.cast("B")
                    while rest:
                        rest = rest[pipe.write(rest) :]
            except OSError:
                self._broken.set()  # the encoder is gone; its own words say why

    def _next(self) -> Image | None:
        while not self._broken.is_set():
            try:
                return self._queue.get(timeout=0.5)
            except queue.Empty:
                continue
        return None

    def _failure(self) -> WorkError:
        code = self._child.wait()
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace")
        return tool.failure(said, code, "encoding the picture", self.target.path.name)


def _widen(pipe: IO[bytes] | None) -> None:
    import fcntl

    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        try:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
        except PermissionError:
            return  # the user's pipe quota is used up: the default works, a little slower


def _encode(target: Target) -> Any:
    import ffmpeg

    picture, rate = target.picture, str(target.picture.rate)
    video = ffmpeg.input("pipe:0", format="rawvideo", pix_fmt="yuv420p", framerate=rate,
                         s=f"{picture.width}x{picture.height}", thread_queue_size=8)  # fmt: skip
    video = _tagged(video, target.colour)
    if target.ass:
        fonts = {"fontsdir": str(target.fonts)} if target.fonts else {}
        video = video.filter("ass", filename=str(target.ass), **fonts)
    streams = [video] + ([ffmpeg.input(str(target.sound))[f"a:{target.track}"]] if target.sound else [])
    coded = {"c:v": "libx264", "crf": target.crf, "preset": target.preset, "pix_fmt": "yuv420p", "r": rate}
    return ffmpeg.output(*streams, str(target.path), **coded, **container(target))


def copy_picture(source: Path, ordinal: int, late: float, target: Target) -> None:
    """The ``ordinal``-th picture stream of ``source``, ``late`` seconds earlier, undecoded into an MP4."""
    import av
    import ffmpeg

    with av.open(str(source)) as file:
        codec = file.streams.video[ordinal].codec_context.name

    streams = [ffmpeg.input(str(source), itsoffset=f"{-late:.6f}")[f"v:{ordinal}"]]
    if target.sound:
        streams.append(ffmpeg.input(str(target.sound))[f"a:{target.track}"])
    options = {"c:v": "copy"} | ({"tag:v": "hvc1"} if codec == "hevc" else {})  # Apple's players know no other tag
    tool.run(ffmpeg.output(*streams, str(target.path), **options, **container(target)),
             "copying the picture", target.path.name)  # fmt: skip


def container(target: Target) -> dict[str, Any]:
    """The output options every delivered MP4 shares: index first, language tags, title, sound copied."""
    tag = iso639(target.language)
    options: dict[str, Any] = {
        "format": "mp4", "movflags": "+faststart", "map_metadata": -1, "map_chapters": -1,
        "metadata": f"title={target.title}", "metadata:s:v:0": f"language={tag}",
    }  # fmt: skip
    if target.sound:
        options |= {"c:a": "copy", "metadata:s:a:0": f"language={tag}", "disposition:a:0": "default"}
    return options


def _tagged(video: Any, colour: Colour) -> Any:
    """Say what the numbers mean without changing one."""
    told = {"colorspace": colour.space, "color_primaries": colour.primaries, "color_trc": colour.transfer,
            "range": colour.range}  # fmt: skip
    told = {name: value for name, value in told.items() if value}
    if told:
        video = video.filter("setparams", **told)
    return video.filter("setsar", sar=colour.aspect) if colour.aspect else video


def encode_sound(wav: Path, out: Path, length: Ms, gain: float = 0.0) -> None:
    """``wav`` as AAC 192 kbit/s, 48 kHz, stereo, cut or padded to ``length`` ms, made ``gain`` dB louder."""
    import ffmpeg

    sound = ffmpeg.input(str(wav))["a:0"]
    if gain:
        sound = sound.filter("volume", volume=f"{gain:.2f}dB")
    sound = sound.filter("apad").filter("atrim", end=f"{length / 1000:.3f}")
    options = {"c:a": "aac", "b:a": "192k", "ar": 48000, "ac": 2, "format": "mp4", "map_metadata": -1}
    tool.run(sound.output(str(out), **options), "encoding the sound", wav.name)


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    return tomllib.loads((files("localize.media") / "languages.toml").read_text("utf-8"))


def iso639(tag: str) -> str:
    """``"es-419"`` → ``"spa"``; ``und`` for what has no code in the table."""
    primary = tag.split("-")[0].lower()
    return _languages().get(primary, primary if len(primary) == 3 else "und")

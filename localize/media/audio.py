"""Sound in and out: any track of any container to 48 kHz, WAV files, and the small cuts every take gets.

Sound is float32 in −1…1, ``(samples,)`` when mono, ``(samples, channels)`` otherwise.  Long files go through
in chunks; nothing here holds more than one minute unless it is asked to return the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localize.errors import InputError
from localize.timing import Ms

Sound = NDArray[np.float32]

RATE = 48_000
"""Samples a second everywhere inside the house."""

SILENCE = -60.0
"""dBFS: a peak below it is a silent track with dither or hum; the quietest whisper of a mix lies 20 dB above."""

_GAP = 0.05  # a hole in the container's timestamps above this many seconds is silence, below it is rounding


def at(ms: float, rate: int = RATE) -> int:
    """The sample that sounds at ``ms`` milliseconds."""
    return round(ms * rate / 1000)


def to_ms(samples: int, rate: int = RATE) -> Ms:
    """How many whole milliseconds ``samples`` last."""
    return Ms(round(samples * 1000 / rate))


def mono(sound: Sound) -> Sound:
    """The mean of all channels, shape ``(samples,)``."""
    return sound if sound.ndim == 1 else sound.mean(axis=1, dtype=np.float32)


def stereo(sound: Sound) -> Sound:
    """Two channels, shape ``(samples, 2)``; a mono sound comes out of both at the same level."""
    if sound.ndim == 2 and sound.shape[1] == 2:
        return sound
    return np.repeat(mono(sound)[:, None], 2, axis=1)


def resample(sound: Sound, rate: int, wanted: int = RATE) -> Sound:
    """``sound`` at another sample rate (soxr, high quality)."""
    if rate == wanted or not len(sound):
        return sound
    import soxr

    return np.asarray(soxr.resample(sound, rate, wanted, quality="HQ"), np.float32)


# ── containers ──────────────────────────────────────────────────────────────────────────────────────────────
def decode(path: Path, stream: int, channels: int) -> Iterator[Sound]:
    """Chunks ``(samples, channels)`` of stream ``stream`` (container index) at 48 kHz, from the first picture
    on.

    ``channels`` is 1 or 2; more are mixed down by the usual matrix.  Late starts and holes become silence.
    Raises ``InputError`` when the track cannot be decoded.
    """
    import av
    import soxr

    try:
        with av.open(str(path)) as container:
            track = container.streams[stream]
            rate = int(getattr(track.codec_context, "sample_rate", 0)) or RATE
            change = soxr.ResampleStream(rate, RATE, channels, dtype="float32", quality="HQ")
            for chunk in _aligned(container, track, rate, channels):
                yield np.asarray(change.resample_chunk(chunk), np.float32).reshape(-1, channels)
            rest = np.zeros((0, channels), np.float32)
            yield np.asarray(change.resample_chunk(rest, last=True), np.float32).reshape(-1, channels)
    except (av.FFmpegError, IndexError, AttributeError) as error:
        raise InputError(
            f"sound track {stream} cannot be decoded ({error})",
            str(path),
            "export the file again, or pick a track",
        ) from error


def _aligned(container: Any, track: Any, rate: int, channels: int) -> Iterator[Sound]:
    """Decoded sound at its own rate, moved so that sample 0 sounds with the first picture."""
    import av

    picture = next(iter(container.streams.video), None)
    zero = float((picture.start_time or 0) * picture.time_base) if picture is not None and picture.time_base else 0.0
    narrow = min(channels, int(track.codec_context.channels))
    convert = av.AudioResampler(format="flt", layout="mono" if narrow == 1 else "stereo", rate=rate)
    written = 0
    for frame in container.decode(track):
        due = written if frame.time is None else round((frame.time - zero) * rate)
        parts = [part.to_ndarray().reshape(-1, narrow) for part in convert.resample(frame)]
        sound = np.concatenate([*parts, np.zeros((0, narrow), np.float32)])
        sound = np.repeat(sound, channels // narrow, axis=1)
        if due - written > _GAP * rate or (written == 0 and due > 0):
            yield np.zeros((due - written, channels), np.float32)
            written = due
        if written == 0 and due < 0:
            sound = sound[-due:] if -due < len(sound) else sound[:0]
        if len(sound):
            written += len(sound)
            yield np.ascontiguousarray(sound, np.float32)


def decode_to_wav(path: Path, stream: int, channels: int, out: Path, length: Ms | None = None) -> int:
    """Write a track as a 48 kHz 16-bit WAV, cut or padded to ``length`` ms; returns the samples per
    channel.
    """
    wanted = None if length is None else at(length)
    written = 0
    with writing(out, channels) as add:
        for chunk in decode(path, stream, channels):
            part = chunk if wanted is None else chunk[: wanted - written]
            add(part)
            written += len(part)
            if wanted is not None and written >= wanted:
                break
        while wanted is not None and written < wanted:
            part = np.zeros((min(RATE, wanted - written), channels), np.float32)
            add(part)
            written += len(part)
    return written


def is_silent(path: Path, stream: int, above: float = SILENCE) -> bool:
    """Whether no sample of a track (container index) is louder than ``above`` dBFS; read only as far as the first that
    is.  A track that cannot be decoded is not silent: whoever takes it is told why it cannot be.
    """
    least = 10 ** (above / 20)
    try:
        return not any(float(np.abs(chunk).max(initial=0.0)) > least for chunk in decode(path, stream, 1))
    except InputError:
        return False


def first_track(path: Path) -> int:
    """The container index of the first sound track of a file; ``InputError`` when there is none."""
    import av

    try:
        with av.open(str(path)) as container:
            track = next(iter(container.streams.audio), None)
            if track is not None:
                return int(track.index)
    except (av.FFmpegError, OSError) as error:
        raise InputError(f"cannot be opened as sound ({error})", str(path), "give a WAV, FLAC or M4A file") from error
    raise InputError("has no sound track", str(path), "give a WAV, FLAC or M4A file")


# ── WAV ─────────────────────────────────────────────────────────────────────────────────────────────────────
def shape(path: Path) -> tuple[int, int, int]:
    """``(samples, channels, rate)`` of a WAV file, from its header."""
    import soundfile

    info = _opened(soundfile.info, path)
    return int(info.frames), int(info.channels), int(info.samplerate)


def read(path: Path, start: int = 0, stop: int | None = None) -> tuple[Sound, int]:
    """Samples ``start``–``stop`` of a WAV file and its rate; mono files come back as ``(samples,)``."""
    import soundfile

    sound, rate = _opened(soundfile.read, path, dtype="float32", start=start, stop=stop)
    return sound, int(rate)


def _opened(call: Any, path: Path, **how: Any) -> Any:
    import soundfile

    try:
        return call(str(path), **how)
    except (soundfile.SoundFileError, OSError) as error:
        raise InputError(f"not a readable sound file ({error})", str(path), "give a WAV or FLAC file") from error


def pcm(sound: Sound) -> NDArray[np.int16]:
    """16-bit samples; reading them back gives ``round(sound·32768)/32768`` exactly, clipped to what 16 bits
    hold.
    """
    return np.clip(np.round(sound * np.float32(32768)), -32768, 32767).astype(np.int16)


def rounded(sound: Sound) -> Sound:
    """What a 16-bit file gives back of ``sound``."""
    return pcm(sound).astype(np.float32) / np.float32(32768)


def write(path: Path, sound: Sound, rate: int = RATE) -> Path:
    """Write a 16-bit WAV; what lies outside −1…1 is clipped."""
    import soundfile

    soundfile.write(path, pcm(sound), rate, "PCM_16", format="WAV")
    return path


@contextmanager
def writing(path: Path, channels: int, rate: int = RATE, exact: bool = False) -> Iterator[Callable[[Sound], None]]:
    """A WAV, or a FLAC where ``path`` ends in that, that grows: call what you get with one piece after the other,
    ``(samples, channels)``.

    16 bits, or float when ``exact`` (WAV alone).
    """
    import soundfile

    kind, format = "FLOAT" if exact else "PCM_16", "FLAC" if path.suffix == ".flac" else "WAV"
    with soundfile.SoundFile(path, "w", rate, channels, kind, format=format) as file:
        yield lambda sound: file.write(sound if exact else pcm(sound))


class Tape:
    """A WAV on disk read by slices, so that long sounds are measured and mixed without being held."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._samples = shape(path)[0]

    def __len__(self) -> int:
        return self._samples

    def __getitem__(self, where: slice) -> Sound:
        """Float32 samples ``(samples, channels)``; ``(samples,)`` of a mono file."""
        start, stop, _ = where.indices(self._samples)
        return read(self.path, start, max(start, stop))[0]


# ── cuts ────────────────────────────────────────────────────────────────────────────────────────────────────
def faded(sound: Sound, into: float, out: float, rate: int = RATE) -> Sound:
    """A copy with raised-cosine fades of ``into`` and ``out`` milliseconds."""
    result = sound.copy()
    for ms, ends in ((into, slice(None)), (out, slice(None, None, -1))):
        count = min(at(ms, rate), len(sound) // 2)
        ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(count, 1))).astype(np.float32)
        view = result[ends][:count]
        view *= ramp if sound.ndim == 1 else ramp[:, None]
    return result


def level(sound: Sound, rate: int = RATE, step: float = 10.0) -> NDArray[np.float32]:
    """Root mean square of the mono sum per ``step`` ms; the last incomplete step counts."""
    flat, width = mono(sound), max(1, at(step, rate))
    padded = np.zeros(-(-len(flat) // width) * width, np.float32)
    padded[: len(flat)] = flat
    return np.asarray(np.sqrt((padded.reshape(-1, width) ** 2).mean(axis=1)), np.float32)


def audible(sound: Sound, rate: int = RATE, floor: float = -42.0, margin: float = 15.0) -> slice:
    """Where ``sound`` begins and ends: samples above ``floor`` dB of its loudest step, with ``margin`` ms
    around.

    Silence all through gives an empty slice.
    """
    levels = level(sound, rate)
    top = float(levels.max(initial=0.0))
    heard = np.flatnonzero(levels > max(top * 10 ** (floor / 20), 1e-6))
    if not len(heard):
        return slice(0, 0)
    first, last = heard[0] * at(10, rate), (heard[-1] + 1) * at(10, rate)
    return slice(max(0, first - at(margin, rate)), min(len(sound), last + at(margin, rate)))


def active_level(sound: Sound, rate: int = RATE) -> float:
    """Root mean square while something sounds; 0.0 for silence."""
    return active(level(sound, rate, 20.0))


def active(levels: NDArray[np.float32]) -> float:
    """The same from levels per 20 ms: those within 20 dB of the 95th percentile count."""
    if not len(levels):
        return 0.0
    top = float(np.percentile(levels, 95)) or float(levels.max())
    loud = levels[levels > 0.1 * top]
    return float(np.sqrt((loud**2).mean())) if len(loud) else 0.0


def decibels(ratio: float) -> float:
    """``20·log10`` with a floor at −120 dB."""
    return float(20 * np.log10(max(ratio, 1e-6)))

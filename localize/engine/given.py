"""Files a person hands in beside the episode, looked at before any work: reading captions takes minutes."""

from __future__ import annotations

import os
from errno import ENOSPC
from pathlib import Path
from tempfile import mkdtemp

from localize.engine.order import Order
from localize.episode import Source
from localize.errors import InputError

TOLERATED = 1_000
"""Milliseconds a music-and-effects track may last more or less than the episode; its stage says the same."""
SOUND = "give --me this episode's music and effects as a WAV, FLAC or M4A file"


def check_files(order: Order) -> None:
    """Whether the files named beside the episode can be read at all.  Raises ``InputError``."""
    _readable(order.subtitles, "subtitle file", "check the path given to --subtitles")
    _readable(order.music_effects, "music-and-effects track", SOUND)
    if order.music_effects is not None and order.episode.exists() and order.music_effects.samefile(order.episode):
        what = "this is the episode itself: its sound holds the voices"
        raise InputError(what, str(order.music_effects), SOUND)


def writable(out: Path) -> bool:
    """Whether permissions let a folder be made there."""
    place = out
    while not place.exists():
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def check_out(order: Order) -> None:
    """Whether a folder can be made where versions would go: one is, and is gone again.  Raises ``InputError``.

    Permissions do not tell: nobody, whatever they may, makes a folder in ``/proc``.
    """
    place = order.out
    while not place.exists():
        place = place.parent
    try:
        Path(mkdtemp(prefix=".localize-", dir=place)).rmdir()
    except OSError as error:
        if error.errno == ENOSPC:
            return  # a full disk is told by what needs the room
        what = f"the output folder cannot be written: nothing can be made in {place} ({error.strerror})"
        raise InputError(what, str(order.out), "choose another folder with --out DIR") from error


def _readable(path: Path | None, what: str, fix: str) -> None:
    if path is None:
        return
    if path.is_dir():
        raise InputError(f"this is a folder, not a {what}", str(path), fix)
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise InputError(f"the {what} is empty (0 bytes)", str(path), "copy or export it again")
    except FileNotFoundError:
        raise InputError(f"there is no such {what}", str(path), fix) from None
    except OSError as error:
        raise InputError(f"the {what} cannot be read: {error.strerror}", str(path), fix) from error


def check_music_effects(order: Order, source: Source) -> None:
    """Whether the music-and-effects track is sound of the episode's length and not silent.  Raises ``InputError``."""
    from localize.media.audio import first_track, is_silent

    if order.music_effects is None:
        return
    found = sound_length(order.music_effects)
    if abs(found - source.picture.length) > TOLERATED:
        how = "longer" if found > source.picture.length else "shorter"
        what = f"the music-and-effects track is {how} than the episode: {found / 1000:.1f} s"
        fix = "export it for this cut of the episode, from its first to its last frame"
        raise InputError(f"{what} against {source.picture.length / 1000:.1f} s", str(order.music_effects), fix)
    if is_silent(order.music_effects.absolute(), first_track(order.music_effects.absolute())):
        fix = "export it again; without --me, music and effects are taken from the episode's own sound"
        raise InputError("the music-and-effects track is silent", str(order.music_effects), fix)


def sound_length(path: Path) -> int:
    """Milliseconds of a file's first sound track, from its packets, whatever its header says.

    Raises ``InputError`` when there is none that can be decoded.
    """
    import av

    try:
        with av.open(str(path.absolute())) as container:
            if not container.streams.audio:
                raise InputError("the music-and-effects track has no sound in it", str(path), SOUND)
            track = container.streams.audio[0]
            next(container.decode(track))
            container.seek(0)
            ends = [
                (packet.pts + (packet.duration or 0)) * packet.time_base
                for packet in container.demux(track) if packet.pts is not None and packet.time_base
            ]  # fmt: skip
            start = (track.start_time or 0) * (track.time_base or 0)
    except (av.FFmpegError, OSError, StopIteration) as error:
        raise InputError("the music-and-effects track is no sound file", str(path), SOUND) from error
    return round((max(ends) - min(start, 0)) * 1000) if ends else 0

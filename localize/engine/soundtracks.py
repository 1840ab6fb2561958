"""Which of an episode's sound tracks is worked from, and what is told of it, of the M&E given and of half pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from localize.engine.order import Order
from localize.episode import AudioTrack, Source, Stems
from localize.errors import InputError
from localize.stages._delivered_me import ALIKE
from localize.stages._unfit import CHECK
from localize.version import Finding

CHINESE = ("zh", "zho", "chi", "cmn")
EARLY = 500
"""Milliseconds of picture without sound at the end from which on it is told: a cut-off export, not a rounding."""


def track_of(source: Source) -> AudioTrack:
    """The sound track to work from: of those not silent the Chinese one when tracks are labelled, else the first."""
    heard = tuple(track for track in source.audio if not track.silent) or source.audio
    return next((track for track in heard if track.language in CHINESE), heard[0])


def chosen(order: Order, source: Source) -> Source:
    """``source`` with the sound track alone that the person named, if any did; the first is 1.

    Raises ``InputError`` where there is none of that number.
    """
    number = order.audio_track
    if number is None:
        return source
    if not 1 <= number <= len(source.audio):
        tracks = ", ".join(f"{n} ({_described(track)})" for n, track in enumerate(source.audio, 1))
        raise InputError(f"there is no sound track {number}", f"--audio-track {number}", f"choose from {tracks}")
    return replace(source, audio=(source.audio[number - 1],))


def _described(track: AudioTrack) -> str:
    return ", ".join(filter(None, (track.language, f"{track.channels} channels", "silent" if track.silent else "")))


def poor_track(source: Source) -> Iterator[Finding]:
    """That silent tracks were passed over, and that the sound is over before the picture is."""
    track = track_of(source)
    before = [n for n, other in enumerate(source.audio, 1) if other.silent]
    if before and not track.silent:
        number, many = source.audio.index(track) + 1, len(before) > 1
        silent = f"sound track{'s' if many else ''} {', '.join(map(str, before))} {'are' if many else 'is'} silent"
        fix = "--audio-track N takes another one"
        yield Finding(CHECK, "", "warn", f"{silent}: track {number} ({_described(track)}) is worked from", fix)
    length = source.picture.length
    if track.end is not None and length - track.end > EARLY:
        what = f"the sound ends {(length - track.end) / 1000:.1f} s before the picture: silence follows"
        fix = "look whether the export was cut off; hand in the episode with all its sound"
        yield Finding(CHECK, "", "warn", what, fix)


def interlaced(source: Source) -> Iterator[Finding]:
    """That the picture is made of half pictures: they stay, and what is moving in them is combed."""
    if source.interlaced:
        what = (
            "the picture is interlaced: versions are encoded as whole pictures, moving edges stay combed, and captions "
            "are read and taken out less cleanly"
        )
        fix = "deinterlace it first: ffmpeg -i EPISODE -vf bwdif=send_frame -c:v libx264 -crf 14 -c:a copy NEW.mp4"
        yield Finding(CHECK, "", "warn", what, fix)


def strange_background(order: Order, stems: Stems, speakers: Sequence[str]) -> Iterator[Finding]:
    """That the track given with ``--me`` is not what is heard beneath the voices, and what that costs; ``speakers`` are
    the ids of whoever speaks.
    """
    if order.music_effects is None or stems.alike is None or stems.alike >= ALIKE:
        return
    name = order.music_effects.name
    what = (
        f"the M&E track {name} is not what is heard in this episode where nobody talks (likeness {stems.alike:.2f} of "
        "1): versions have it as it is, and the voices could not be freed of the original music"
    )
    strangers = sorted(one for one in set(speakers) if one.startswith("?"))
    if strangers:
        what += f", which may be why nobody of the cast is known in {', '.join(strangers)}"
    fix = "give the M&E of this very mix (other versions and remixes do not fit), or leave --me out"
    yield Finding(CHECK, "", "warn", what, fix)

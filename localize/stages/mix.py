"""The market's sound: the dub laid on ducked music and effects, in a room, at the platform's loudness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from localize.episode import Asset, Stems
from localize.stages import Desk, Stage
from localize.timing import Ms, Span
from localize.version import Loudness, Placed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from localize.media.audio import Tape

ENCODE_ROOM = 0.5
"""dB the limiter stays below the ceiling, because AAC lets peaks grow."""
_STRONGEST = 24.0  # dB: a nearly silent episode is not blown up into noise
_ROUNDS = 5
_PIECE = 960_000  # samples worked on at a time: 20 s
_CLOSE = 0.05  # LU
STEP = 500
"""Milliseconds between two values of a mix's short-term loudness."""


@dataclass(frozen=True, slots=True)
class Job:
    """``original`` are the spans of lines left in the source language: there the source's own dialogue
    sounds.  ``speakers`` says who speaks each of ``placed``; without it nobody gets a stem of their own.
    """

    stems: Stems
    placed: tuple[Placed, ...]
    length: Ms
    market: str
    target_lufs: float = -14.0
    ceiling_dbtp: float = -1.0
    original: tuple[Span, ...] = ()
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mixed:
    """48 kHz stereo WAVs of exactly the job's length; ``dub`` is the new dialogue alone, at its level in the mix, and
    ``voices`` are its parts by speaker, FLACs of that length.

    ``coded`` is the mix as it is delivered, AAC in MP4, and ``loudness`` what was measured on that; ``audible`` is how
    many dB each line stands above the music and effects under it, ``course`` the mix's short-term loudness in LUFS, a
    value every ``STEP`` ms.
    """

    mix: Asset
    dub: Asset
    coded: Asset
    loudness: Loudness
    voices: tuple[tuple[str, Asset], ...] = ()
    audible: tuple[tuple[str, float], ...] = ()
    course: tuple[float, ...] = ()


def recipe(job: Job) -> dict[str, Any]:
    return {
        "stems": (job.stems.dialogue.digest, job.stems.music_effects.digest),
        "placed": tuple((one.audio.digest, one.start, one.length) for one in job.placed),
        "length": job.length,
        "target": (job.target_lufs, job.ceiling_dbtp),
        "original": tuple((span.start, span.end) for span in job.original),
        "lines": tuple(one.line for one in job.placed),
        "speakers": job.speakers,
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Mixed]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, _mixed(job, desk)


def _mixed(job: Job, desk: Desk) -> Mixed:
    """Three passes over the episode in pieces: the dub, everything together, the final level; then each speaker."""
    from localize.media import audio, loudness

    sum_, dub = desk.scratch(".wav"), desk.scratch(".wav")
    gain, audible = _laid(job, desk, dub, sum_)
    whole, said = audio.Tape(sum_), audio.Tape(dub)
    curve, course = _levelled(whole, job)
    files = desk.scratch(".wav"), desk.scratch(".wav")
    for path, tape, factor in zip(files, (whole, said), (np.float32(1.0), gain), strict=True):
        with audio.writing(path, 2) as add:
            for piece in loudness.chunks(tape, curve * factor):
                add(piece)
    sum_.unlink(missing_ok=True)
    dub.unlink(missing_ok=True)
    voices = tuple(_voices(job, desk, curve * gain))
    coded, measured = _coded(files[0], job, desk)
    kept = [desk.keep(path, "audio/wav") for path in files]
    return Mixed(kept[0], kept[1], desk.keep(coded, "audio/mp4"), measured, voices, audible, course)


def _voices(job: Job, desk: Desk, curve: NDArray[np.float32]) -> Iterator[tuple[str, Asset]]:
    """What each speaker says, at its level in the mix.  FLAC: most of it is silence, and there may be many."""
    from localize.media import audio, loudness
    from localize.stages import _dub

    for who in sorted(set(job.speakers)):
        own = [one for one, name in zip(job.placed, job.speakers, strict=True) if name == who]
        parts = [_dub.Part.of(desk.path(one.audio), one.start) for one in own]
        path = desk.scratch(".flac")
        with audio.writing(path, 2) as add:
            for start, stop in _pieces(job):
                add(loudness.shaded(_dub.laid(parts, start, stop), curve, audio.at(1), start))
        yield who, desk.keep(path, "audio/flac")


def _pieces(job: Job) -> list[tuple[int, int]]:
    from localize.media import audio

    length = audio.at(job.length)
    return [(start, min(start + _PIECE, length)) for start in range(0, length, _PIECE)]


def _coded(wav: Path, job: Job, desk: Desk) -> tuple[Path, Loudness]:
    """AAC moves peaks: measure what was encoded and take the overshoot back, twice at most."""
    from localize.media.encode import encode_sound
    from localize.media.ffmpeg import loudness

    out, gain = desk.scratch(".m4a"), 0.0
    encode_sound(wav, out, job.length)
    measured = loudness(out)
    for _ in range(2):
        over = measured.true_peak - job.ceiling_dbtp
        if over <= 0:
            break
        gain -= over + 0.1
        encode_sound(wav, out, job.length, gain)
        measured = loudness(out)
    return out, measured


def _laid(job: Job, desk: Desk, dub: Path, whole: Path) -> tuple[np.float32, tuple[tuple[str, float], ...]]:
    """Write the dub alone and everything together, both exact.

    Returns the dub's factor in the whole, and how many dB each line stands above what is under it.
    """
    from localize.media import audio, ducking, loudness
    from localize.stages import _dub

    spans = [(one.start, one.start + one.length) for one in job.placed]
    parts = [_dub.Part.of(desk.path(one.audio), one.start) for one in job.placed]
    with audio.writing(dub, 2, exact=True) as add:
        for start, stop in _pieces(job):
            add(_dub.laid(parts, start, stop))
    voice, music = audio.Tape(desk.path(job.stems.dialogue)), audio.Tape(desk.path(job.stems.music_effects))
    said = audio.Tape(dub)
    balance = _dub.balance(voice, music, said, spans)
    standing = _dub.above(music, said, spans, balance)
    depths = _dub.steps_back(standing, balance)
    back = ducking.curve([(*span, depth) for span, depth in zip(spans, depths, strict=True)], job.length)
    with audio.writing(whole, 2, exact=True) as add:
        for start, stop in _pieces(job):
            piece = said[start:stop] * balance.gain
            behind = audio.stereo(music[start:stop])
            piece[: len(behind)] += loudness.shaded(behind, back, audio.at(ducking.STEP), start)
            _dub.restore(piece, voice, job.original, start)
            add(piece)
    heard = _dub.audible(standing, depths)
    return balance.gain, tuple((one.line, above) for one, above in zip(job.placed, heard, strict=True))


def _levelled(whole: Tape, job: Job) -> tuple[NDArray[np.float32], tuple[float, ...]]:
    """The gain per millisecond that brings the sum to its loudness and holds its peaks; and the loudness it has then.

    Limiting costs loudness, so the gain is searched in a few rounds.  Silence stays silence.
    """
    from localize.media import loudness

    tops = loudness.peaks_per_ms(whole)
    energy = loudness.energies(whole)
    now = loudness.gated(energy)
    if now <= loudness.SILENCE:
        return np.ones_like(tops), loudness.short_term(energy, STEP)
    gain = min(job.target_lufs - now, _STRONGEST)
    curve = np.ones_like(tops)
    for _ in range(_ROUNDS):
        factor = np.float32(10 ** (gain / 20))
        curve = loudness.limiter(tops * factor, job.ceiling_dbtp - ENCODE_ROOM) * factor
        missing = job.target_lufs - loudness.gated(energy * curve.astype(float) ** 2)
        if abs(missing) < _CLOSE or gain + missing > _STRONGEST:
            break
        gain += missing
    return curve, loudness.short_term(energy * curve.astype(float) ** 2, STEP)


STAGE = Stage("mix", revision=6, answer=Mixed, recipe=recipe, work=work, title=lambda job: job.market)

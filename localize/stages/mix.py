"""The market's sound: the dub laid on ducked music and effects, in a room, at the platform's loudness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
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
    ``voices`` are its parts, by speaker.

    ``coded`` is the mix as it is delivered, AAC in MP4, and ``loudness`` what was measured on that; ``audible`` is how
    many dB each line stands above the music and effects under it.
    """

    mix: Asset
    dub: Asset
    coded: Asset
    loudness: Loudness
    voices: tuple[tuple[str, Asset], ...] = ()
    audible: tuple[tuple[str, float], ...] = ()


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
    """Three passes over the episode in pieces: the dub, everything together, the final level."""
    from localize.media import audio

    sum_, dub = desk.scratch(".wav"), desk.scratch(".wav")
    own = {who: desk.scratch(".wav") for who in sorted(set(job.speakers))}
    gain, audible = _laid(job, desk, own, dub, sum_)
    curve = _levelled(audio.Tape(sum_), job)
    mix, *voices = (_final(desk, raw, curve * factor) for raw, factor in [
        (sum_, np.float32(1.0)), (dub, gain), *((raw, gain) for raw in own.values())
    ])  # fmt: skip
    coded, measured = _coded(mix, job, desk)
    kept = [desk.keep(path, "audio/wav") for path in (mix, *voices)]
    by_speaker = tuple(zip(own, kept[2:], strict=True))
    return Mixed(kept[0], kept[1], desk.keep(coded, "audio/mp4"), measured, by_speaker, audible)


def _final(desk: Desk, raw: Path, curve: NDArray[np.float32]) -> Path:
    """``raw`` through a gain per millisecond, as a WAV that is delivered; ``raw`` is used up."""
    from localize.media import audio, loudness

    path = desk.scratch(".wav")
    with audio.writing(path, 2) as add:
        for piece in loudness.chunks(audio.Tape(raw), curve):
            add(piece)
    raw.unlink(missing_ok=True)
    return path


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


def _laid(
    job: Job, desk: Desk, own: Mapping[str, Path], dub: Path, whole: Path
) -> tuple[np.float32, tuple[tuple[str, float], ...]]:
    """Write the dub alone, every speaker's part of it and everything together, all exact.

    Returns the dub's factor in the whole, and how many dB each line stands above what is under it.
    """
    from localize.media import audio, ducking, loudness
    from localize.stages import _dub

    length = audio.at(job.length)
    spans = [(one.start, one.start + one.length) for one in job.placed]
    pieces = [(start, min(start + _PIECE, length)) for start in range(0, length, _PIECE)]
    _speak(job, desk, own, dub, pieces)
    voice, music = audio.Tape(desk.path(job.stems.dialogue)), audio.Tape(desk.path(job.stems.music_effects))
    said = audio.Tape(dub)
    balance = _dub.balance(voice, music, said, spans)
    standing = _dub.above(music, said, spans, balance)
    depths = _dub.steps_back(standing, balance)
    back = ducking.curve([(*span, depth) for span, depth in zip(spans, depths, strict=True)], job.length)
    with audio.writing(whole, 2, exact=True) as add:
        for start, stop in pieces:
            piece = said[start:stop] * balance.gain
            behind = audio.stereo(music[start:stop])
            piece[: len(behind)] += loudness.shaded(behind, back, audio.at(ducking.STEP), start)
            _dub.restore(piece, voice, job.original, start)
            add(piece)
    heard = _dub.audible(standing, depths)
    return balance.gain, tuple((one.line, above) for one, above in zip(job.placed, heard, strict=True))


def _speak(job: Job, desk: Desk, own: Mapping[str, Path], dub: Path, pieces: Sequence[tuple[int, int]]) -> None:
    """Lay the takes, each speaker's for themselves and all together."""
    from localize.media import audio
    from localize.stages import _dub

    parts = [_dub.Part.of(desk.path(one.audio), one.start) for one in job.placed]
    groups = {who: [p for p, name in zip(parts, job.speakers, strict=True) if name == who] for who in own}
    with ExitStack() as files:
        adds = {who: files.enter_context(audio.writing(path, 2, exact=True)) for who, path in own.items()}
        together = files.enter_context(audio.writing(dub, 2, exact=True))
        for start, stop in pieces:
            sounds = {who: _dub.laid(group, start, stop) for who, group in groups.items()}
            for who, sound in sounds.items():
                adds[who](sound)
            together(np.sum(list(sounds.values()), axis=0) if sounds else _dub.laid(parts, start, stop))


def _levelled(whole: Tape, job: Job) -> NDArray[np.float32]:
    """The gain per millisecond that brings the sum to its loudness and holds its peaks.

    Limiting costs loudness, so the gain is searched in a few rounds.  Silence stays silence.
    """
    from localize.media import loudness

    tops = loudness.peaks_per_ms(whole)
    energy = loudness.energies(whole)
    now = loudness.gated(energy)
    if now <= loudness.SILENCE:
        return np.ones_like(tops)
    gain = min(job.target_lufs - now, _STRONGEST)
    curve = np.ones_like(tops)
    for _ in range(_ROUNDS):
        factor = np.float32(10 ** (gain / 20))
        curve = loudness.limiter(tops * factor, job.ceiling_dbtp - ENCODE_ROOM) * factor
        missing = job.target_lufs - loudness.gated(energy * curve.astype(float) ** 2)
        if abs(missing) < _CLOSE or gain + missing > _STRONGEST:
            break
        gain += missing
    return curve


STAGE = Stage("mix", revision=4, answer=Mixed, recipe=recipe, work=work, title=lambda job: job.market)

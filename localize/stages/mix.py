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


@dataclass(frozen=True, slots=True)
class Job:
    """``original`` are the spans of lines left in the source language: there the source's own dialogue
    sounds.
    """

    stems: Stems
    placed: tuple[Placed, ...]
    length: Ms
    market: str
    target_lufs: float = -14.0
    ceiling_dbtp: float = -1.0
    original: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Mixed:
    """48 kHz stereo WAVs of exactly the job's length; ``dub`` is the new dialogue alone, at its level in the mix.

    ``coded`` is the mix as it is delivered, AAC in MP4, and ``loudness`` what was measured on that.
    """

    mix: Asset
    dub: Asset
    coded: Asset
    loudness: Loudness


def recipe(job: Job) -> dict[str, Any]:
    return {
        "stems": (job.stems.dialogue.digest, job.stems.music_effects.digest),
        "placed": tuple((one.audio.digest, one.start, one.length) for one in job.placed),
        "length": job.length,
        "target": (job.target_lufs, job.ceiling_dbtp),
        "original": tuple((span.start, span.end) for span in job.original),
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Mixed]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, _mixed(job, desk)


def _mixed(job: Job, desk: Desk) -> Mixed:
    """Three passes over the episode in pieces: the dub, everything together, the final level."""
    from localize.media import audio, loudness

    raw, sum_ = desk.scratch(".wav"), desk.scratch(".wav")
    gain = _laid(job, desk, raw, sum_)
    whole = audio.Tape(sum_)
    curve = _levelled(whole, job)
    files = desk.scratch(".wav"), desk.scratch(".wav")
    for path, tape, factor in zip(files, (whole, audio.Tape(raw)), (1.0, gain), strict=True):
        with audio.writing(path, 2) as add:
            for piece in loudness.chunks(tape, curve * np.float32(factor)):
                add(piece)
    raw.unlink(missing_ok=True)
    sum_.unlink(missing_ok=True)
    coded, measured = _coded(files[0], job, desk)
    mix, dub = (desk.keep(path, "audio/wav") for path in files)
    return Mixed(mix, dub, desk.keep(coded, "audio/mp4"), measured)


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


def _laid(job: Job, desk: Desk, dub: Path, whole: Path) -> float:
    """Write the dub alone and everything together, both exact; returns the dub's factor in the whole."""
    from localize.media import audio, ducking, loudness
    from localize.stages import _dub

    length = audio.at(job.length)
    spans = [(one.start, one.start + one.length) for one in job.placed]
    parts = [_dub.Part.of(desk.path(one.audio), one.start) for one in job.placed]
    pieces = [(start, min(start + _PIECE, length)) for start in range(0, length, _PIECE)]
    with audio.writing(dub, 2, exact=True) as add:
        for start, stop in pieces:
            add(_dub.laid(parts, start, stop))
    stems = audio.Tape(desk.path(job.stems.dialogue)), audio.Tape(desk.path(job.stems.music_effects))
    balance = _dub.balance(*stems, audio.Tape(dub), spans)
    back = ducking.curve(spans, job.length, balance.depth)
    with audio.writing(whole, 2, exact=True) as add:
        for start, stop in pieces:
            piece = audio.Tape(dub)[start:stop] * balance.gain
            behind = audio.stereo(stems[1][start:stop])
            piece[: len(behind)] += loudness.shaded(behind, back, audio.at(ducking.STEP), start)
            _dub.restore(piece, stems[0], job.original, start)
            add(piece)
    return float(balance.gain)


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


STAGE = Stage("mix", revision=3, answer=Mixed, recipe=recipe, work=work, title=lambda job: job.market)

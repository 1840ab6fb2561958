"""A music-and-effects track somebody delivers: is it this episode's, where does it lie, what does it leave of
the mix?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localize.errors import InputError
from localize.media import audio
from localize.media.audio import RATE, Sound
from localize.timing import Ms, Span

ALIKE = 0.75
"""Correlation outside speech from which on a track is the mix's own background."""
_TOLERATED = 1_000  # ms the file may be longer or shorter than the episode (leader, tail)
_FURTHEST = 1_000  # ms it may lie early or late
_DRIFT = 15  # ms that the delay may change over the episode
_COARSE = 6_000  # Hz at which the delay is looked for
_WINDOW, _LOOKS, _ENOUGH = (
    2 * _COARSE,
    12,
    4,
)  # two-second windows: how many are looked at, how many must agree
_EDGE = 40.0  # ms of fade where dialogue is only gated
_HEARD = 1e-3  # −60 dBFS: what peaks lower where nobody talks is no background to compare with
_MARGIN = 250  # ms around a line that may hold its voice


@dataclass(frozen=True, slots=True)
class Apart:
    """Dialogue and background of the mix's length, how they came about, and how alike (0–1) the track and the mix are
    where nobody talks: None where the mix is silent there.
    """

    dialogue: Sound
    background: Sound
    method: str
    alike: float | None


def decoded(me: Path, mix: Path, out: Path, length: Ms) -> None:
    """The first sound track of ``me`` as WAV with the mix's channels.  ``InputError`` when its length cannot
    fit.
    """
    audio.decode_to_wav(me, audio.first_track(me), audio.shape(mix)[1], out)
    found = audio.to_ms(audio.shape(out)[0])
    if abs(found - length) > _TOLERATED:
        raise InputError(
            f"the M&E track lasts {found / 1000:.2f} s, the episode {length / 1000:.2f} s",
            str(me), "give the M&E of this cut of the episode",
        )  # fmt: skip


def apart(mix: Path, me: Path, speech: Sequence[Span], name: str) -> Apart:
    """What the mix holds beside the delivered track.

    Where the delivered track is the mix's own background it is aligned, levelled and subtracted; otherwise it
    is taken as it is and the dialogue is the mix where somebody talks.  ``InputError`` when it drifts against
    the mix.
    """
    whole, _ = audio.read(mix)
    given, _ = audio.read(me)
    mono, flat = audio.mono(whole), audio.mono(given)
    quiet = _quiet(len(mono), speech)
    late, alike = _offset(mono * quiet, flat, name)
    if alike >= ALIKE:
        late = _refined(mono * quiet, flat, late)
        laid = _moved(given, late, len(whole))
        gain = float(
            (audio.mono(laid) * quiet) @ mono / max(float(((audio.mono(laid) * quiet) ** 2).sum()), 1e-9)
        )
        background = audio.rounded(laid * np.float32(gain))
        told = f"delivered M&E, {late * 1000 / RATE:+.1f} ms, {alike:.2f} alike"
        return Apart(whole - background, background, told, alike)
    gate = _gate(len(mono), speech)
    voice = whole * (gate if whole.ndim == 1 else gate[:, None])
    told = "delivered M&E; dialogue is the mix where somebody talks"
    heard = float(np.abs(mono * quiet).max(initial=0.0)) > _HEARD
    return Apart(voice, _moved(given, 0, len(whole)), told, max(alike, 0.0) if heard else None)


def _quiet(samples: int, speech: Sequence[Span]) -> NDArray[np.float32]:
    """1 where nobody talks, 0 elsewhere."""
    mask = np.ones(samples, np.float32)
    for span in speech:
        mask[audio.at(max(0, span.start - _MARGIN)) : audio.at(span.end + 2 * _MARGIN)] = 0
    return mask


def _gate(samples: int, speech: Sequence[Span]) -> NDArray[np.float32]:
    from scipy.ndimage import uniform_filter1d

    talk = np.zeros(samples, np.float32)
    for span in speech:
        talk[audio.at(max(0, span.start - _MARGIN // 2)) : audio.at(span.end + _MARGIN)] = 1
    return np.asarray(uniform_filter1d(talk, audio.at(_EDGE)), np.float32)


def _offset(mix: Sound, me: Sound, name: str) -> tuple[int, float]:
    """By how many samples the track must be delayed, and how alike the two are then (0–1).

    Short windows all over the episode must agree on the delay.
    """
    low, other = audio.resample(mix, RATE, _COARSE), audio.resample(me, RATE, _COARSE)
    delay, alike = _best(low, other, 0)
    windows = _windows(low)
    steady = [_alike(low[at : at + _WINDOW], other, delay - at) for at in windows]
    if windows and np.median(steady) < ALIKE:
        seen = [(at, *_best(low[at : at + _WINDOW], other, at)) for at in windows]
        sure = [(at, late) for at, late, score in seen if score >= ALIKE]
        _refuse_drift(sure, len(low), name)
    return round(delay * RATE / _COARSE), alike


def _refuse_drift(seen: Sequence[tuple[int, int]], length: int, name: str) -> None:
    """``seen`` are windows that match and by how much they are late (coarse samples)."""
    if len(seen) < _ENOUGH:
        return
    slope = np.median([(b[1] - a[1]) / (b[0] - a[0]) for n, a in enumerate(seen) for b in seen[n + 1 :]])
    drift = abs(float(slope)) * length * 1000 / _COARSE
    if drift > _DRIFT:
        raise InputError(
            f"the M&E track drifts by {drift:.0f} ms over the episode",
            name,
            "export it at the episode's own speed and sample rate",
        )


def _windows(mix: Sound) -> list[int]:
    """Where the windows start in which the background is heard best, in time order."""
    starts = range(0, len(mix) - _WINDOW, _WINDOW)
    loud = sorted(starts, key=lambda at: -float((mix[at : at + _WINDOW] ** 2).sum()))
    return sorted(loud[:_LOOKS])


def _best(part: Sound, other: Sound, at: int) -> tuple[int, float]:
    """The delay (coarse samples) with the highest correlation of ``part``, which starts at ``at``; and how
    high it is.
    """
    from scipy.signal import correlate

    reach = _FURTHEST * _COARSE // 1000
    low, high = max(0, at - reach), min(len(other), at + len(part) + reach)
    curve = correlate(part, other[low:high], mode="full", method="fft")
    delays = at - low + np.arange(len(curve)) - (high - low - 1)
    curve[np.abs(delays) > reach] = 0
    delay = int(delays[int(np.argmax(np.abs(curve)))])
    return delay, _alike(part, other, delay - at)


def _alike(part: Sound, other: Sound, late: int) -> float:
    """The correlation of ``part`` with ``other`` delayed by ``late``, where ``part`` sounds."""
    laid = _moved(other, late, len(part)) * (part != 0)
    scale = float(np.sqrt((laid**2).sum() * (part**2).sum()))
    return float(laid @ part / scale) if scale > 0 else 0.0


def _refined(mix: Sound, me: Sound, late: int) -> int:
    """The delay to the sample."""
    reach = RATE // _COARSE + 1
    scores = {
        late + step: float(_moved(me, late + step, len(mix)) @ mix) for step in range(-reach, reach + 1)
    }
    return max(scores, key=lambda delay: scores[delay])


def _moved(sound: Sound, late: int, length: int) -> Sound:
    """``sound`` delayed by ``late`` samples (earlier when negative), cut or padded to ``length``."""
    result = np.zeros((length, *sound.shape[1:]), np.float32)
    first, skip = max(0, late), max(0, -late)
    count = min(length - first, len(sound) - skip)
    if count > 0:
        result[first : first + count] = sound[skip : skip + count]
    return result

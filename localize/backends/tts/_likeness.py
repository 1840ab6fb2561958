"""One take made over in the likeness of the actor's own line: melody, energy, vocal tract, colour and breath.

Everything is learned from the line that is being dubbed, and every step is bounded: what a short or a dirty line tells
wrongly moves the take only so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from localize.backends.tts import _vocoder, _world
from localize.backends.tts._vocoder import BINS, BORDERS, RATE, SIZE, Floats, Frames
from localize.media import audio
from localize.media.audio import Sound

MELODY = 0.85
"""How much of the melody is the actor's; the rest is the take's own accents."""
ENERGY, LOUDER = 0.7, 7.0
"""How much of the energy contour is the actor's, and how many dB that may change."""
COLOUR = 14.0
"""dB a band of a frame may be moved."""
TRACT = 0.04
"""How far formants may be moved as a whole: without a bound the factors of one line's estimate cost a tenth of the
recognised phones."""
OWN_SOUNDS = 0.35
"""How much of every frame comes from the actor's most similar frames.  0.5 and 0.8 are more alike (nearest-frame
distance on the clips 7.2 and 6.4 dB), but cost more of the recognised phones; see docs/measured.md."""
_NEIGHBOURS, _CROWD = 6, 1000  # frames averaged; frames of the actor looked through at most
_BLUR = 16  # frames (80 ms): the actor's pitch is carried over in movements slower than that, tones' jumps are not
_SYLLABLES = 30  # frames (150 ms) the energy contour is smoothed over
_WARPS = np.geomspace(1 / 1.25, 1.25, 19)
_ACCENTS, _RANGE = 0.25, (0.6, 1.6)  # of the take's own quick movements; factors of the melody's range
_WIDEST = 9.0  # semitones around the median the melody may go
_MANY = 60.0  # voiced frames (0.3 s) of the actor that weigh as much as knowing nothing
_QUIET = -32.0  # dB below the loud part under which a frame is a pause
_BANDS, _CEPSTRA = 48, 24
_TOLD = 15  # cepstra by which frames are similar
_FEW, _SWAY = 8, (0.8, 1.25)  # frames below which nothing is moved; factors of the cepstra's spread


@dataclass(frozen=True, slots=True)
class Portrait:
    """What one line tells about its speaker: its frames, and the level of each in dB."""

    frames: Frames
    level: Floats

    @staticmethod
    def of(sound: Sound, rate: int) -> Portrait | None:
        """The portrait of a mono sound; None when it holds no voice."""
        flat = audio.resample(sound, rate, RATE)
        flat = flat[audio.audible(flat, RATE, _QUIET, 0.0)]
        hertz = _vocoder.fundamental(flat, RATE)
        if (hertz > 0).sum() < _MANY / 2:
            return None
        return Portrait.measured(_analysed(flat, hertz))

    @staticmethod
    def measured(frames: Frames) -> Portrait:
        power = np.log(np.exp(frames.envelope).mean(axis=1) + 1e-12)
        return Portrait(frames, 10 / np.log(10) * power)

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Frames that are no pause."""
        return np.asarray(self.level > np.percentile(self.level, 95) + _QUIET)

    @property
    def telling(self) -> NDArray[np.bool_]:
        """Voiced frames loud enough for their pitch to be heard."""
        loud = self.frames.voiced & (self.level > self.level[self.frames.voiced].max(initial=-200.0) - 14)
        return np.asarray(loud)

    @property
    def median(self) -> float:
        """Hertz."""
        return float(np.median(self.frames.hertz[self.telling]))


def alike(take: Portrait, actor: Portrait, median: float) -> Frames:
    """The take's frames with the actor's melody (around ``median`` Hz), energy, tract, colour and breath."""
    envelope = _coloured(take, actor) + (np.log(10) / 10 * energy(take, actor))[:, None]
    return Frames(melody(take, actor, median), envelope, _breath(take, actor))


# ── melody and energy ───────────────────────────────────────────────────────────────────────────────────────
def melody(take: Portrait, actor: Portrait, median: float) -> Floats:
    """Hertz per frame of the take: the actor's contour laid over the take's length, around ``median``."""
    if not take.frames.voiced.any():
        return take.frames.hertz
    own, theirs = (_semitones(one.frames.hertz) for one in (take, actor))
    contour = _smooth(theirs, _BLUR)
    carried = np.interp(np.linspace(0, len(contour) - 1, len(own)), np.arange(len(contour)), contour)
    accents = own - _smooth(own, 2 * _BLUR)
    bent = MELODY * carried + (1 - MELODY) * own + _ACCENTS * accents
    spread = np.subtract(*np.percentile(theirs[actor.telling], (90, 10)))
    reach = np.subtract(*np.percentile(bent[take.telling], (90, 10)))
    bent = (bent - np.median(bent[take.telling])) * np.clip(spread / max(reach, 0.5), *_RANGE)
    bent = np.clip(bent, -_WIDEST, _WIDEST)
    return np.asarray(np.where(take.frames.voiced, median * 2 ** (bent / 12), 0.0))


def _semitones(hertz: Floats) -> Floats:
    """Around the median, bridged where unvoiced."""
    known = np.flatnonzero(hertz > 0)
    high = 12 * np.log2(hertz[known])
    return np.asarray(np.interp(np.arange(len(hertz)), known, high - np.median(high)))


def _smooth(curve: Floats, width: int) -> Floats:
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(curve, width / 3, mode="nearest"), np.float64)


def energy(take: Portrait, actor: Portrait) -> Floats:
    """dB to add to every frame of the take."""
    own, theirs = (_swell(one) for one in (take, actor))
    carried = np.interp(np.linspace(0, len(theirs) - 1, len(own)), np.arange(len(theirs)), theirs)
    return np.clip(ENERGY * (carried - own), -LOUDER, LOUDER)


def _swell(one: Portrait) -> Floats:
    """The level in dB around that of the loud part, smoothed over a syllable; pauses count as quiet, not as nothing."""
    floor = np.percentile(one.level, 95) - 20
    return _smooth(np.maximum(one.level, floor), _SYLLABLES) - float(np.mean(np.maximum(one.level, floor)[one.heard]))


# ── tract and colour ────────────────────────────────────────────────────────────────────────────────────────
def _centres() -> Floats:
    mel = np.linspace(1127 * np.log1p(60 / 700), 1127 * np.log1p(11_500 / 700), _BANDS)
    return np.asarray(700 * np.expm1(mel / 1127))


def _banded(envelope: Floats) -> Floats:
    """The envelope at centres a tenth of the ear's scale apart, ``(n, _BANDS)``."""
    bins = _centres() / (RATE / SIZE)
    left = np.minimum(bins.astype(int), BINS - 2)
    return np.asarray(envelope[:, left] * (1 - (bins - left)) + envelope[:, left + 1] * (bins - left))


def warped(envelope: Floats, factor: float) -> Floats:
    """Formants ``factor`` times as high."""
    bins = np.minimum(np.arange(BINS) / factor, BINS - 1)
    left = np.minimum(bins.astype(int), BINS - 2)
    return np.asarray(envelope[:, left] * (1 - (bins - left)) + envelope[:, left + 1] * (bins - left))


def tract(take: Portrait, actor: Portrait) -> float:
    """The formant factor that brings the take's voiced frames nearest to the actor's, drawn toward 1 for a short line.

    Compared are the means of the envelopes without level and slope, which the microphone makes.
    """
    theirs = _shape(_banded(actor.frames.envelope[actor.frames.voiced & actor.heard]))
    mine = take.frames.envelope[take.frames.voiced & take.heard].mean(axis=0, keepdims=True)  # warping is linear
    away = [np.square(_shape(_banded(warped(mine, factor))) - theirs).mean() + 2.0 * np.log(factor) ** 2
            for factor in _WARPS]  # fmt: skip
    best = float(_WARPS[int(np.argmin(away))])
    return float(np.clip(best ** (0.5 * _trust(actor)), 1 - TRACT, 1 + TRACT))


def _shape(bands: Floats) -> Floats:
    """The mean over frames below 5 kHz without what a parabola over it explains."""
    keep = _centres() < 5000
    mean = bands[:, keep].mean(axis=0)
    along = np.arange(int(keep.sum()))
    return np.asarray(mean - np.polyval(np.polyfit(along, mean, 2), along))


def _trust(actor: Portrait) -> float:
    count = float(actor.frames.voiced.sum())
    return count / (count + _MANY)


def _coloured(take: Portrait, actor: Portrait) -> Floats:
    """The take's envelopes warped, moved so that mean and spread of their cepstra are the actor's, and drawn toward the
    actor's most similar frames.  Unvoiced frames are warped only: in them lie the consonants a line is understood by.
    """
    envelope = warped(take.frames.envelope, tract(take, actor))
    bands = _banded(envelope)
    moved = np.zeros_like(bands)
    rows = take.frames.voiced
    mine, theirs = take.heard & rows, actor.heard & actor.frames.voiced
    if min(mine.sum(), theirs.sum()) >= _FEW:
        moved[rows] = _moved(bands[rows], bands[mine], _banded(actor.frames.envelope[theirs]))
    limit = COLOUR * np.log(10) / 10
    moved = _smooth_rows(np.clip(moved, -limit, limit))
    at = np.interp(np.arange(BINS) * RATE / SIZE, _centres(), np.arange(_BANDS))
    left = np.minimum(at.astype(int), _BANDS - 2)
    return np.asarray(envelope + moved[:, left] * (1 - (at - left)) + moved[:, left + 1] * (at - left))


def _moved(bands: Floats, mine: Floats, theirs: Floats) -> Floats:
    """What to add to ``bands``, of which ``mine`` are no pauses; ``theirs`` are the actor's of the same kind."""
    from scipy.fft import dct, idct

    own, here, there = (dct(rows, norm="ortho", axis=1)[:, 1:_CEPSTRA] for rows in (mine, bands, theirs))
    trust = len(theirs) / (len(theirs) + _MANY / 2)
    sway = 1 + trust * (np.clip(there.std(axis=0) / (own.std(axis=0) + 1e-6), *_SWAY) - 1)
    middle = own.mean(axis=0)
    aim = middle + trust * (there.mean(axis=0) - middle) + sway * (here - middle)
    aim += OWN_SOUNDS * trust * (_nearest(aim, there[:: len(there) // _CROWD + 1]) - aim)
    full = np.zeros_like(bands)
    full[:, 1:_CEPSTRA] = aim - here
    return np.asarray(idct(full, norm="ortho", axis=1))


def _nearest(wanted: Floats, known: Floats) -> Floats:
    """For every row of ``wanted`` the mean of the nearest of ``known``, the nearer the heavier."""
    from scipy.spatial import cKDTree

    count = min(_NEIGHBOURS, len(known))
    away, which = cKDTree(known[:, :_TOLD]).query(wanted[:, :_TOLD], count)
    weights = np.exp(-(away - away[:, :1]) / (0.3 * away[:, :1] + 1e-6))
    return np.asarray((known[which] * (weights / weights.sum(axis=1, keepdims=True))[:, :, None]).sum(axis=1))


def _smooth_rows(moved: Floats) -> Floats:
    """Over 15 ms, so that the border between voiced and unvoiced does not click."""
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(moved, 1.5, axis=0), np.float64)


# ── breath ──────────────────────────────────────────────────────────────────────────────────────────────────
def _breath(take: Portrait, actor: Portrait) -> Floats:
    """The share of noise moved toward the actor's median per band; below 1 kHz a voice stays a voice."""
    own, theirs = (np.median(one.frames.noise[one.frames.voiced & one.heard], axis=0) for one in (take, actor))
    aim = np.clip(theirs - own, -0.4, 0.4) * _trust(actor)
    most = np.where(BORDERS[1:] <= 1000, 0.1, 0.75)
    shares = np.clip(take.frames.noise + aim, 0.0, most)
    return np.where(take.frames.voiced[:, None], shares, 1.0)


def _analysed(sound: Sound, hertz: Floats) -> Frames:
    return _world.analyse(sound, hertz) if _world.installed() else _vocoder.analyse(sound, hertz)


def again(take: Sound, actor: Portrait, median: float, rng: np.random.Generator) -> Sound:
    """A mono take at ``RATE`` in the actor's likeness around ``median`` Hz, of the same length."""
    hertz = _vocoder.fundamental(take, RATE)
    if not (hertz > 0).any():
        return take
    portrait = Portrait.measured(_analysed(take, hertz))
    wanted = alike(portrait, actor, median)
    made = _world.synthesise(wanted) if _world.installed() else _vocoder.synthesise(wanted, take, portrait.frames, rng)
    return np.asarray(np.pad(made, (0, max(0, len(take) - len(made))))[: len(take)], np.float32)

"""How a subtitle file's clock runs against the speech of an episode: who is captioned against who is heard.

Cues on and off, speech on and off: two curves of 0 and 1.  A candidate clock slides the first along the second; the
height of the correlation is weighed against what the same cues reach where it means nothing (all rotations of the
episode).  That gives one number, in nats: how much better this clock explains the speech than chance.

Measured on generated talk (a tenth of the lines unheard, a fifth of the time falsely heard): right files weigh 20 and
more from 90 s on and 100 and more from ten minutes on; of 300 wrong ones none weighed more than 15 at any shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from localize.stages._clock import Clock, Piece, named_rates
from localize.stages._drift_path import best_path, stretches
from localize.timing import Ms, Span

Curve = NDArray[np.float64]
STEP = 50
"""Milliseconds per value of a curve."""
REACH = 60_000
"""How far, in ms, a file may be shifted."""
WIDEST = 0.06
"""How far a rate without a name may lie from 1."""
PRICES = {"same": 0.0, "shift": 6.0, "named": 9.0, "free": 12.0, "pieces": 12.0}
"""What a clock must explain more for the places it was looked for: the logarithm of how many there are."""
_SAME = 2_000  # ms around a peak that belong to it: a line of dialogue
_LEAST_INSIDE = 0.6  # share of the captioned time that must stay inside the episode
_STRANGE = 0.1  # correlation below which half a file does not follow the speech
_MOST_PIECES = 3
_LEAST_CUES, _LEAST_PIECE = 4, 8_000  # cues and ms that make a piece clear
_MOST_CUES = 4_000  # more than three hours have; beyond, nobody looks for jumps


@dataclass(frozen=True, slots=True)
class Fit:
    """A clock, its correlation with the speech, and its weight against chance in nats, price taken off."""

    clock: Clock
    correlation: float
    weight: float


class Speech:
    """The speech of an episode against one file's cues.  ``cues`` is ``(n, 2)``, everything in ms."""

    def __init__(self, spans: Sequence[Span], cues: Sequence[Span], length: int) -> None:
        self.length = length
        self.cues = _pairs(cues)
        curve = covered(_pairs(spans), length)
        self.mean, self.spread = float(curve.mean()), float(curve.std())
        self.curve = curve - self.mean
        self.chance = self._chance() if self.spread else 1.0

    def weight(self, correlation: float) -> float:
        """Nats a correlation is worth: the Gaussian likelihood ratio with as many free values as chance spreads by."""
        return -0.5 * log(1 - min(correlation, 0.999) ** 2) / self.chance**2 if correlation > 0 else 0.0

    def _chance(self) -> float:
        """The standard deviation of the correlation over all rotations of the episode but the best ones."""
        from scipy.fft import irfft, rfft

        shown = covered(self.cues, self.length)
        spread, count = float(shown.std()), len(shown)
        if not spread:
            return 1.0
        product = irfft(rfft(shown - shown.mean()) * np.conj(rfft(self.curve)), count)
        away = (np.arange(count) - int(product.argmax()) + count // 2) % count - count // 2
        rest = product[np.abs(away) * STEP > _SAME] / (count * spread * self.spread)
        return float(max(rest.std(), count**-0.5)) if len(rest) else 1.0

    # ── one rate, one shift ──────────────────────────────────────────────────────────────────────────────────
    def best(self, rate: float, kind: str) -> Fit:
        """The best shift for one rate; for the kind ``same`` no shift at all."""
        from scipy.fft import irfft, next_fast_len, rfft

        reach = 0 if kind == "same" else REACH
        steps, count = reach // STEP, len(self.curve)
        shown = covered(self.cues * rate, self.length + 2 * reach, reach)
        size = next_fast_len(len(shown) + count, real=True)
        product = irfft(rfft(shown, size) * np.conj(rfft(self.curve, size)), size)[: 2 * steps + 1]
        total = np.concatenate([[0.0], np.cumsum(shown)])
        inside = total[count : count + 2 * steps + 1] - total[: 2 * steps + 1]
        share = inside / count
        usable = (inside >= _LEAST_INSIDE * self._captioned * rate) & (share > 0.01) & (share < 0.99)
        scale = count * self.spread * np.sqrt(np.clip(share * (1 - share), 1e-9, None)) + 1e-9
        values = np.where(usable, product / scale, 0.0)
        at = int(values.argmax())
        found = float(values[at])
        return Fit((Piece(Ms(0), rate, (steps - at) * STEP),), found, self.weight(found) - PRICES[kind])

    @property
    def _captioned(self) -> float:
        return float((self.cues[:, 1] - self.cues[:, 0]).sum()) / STEP

    def fits(self) -> Iterator[Fit]:
        """The best clock of every kind, the simplest first."""
        yield self.best(1.0, "same")
        yield self.best(1.0, "shift")
        yield max((self.best(rate, "named") for rate in named_rates()), key=lambda fit: fit.weight)
        yield self._free()
        if len(self.cues) <= _MOST_CUES:
            near = [1.0, *(rate for rate in named_rates() if abs(rate - 1) <= WIDEST)]
            pieces = [fit for rate in near if (fit := self.pieces(rate)) is not None]
            if pieces:
                yield max(pieces, key=lambda fit: fit.weight)

    def _free(self) -> Fit:
        """Any rate within ``WIDEST``: a grid whose steps move the ends by 0.3 s (0.9 s where there is speech enough to
        find a blurred peak), then four finer ones.
        """
        step = (600 if self.length < 600_000 else 1800) / max(self.length, 10_000)
        count = int(WIDEST / step)
        best = max((self.best(1 + n * step, "free") for n in range(-count, count + 1)), key=lambda fit: fit.weight)
        for _ in range(4):
            step /= 2.5
            middle = best.clock[0].rate
            best = max((self.best(middle + n * step, "free") for n in range(-2, 3)), key=lambda fit: fit.weight)
        return best

    # ── jumps ────────────────────────────────────────────────────────────────────────────────────────────────
    def pieces(self, rate: float) -> Fit | None:
        """The best clock with one or two jumps; None when it has none, more, or pieces too short to be sure of."""
        worth = self._worth(rate)
        count = len(self.curve)
        share = float(np.clip(self._captioned * rate / count, 0.01, 0.99))
        scale = count * self.spread * sqrt(share * (1 - share)) + 1e-9
        likely = max(0.3, float(worth.sum(axis=0).max()) / scale)
        price = PRICES["pieces"] * self.chance**2 / likely * scale
        shifts = np.arange(-REACH, REACH + 1, STEP, dtype=np.float64)
        path = best_path(worth, shifts, (self.cues[1:, 0] - self.cues[:-1, 1]) * rate, price)
        runs = stretches(path)
        if not (1 < len(runs) <= _MOST_PIECES) or any(self._unclear(first, last) for _, first, last in runs):
            return None
        states = [(int(shifts[state]), int(self.cues[first, 0])) for state, first, _ in runs]
        clock = tuple(Piece(Ms(start if n else 0), rate, shift) for n, (shift, start) in enumerate(states))
        found = self.correlation(self.cues * rate + shifts[path][:, None])
        cost = PRICES["pieces"] * (len(runs) - 1) + PRICES["shift" if rate == 1.0 else "named"]
        return Fit(clock, found, self.weight(found) - cost)

    def correlation(self, cues: Curve) -> float:
        """How alike cues at these places and the speech are, -1–1; outside the episode there is no speech."""
        before = float(max(0.0, -cues.min()))
        whole = covered(cues, int(max(self.length, cues.max()) + before), int(before))
        skip = round(before / STEP)
        heard = np.full(len(whole), -self.mean)
        heard[skip : skip + len(self.curve)] = self.curve[: len(whole) - skip]
        spread = float(whole.std() * heard.std())
        return float(((whole - whole.mean()) * (heard - heard.mean())).mean() / spread) if spread else 0.0

    def uneven(self) -> bool:
        """Whether one half of the file follows the speech and the other does not."""
        shown, half = covered(self.cues, self.length), len(self.curve) // 2
        found = []
        for part in (slice(0, half), slice(half, None)):
            own, theirs = shown[part], self.curve[part]
            if not own.std() or not theirs.std():
                return False
            found.append(float(np.corrcoef(own, theirs)[0, 1]))
        return min(found) < _STRANGE and max(found) - min(found) > 3 * self.chance

    def _unclear(self, first: int, last: int) -> bool:
        return last - first + 1 < _LEAST_CUES or self.cues[last, 1] - self.cues[first, 0] < _LEAST_PIECE

    def _worth(self, rate: float) -> NDArray[np.float32]:
        """What every cue covers of the speech at every shift: ``(n, 2·REACH/STEP + 1)``; outside there is no speech."""
        pad = 2 * REACH // STEP + 2
        outside = np.full(pad, -self.mean)
        total = np.concatenate([[0.0], np.cumsum(np.concatenate([outside, self.curve, outside]))])
        states = 2 * REACH // STEP + 1
        windows = np.lib.stride_tricks.sliding_window_view(total, states + 1)
        ends = []
        for column in (0, 1):
            place = np.clip(self.cues[:, column] * rate / STEP + pad - REACH / STEP, 0, len(windows) - 1)
            whole = place.astype(np.int64)
            part = (place - whole)[:, None]
            ends.append(windows[whole, :-1] * (1 - part) + windows[whole, 1:] * part)
        return np.asarray(ends[1] - ends[0], np.float32)


def _pairs(spans: Sequence[Span]) -> Curve:
    return np.array([(one.start, one.end) for one in spans], float).reshape(-1, 2)


def covered(spans: Curve, length: int, before: int = 0) -> Curve:
    """Share of every step from ``-before`` to ``length - before`` ms that lies in ``spans`` ``(n, 2)``; at most 1."""
    count = max(1, -(-length // STEP))
    edges = np.clip((spans + before) / STEP, 0, count)
    total = np.zeros(count + 2)
    for column, sign in ((0, 1.0), (1, -1.0)):
        whole = edges[:, column].astype(np.int64)
        part = edges[:, column] - whole
        np.add.at(total, whole, sign * (1 - part))
        np.add.at(total, whole + 1, sign * part)
    return np.clip(np.cumsum(total)[:count], 0.0, 1.0)

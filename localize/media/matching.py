"""Which part of an earlier cut each part of a new one is, by sound and picture.

1. blocks of the new film are looked for in the whole old one (FFT correlation): their offsets are the candidates;
2. a best path through the candidates (Viterbi) says for every row which offset holds, or that the row is new;
3. edges are moved to where the pictures part, offsets to where the waves agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from localize.episode import Piece
from localize.media.fingerprint import STEP, WAVE_RATE, Fingerprint, Rows, ms
from localize.timing import Ms, span

SPEEDS = (1.0, 25 / 24, 24 / 25, 25 / 23.976, 23.976 / 25, 24 / 23.976, 23.976 / 24)
"""Old milliseconds per new one: a film played at another frame rate runs faster or slower, sound and all."""
_BLOCK, _HOP = 50, 12
"""Rows of a block that is looked for (2 s), and between two of them."""
_MAIN = 64
"""Directions kept of a row's 472 numbers: what a film varies in."""
_PEAKS = 3
_ALIKE = 0.5
"""Likeness (0–1) of two rows above which they may be the same; unrelated films stay below 0.3 on average."""
_SMOOTH = 11
_JUMP = 5.0
"""What changing the offset costs, in rows of perfect likeness: a fifth of a second."""
_SHORTEST = 8
_MOST = 64
"""Candidate offsets kept: cuts of one film have a few dozen at most."""


def pieces(old: Fingerprint, new: Fingerprint) -> tuple[Piece, ...]:
    """What of ``new`` was in ``old``, in the new order; what is in no piece is new."""
    a, b = _columns(old, new)
    speed = _speed(a, b)
    old, a = _at_speed(old, speed), a[_rows_at(len(a), speed)]
    offsets = _offsets(a, b)
    if not offsets:
        return ()
    found = _runs(_path(_likeness(a, b, offsets)), offsets)
    found = [(first, stop, offset) for first, stop, offset in _edged(found, old, new) if stop - first >= _SHORTEST]
    return tuple(_piece(old, new, first, stop, offset, speed) for first, stop, offset in found)


def _columns(old: Fingerprint, new: Fingerprint) -> tuple[Rows, Rows]:
    """Sound and picture of both films along the new one's ``_MAIN`` main directions; a full row is 1 long at most."""
    a, b = (np.concatenate([one.sound, one.picture], axis=1) * np.float32(np.sqrt(0.5)) for one in (old, new))
    _, vectors = np.linalg.eigh(b.T @ b)
    main = vectors[:, -_MAIN:]
    return np.asarray(a @ main, np.float32), np.asarray(b @ main, np.float32)


# ── speed ───────────────────────────────────────────────────────────────────────────────
def _speed(a: Rows, b: Rows) -> float:
    """The speed at which a few blocks of the new film are found best; 1 unless another is clearly better."""
    starts = np.linspace(0, max(0, len(b) - 4 * _BLOCK), 9).astype(int)
    blocks = [b[start : start + 4 * _BLOCK] for start in starts]
    scores = []
    for speed in SPEEDS:
        find = _Search(a[_rows_at(len(a), speed)], 4 * _BLOCK)
        scores.append(float(np.median([find(block).max(initial=0.0) for block in blocks])))
    best = int(np.argmax(scores))
    return SPEEDS[best] if scores[best] > scores[0] + 0.05 else 1.0


def _rows_at(count: int, speed: float) -> NDArray[np.int64]:
    """Which of ``count`` rows are on screen, row by row, when the film runs ``speed`` times as fast."""
    return np.minimum((np.arange(round(count / speed)) * speed).round().astype(np.int64), count - 1)


def _at_speed(one: Fingerprint, speed: float) -> Fingerprint:
    """As if the film ran ``speed`` times as fast."""
    if speed == 1.0:
        return one
    rows = _rows_at(one.length, speed)
    at = np.arange(round(len(one.wave) / speed)) * speed
    wave = np.interp(at, np.arange(len(one.wave)), one.wave).astype(np.float32) if len(one.wave) else one.wave
    return Fingerprint(one.sound[rows], one.picture[rows], wave)


# ── candidates ──────────────────────────────────────────────────────────────────────────
class _Search:
    """Looks for blocks of at most ``longest`` rows in a film, whose spectrum is made once."""

    def __init__(self, a: Rows, longest: int) -> None:
        from scipy.fft import next_fast_len, rfft

        self.rows = len(a)
        self.size = int(next_fast_len(len(a) + longest, real=True))
        self.spectrum = rfft(a, self.size, axis=0)

    def __call__(self, block: Rows) -> NDArray[np.float32]:
        """Mean likeness of ``block`` with the film at every offset."""
        from scipy.fft import irfft, rfft

        if self.rows < len(block) or not len(block):
            return np.zeros(0, np.float32)
        product = np.einsum("ij,ij->i", self.spectrum, np.conj(rfft(block, self.size, axis=0)))
        return np.asarray(irfft(product, self.size)[: self.rows - len(block) + 1] / len(block), np.float32)


def _offsets(a: Rows, b: Rows) -> list[int]:
    """Candidate offsets (old row minus new row), the best supported first, in ascending order."""
    votes: dict[int, float] = {}
    find = _Search(a, _BLOCK)
    hop = _HOP if len(b) < 10_000 else 2 * _HOP
    for start in range(0, max(1, len(b) - _BLOCK + 1), hop):
        scores = find(b[start : start + _BLOCK])
        for at in _tops(scores):
            votes[at - start] = votes.get(at - start, 0.0) + float(scores[at])
    merged: dict[int, float] = {}
    for offset, vote in sorted(votes.items(), key=lambda item: -item[1]):
        near = next((o for o in merged if abs(o - offset) <= 1), offset)
        merged[near] = merged.get(near, 0.0) + vote
    best = sorted(merged, key=lambda offset: -merged[offset])[:_MOST]
    return sorted(best)


def _tops(scores: NDArray[np.float32]) -> list[int]:
    """Where the highest peaks are."""
    found: list[int] = []
    left = scores.copy()
    for _ in range(_PEAKS):
        if not len(left) or left.max() < _ALIKE * 0.8:
            break
        at = int(left.argmax())
        found.append(at)
        left[max(0, at - 12) : at + 13] = 0.0
    return found


# ── path ────────────────────────────────────────────────────────────────────────────────
def _likeness(a: Rows, b: Rows, offsets: Sequence[int]) -> NDArray[np.float32]:
    """(offsets, new rows): how alike the rows are at each offset, smoothed over half a second."""
    from scipy.ndimage import uniform_filter1d

    out = np.zeros((len(offsets), len(b)), np.float32)
    for number, offset in enumerate(offsets):
        out[number] = uniform_filter1d(_at(a, b, offset), _SMOOTH, mode="nearest")
    return out


def _at(a: Rows, b: Rows, offset: int) -> NDArray[np.float32]:
    """Likeness of every row of ``b`` with its row of ``a``; 0 where there is none."""
    out = np.zeros(len(b), np.float32)
    first, stop = max(0, -offset), min(len(b), len(a) - offset)
    if first < stop:
        out[first:stop] = np.einsum("ij,ij->i", b[first:stop], a[first + offset : stop + offset])
    return out


def _path(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The offset's number for every row, -1 for new; a change costs ``_JUMP``."""
    states = np.vstack([scores, np.full((1, scores.shape[1]), _ALIKE, np.float32)])
    total = states[:, 0].astype(np.float64)
    came = np.zeros(states.shape, np.int32)
    own = np.arange(len(states))
    for row in range(1, states.shape[1]):
        best = int(total.argmax())
        jump = total[best] - _JUMP > total
        came[:, row] = np.where(jump, best, own)
        total = np.where(jump, total[best] - _JUMP, total) + states[:, row]
    path = np.zeros(states.shape[1], np.int64)
    path[-1] = int(total.argmax())
    for row in range(states.shape[1] - 1, 0, -1):
        path[row - 1] = came[path[row], row]
    path[path == len(scores)] = -1
    return path


def _runs(path: NDArray[np.int64], offsets: Sequence[int]) -> list[tuple[int, int, int]]:
    """(first, stop, offset) of every stretch that is not new."""
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return [(first, stop, offsets[path[first]]) for first, stop in pairwise(edges) if path[first] >= 0]


# ── edges ───────────────────────────────────────────────────────────────────────────────
def _edged(runs: list[tuple[int, int, int]], old: Fingerprint, new: Fingerprint) -> list[tuple[int, int, int]]:
    """Edges moved to the row where one picture stops matching and the next starts."""
    out = list(runs)
    for number, (first, stop, offset) in enumerate(out):
        after = out[number + 1] if number + 1 < len(out) else None
        touching = after is not None and after[0] == stop
        low = max(first, stop - _SMOOTH)
        high = min(new.length, stop + _SMOOTH, *([after[1] if touching else after[0]] if after else []))
        mine = _seen(old, new, offset)[low:high]
        theirs = _seen(old, new, after[2])[low:high] if after is not None and touching else _missing(high - low)
        edge = low + _best_split(mine, theirs)
        out[number] = (first, edge, offset)
        if after is not None and touching:
            out[number + 1] = (edge, after[1], after[2])
    for number, (first, stop, offset) in enumerate(out):
        before = out[number - 1][1] if number else 0
        if before == first and number:
            continue
        low, high = max(before, first - _SMOOTH), min(stop, first + _SMOOTH)
        edge = low + _best_split(_missing(high - low), _seen(old, new, offset)[low:high])
        out[number] = (edge, stop, offset)
    return out


def _seen(old: Fingerprint, new: Fingerprint, offset: int) -> NDArray[np.float32]:
    return np.asarray(
        0.75 * _at(old.picture, new.picture, offset) + 0.25 * _at(old.sound, new.sound, offset), np.float32
    )


def _missing(rows: int) -> NDArray[np.float32]:
    return np.full(max(0, rows), 0.65, np.float32)


def _best_split(before: NDArray[np.float32], after: NDArray[np.float32]) -> int:
    """How many rows belong to ``before`` so that the whole is most alike."""
    ahead = np.concatenate([[0.0], np.cumsum(before)])
    behind = np.concatenate([np.cumsum(after[::-1])[::-1], [0.0]])
    return int((ahead + behind).argmax())


def _piece(old: Fingerprint, new: Fingerprint, first: int, stop: int, offset: int, speed: float) -> Piece:
    whole = span(ms(first), max(ms(first) + 1, ms(stop)))
    exact = STEP * offset + _shift(old, new, first, stop, offset)
    begins = whole.start + exact
    piece = Piece(whole, Ms(max(0, round(begins * speed))), speed)
    return replace(piece, new=span(min(whole.end - 1, round(whole.start - begins)), whole.end)) if begins < 0 else piece


def _shift(old: Fingerprint, new: Fingerprint, first: int, stop: int, offset: int) -> float:
    """Milliseconds, up to a row and a half, by which the waves agree better than the rows' grid says; 0 when they do
    not."""
    per, reach = WAVE_RATE * STEP // 1000, WAVE_RATE * STEP * 3 // 2000
    middle = (first + stop) // 2
    low, high = max(first, middle - 250), min(stop, middle + 250)  # twenty seconds are plenty
    mine = new.wave[low * per : high * per]
    begin = (low + offset) * per - reach
    if begin < 0:
        mine, begin = mine[-begin:], 0
    theirs = old.wave[begin : begin + len(mine) + 2 * reach]
    if len(mine) < 4 * per or len(theirs) < len(mine) + 2 * reach:
        return 0.0
    size = 1 << (len(theirs) + len(mine)).bit_length()
    product = np.fft.rfft(theirs, size) * np.conj(np.fft.rfft(mine, size))
    scores = np.fft.irfft(product, size)[: 2 * reach + 1]
    norm = float(np.linalg.norm(mine) * np.linalg.norm(theirs)) or 1.0
    at = int(scores.argmax())
    return 1000 * (at - reach) / WAVE_RATE if scores[at] / norm > 0.3 else 0.0

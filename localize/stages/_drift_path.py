"""Where a clock jumps: each cue takes one of many shifts, and every change of shift has its price."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def best_path(worth: NDArray[np.float32], shifts: Numbers, gaps: Numbers, price: float) -> NDArray[np.int64]:
    """Which of the rising ``shifts`` each cue takes, so that the total of ``worth`` (cues × shifts) is greatest.

    Each change between neighbours costs ``price``; none may put a cue before the one it follows: a shift falls by no
    more than ``gaps`` (cues − 1), the silence before the cue, in the unit of the shifts.
    """
    cues, states = worth.shape
    total = worth[0].astype(np.float64)
    before = np.full((cues, states), -1, np.int16 if states < 2**15 else np.int32)
    for cue in range(1, cues):
        top = np.maximum.accumulate(total)
        where = np.maximum.accumulate(np.where(total == top, np.arange(states), 0))
        reach = np.searchsorted(shifts, shifts + max(0.0, float(gaps[cue - 1])), "right") - 1
        after = top[reach] - price
        jump = after > total
        before[cue, jump] = where[reach][jump]
        total = np.where(jump, after, total) + worth[cue]
    path = np.zeros(cues, np.int64)
    path[-1] = total.argmax()
    for cue in range(cues - 1, 0, -1):
        known = int(before[cue, path[cue]])
        path[cue - 1] = path[cue] if known < 0 else known
    return path


def stretches(path: Sequence[int] | NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """``(state, first cue, last cue)`` of every stretch without a change."""
    found, at = [], 0
    for state, group in groupby(int(one) for one in path):
        count = len(list(group))
        found.append((state, at, at + count - 1))
        at += count
    return found

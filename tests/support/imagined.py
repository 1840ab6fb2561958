"""Episodes imagined as times only: who speaks when, how cues and captions are set, what a speech detector hears."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from localize.stages._drift_text import Said
from localize.timing import Ms, Span

Times = NDArray[np.float64]
"""Starts and ends in ms, ``(n, 2)``."""

SYLLABLES = (
    "你我他她这那谁来去走说看想要知道为什么怎么可以不能没有已经现在今天明天公司总裁小姐夫人老爷少爷离婚结婚合同签字"
    "孩子妈妈爸爸朋友喜欢讨厌相信原谅后悔机会时间事情地方名字电话医院警察钱万千百三年前从来永远一定真的对不起谢谢"
)


def talk(seed: int, length: int) -> Times:
    """Lines of dialogue: exchanges with pauses between, from about half a second to four seconds each."""
    rng = np.random.default_rng(seed)
    at, lines = float(rng.uniform(500, 4000)), []
    while True:
        long = float(rng.uniform(700, 3500))
        if at + long > length - 300:
            return np.array(lines)
        lines.append((at, at + long))
        pause = rng.choice([rng.uniform(50, 400), rng.uniform(400, 2500), rng.uniform(2500, 9000)], p=[0.6, 0.3, 0.1])
        at += long + float(pause)


def heard(lines: Times, seed: int, length: int, missed: float = 0.1, false: float = 0.2) -> list[Span]:
    """What a speech detector makes of it: edges off by a tenth, lines missed, as much heard where nobody speaks."""
    rng = np.random.default_rng(seed + 1000)
    flags = np.zeros(length // 10 + 1, bool)
    for start, end in lines:
        if rng.random() >= missed:
            flags[max(0, int((start + rng.normal(0, 60)) / 10)) : max(0, int((end + rng.normal(30, 80)) / 10))] = True
    for _ in range(int(false * length / 1350)):
        start = rng.uniform(0, length - 2000)
        flags[int(start / 10) : int((start + rng.uniform(200, 2500)) / 10)] = True
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    pairs = zip(np.flatnonzero(edges == 1) * 10, np.flatnonzero(edges == -1) * 10, strict=True)
    return [Span(Ms(int(start)), Ms(min(int(end), length))) for start, end in pairs if start < length]


def cued(lines: Times, seed: int) -> Times:
    """Cues as people set them: a little early, up to half a second longer, never over the next."""
    rng = np.random.default_rng(seed + 2000)
    cues = lines + np.stack([rng.normal(-60, 80, len(lines)), rng.uniform(-50, 400, len(lines))], axis=1)
    cues[:-1, 1] = np.minimum(cues[:-1, 1], cues[1:, 0] - 20)
    cues[:, 1] = np.maximum(cues[:, 1], cues[:, 0] + 200)
    return np.maximum(cues, 0.0)


def words(count: int, seed: int) -> list[str]:
    """One text of four to twelve syllables for each of ``count`` lines."""
    rng = np.random.default_rng(seed + 3000)
    return ["".join(rng.choice(list(SYLLABLES), rng.integers(4, 13))) for _ in range(count)]


def said(times: Times, texts: list[str]) -> list[Said]:
    """Those that do not end before the file begins, in time order."""
    pairs = ((text, start, end) for text, (start, end) in zip(texts, times, strict=True) if end > 1)
    made = [Said(text, Span(Ms(max(0, int(start))), Ms(int(max(end, start + 1))))) for text, start, end in pairs]
    return sorted(made, key=lambda one: one.span)

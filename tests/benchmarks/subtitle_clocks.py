"""How often a subtitle file's clock is set right, left alone or spoiled: episodes imagined as times.

    python tests/benchmarks/subtitle_clocks.py [--seeds 40]

A tenth of the lines is missed by the speech detector, and a fifth of the time is falsely heard.  Captions are read
with one character in ten wrong; ``few`` is one caption in four.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from imagined import SYLLABLES, Times, cued, heard, said, talk, words

from localize.stages._clock import moved
from localize.stages._drift import judge
from localize.stages._drift_text import Said

CLOCKS = {"right": (1.0, 0), "8 s late": (1.0, -8000), "25/23.976": (25 * 1001 / 24000, 0), "3.1 %": (1.031, -1500)}
FILES = (*CLOCKS, "15 s lacking", "another episode")
LENGTHS = {"90 s": 90_000, "3 min": 180_000, "10 min": 600_000}
WITNESSES = ("captions", "few", "speech")


def wrong(kind: str, cues: Times, length: int) -> tuple[Times, Times]:
    """The file's times, and where they belong."""
    if kind == "15 s lacking":
        half = length / 2
        cues = cues[(cues[:, 1] < half - 15_000) | (cues[:, 0] >= half)]
        return np.where(cues[:, :1] >= half, cues - 15_000, cues), cues
    rate, shift = CLOCKS.get(kind, (1.0, 0))
    return (cues - shift) / rate, cues


def misread(texts: list[str], seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    letters = list(SYLLABLES)
    return ["".join(rng.choice(letters) if rng.random() < 0.1 else char for char in text) for text in texts]


def one(kind: str, witness: str, length: int, seed: int) -> tuple[str, float]:
    """What became of one file: ``good`` when at least 95 % of its cues lie within 400 ms of their place."""
    lines = talk(seed, length)
    texts = words(len(lines), seed)
    source = talk(seed + 500, length) if kind == "another episode" else lines
    own = words(len(source), seed + 500) if kind == "another episode" else texts
    numbered = {float(start): text for start, text in zip(source[:, 0], own, strict=True)}
    file, truth = wrong(kind, source, length)
    jitter = cued(source, seed)[np.isin(source[:, 0], truth[:, 0])] - truth
    kept = (file + jitter)[:, 1] > 1
    file, truth = (file + jitter)[kept], truth[kept]
    cues = said(file, [numbered[float(start)] for start in truth[:, 0]])
    shown: list[Said] = []
    if witness != "speech":
        every = 4 if witness == "few" else 1
        shown = said(lines[::every], misread(texts, seed)[::every])
    before = time.process_time()
    found = judge(cues, shown, lambda: heard(lines, seed, length), length)
    cpu = time.process_time() - before
    if kind == "another episode":
        return found.verdict, cpu
    places = moved([cue.span for cue in cues], found.clock, length)
    near = np.mean(
        [at is not None and abs(at.start - start) <= 400 for at, start in zip(places, truth[:, 0], strict=True)]
    )
    wrongly = kind == "right" and found.verdict != "fits"
    return (
        "good, doubted"
        if wrongly
        else "good"
        if near >= 0.95
        else "foreign"
        if found.verdict == "foreign"
        else found.verdict
    ), cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    seeds = parser.parse_args().seeds
    for witness in WITNESSES:
        for name, length in LENGTHS.items():
            for kind in FILES:
                results = [one(kind, witness, length, seed) for seed in range(seeds)]
                counts = {what: sum(result == what for result, _ in results) for what, _ in results}
                cpu = sum(cpu for _, cpu in results) / seeds
                print(f"{witness:9} {name:7} {kind:16} {counts} {cpu * 1000:.0f} ms", flush=True)


if __name__ == "__main__":
    main()

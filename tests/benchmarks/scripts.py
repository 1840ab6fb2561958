"""How well somebody else's script finds the lines it belongs to: ``python tests/benchmarks/scripts.py``.

The sample's approved translations and made episodes of phrasebook lines are cut and joined at random (seeds fixed),
moved to other clocks, thinned out and mixed with strange passages.  *taken* are lines with a margin from ``SURE`` on,
*right* those whose passages are exactly the true ones, *found* their share of the lines that have any.  No words are
known beforehand: no memory, no phrasebook, no terms.  Wrong ones are counted one by one.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from foreign_scripts import Made, Talk, segmented, talks, untimed  # noqa: E402

from localize.engine.script_import import OWN, SURE, _own, aligned  # noqa: E402
from localize.engine.script_likeness import Spoken  # noqa: E402
from localize.timing import Span, parse_clock  # noqa: E402

MARKETS = ("en-US", "es-419", "id-ID")
SEEDS = 12
KINDS: dict[str, dict[str, float]] = {
    "other segments": {}, "tape of one hour": {"shift": 3_600_000}, "25 for 24 frames": {"rate": 25 / 24, "shift": 800},
    "a fifth missing, a sixth strange": {"lost": 0.2, "more": 0.17}, "rough times (±400 ms)": {"jitter": 400},
}  # fmt: skip


def sample(market: str) -> list[Talk]:
    """The sample's approved lines."""
    path = ROOT / "samples" / "SERIES" / "scripts" / f"too_late_ep03.{market}.csv"
    found = []
    for number, row in enumerate(csv.DictReader(path.open(encoding="utf-8-sig")), start=1):
        span = Span(parse_clock(row["start"]), parse_clock(row["end"]))
        found.append(Talk(f"L{number:04}", span, row["source"], row["subtitle"] or row["dub"]))
    return found


def placed(said: Sequence[Talk], made: Sequence[Made], market: str) -> tuple[int, int, int, int]:
    """(lines taken, taken rightly, lines there are words for, asked with the right words proposed)."""
    lines = [Spoken(one.id, one.span, one.zh) for one in said]
    clock, beads, likeness = aligned(lines, [one.passage for one in made], market)
    foreign = clock.known and _own(beads, likeness) < OWN
    truth: dict[str, set[int]] = {}
    for at, one in enumerate(made):
        for name in one.lines:
            truth.setdefault(name, set()).add(at)
    taken = right = asked = 0
    for bead in beads:
        for line in lines[bead.first : bead.last]:
            same = set(range(bead.begin, bead.end)) == truth.get(line.id, set())
            if bead.end > bead.begin and bead.margin >= SURE and not foreign:
                taken, right = taken + 1, right + same
            elif bead.end > bead.begin:
                asked += same
    return taken, right, len(truth), asked


def told(name: str, market: str, counts: Sequence[tuple[int, int, int, int]], began: float) -> None:
    taken, right, there, asked = (sum(column) for column in zip(*counts, strict=True))
    spent = (time.process_time() - began) / len(counts)
    sure = right / taken if taken else 1.0
    print(f"| {name} | {market} | {there} | {taken} | {sure:.3f} | {right / max(1, there):.2f} | "
          f"{(right + asked) / max(1, there):.2f} | {spent:.2f} |")  # fmt: skip


def main() -> None:
    head = ("script", "market", "lines", "taken", "right", "found", "found or rightly asked", "CPU s")
    print(f"| {' | '.join(head)} |\n" + "|---" * len(head) + "|")
    for market in MARKETS:
        for source in ("sample", "made"):
            for kind, how in KINDS.items():
                began, counts = time.process_time(), []
                for seed in range(SEEDS):
                    said = sample(market) if source == "sample" else talks(market, 50, seed)
                    made = segmented(said, seed, language=market[:2], **how)  # type: ignore[arg-type]
                    counts.append(placed(said, made, market))
                told(f"{source}: {kind}", market, counts, began)
            began, counts = time.process_time(), []
            for seed in range(SEEDS):
                said = sample(market) if source == "sample" else talks(market, 50, seed)
                counts.append(placed(said, untimed(segmented(said, seed, language=market[:2])), market))
            told(f"{source}: no times", market, counts, began)
        began, counts = time.process_time(), []
        for seed in range(SEEDS):
            made = segmented(talks(market, 50, seed + 500), seed, language=market[:2])
            counts.append(placed(talks(market, 50, seed), [Made(one.passage, ()) for one in made], market))
        told("another episode's", market, counts, began)


if __name__ == "__main__":
    main()

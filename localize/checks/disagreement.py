"""Lines whose caption says one thing and whose speaker, as far as he was understood, another."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding

FIX = "listen; the caption counts: correct the text in transcript.csv if the voice is right"


def _look(seen: Seen) -> Iterator[Finding]:
    limits = gate("disagreement")
    texts = {line.id: line.text for line in seen.lines}
    for one in seen.evidence:
        if one.agreement is None or one.agreement >= limits["warn_below"] or one.line not in texts:
            continue
        scores = [score for score in (one.read, one.heard) if score is not None]
        if all(score >= limits["sure"] for score in scores):
            told = f"caption and voice agree on {one.agreement:.0%} of the sounds: {texts[one.line]} / {one.said}"
            yield Finding(CHECK.id, one.line, "warn", told, FIX)


CHECK = Check("disagreement", "Caption against voice", "Caption and voice say different things.", "warn", _look)

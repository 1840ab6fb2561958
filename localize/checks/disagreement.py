"""Lines whose caption says one thing and whose speaker, as far as he was understood, another."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.version import Finding

FIX = "listen; the caption counts: correct the text in transcript.csv if the voice is right"
UNSURE = "these lines keep their captions' words and times; a better recogniser (localize doctor) could confirm them"
NAMED = 5


def _look(seen: Seen) -> Iterator[Finding]:
    limits = gate("disagreement")
    texts = {line.id: line.text for line in seen.lines}
    unsure: list[str] = []
    for one in seen.evidence:
        if one.agreement is None or one.line not in texts:
            continue
        scores = [score for score in (one.read, one.heard) if score is not None]
        sure = all(score >= limits["sure"] for score in scores)
        if one.agreement < limits["warn_below"] and sure:
            told = f"caption and voice agree on {one.agreement:.0%} of the sounds: {texts[one.line]} / {one.said}"
            yield Finding(CHECK.id, one.line, "warn", told, FIX)
        elif not one.timed:
            unsure.append(one.line)
    if unsure:
        names = ", ".join(unsure[:NAMED]) + (" …" if len(unsure) > NAMED else "")
        what = f"what was recognised under {len(unsure)} of {len(texts)} lines is too unlike, too unsure or too coarse"
        yield Finding(CHECK.id, "", "note", f"{what} to say when they begin and end: {names}", UNSURE)


CHECK = Check("disagreement", "Caption against voice", "Caption and voice say different things.", "warn", _look)

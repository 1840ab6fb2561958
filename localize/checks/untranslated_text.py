"""Name plates, captions and screens that stay Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.han import HAN, writes_han
from localize.timing import clock
from localize.version import Finding

CALLED = {"nameplate": "name plate", "caption": "caption", "title_card": "title card", "screen": "screen"}


def _look(seen: Seen) -> Iterator[Finding]:
    if writes_han(seen.market.language):
        return
    kept = {target for _, target in seen.names}
    for text, one in seen.texts:
        what = f"{CALLED.get(text.kind, text.kind)} at {clock(text.span.start)}"
        where = f"fill in the subtitle column of {text.id} in lines.csv and run the same command again"
        if one.status == "missing":
            if HAN.search(text.text):
                yield Finding(CHECK.id, text.id, "warn", f"this {what} stays Chinese: {_row(text.text)}", where)
            continue
        left = next((run for run in HAN.findall(one.subtitle) if run not in kept), "")
        if left:
            told = f"Chinese is left in the translation of this {what}: {left}"
            yield Finding(CHECK.id, text.id, "warn", told, where)


def _row(text: str) -> str:
    return " / ".join(text.split())


CHECK = Check("untranslated_text", "Untranslated on-screen text", "Viewers would read Chinese in the picture.", "warn",
              _look)  # fmt: skip

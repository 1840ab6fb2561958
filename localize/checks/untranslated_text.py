"""Name plates, captions and screens that stay Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.han import chinese_left, stays_chinese
from localize.timing import clock
from localize.version import Finding

CALLED = {"nameplate": "name plate", "caption": "caption", "title_card": "title card", "screen": "screen"}


def _look(seen: Seen) -> Iterator[Finding]:
    language = seen.market.language
    kept = {target for _, target in seen.names}
    for text, one in seen.texts:
        what = f"{CALLED.get(text.kind, text.kind)} at {clock(text.span.start)}"
        where = f"fill in the subtitle column of {text.id} in lines.csv and run the same command again"
        if one.status == "missing":
            if stays_chinese(text.text, language):
                yield Finding(CHECK.id, text.id, "warn", f"this {what} stays Chinese: {_row(text.text)}", where)
            continue
        left = chinese_left(one.subtitle, text.text, language)
        if left and left not in kept:
            told = f"Chinese is left in the translation of this {what}: {left}"
            yield Finding(CHECK.id, text.id, "warn", told, where)


def _row(text: str) -> str:
    return " / ".join(text.split())


CHECK = Check("untranslated_text", "Untranslated on-screen text", "Viewers would read Chinese in the picture.", "warn",
              _look)  # fmt: skip

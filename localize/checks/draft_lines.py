"""Lines left in the original, and translations nobody has reviewed."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding


def _look(seen: Seen) -> Iterator[Finding]:
    texts = {line.id: line.text for line in seen.lines}
    for one in seen.renderings:
        if one.origin == "source":
            why = f" ({one.doubt})" if one.doubt else ""
            told = f"left in the original: {texts.get(one.line, '')}{why}"
            yield Finding(CHECK.id, one.line, "warn", told, "translate it in lines.csv and run the same command again")
    drafts = [one for _, one in seen.translated() if one.status == "draft"]
    if drafts:
        told = f"{len(drafts)} of {len(seen.renderings)} lines are drafts nobody has reviewed"
        yield Finding(CHECK.id, "", "note", told, "set their status to reviewed in lines.csv")


CHECK = Check("draft_lines", "Draft lines", "Lines are left in Chinese, or not reviewed.", "warn", _look)

"""Lines of which a person changed the dub or the subtitle alone: the other may say something else by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from localize.edits import Edit
from localize.version import Finding, Rendering

PAIR = {"dub": "subtitle", "subtitle": "dub"}


def one_sided(log: Iterable[Edit], renderings: Mapping[str, Rendering]) -> Iterator[Finding]:
    """One note per line whose other text nobody touched since; signing the line, or changing both, settles it."""
    waiting: dict[str, Edit] = {}
    for edit in log:
        if edit.field in PAIR:
            before = waiting.get(edit.line)
            if before is not None and before.field != edit.field:
                del waiting[edit.line]
            else:
                waiting[edit.line] = edit
        elif edit.field == "status" and edit.value in ("reviewed", "locked"):
            waiting.pop(edit.line, None)
    for line, edit in sorted(waiting.items()):
        one = renderings.get(line)
        if one is not None and one.dub.normal and one.subtitle and one.dub.normal != one.subtitle:
            other = PAIR[edit.field]
            told = (
                f"{edit.by or 'somebody'} changed the {edit.field} and not the {other}: they may no longer say the same"
            )
            yield Finding("one-sided", line, "note", told, f"change the {other} too, or set the status to reviewed")

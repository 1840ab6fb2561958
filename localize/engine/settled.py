"""The words of a line as a version uses them: marks of missing ones, without the codes of subtitle files."""

from __future__ import annotations

from dataclasses import replace

from localize.formats.markup import plain
from localize.spreadsheet import visible
from localize.stages import adapt
from localize.version import Rendering, Variants


def with_record(answer: adapt.Adapted, draft: Rendering) -> adapt.Adapted:
    """The adapted words with what their draft cost and how it came about: adapting hashes words alone."""
    own = replace(answer.rendering, spent=draft.spent, doubt=draft.doubt, mended=draft.mended, pivot=draft.pivot)
    return replace(answer, rendering=own)


def readable(one: Rendering) -> Rendering:
    """The words without the codes of subtitle files, empty where nothing is to be seen; the table keeps what the
    person typed.
    """
    dub = Variants(*(_seen(text).replace("\n", " ") for text in (one.dub.normal, one.dub.short, one.dub.long)))
    subtitle = _seen(one.subtitle)
    if (one.dub.normal or one.subtitle) and not (dub.normal or subtitle):
        return marked(replace(one, dub=dub, subtitle="", status="missing"))
    return replace(one, dub=dub, subtitle=subtitle)


def _seen(text: str) -> str:
    found = plain(text)
    return found if visible(found) else ""


def marked(one: Rendering) -> Rendering:
    """A line without translation is the original itself, and says so."""
    return replace(one, origin="source") if one.status == "missing" else one

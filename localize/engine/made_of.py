"""What a version is made of beside its lines, settings and engines, on record so that a change list can name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from localize.engine.codec import plain
from localize.engine.store import digest_of

if TYPE_CHECKING:
    from localize.engine.delivery import Parts

LEFT_OUT = ("version", "findings", "sources")
"""Parts of the listing's document that are on record elsewhere."""


def made_of(parts: Parts, document: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest's account of what was ``given`` with the episode, what the listing's ``document`` says, what the
    cast is called, and the SHA-256 of pictures and captions.
    """
    order, region, bible = parts.order, parts.region, parts.bible
    me = order.music_effects
    return {
        "given": {
            "music-and-effects track": f"{me.name} ({digest_of(me)[:12]})" if me is not None else "",
            "language of the series": bible.language, "setting of the series": bible.setting,
        },
        "document": plain({name: value for name, value in document.items() if name not in LEFT_OUT}),
        "called": dict(region.script.names),
        "pictures": {kind: film.video.digest for kind, film in region.films.items()},
        "captions": region.captions.ass.digest,
    }  # fmt: skip

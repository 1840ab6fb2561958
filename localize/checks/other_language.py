"""Lines in another language than the market's: people's, memory's, the phrasebook's; an engine's are refused."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding
from localize.written_in import other_language


def _look(seen: Seen) -> Iterator[Finding]:
    names = [target for _, target in seen.names]
    terms = {line: [target for _, target in pairs] for line, pairs in seen.terms}
    for line, one in seen.translated():
        given = (*names, *terms.get(line.id, ()))
        texts = dict.fromkeys((one.dub.normal, one.subtitle))
        found = (other_language(text, seen.market.code, line.text, given) for text in texts)
        if other := next(filter(None, found), ""):
            told = f"the line is in {other}, it seems, not in the language of {seen.market.code}"
            yield Finding(CHECK.id, line.id, "note", told, "translate it, if it was not meant so")


CHECK = Check("other_language", "Another language", "A line is not in the market's language.", "note", _look)

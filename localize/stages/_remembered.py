"""What the series said before, weighed for one line: who says it to whom, in which form, in which setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from localize.agreement import Occasion, doubts, other_address, other_form
from localize.episode import Line
from localize.glossary import Hit


def remembered(
    found: Iterable[Hit], repeated: Iterable[Hit], line: Line, heard: tuple[str, ...], occasion: Occasion
) -> tuple[Hit, ...]:
    """The hits of memory, then those of earlier episodes, each with what speaks against it.

    ``heard`` lists who may be addressed, the likeliest (or empty) first; what was said to the same person comes first.
    Where a row does not tell speaker or addressee its words are looked at, as those of the phrasebook are.
    """
    nearest = sorted(found, key=lambda hit: (-hit.score, hit.addressee != heard[0]))
    again = sorted(repeated, key=lambda hit: (bool(hit.why_not), hit.addressee != heard[0]))
    return tuple(replace(hit, why_not="; ".join(_against(hit, line, heard, occasion))) for hit in (*nearest, *again))


def _against(hit: Hit, line: Line, heard: tuple[str, ...], occasion: Occasion) -> Iterator[str]:
    if hit.why_not:
        yield hit.why_not
    if hit.score < 100:
        yield f"the Chinese reads {hit.source}"
    if hit.speaker and hit.speaker != line.speaker:
        yield f"said by {hit.speaker} then"
    if hit.addressee and hit.addressee not in heard:
        yield f"said to {hit.addressee} then"
    if hit.setting and hit.setting != occasion.setting:
        yield f"from a {hit.setting} setting"
    if hit.speaker and hit.addressee:
        known = other_address(hit.form, hit.call, f"{hit.dub}\n{hit.subtitle}", occasion)
        yield from filter(None, (known or other_form(hit.dub, occasion),))
    elif not occasion.shown:  # a text in the picture is said by nobody to nobody
        yield from doubts(hit.source, hit.dub, hit.register, "", occasion)

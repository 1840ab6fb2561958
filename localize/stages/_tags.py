"""Catalogue tags and hashtags: one tag per facet, the series' own words first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from localize.version import Status

PRIMARY = 6
"""Tags a catalogue shows per title (domain facts §3.3)."""

TagOrigin = Literal["series", "trope", "setting", "lane"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One label.  ``concept`` and ``facet`` are empty where no concept is known for the label."""

    concept: str
    label: str
    facet: str
    origin: TagOrigin
    status: Status = "draft"


def lane_of(table: Mapping[str, Any], tropes: Sequence[str]) -> str:
    """The audience most tropes speak to: ``"female"``, ``"male"``, or nothing when they balance."""
    female, male = (sum(trope in table["lanes"][lane] for trope in tropes) for lane in ("female", "male"))
    return "female" if female > male else "male" if male > female else ""


def tags(
    table: Mapping[str, Any], own: Sequence[str], tropes: Sequence[str], setting: str, market: str
) -> tuple[Tag, ...]:
    """Up to ``PRIMARY`` tags: the series' own labels, then one per open facet, then what else fits."""
    chosen = [_own(table, label, market) for label in dict.fromkeys(own)][:PRIMARY]
    offers = sorted(_offers(table, tropes, setting, market), key=lambda tag: table["facets"].index(tag.facet))
    for fresh in (True, False):
        for tag in offers:
            taken = {one.concept for one in chosen} | {one.label.casefold() for one in chosen}
            facets = {one.facet for one in chosen}
            known = tag.concept in taken or tag.label.casefold() in taken
            if len(chosen) < PRIMARY and not known and not (fresh and tag.facet in facets):
                chosen.append(tag)
    return tuple(chosen)


def _own(table: Mapping[str, Any], label: str, market: str) -> Tag:
    wanted = label.casefold()
    for concept, row in table["tag"].items():
        names = [row["label"].get(market, ""), *row.get("also", ())]
        if wanted in (name.casefold() for name in names):
            return Tag(concept, label, row["facet"], "series")
    return Tag("", label, "", "series")


def _offers(table: Mapping[str, Any], tropes: Sequence[str], setting: str, market: str) -> Iterator[Tag]:
    """Every concept that the series' tropes, setting or lane stand for, in the order of its tropes."""
    lane = lane_of(table, tropes)
    for concept, row in table["tag"].items():
        label = row["label"].get(market, "")
        if label and lane and row.get("lane") == lane:
            yield Tag(concept, label, row["facet"], "lane")
        if label and setting in row.get("settings", ()):
            yield Tag(concept, label, row["facet"], "setting")
    for trope in tropes:
        for concept, row in table["tag"].items():
            label = row["label"].get(market, "")
            if label and trope in row.get("tropes", ()):
                yield Tag(concept, label, row["facet"], "trope")


def _kept(sign: str) -> str:
    return sign if sign.isalnum() or sign == "_" or unicodedata.category(sign).startswith("M") else " "


def hashtags(labels: Sequence[str]) -> tuple[str, ...]:
    """``"All-Too-Late"`` → ``"#AllTooLate"``; a capital per word lets screen readers tell them apart.

    Vowels and tones above and below a letter (Thai) belong to it.
    """
    found = (
        "".join(
            word[:1].upper() + word[1:] for word in "".join(map(_kept, label.replace("’", "").replace("'", ""))).split()
        )
        for label in labels
    )
    return tuple(dict.fromkeys(f"#{text}" for text in found if text))

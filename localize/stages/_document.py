"""``metadata.json``: a listing as data, with where each part comes from and what has to be disclosed."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from localize.adaptation import parallels

if TYPE_CHECKING:
    from localize.stages._tags import Tag
    from localize.stages.metadata import Described, Job


def document(
    answer: Described, job: Job, version: int, kinds: Sequence[str], sources: Mapping[str, str]
) -> dict[str, Any]:
    """``metadata.json`` of a version with ``kinds`` (dub, sub, clean); ``sources`` are digests by name."""
    listing, series, labels = answer.listing, job.series, table("labels")
    flags = labels["flags"] if job.dubbed else {}
    return {
        "schema": 1,
        "version": version,
        "market": listing.market,
        "language": job.market.language,
        "status": listing.status,
        "series": {"id": series.id, "title": series.title, "episodes": series.episodes} if series else {},
        "episode": {"number": job.number, "file": job.stem, "title": answer.episode_title},
        "titles": [
            {"text": text, "from": origin} for text, origin in zip(listing.titles, answer.title_origins, strict=True)
        ],
        "hook": listing.hook,
        "synopsis": listing.synopsis,
        "synopses": {str(size): text for size, text in listing.synopses},
        "tags": [_known(tag) for tag in answer.tags],
        "hashtags": list(listing.hashtags),
        "tropes": [asdict(found) | {"lines": [*found.lines], "words": [*found.words]} for found in answer.tropes],
        "parallels": {
            found.trope: words for found in answer.tropes if (words := [*parallels(found.trope, listing.market)])
        },
        "names": dict(series.names) if series else {},
        "rating": {"proposed": job.market.rating, "status": "draft"},
        "platforms": {
            name: {"fields": dict(fields), "flags": flags.get(name, {})} for name, fields in listing.platforms
        },
        "disclosure": {
            "synthetic_voice": job.dubbed,
            "containsSyntheticMedia": job.dubbed,
            "text": labels["text"].get(listing.market, "") if job.dubbed else "",
            "digital_source_type": {
                kind: labels["source_type"][kind] for kind in kinds if kind in labels["source_type"]
            },
        },
        "findings": [asdict(finding) for finding in answer.findings],
        "sources": dict(sources),
        "made_by": {"stage": "metadata", "engine": "title grammar and the series' own words"},
    }


def _known(tag: Tag) -> dict[str, str]:
    """A tag as data; a label of the series' own that no concept is known for has neither concept nor facet."""
    return {name: value for name, value in asdict(tag).items() if value}


@lru_cache(maxsize=4)
def table(name: str) -> dict[str, Any]:
    """``markets/<name>.toml``: titles, tags or labels."""
    return tomllib.loads((files("localize.markets") / f"{name}.toml").read_text("utf-8"))


def table_digest(name: str) -> str:
    return hashlib.sha256((files("localize.markets") / f"{name}.toml").read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def trope_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Concept id and the Chinese words that show it, from ``glossaries/tropes.toml``."""
    return tuple((concept, tuple(words)) for concept, words in _tropes().items() if concept != _NAMED)


@lru_cache(maxsize=1)
def named_trope_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Concept id and the words that show it besides, in a series that names it."""
    return tuple((concept, tuple(words)) for concept, words in _tropes().get(_NAMED, {}).items())


_NAMED = "where_named"


def _tropes() -> dict[str, Any]:
    return tomllib.loads((files("localize.glossaries") / "tropes.toml").read_text("utf-8"))

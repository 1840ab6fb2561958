"""What platforms show of an episode in one market: titles, synopses, tags, hashtags, field by field.

Everything comes from the series' own words and from tropes that the series names or its lines show; nothing
is made up, no success is predicted, and all of it stays a draft until a person signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from localize.formats.naming import ascii_name
from localize.han import HAN
from localize.market import Market, Platform
from localize.series import SeriesBible
from localize.stages import Desk, Stage
from localize.stages._document import document, named_trope_words, table, table_digest, trope_words
from localize.stages._fields import Copy, filled
from localize.stages._listing_terms import Bound, bound, broken, relabelled
from localize.stages._synopsis import SIZES, told
from localize.stages._tags import PRIMARY, Tag, hashtags, lane_of, tags
from localize.stages._titles import candidates
from localize.version import Finding, Listing

WANTED_TITLES = 5


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What the series says of itself, ``local_`` in this market's words; ``names`` are (Chinese, local)."""

    id: str
    title: str
    setting: str = ""
    tropes: tuple[str, ...] = ()
    episodes: int = 0
    local_title: str = ""
    local_synopsis: str = ""
    local_hook: str = ""
    local_tags: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


def series_facts(bible: SeriesBible, market: str) -> SeriesFacts:
    """What the bible says of the series, for one market."""
    own = bible.listing(market)
    names = tuple((one.name, one.called(market)) for one in bible.cast if one.called(market))
    return SeriesFacts(
        bible.id, bible.title, bible.setting, bible.tropes, bible.episodes, own.title, own.synopsis, own.hook,
        own.tags, names,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line as far as a listing cares: ``source`` Chinese, ``subtitle`` in the market's language."""

    id: str
    source: str
    subtitle: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """``stem`` is the episode's file name without suffix, ``number`` 0 when unknown.

    ``texts`` are what is written in the picture, evidence of tropes like ``lines``.  ``tropes`` maps a concept id to
    the Chinese words that show it, ``named`` to those that do in a series that names it; ``dubbed`` says that the
    voices are synthetic.  ``terms`` are those that bind a listing.
    """

    series: SeriesFacts | None
    stem: str
    number: int
    lines: tuple[ListedLine, ...]
    tropes: tuple[tuple[str, tuple[str, ...]], ...]
    market: Market
    platforms: tuple[Platform, ...]
    dubbed: bool = True
    terms: Bound = field(default_factory=Bound)
    texts: tuple[ListedLine, ...] = ()
    named: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A trope and what shows it: named by the series, or heard or read in ``lines`` (ids) as ``words``."""

    trope: str
    origin: Literal["series", "lines"]
    lines: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """The listing and where it comes from.  ``title_origins`` stands beside ``listing.titles``, one each."""

    listing: Listing
    episode_title: str
    title_origins: tuple[str, ...]
    tags: tuple[Tag, ...]
    tropes: tuple[Evidence, ...]
    findings: tuple[Finding, ...]


def recipe(job: Job) -> dict[str, Any]:
    return {
        "series": asdict(job.series) if job.series else None,
        "episode": (job.stem, job.number),
        "lines": [(line.id, line.source) for line in job.lines],
        "texts": [(text.id, text.source) for text in job.texts],
        "tropes": job.tropes,
        "named": job.named,
        "market": (job.market.code, job.market.platforms),
        "platforms": [asdict(platform) for platform in job.platforms],
        "dubbed": job.dubbed,
        "tables": [table_digest(name) for name in ("titles", "tags", "labels")],
        **job.terms.recipe(),
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Described]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, described(job)


def described(job: Job) -> Described:
    """The listing of one episode in one market."""
    series = job.series or SeriesFacts(id="", title="")
    grammar = table("titles")["market"].get(job.market.code, _PLAIN)
    tropes = _tropes(job)
    stated = [found.trope for found in tropes if found.origin == "series"]
    shown = [*stated, *(found.trope for found in tropes if found.origin == "lines")]
    titles = _titles(job, grammar, series, stated)
    labels = tags(table("tags"), series.local_tags, shown, series.setting, job.market.code)
    chosen = relabelled(labels, job.terms, dict(job.tropes), table("tags")["tag"])
    marks = table("tags")["hashtags"].get(job.market.code, [])
    copy = _copy(job, grammar, series, titles[0][0], tuple(tag.label for tag in chosen), marks)
    listing = Listing(
        market=job.market.code, title=titles[0][0], titles=tuple(text for text, _ in titles),
        synopsis=copy.synopsis, hook=copy.hook, tags=copy.tags, hashtags=copy.hashtags,
        synopses=tuple((size, told(copy.hook, copy.synopsis, size, copy.abbreviations)) for size in SIZES),
        platforms=tuple((one.id, filled(one, copy)) for one in job.platforms), tropes=tuple(shown),
    )  # fmt: skip
    origins = tuple(origin for _, origin in titles)
    return Described(listing, copy.episode, origins, chosen, tropes, tuple(_findings(job, listing, origins)))


def _titles(job: Job, grammar: dict[str, Any], series: SeriesFacts, stated: Sequence[str]) -> list[tuple[str, str]]:
    """Title candidates with their origin: the series' own, the grammar's, else a name that is no title."""
    lane = lane_of(table("tags"), stated)
    made = [(text, "grammar") for text in candidates(grammar, stated, lane, series.local_synopsis)] if stated else []
    own = [(series.local_title, "series")] if series.local_title else []
    seen = series.local_title.casefold()
    found = [*own, *(pair for pair in made if pair[0].casefold() != seen)]
    return found or [_name_of(series.title or job.stem)]


def _name_of(text: str) -> tuple[str, str]:
    """A name to go by where nobody gave a title: Chinese is spelled in pinyin and said to be so."""
    if HAN.search(text):
        return ascii_name(text).replace("_", " "), "pinyin"
    return re.sub(r"[_\s]+", " ", text).strip() or "Untitled", "file name"


def _copy(
    job: Job,
    grammar: dict[str, Any],
    series: SeriesFacts,
    title: str,
    labels: tuple[str, ...],
    marks: Sequence[str],
) -> Copy:
    return Copy(
        title=title,
        episode=grammar["episode"].format(title=title, n=job.number) if job.number else title,
        catalogue=grammar["dubbed"].format(title=title) if job.dubbed else title,
        hook=series.local_hook,
        synopsis=series.local_synopsis,
        note=table("labels")["text"].get(job.market.code, "") if job.dubbed else "",
        tags=labels,
        hashtags=hashtags([*labels[:4], *marks, *labels[4:]]),
        abbreviations=tuple(grammar["abbreviations"]),
    )


def _tropes(job: Job) -> tuple[Evidence, ...]:
    """The series' tropes in its order with the lines that show them, then others, most often heard first."""
    stated = job.series.tropes if job.series else ()
    words, more = dict(job.tropes), dict(job.named)
    shown = (*job.lines, *job.texts)
    heard = {
        trope: _heard(shown, (*words.get(trope, ()), *(more.get(trope, ()) if trope in stated else ())))
        for trope in dict.fromkeys((*stated, *words))
    }
    named = [Evidence(trope, "series", *heard[trope]) for trope in dict.fromkeys(stated)]
    others = [Evidence(trope, "lines", *heard[trope]) for trope in words if trope not in stated and heard[trope][0]]
    return (*named, *sorted(others, key=lambda found: -len(found.lines)))


def _heard(lines: Sequence[ListedLine], words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the lines that hold one of ``words``, and which words those are."""
    where = [(line.id, word) for line in lines for word in words if word and word in line.source]
    return tuple(dict.fromkeys(line for line, _ in where)), tuple(dict.fromkeys(word for _, word in where))


def _findings(job: Job, listing: Listing, origins: Sequence[str]) -> Iterator[Finding]:
    """What is missing or doubtful, each with the way to mend it."""
    code, local = job.market.code, f'[market."{job.market.code}"] of series.toml'
    if origins[0] != "series":
        yield Finding("listing-title", "", "warn", f"{_WEAK[origins[0]]}: nobody gave one for {code}",
                      f"write title in {local}")  # fmt: skip
    elif len(origins) < WANTED_TITLES:
        what = f"only {len(origins)} title candidates: too few tropes are known"
        yield Finding("listing-title", "", "note", what, "name the series' tropes in series.toml")
    if not listing.synopsis:
        yield Finding("listing-synopsis", "", "warn", f"no synopsis for {code}", f"write synopsis and hook in {local}")
    if len(listing.tags) < PRIMARY:
        yield Finding("listing-tags", "", "note", f"{len(listing.tags)} of {PRIMARY} tags could be found",
                      f"write tags in {local}")  # fmt: skip
    yield from broken(job.terms, listing, local)
    fields = [("title", listing.title), ("synopsis", listing.synopsis), ("hook", listing.hook)]
    for name, text in [*fields, *(("tag", tag) for tag in listing.tags)]:
        if job.market.language not in ("zh", "ja") and HAN.search(text):
            yield Finding(
                "listing-chinese",
                "",
                "warn",
                f"the {name} still holds Chinese: {text}",
                f"translate it in {local}",
            )


_WEAK = {
    "grammar": "the title is proposed from the series' tropes",
    "pinyin": "the title is only pinyin",
    "file name": "the title is only the file name",
}
_PLAIN: dict[str, Any] = {
    "case": "sentence", "episode": "{title} – {n}", "dubbed": "{title}", "abbreviations": [], "frames": [],
    "he": {}, "she": {}, "his": {}, "hers": {},
}  # fmt: skip
"""A market that ``titles.toml`` knows nothing of: no title is proposed there."""

STAGE = Stage(
    "metadata", revision=3, answer=Described, recipe=recipe, work=work, title=lambda job: job.market.code
)  # fmt: skip

__all__ = [
    "STAGE", "Described", "Evidence", "Job", "ListedLine", "SeriesFacts", "bound", "described", "document",
    "named_trope_words", "recipe", "series_facts", "table", "trope_words", "work",
]  # fmt: skip

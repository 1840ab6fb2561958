"""What a market's listing is made from, and what its films and captions are called by."""

from __future__ import annotations

from collections.abc import Mapping

from localize.engine.analysis import Analysis
from localize.engine.order import Order
from localize.engine.staying import NAMES
from localize.market import Market, platforms
from localize.series import SeriesBible
from localize.stages import metadata
from localize.stages._document import named_trope_words, trope_words
from localize.version import Rendering


def listing_job(
    order: Order, bible: SeriesBible, work: Analysis, market: Market, texts: Mapping[str, Rendering]
) -> metadata.Job:
    """What the listing of one market is written from; ``texts`` are the translations by line."""
    lines = tuple(
        metadata.ListedLine(line.id, line.text, " ".join(texts[line.id].subtitle.split()), line.speaker)
        for line in work.episode.lines
    )
    read = tuple(
        metadata.ListedLine(text.id, text.text, "") for text in work.episode.on_screen
        if text.kind != "subtitle" and text.kind not in NAMES
    )  # fmt: skip
    shown = tuple(platforms()[name] for name in market.platforms if name in platforms())
    return metadata.Job(
        series=metadata.series_facts(bible, market.code), stem=order.stem, number=work.episode.number,
        lines=lines, tropes=trope_words(), market=market, platforms=shown, dubbed="dub" in order.deliver,
        terms=metadata.bound(bible, market.code), texts=read, named=named_trope_words(),
    )  # fmt: skip


def title_of(job: metadata.Job) -> str:
    """The episode's title as the listing has it, in the market's words."""
    return metadata.described(job).episode_title

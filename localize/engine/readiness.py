"""What a market can and cannot do here, told before any work: voices, fonts, and who reviewed its rules."""

from __future__ import annotations

from collections.abc import Iterator

from localize.adaptation import reviews, told
from localize.engine.order import Order
from localize.errors import SetupError
from localize.market import Market
from localize.voice import stock_voices

SAMPLES = {"Thai": "ก", "Jpan": "あ漢", "Kore": "가"}
"""A few characters of scripts whose fonts are no part of the default installation."""


def standing_short(order: Order) -> Iterator[str]:
    """What the markets of an order fall short of, with the way out; one note for what several share."""
    for market in order.markets:
        if "dub" in order.deliver and not speaks(market):
            yield (
                f"{market.code}: subtitles only, no built-in voice speaks it; --deliver sub, or cast a voice of an "
                "engine that does"
            )
        if missing := unwritten(market):
            yield f"{market.code}: {missing}"
    for reviewed, codes in _reviewed(order.markets).items():
        yield f"{', '.join(codes)}: rules of adaptation {reviewed}"


def _reviewed(markets: tuple[Market, ...]) -> dict[str, list[str]]:
    """What is not signed by a native reader → the markets it holds for."""
    found: dict[str, list[str]] = {}
    for market in markets:
        if any(not one.signed for one in reviews(market.code)):
            found.setdefault(told(market.code), []).append(market.code)
    return found


def speaks(market: Market) -> bool:
    """Whether any stock voice speaks the market's language."""
    return any(market.code in voice.languages for voice in stock_voices().values())


def unwritten(market: Market) -> str:
    """Why captions cannot be set in the market's script here, and what gets the font; empty when they can."""
    from localize.media import fonts

    try:
        fonts.for_script(market.script, market.font, (SAMPLES.get(market.script, "a"),))
    except SetupError as error:
        return f"{error.what}; {error.fix}"
    return ""

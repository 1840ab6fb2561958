"""Which of the models that are here translate for which market: directly, else through English.

- ``model``, ``LOCALIZE_MT_MODEL``: names of models with commas between; only they are used, the first that suits first.
- ``markets``, ``market``, ``noncommercial``: filled in by a run, see ``Backend.by_market``.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from localize.model_cards import PIVOT, Installed, installed, known

SOURCE = "zh"
"""The language of the episodes."""
USUAL = ("en-US", "es-419", "id-ID")
"""Markets told about where nobody names any."""
Able = Callable[[Installed], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """How a market is served: one model, or two with English between them."""

    market: str
    hops: tuple[Installed, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """``("zh", "es")`` or ``("zh", "en", "es")``."""
        target = language_of(self.market)
        return (SOURCE, target) if len(self.hops) == 1 else (SOURCE, PIVOT, target)

    @property
    def onward(self) -> bool:
        """Whether its last model translates from English, for lines that the series' pivot says in it."""
        target = language_of(self.market)
        return target != PIVOT and self.hops[-1].card.serves(PIVOT, target)

    @property
    def told(self) -> str:
        names = " and ".join(one.name for one in self.hops)
        return f"{names}, through English" if len(self.hops) > 1 else names


def language_of(market: str) -> str:
    """``"es-419"`` → ``"es"``."""
    return market.partition("-")[0].lower()


@cache
def languages() -> Mapping[str, Mapping[str, str]]:
    """What models call each language: ``name``, ``chinese``, ``nllb``."""
    return tomllib.loads((files("localize.backends.translation") / "languages.toml").read_text("utf-8"))


def setting(options: Mapping[str, str], name: str) -> str:
    """An option, else its environment variable, else nothing."""
    return (options.get(name) or os.environ.get(f"LOCALIZE_MT_{name.upper()}", "")).strip()


def wanted(options: Mapping[str, str]) -> tuple[str, ...]:
    """The models somebody named."""
    return tuple(name.strip() for name in setting(options, "model").split(",") if name.strip())


def markets(options: Mapping[str, str]) -> tuple[str, ...]:
    """The markets in question."""
    told = options.get("market") or options.get("markets") or ",".join(USUAL)
    return tuple(told.split(","))


def usable(able: Able, options: Mapping[str, str]) -> tuple[Installed, ...]:
    """The whole models an engine can run, in the order they are preferred."""
    here, named = installed(), wanted(options)
    among: Iterable[Installed] = (here[name] for name in named if name in here) if named else here.values()
    return tuple(one for one in among if able(one) and not one.lacks())


def routes(able: Able, options: Mapping[str, str]) -> dict[str, Route]:
    """A route per market that has one.

    Non-commercial weights are used where they are accepted; else only when nothing else serves any market, so that the
    plan can say why they are refused.
    """
    models = usable(able, options)
    free = tuple(one for one in models if one.card.commercial is not False)
    accepted = options.get("noncommercial") == "yes"
    found = _routes(models if accepted else free, markets(options))
    return found or _routes(models, markets(options))


def _routes(models: Sequence[Installed], codes: Sequence[str]) -> dict[str, Route]:
    found = {code: _hops(models, language_of(code)) for code in codes}
    return {code: Route(code, hops) for code, hops in found.items() if hops}


def _hops(models: Sequence[Installed], target: str) -> tuple[Installed, ...]:
    direct = next((one for one in models if one.card.serves(SOURCE, target)), None)
    if direct is not None:
        return (direct,)
    first = next((one for one in models if one.card.serves(SOURCE, PIVOT) and one.card.prompt != "json"), None)
    second = next((one for one in models if one.card.serves(PIVOT, target) and one.card.prompt != "json"), None)
    return (first, second) if first and second and target != PIVOT else ()


def terms(able: Able, code: str, options: Mapping[str, str]) -> tuple[str, bool | None] | None:
    """Licence and commercial use of everything that would run; ``code`` is the licence of the engine's own code."""
    cards = [one.card for one in used(routes(able, options))]
    if not cards:
        return None
    told = ", ".join(f"{card.licence} ({card.name})" for card in cards)
    uses = {card.commercial for card in cards}
    commercial = False if False in uses else None if None in uses else True
    return f"{told}; {code}", commercial


def identity(able: Able, options: Mapping[str, str]) -> dict[str, str]:
    """The models by name and digest, and what their records say of them that shapes an answer."""
    found = routes(able, options)
    return {code: " → ".join(f"{one.name} {one.digest[:16]}" for one in found[code].hops) for code in sorted(found)}


def fetching(codes: Sequence[str], families: Sequence[str]) -> str:
    """The commands that get models for these markets, the ones for one pair first; empty when none is known."""
    needed: dict[str, None] = {}
    for code in codes:
        needed |= dict.fromkeys(_known_hops(language_of(code), families))
    return "; ".join(f"localize models fetch {name}" for name in needed)


def _known_hops(target: str, families: Sequence[str]) -> tuple[str, ...]:
    cards = [one for one in known().values() if one.family in families and one.commercial]
    for hops in (((SOURCE, target),), ((SOURCE, PIVOT), (PIVOT, target))):
        found = [next((one.name for one in cards if hop in one.pairs), "") for hop in hops]
        if all(found):
            return tuple(found)
    every = next((one.name for one in cards if one.serves(SOURCE, target)), "")
    return (every,) if every else ()


def together(able: Able, options: Mapping[str, str]) -> tuple[Installed, ...]:
    """The models of all the order's markets, also where one of them is at work: they run side by side."""
    order = {name: value for name, value in options.items() if name != "market" or "markets" not in options}
    return used(routes(able, order))


def used(found: Mapping[str, Route]) -> tuple[Installed, ...]:
    """The models of all routes, each once."""
    return tuple({one.name: one for route in found.values() for one in route.hops}.values())


def passed_over(able: Able, options: Mapping[str, str]) -> str:
    """The models somebody named that this engine does not use, each with the reason; empty when there are none."""
    here, reasons = installed(), []
    for name in wanted(options):
        lacks = here[name].lacks() if name in here else ""
        if name not in here:
            reasons.append(f"{name} is not here")
        elif lacks or not able(here[name]):
            reasons.append(f"{name} is damaged ({lacks})" if lacks else f"{name} is for another engine")
    return f"; named but not used: {', '.join(reasons)}" if reasons else ""


def told_of(found: Mapping[str, Route], options: Mapping[str, str]) -> str:
    """Per market what serves it; the markets nothing serves."""
    served = [f"{code}: {route.told}" for code, route in found.items()]
    left = [code for code in markets(options) if code not in found]
    return "; ".join((*served, *((f"no model for {', '.join(left)}",) if left else ())))

"""One finished Chinese micro-drama in, one regional version per market out.

The names below are the public ones; each is imported when it is first used, so that ``import localize`` costs nothing.

    import threading
    from pathlib import Path

    import localize

    episode = Path("ep03.mp4")
    order = localize.Order(episode, (localize.resolve("id"),), localize.default_out(episode))
    outcome = localize.localize(order, localize.Store(localize.home() / "store"), print, threading.Event())
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localize.engine.events import Event as Event
    from localize.engine.order import Order as Order
    from localize.engine.order import default_out as default_out
    from localize.engine.order import home as home
    from localize.engine.store import Store as Store
    from localize.errors import LocalizeError as LocalizeError
    from localize.market import Market as Market
    from localize.market import resolve as resolve
    from localize.pipeline import Outcome as Outcome
    from localize.pipeline import localize as localize
    from localize.series import SeriesBible as SeriesBible
    from localize.series import open_series as open_series

_HOMES = {
    "Event": "engine.events", "LocalizeError": "errors", "Market": "market", "Order": "engine.order",
    "Outcome": "pipeline", "SeriesBible": "series", "Store": "engine.store", "default_out": "engine.order",
    "home": "engine.order", "localize": "pipeline", "open_series": "series", "resolve": "market",
}  # fmt: skip


def __dir__() -> list[str]:
    return sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'localize' has no attribute {name!r}")
    return getattr(import_module(f"localize.{_HOMES[name]}"), name)

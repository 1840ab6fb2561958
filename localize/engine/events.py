"""One stream of events; progress bars, JSON lines, timings and the journal all listen to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from localize.errors import Facts, LocalizeError

EventKind = Literal["plan", "begin", "progress", "done", "reused", "failed", "note", "warning", "delivered"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened.  ``done`` of ``total`` jobs or parts; ``seconds`` what it took; ``key`` the receipt;
    ``facts`` the row of a plan, or what, where and fix of a failure.
    """

    kind: EventKind
    stage: str = ""
    title: str = ""
    market: str = ""
    done: float = 0.0
    total: float = 0.0
    seconds: float = 0.0
    message: str = ""
    key: str = ""
    facts: Facts = ()


def failed(error: LocalizeError, message: str = "", market: str = "") -> Event:
    """A market that ends with an error, or the whole run."""
    told = (("what", error.what), ("where", error.where), ("fix", error.fix))
    own: Facts = tuple((name, value) for name, value in told if value)
    facts: Facts = (*own, ("exit_code", error.exit_code), *error.facts)
    return Event("failed", market=market, message=message or str(error), facts=facts)


Listener = Callable[[Event], None]


def everyone(*listeners: Listener) -> Listener:
    """One listener that tells all of them, in order."""

    def tell(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return tell

"""One stream of events; progress bars, JSON lines, timings and the journal all listen to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

EventKind = Literal["plan", "begin", "progress", "done", "reused", "failed", "note", "warning", "delivered"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened.  ``done`` of ``total`` jobs or parts; ``seconds`` what it took; ``key`` the receipt;
    ``facts`` the row of a plan.
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
    facts: tuple[tuple[str, str], ...] = ()


Listener = Callable[[Event], None]


def everyone(*listeners: Listener) -> Listener:
    """One listener that tells all of them, in order."""

    def tell(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return tell

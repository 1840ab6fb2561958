"""One stream of events; progress bars, JSON lines, timings and the journal all listen to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


class _Warnings(logging.Handler):
    """Turns what a file's reader finds odd into events."""

    def __init__(self, tell: Listener) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(Event("warning", message=record.getMessage()))


@contextmanager
def hearing_warnings(tell: Listener) -> Iterator[None]:
    """While this lasts, what the readers of tables and logs warn of is told as events."""
    handler, log = _Warnings(tell), logging.getLogger("localize")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)

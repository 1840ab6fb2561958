"""One stream of events."""

from __future__ import annotations

import logging

from localize.engine.events import Event, hearing_warnings


def test_what_readers_of_tables_warn_of_is_an_event() -> None:
    heard: list[Event] = []
    log = logging.getLogger("localize.edit_log")
    with hearing_warnings(heard.append):
        log.warning("%s is not read", "lines.xlsx")
        log.info("nothing of interest")
    log.warning("too late")
    assert heard == [Event("warning", message="lines.xlsx is not read")]

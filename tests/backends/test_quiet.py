"""Libraries are kept quiet, whatever number of threads load them."""

from __future__ import annotations

import logging
import os
import threading
import warnings

import pytest

from localize.backends._quiet import OFFLINE, quiet


def test_threads_that_overlap_give_back_what_the_person_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OFFLINE:
        monkeypatch.delenv(name, raising=False)
    level, filters = logging.root.manager.disable, list(warnings.filters)
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with quiet():
            inside.set()
            go_on.wait(5)

    def second() -> None:
        with quiet(), quiet():
            assert all(os.environ[name] == "1" for name in OFFLINE)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert inside.wait(5)
    threads[1].start()
    threads[1].join(0.05)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert not any(name in os.environ for name in OFFLINE)
    assert logging.root.manager.disable == level and warnings.filters == filters
